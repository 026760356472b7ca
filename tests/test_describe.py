"""What a description must tell, and what it must not: each case is a pair of values."""

import array
import collections
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import hashlib
import io
import pathlib
import random
import re
import struct
import threading
import types
import uuid
import weakref
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from quickstudy.lab.compare import USUAL, compare, opaque
from quickstudy.lab.python.child import describe
from quickstudy.reasons import Reason


def differ(one: object, other: object) -> Reason | None:
    return compare(describe.Describer().describe(one), describe.Describer().describe(other), USUAL)


class UserId(int):
    def __int__(self) -> int:
        return 7

    __index__ = __int__


class Name(str):
    def __str__(self) -> str:
        return "any"


class Temp(float):
    pass


class By(bytes):
    pass


class Buffer(bytearray):
    pass


class Phase(complex):
    pass


class Price(decimal.Decimal):
    pass


class Loud(decimal.Decimal):
    def __reduce__(self) -> Any:
        return Loud, ("0",)


class Bare:
    pass


class Hidden:
    """Shows another instance dictionary than it has."""

    __class__ = type  # type: ignore[assignment]

    def __init__(self, value: int) -> None:
        self.value = value


class Masked(Bare):
    """Has a dictionary that nothing but its base can read."""

    __dict__ = property(lambda self: {})  # type: ignore[assignment]


class Base:
    __slots__ = ("a",)


class Twice(Base):
    __slots__ = ("a",)


class Pair(NamedTuple):
    a: int
    b: int


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Flags(enum.Flag):
    A = 1
    B = 2


@dataclasses.dataclass(frozen=True)
class Frozen:
    a: Any


@dataclasses.dataclass(frozen=True, slots=True)
class Packed:
    a: Any


@dataclasses.dataclass(eq=False)
class Node:
    name: str
    near: set[Any] = dataclasses.field(default_factory=set[Any])


class Ordered(collections.OrderedDict[str, int]):
    pass


class TaggedList(list[int]):
    pass


def tagged(value: Any, tag: object) -> Any:
    value.tag = tag
    return value


def slots(a: int, base: int) -> Twice:
    made = Twice()
    made.a = a
    Base.a.__set__(made, base)  # type: ignore[attr-defined]
    return made


def moved() -> Ordered:
    made = Ordered(a=1, b=2)
    made.move_to_end("a")
    return made


def counted(start: int) -> Callable[[], int]:
    def count() -> int:
        nonlocal start
        start += 1
        return start

    return count


def keywords(value: int) -> Any:
    def inner(*, key: int = value) -> int:
        return key

    return inner


def wrapped(value: int) -> Any:
    @functools.wraps(counted)
    def inner(start: int) -> int:
        return value

    return inner


def drawn(seed: int, times: int) -> random.Random:
    made = random.Random(seed)
    for _ in range(times):
        made.random()
    return made


def hashed(text: bytes) -> Any:
    made = hashlib.md5(usedforsecurity=False)
    made.update(text)
    return made


def local(value: int) -> type:
    class Local:
        kind = value

    return Local


def ring(names: str) -> Node:
    nodes = [Node(name) for name in names]
    for one, other in zip(nodes, nodes[1:] + nodes[:1], strict=True):
        one.near.add(other)
        other.near.add(one)
    return nodes[0]


def viewed(other: bool) -> list[Any]:
    one = {1: 2}
    return [one.keys(), dict(one) if other else one]


def cached(path: pathlib.PurePath) -> pathlib.PurePath:
    assert str(path) and hash(path) and path.parts
    return path


def in_sets(*items: Any) -> list[Any]:
    """Sets of the same items, filled in either order; enough of them that the orders differ."""
    backwards = items[::-1]
    return [set(items), set(backwards)]


