"""What the lab, a supervisor and its sessions tell each other, whatever the language of the target.

Each record is one frame, sent and read by `channel.py`. The lab's end imports this file as well. What comes
from a child is never trusted: it is read as the record that is due, or it counts as forged.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

from quickstudy.lab.supervisor.records import TYPES, Record, between

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    WaitStatus = int
    ProtocolVersion = int

VERSION = 1
"""Of all messages together. A child refuses the first one if it is of another version."""
TYPES["ProtocolVersion"] = between(VERSION, VERSION)
TYPES["WaitStatus"] = between(0, 0xFFFF)


# What the lab asks of a supervisor. A frame for the session follows, which the supervisor does not read.


class Single(Record):
    """Let the session answer in a process of its own."""

    KIND = 1


class Timed(Record):
    """Time one pass in a session of its own; `Verify` comes after the frame for that session."""

    KIND = 2
    original: bool
    """Whether it runs the original in place of the text."""
    modules: int
    """How many further modules the text is loaded as."""
    retained: bool
    """Whether what its calls retain may be asked for."""


class Verify(Record):
    """What is asked of a pass in the end: its results, or what is left when they are gone; or nothing."""

    KIND = 3
    what: Literal["results", "retained"] | None


# What a supervisor asks of a session.


class LoadModules(Record):
    """Load the text as so many further modules."""

    KIND = 4
    number: int


class Time(Record):
    """Make a pass over these calls; the first `warm` of them only bring pages in."""

    KIND = 5
    warm: int


# What a session tells. The supervisor knows these by their kinds, and passes them on unread.


class Loaded(Record):
    """The text is loaded."""

    KIND = 16
    settings: dict[str, str]
    """Settings of the interpreter and the process that have changed, and the values that they have now."""
    reaches: list[str]
    """What its code reached for meanwhile."""


class Ready(Record):
    """The inputs of a pass are made."""

    KIND = 17


class Ended(Record):
    """A process has ended: the one that a session forked for its answer, or a session."""

    KIND = 18
    status: WaitStatus


class Raised(Record):
    """An exception. The code on test may have made all of it."""

    types: list[str]
    """Its class and the bases of that."""
    lines: list[int]
    """Where in the target's file it passed."""
    missed: str | None
    """The name that it misses."""
    words: str
    """Its type and message."""


class Failed(Record):
    """An exception ended what was asked for."""

    KIND = 19
    raised: Raised


# What a supervisor answers. Where it says so, a frame of the session follows.


class Started(Record):
    """The text was to be loaded; what the session says of it follows."""

    KIND = 32
    threads: int
    """How many threads it has besides the first."""
    orphans: int
    """How many processes are left that it started."""


class Answered(Record):
    """A call was to be made; what the session says of it follows."""

    KIND = 33
    orphans: int = 0


class NotTimed(Record):
    """A pass could not begin; what the session says of that follows."""

    KIND = 34


class PassTimes(Record):
    """Nanoseconds of each part of a pass, as seen from outside its process, and what that left.

    What the session says follows if it was asked for.
    """

    KIND = 35
    ns: int
    """From the word to go to the word that all calls are done."""
    runqueue_wait_ns: int | None
    """Those of them in which it could have run, but others had the core; None if that cannot be told."""
    import_ns: int
    """What loading the text took before."""
    again_ns: int
    """What loading it as further modules took."""
    before_ns: int
    """What rebuilding the inputs and the warm calls took."""
    between_ns: int
    """What a trip without a call took, and the work of that process whenever nothing was asked of it."""
    after_ns: int | None
    """What describing the results took; None if nothing was asked for."""
    threads: int
    """How many threads were there besides the one that calls."""
    orphans: int
    """How many processes are left that it started."""
    kernel_state: dict[str, int | str]
    """What the kernel kept of its process: numbers of open files and the like, and settings as text."""
    undisturbed: bool
    """Whether it and its supervisor still run on the same core, as urgently as before."""


class Forgery(Record):
    """Something else than a session's answer came on its channel."""

    KIND = 36


class Flooded(Record):
    """A session's answer is too large to pass on."""

    KIND = 37


def is_followed(answer: Record) -> bool:
    """Whether a frame of the session comes after this one of the supervisor."""
    if isinstance(answer, PassTimes):
        return answer.after_ns is not None
    return isinstance(answer, (Started, Answered, NotTimed))
