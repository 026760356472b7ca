"""What happened, frozen: the only thing the loop emits. A report is a fold over these (`report.py`)."""

from dataclasses import dataclass

from quickstudy.records import Candidate, Lesson, RunVerdict, Target, Usage, Verdict, Workload


@dataclass(frozen=True, slots=True)
class Prepared:
    """The workload is found and the original runs the same way twice."""

    target: Target
    workload: Workload
    seconds: float


@dataclass(frozen=True, slots=True)
class RoundBegan:
    """All agents are about to propose, each with these lessons."""

    round: int
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """An agent answered; its candidate waits for the lab."""

    candidate: Candidate
    seconds: float


@dataclass(frozen=True, slots=True)
class AgentFailed:
    """An agent could not answer. That costs this attempt, not the round."""

    agent: str
    round: int
    reason: str
    final: bool = False
    """Whether no further call of this run can succeed either, as when the tokens are spent."""


@dataclass(frozen=True, slots=True)
class Judging:
    """The lab begins on a candidate."""

    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Judged:
    """The lab has a verdict."""

    candidate: Candidate
    verdict: Verdict
    check_s: float
    time_s: float


@dataclass(frozen=True, slots=True)
class NotJudged:
    """The lab has no verdict on a candidate: what happened is not its doing. No lesson is asked for."""

    candidate: Candidate
    reason: str


@dataclass(frozen=True, slots=True)
class Learnt:
    """An agent explained its attempt. The lesson is in the bank already, unless its id is 0."""

    lesson: Lesson
    usage: Usage
    seconds: float


@dataclass(frozen=True, slots=True)
class BankFailed:
    """The bank could not be read or written. The run goes on without, and each reason is told once."""

    reason: str
    """A sentence, which also says where lessons are kept meanwhile."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The run is over."""

    verdict: RunVerdict
    reason: str | None


Event = (
    Prepared
    | RoundBegan
    | Proposed
    | AgentFailed
    | Judging
    | Judged
    | NotJudged
    | Learnt
    | BankFailed
    | Finished
)
