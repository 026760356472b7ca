"""What the lab and the children for targets in Python tell each other, besides `supervisor/messages.py`.

The lab's end imports this file as well. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

from quickstudy.lab.supervisor.messages import VERSION
from quickstudy.lab.supervisor.records import TYPES, Invalid, Record, between, reader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    from quickstudy.lab.supervisor.messages import ProtocolVersion
    from quickstudy.lab.supervisor.records import Read

    Shape = dict[str, dict[str, Any]]


class TargetModule(Record):
    """The target: its file, how that is imported, and its name in there."""

    path: str
    module: str
    package: bool
    """Whether it is the `__init__.py` of one."""
    roots: list[str]
    """Folders that must be on the path."""
    qualname: str
    project: str
    version: ProtocolVersion = VERSION


# To `worker.py`; all else between it and the lab is in `supervisor/messages.py`.


class Load(Record):
    """Supervise a text; its parts are the original and that text. `Started` comes back."""

    KIND = 64
    target: TargetModule
    seed: int
    alone: bool
    """Whether the sandbox, its processes and its scratch folder, is this child's only."""
    imports: list[str]
    """Modules that the text names in its imports."""


# To `collect.py`, and its answer.


class Collect(Record):
    """Find calls of the target; its part is the text. Answered by `Collected`."""

    KIND = 80
    FRACTIONS = True
    target: TargetModule
    workload: str | None
    """The file that declares calls; None to run tests."""
    tests: list[str]
    most: int
    """How many calls are kept."""
    bytes: int
    """How many bytes those of about the same size may take together."""
    seconds: float
    """After so long it stops by itself."""
    hidden: list[str]
    """Files that the sandbox hides."""


class Collected(Record):
    """How that went; its parts are the calls."""

    KIND = 81
    origins: list[Literal["declared", "tests", "doctest"]]
    """Where each call comes from."""
    seen: int
    lost: int
    """How many calls were seen, and how many of them cannot be kept."""
    problem: str | None
    """What ended it."""
    passed: list[str]
    failed: list[tuple[str, str]]
    """Tests that reached the target, the latter with the reason."""
    refused: list[str]
    """Those that only the sandbox made fail."""
    unloaded: list[tuple[str, str]]
    """What of the tests could not be loaded, with the reason."""
    folders: list[str]
    """Those of the project that the tests import from."""
    hidden: list[str]
    """Names of hidden files that were opened in vain."""


# To `augment.py`, and its answers.


_type: Any = type


def _shape(value: Any) -> Shape:
    """A shape as `shapes.py` describes it."""
    if _type(value) is not dict or not value.keys() <= _KINDS.keys():
        raise Invalid
    return {kind: _KINDS[kind](detail) for kind, detail in value.items()}


def _detail(**of: Read) -> Read:
    def read(value: Any) -> dict[str, Any]:
        if _type(value) is not dict or value.keys() != of.keys():
            raise Invalid
        return {name: of[name](item) for name, item in value.items()}

    return read


def _bounds(value: Any) -> dict[str, Any]:
    found = _detail(least=_number, most=_number)(value)
    least, most = found["least"], found["most"]
    if (least is None) != (most is None) or (least is not None and least > most):
        raise Invalid
    return found


def _number(value: Any) -> Any:
    """Any number, also one of many digits."""
    if value is not None and type(value) not in (int, float):
        raise Invalid
    return value


def _tuple(value: Any) -> dict[str, Any]:
    each = _type(value) is dict and "each" in value
    return (_detail(each=reader("list[Shape]")) if each else _items)(value)


def _where(value: Any) -> Any:
    found = reader("list[list[int | str]]")(value)
    if not found or not all(found):
        raise Invalid
    return found


TYPES["Shape"] = _shape
TYPES["Byte"] = between(0, 255)
_length = between(0, 1 << 40)
_items = _detail(of=_shape, longest=_length)
_KINDS: dict[str, Read] = {
    **dict.fromkeys(("none", "bool"), _detail()),
    **dict.fromkeys(("int", "float"), _bounds),
    **dict.fromkeys(("list", "set", "frozenset", "deque"), _items),
    "str": _detail(letters=reader("list[str]"), longest=_length),
    "bytes": _detail(letters=reader("list[Byte]"), longest=_length),
    "tuple": _tuple,
    "dict": _detail(keys=_shape, values=_shape, longest=_length),
    "seen": _detail(where=_where),
}


class Augment(Record):
    """Make more calls of those seen; its parts are the text and these. Answered by `Groups`."""

    KIND = 88
    target: TargetModule
    seed: int


class Group(Record):
    """Calls of one signature: their numbers, and for each place of an argument what is seen there."""

    calls: list[int]
    places: list[tuple[int | str, Shape]]


class Groups(Record):
    """What the calls are like."""

    KIND = 89
    FRACTIONS = True
    groups: list[Group]


class Drafts(Record):
    """Finish these calls, which are its parts, and try them. Answered by `Augmented`."""

    KIND = 90
    FRACTIONS = True
    cases: int
    """How many are kept to check with."""
    grown: int
    """How many larger ones are made to time."""
    aim_ns: int
    """What those are to take the original."""
    seconds: float
    """After about so long it stops by itself."""


class Augmented(Record):
    """New calls, which are its parts."""

    KIND = 91
    kinds: list[Literal["edge", "grown"]]
