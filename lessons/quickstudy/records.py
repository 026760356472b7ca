"""The nouns of the field, all frozen: what the rooms hand to each other and what the loop reports."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from quickstudy.machine import Machine
from quickstudy.reasons import Reason, sentence
from quickstudy.verdicts import VerdictKind

Origin = Literal["tests", "doctest", "recorded", "declared", "generated"]
"""Where a call of a workload was found."""

RunVerdict = Literal["faster", "none", "unmeasurable", "no_agents", "interrupted"]
"""How a whole run ended."""


@dataclass(frozen=True, slots=True)
class Target:
    """One function to make faster, as it stands in the text of its module."""

    path: Path
    """Absolute path of the module; the file need not exist for an unsaved buffer."""
    qualname: str
    """Dotted for methods: `Class.method`."""
    language: str
    text: str
    """The whole module, byte for byte as decoded: BOM, CRLF and tabs kept."""
    source: str
    """The function alone, decorators included, dedented, with LF line ends."""
    context: str
    """What the function leans on: imports, constants, helpers, classes, the header of its class."""
    sha256: str
    """Hex digest of `source`: the function's identity in the bank."""

    @property
    def name(self) -> str:
        """The function's own name, without its class."""
        return self.qualname.rpartition(".")[2]

    @property
    def owner(self) -> str:
        """The class of a method; empty for a function."""
        return self.qualname.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that code does which tends to explain what it costs, as a language knows it by name."""

    weight: float
    """How much of a function's cost it tends to explain."""
    keywords: frozenset[str] = frozenset()
    """Words by which a lesson's text speaks of it."""
    waste: str | None = None
    """In a user's words, if it hardly ever is worth its time; any other may just be the work."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call to the target, kept as data. Only a sandboxed child ever unpickles it."""

    payload: bytes
    """Pickle of `(args, kwargs)`; for a method the first argument is the instance."""
    origin: Origin


@dataclass(frozen=True, slots=True)
class Workload:
    """The calls a target is checked and timed on. The held-out part is used for the confirmation only."""

    calls: tuple[Call, ...]
    """Distinct calls for checking and the first timing."""
    held_out: tuple[Call, ...]
    """Distinct calls that no prompt and no first timing has seen."""
    seen: int
    """How many calls were seen before doubles were dropped."""
    toolchain: str = ""
    """What runs them and figures depend on, as `CPython 3.12.1`: the project's, which need not be ours."""
    noise: float = 0.0
    """How far from 1 the speedup of the original over itself may be, by its 95 % interval: 0.02 is 2 %."""

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The origins of all calls, each once, in order of first appearance."""
        return tuple(dict.fromkeys(call.origin for call in (*self.calls, *self.held_out)))

    @property
    def distinct(self) -> int:
        return len(self.calls) + len(self.held_out)


@dataclass(frozen=True, slots=True)
class Usage:
    """What model calls cost. `cost_usd` is 0.0 for a model that runs on this machine."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float = 0.0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            self.cost_usd + other.cost_usd,
        )


@dataclass(frozen=True, slots=True)
class Agent:
    """A model of the team, as the user named it."""

    model: str
    """`provider/model` as litellm names it, or `local/<model>` for an embedded one."""
    api_base: str | None = None
    temperature: float = 0.2
    """The paper's [LessonL §4.1]."""
    from_project: bool = False
    """Whether the project named the model and its address, not the user."""
    local: bool = False
    """Whether the user vouches that what is sent to this address stays in house."""
    key: str | None = field(default=None, repr=False)
    """The key that the user keeps for exactly this address; never shown."""

    @property
    def name(self) -> str:
        """What the user sees and the bank keeps."""
        return self.model


@dataclass(frozen=True, slots=True)
class Proposal:
    """An agent's reply, read: the replacement, or in one sentence why there is none."""

    source: str
    problem: str | None
    usage: Usage


@dataclass(frozen=True, slots=True)
class Splice:
    """The module's text with a replacement in it, or in one sentence why that is not possible."""

    text: str | None
    problem: str | None = None
    rejected: bool = False
    """Whether the problem is an attempt to reach beyond the function."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One attempt of one agent."""

    id: str
    agent: str
    round: int
    """Counted from 1; 0 for a variant somebody wrote by hand."""
    source: str
    """The replacement as the agent gave it: the function with its new imports and helpers; may be empty."""
    text: str | None
    """The whole module with the replacement spliced in; None when that was not possible."""
    problem: str | None = None
    """Why there is no text, in one sentence."""
    rejected: bool = False
    """Whether that is an attempt to reach beyond the function: verdict `rejected`, else `unloadable`."""
    lessons_used: tuple[int, ...] = ()
    usage: Usage = Usage()


@dataclass(frozen=True, slots=True)
class Measurement:
    """A speedup with its evidence. Speedup is original time over candidate time, 1.0 is no change."""

    speedup: float
    low: float
    high: float
    """Bounds of the 95 % interval."""
    pairs: int
    original_s: float
    """Median seconds of one pass over the timed calls."""
    candidate_s: float
    """The same at the same pace: the original's over the speedup."""
    raw: tuple[tuple[float, float], ...] = ()
    """Seconds of each pair of passes, the original's first, as they were timed."""
    machine: Machine | None = None
    """What they were timed on."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the lab found out about a candidate. A measurement is there only if it was timed."""

    kind: VerdictKind
    why: Reason | None = None
    """None when there is nothing to add to the kind."""
    measurement: Measurement | None = None

    @property
    def reason(self) -> str:
        """Why, for the user; may be empty."""
        return sentence(self.why) if self.why else ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict and the seconds spent on checking and on timing."""

    verdict: Verdict
    check_s: float
    time_s: float


@dataclass(frozen=True, slots=True)
class Lesson:
    """What an agent learnt from one attempt, with the evidence for it [LessonL §3.1]."""

    id: int
    """0 until the bank has given it one."""
    text: str
    outcome: VerdictKind
    speedup: float | None
    low: float | None
    high: float | None
    agent: str
    round: int
    path: str
    """Path of the module, relative to the project where it lies inside."""
    qualname: str
    language: str
    sha256: str
    """Digest of the original function, to know a lesson about the same function."""
    original: str
    candidate: str
    run: str
    """Identity of the run that asked for the lesson."""
    toolchain: str
    """What the attempt was measured with, as `CPython 3.12.1`."""
    platform: str
    created: str
    """UTC, ISO 8601."""
    uses: int = 0
    """How many agents' attempts it has been given to."""
    credit: float = 1.0
    """LessonL's factor f, accumulated over all uses [LessonL §3.3]."""
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may use. The defaults are the paper's settings [LessonL §4.1]."""

    rounds: int = 4
    lessons: int = 4
    """k, the lessons selected for a round; 0 switches lessons off (best-of-N)."""
    seconds: float | None = None
    """Wall-clock budget of the whole run."""