DIFFERENT = {
    "integers of a subclass": (UserId(1), UserId(2)),
    "strings of a subclass": (Name("a"), Name("b")),
    "floats of a subclass": (Temp(1), Temp(2)),
    "bytes of a subclass": (By(b"a"), By(b"b")),
    "bytearrays of a subclass": (Buffer(b"a"), Buffer(b"b")),
    "attributes of bytearrays": (tagged(Buffer(b"a"), 1), tagged(Buffer(b"a"), 2)),
    "complex numbers of a subclass": (Phase(1, 2), Phase(1, 3)),
    "attributes of strings": (tagged(Name("a"), 1), tagged(Name("a"), 2)),
    "a string and one of a subclass": ("a", Name("a")),
    "decimals of a subclass": (Price("1"), Price("2")),
    "decimals of a subclass with an attribute": (tagged(Price("1"), 1), tagged(Price("2"), 1)),
    "decimals that say how to pickle them": (Loud("1"), Loud("2")),
    "members of an enum of integers": (Level.LOW, Level.HIGH),
    "members of a flag": (Flags.A, Flags.A | Flags.B),
    "attributes of lists": (tagged(TaggedList(), 1), tagged(TaggedList(), 2)),
    "patterns": (re.compile("a"), re.compile("b")),
    "flags of patterns": (re.compile("a"), re.compile("a", re.IGNORECASE)),
    "matches": (re.search("a", "ab"), re.search("a", "ba")),
    "groups of matches": (re.search("(a)b*", "ab"), re.search("a(b*)", "ab")),
    "hashes": (hashed(b"a"), hashed(b"b")),
    "hashes of other kinds": (hashlib.sha256(b""), hashlib.sha512(b"")),
    "states of chance": (drawn(1, 0), drawn(2, 0)),
    "draws of chance": (drawn(1, 0), drawn(1, 1)),
    "formats of structs": (struct.Struct("i"), struct.Struct("q")),
    "arrays": (array.array("i", [1]), array.array("i", [2])),
    "files in memory": (io.BytesIO(b"a"), io.BytesIO(b"b")),
    "weak references": (weakref.ref(Bare), weakref.ref(Base)),
    "locks": (threading.Lock(), (lambda lock: lock.acquire() and lock)(threading.Lock())),
    "unions": (int | str, int | bytes),
    "an object that passes for a class": (Hidden(1), Hidden(2)),
    "slots of one name in two classes": (slots(1, 2), slots(1, 3)),
    "a shared dataclass and two that can change": ([Node("a")] * 2, [Node("a"), Node("a")]),
    "what is shared in frozen dataclasses": (
        (lambda one: [Frozen(one), Frozen(one)])([1]),
        [Frozen([1]), Frozen([1])],
    ),
    "frozen dataclasses": (Packed(1), Packed(2)),
    "sets of tuples": ({(1, 2)}, {(1, 3)}),
    "sets of objects": ({Bare()}, {tagged(Bare(), 1)}),
    "rings of objects in sets": (ring("abc"), ring("abd")),
    "paths": (pathlib.PurePath("a"), pathlib.PurePath("b")),
    "kinds of paths": (pathlib.PurePosixPath("a"), pathlib.Path("a")),
    "keys": ({1: 2}.keys(), {2: 2}.keys()),
    "values": ({1: 2}.values(), {1: 3}.values()),
    "items": ({1: 2}.items(), {1: 3}.items()),
    "a view and its dict or a copy": (viewed(False), viewed(True)),
    "proxies": (types.MappingProxyType({1: 2}), types.MappingProxyType({1: 3})),
    "ordered dicts of which one was reordered": (moved(), Ordered(a=1, b=2)),
    "counters": (collections.Counter("ab"), collections.Counter("aab")),
    "chained maps": (collections.ChainMap({}, {1: 2}), collections.ChainMap({1: 2}, {})),
    "namespaces": (types.SimpleNamespace(a=1), types.SimpleNamespace(a=2)),
    "named tuples": (Pair(1, 2), Pair(1, 3)),
    "a named tuple and a tuple": (Pair(1, 2), (1, 2)),
    "partial functions": (functools.partial(int, base=2), functools.partial(int, base=3)),
    "inner functions": (counted(1), counted(2)),
    "defaults of keywords": (keywords(1), keywords(2)),
    "functions under the name of another": (wrapped(1), wrapped(2)),
    "inner classes": (local(1), local(2)),
    "bound methods": ([1].append, [2].append),
}

