"""The four rooms as the method knows them: what each does for a run, and nothing of how.

language  splices an agent's replacement into the module's text
team      proposes replacements, and explains what came of them
bank      selects lessons for a round, keeps new ones, adjusts the credit of those used
lab       finds a workload, and says what a candidate is worth
"""

from collections.abc import Sequence
from typing import Protocol

from quickstudy.records import (
    Candidate,
    Judgement,
    Lesson,
    Proposal,
    Splice,
    Target,
    Usage,
    Verdict,
    Workload,
)


class Language(Protocol):
    def splice(self, target: Target, replacement: str) -> Splice: ...


class Team(Protocol):
    @property
    def agents(self) -> Sequence[str]:
        """The agents' names, each once."""
        ...

    async def propose(self, agent: str, target: Target, lessons: Sequence[Lesson]) -> Proposal:
        """Ask one agent for a faster replacement. Raises AgentError."""
        ...

    async def explain(
        self, agent: str, target: Target, candidate: Candidate, verdict: Verdict
    ) -> tuple[str, Usage]:
        """Ask the agent that wrote the candidate for the lesson in it. Raises AgentError."""
        ...


class Bank(Protocol):
    """Each may raise BankError; the run goes on."""

    async def select(self, target: Target, toolchain: str, run: str, k: int) -> Sequence[Lesson]:
        """At most k lessons that may help with this target, from this run and from earlier ones.

        The toolchain is the workload's: a figure of another one counts a little less.
        """
        ...

    async def add(self, lesson: Lesson) -> Lesson:
        """Keep a lesson for good before returning it with its id. BankError says what becomes of it else."""
        ...

    async def credit(self, lessons: Sequence[Lesson], wins: Sequence[Sequence[bool]]) -> None:
        """Adjust each lesson used: one flag an agent's attempt, whether it did better than the lesson."""
        ...


class Trial(Protocol):
    @property
    def workload(self) -> Workload:
        """The calls that candidates are held against."""
        ...

    async def judge(self, candidate: Candidate) -> Judgement:
        """Check a candidate against the original, then time it, then confirm a gain. Raises NotJudged."""
        ...


class Lab(Protocol):
    async def prepare(self, target: Target) -> Trial:
        """Find the workload and see that the original runs the same way twice. Raises Unmeasurable."""
        ...
