"""The lab's one seam: what a language brings for one target, a `Rig`, and processes that answer about a text.

All that the core of the lab knows of a language is in here. `lab/python/` is the first to bring it; a rig is
found by the name of its language, so that another one is a package more and no change.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from quickstudy.errors import Unmeasurable
from quickstudy.lab.laziness import Pace
from quickstudy.lab.sandbox import Sandbox
from quickstudy.lab.supervisor.messages import Observation, PassTimes, Results, Retained
from quickstudy.reasons import Reason
from quickstudy.records import Call, Target

Verify = Literal["results", "retained"]
"""What a pass is asked for in the end: its results, or what is left when they are gone (`retention.py`)."""


class NotReached(Unmeasurable):
    """Nothing that somebody wrote gives a call of the target."""


class Disqualified(Exception):
    """A candidate is out, and why."""

    def __init__(self, why: Reason) -> None:
        super().__init__(why.code.key)
        self.why = why


class ChildFailed(Disqualified):
    """A child could not answer; of the original's, that says nothing about a candidate."""


class Lost(ChildFailed):
    """A call's arguments cannot be made again from their payload in this process."""


class Killed(Exception):
    """A child was ended by SIGKILL, and not by us: what came of it says nothing about the code in it.

    The system does that when memory runs out, and picks ours first. A candidate can do it to itself, and
    gains nothing by that.
    """


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and how a target is measured: what the user decides of it."""

    project: Path
    sandbox: Sandbox
    runtime: Path | None = None
    """What runs the code, as the user named it; by default what the project has."""
    workload: Path | None = None
    """A file that declares the calls."""
    hidden: tuple[str, ...] = ()
    """Patterns of more names of files with secrets, which no child sees."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one way of looking for calls gave."""

    calls: tuple[Call, ...]
    seen: int
    """How many calls were seen before doubles were dropped."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a process that loaded a text is left with."""

    started: Mapping[str, int]
    """How many of each kind are at work, by the names of `loaded.STARTS`."""
    settings: Mapping[str, str]
    """Those that changed, and the values that they have now."""
    reaches: frozenset[str]
    """What its code reached for, by the names of `loaded.REACHES`."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One timed pass over calls, in a process that had never seen them."""

    times: PassTimes
    """As seen from outside that process."""
    verified: Results | Retained | None
    """What was seen when it was verified: what was printed, warned and set, and what is left; untrusted."""
    results: list[bytes]
    """Descriptions of `[result, arguments after]` by call as they came, if they were asked for."""


class Subject(Protocol):
    """A child that answers about one text, and about the original beside it. It is never trusted.

    Each may raise ChildFailed, Disqualified and Killed.
    """

    @property
    def loaded(self) -> Loaded:
        """What loading the text left; it is loaded when the child has been started."""
        ...

    async def observe(self, call: Call, seconds: float) -> Observation:
        """One call in a process of its own, and everything it did. Raises Lost."""
        ...

    async def pace(self, calls: Sequence[Call], seconds: float) -> list[Pace]:
        """The pace of each call after the others."""
        ...

    async def clock(
        self,
        original: bool,
        warm: Sequence[Call],
        calls: Sequence[Call],
        seconds: float,
        verify: Verify | None = None,
        reload: bool = False,
    ) -> Pass:
        """One timed pass over the original or over the text.

        What to `verify`, the process with the text learns only afterwards. `reload` makes each call in a
        module of its own, where it finds nothing that another one kept.
        """
        ...


class Rig(Protocol):
    """What a language brings for one target: where calls come from, and processes that make them."""

    async def found(self) -> Found:
        """Calls that somebody wrote or made. Raises NotReached, Unmeasurable, InputError."""
        ...

    async def more(self, known: Sequence[Call], *, cases: int, grown: int, aim_s: float) -> Found:
        """Calls like those, or by type where there is none: up to `cases`, then `grown` larger ones.

        A larger one takes the original about `aim_s` seconds. It is a help: no failure is raised.
        """
        ...

    def subject(
        self, text: str, *, variant: str | None = None, seed: int = 0
    ) -> AbstractAsyncContextManager[Subject]:
        """A child that has loaded this text. `variant` is what its author gave of it."""
        ...

    async def failing_test(self, text: str) -> Reason | None:
        """Which of the project's tests that pass with the original fail with this text."""
        ...

    def is_own(self, state: str) -> bool:
        """Whether state of this name is the target's module's: no library notes anything there."""
        ...

    @property
    def toolchain(self) -> Mapping[str, str]:
        """What results depend on, besides the machine, by name: a language's version, a compiler's flags."""
        ...


RigMaker = Callable[[Target, Setting], Awaitable[Rig]]
"""Makes a rig, or raises Unmeasurable or InputError where the target cannot be run at all."""