EQUAL = {
    "an object without attributes": (Bare(), Bare()),
    "attributes of strings alike": (tagged(Name("a"), [1]), tagged(Name("a"), [1])),
    "draws of chance alike": (drawn(1, 3), drawn(1, 3)),
    "matches alike": (re.search("a", "ab"), re.search("a", "ab")),
    "members of a flag of which one was inverted": ((~Flags.A, Flags.A)[1], Flags.A),
    "rings of objects in sets alike": (ring("abcd"), ring("abcd")),
    "sets of fractions": in_sets(*(fractions.Fraction(n, 7) for n in range(40))),
    "sets of times": in_sets(*(datetime.timedelta(n) for n in range(40))),
    "sets of frozen dataclasses": in_sets(*(Frozen((n, str(n))) for n in range(40))),
    "sets of tuples": in_sets(*((n, (n % 3, None)) for n in range(40))),
    "sets of sets": in_sets(*(frozenset((n, str(n), Frozen(n))) for n in range(40))),
    "sets of long tuples": in_sets(*((*range(300), n) for n in range(40))),
    "sets of many kinds": in_sets(None, True, 2, 3.5, "a", b"a", (1,), 10**30, 1j, Colour.RED),
    "floats in a set off by rounding": ({0.49999999999999994, 1.5}, {0.5, 1.5}),
    "floats in tuples in a set": ({(0.49999999999999994, 1), (1.5, 0)}, {(0.5, 1), (1.5, 0)}),
    "paths of which one was used": (cached(pathlib.Path("a/b")), pathlib.Path("a/b")),
    "keys of dicts with other values": ({1: 2}.keys(), {1: 3}.keys()),
    "inner functions alike": (counted(1), counted(1)),
    "inner classes alike": (local(1), local(1)),
}

IMMUTABLE: dict[str, Callable[[], object]] = {
    "date": lambda: datetime.date(2020, 1, 1),
    "datetime": lambda: datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC),
    "time": lambda: datetime.time(1),
    "timedelta": lambda: datetime.timedelta(1),
    "decimal": lambda: decimal.Decimal("1.1"),
    "fraction": lambda: fractions.Fraction(1, 3),
    "uuid": lambda: uuid.UUID(int=5),
    "enum member": lambda: Colour.RED,
    "frozen dataclass": lambda: Frozen(1),
    "frozen dataclass with slots": lambda: Packed(Frozen(1)),
    "path": lambda: pathlib.Path("a"),
    "complex": lambda: complex(1, 2),
    "range": lambda: range(3),
    "slice": lambda: slice(1, 2),
    "string of a subclass": lambda: Name("a"),
    "integer of a subclass": lambda: UserId(1),
    "named tuple": lambda: Pair(1, 2),
    "frozenset": lambda: frozenset((1, 2)),
}

OPAQUE = {
    "a compressor": zlib.compressobj,
    "a hash of any length": hashlib.shake_128,
    "an object whose dictionary is hidden": type("Shy", (), {"__dict__": property(lambda self: {})}),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_different_values_are_told_apart(case: str) -> None:
    """Each pair differs in a way that a program can see, and says so whenever it is described."""
    one, other = DIFFERENT[case]
    assert differ(one, other)
    assert None is differ(one, one)


@pytest.mark.parametrize("case", EQUAL)
def test_equal_values_are_not_told_apart(case: str) -> None:
    """Each pair is equal to any program that uses it, and nothing in it is unreadable."""
    one, other = EQUAL[case]
    assert None is differ(one, other)
    assert None is opaque(describe.Describer().describe(one))


@pytest.mark.parametrize("case", IMMUTABLE)
def test_sharing_what_cannot_change_is_no_difference(case: str) -> None:
    """A value that was kept from before is as good as a new one; and it is described, not only numbered."""
    make = IMMUTABLE[case]
    one = make()
    assert None is differ([one, one], [make(), make()])
    assert None is opaque(describe.Describer().describe(one))
    assert differ([one, one], [one, None])


@pytest.mark.parametrize("case", OPAQUE)
def test_what_nothing_can_read_is_no_evidence(case: str) -> None:
    """It is named as that, and not taken for an empty object."""
    assert opaque(describe.Describer().describe([OPAQUE[case]()]))


def test_attrs() -> None:
    """Classes of attrs are told apart by their values, with slots and without."""
    attr: Any = pytest.importorskip("attr", reason="attrs is not installed")
    for slotted in (False, True):
        made: Any = attr.make_class("Made", ["a"], slots=slotted)
        assert None is differ(made(1), made(1))
        assert differ(made(1), made(2))


def test_an_item_of_a_set_is_drained_once() -> None:
    """Looking for its place takes nothing away."""
    tag, _, _, items = describe.Describer().describe({iter([1, 2])})
    assert ("u", [1, 2]) == (tag, items[0][3])
