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

    from quickstudy.lab.supervisor.records import Data

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


# What the lab asks of a session.


class Observe(Record):
    """Make one call, which is its part, and tell everything it did. Answered by `Observation` or `Lost`."""

    KIND = 6


class Pace(Record):
    """Take the time of each call with the clock of the process that makes it. Answered by `Paces`."""

    KIND = 7


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


class Early(Record):
    """What a lazy function had done when it returned."""

    arguments: Data
    globals: dict[str, Data]
    printed: list[int]
    """Bytes on standard output and error."""


class Observation(Record):
    """One call and everything it did, as plain data."""

    KIND = 20
    outcome: Literal["return", "raise"]
    value: Data
    """What it returned or raised."""
    early: Early | None
    """None unless it returned an iterator."""
    settings: dict[str, str]
    """Settings that it changed, and the values that they have now."""
    arguments: Data
    """As they were after it."""
    globals: dict[str, Data]
    """The variables of the module and its neighbours after it."""
    rebound: list[str]
    """Names that stand for other code than before."""
    held: list[int] | None
    """Which of the objects in its result and arguments the module keeps; None if it keeps too many."""
    stdout: str
    stderr: str
    warnings: list[tuple[str, str]]
    """Category and text."""
    threads: int
    """How many it left at work."""
    reaches: list[str]
    """What the text's code has reached for."""
    orphans: int = 0
    """How many processes it left at work: the supervisor says so, and the lab notes it here."""


class Lost(Record):
    """The arguments of a call cannot be made again."""

    KIND = 21
    words: str


class Paces(Record):
    """Nanoseconds by call until its last item was there, until it returned, and until its first was there."""

    KIND = 22
    marks: list[tuple[int, int, int]]


class Effects(Record):
    """What a pass did besides its results."""

    printed: list[tuple[int, int]]
    """Size and checksum of what is on standard output and error."""
    warned: int
    """A checksum of the warnings."""
    settings: dict[str, str]


class Results(Record):
    """A pass whose results are asked for; its parts are `[result, arguments after]` by call, as data."""

    KIND = 23
    effects: Effects


class Retained(Record):
    """A pass that is asked for what is left when the arguments and the results of its calls are gone."""

    KIND = 24
    effects: Effects
    reaches: list[str]
    blocks: int
    """Of the interpreter's memory."""
    state: dict[str, int]
    """A digest by variable of each module that was loaded, and by whatever else has changed."""
    globals: dict[str, Data]
    """The variables of the module and its neighbours; none if each call had a module of its own."""


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
