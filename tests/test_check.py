"""Equal means equal: each case is a pair of values that a lax comparator gets wrong."""

import collections
import dataclasses
import decimal
import enum
import fractions
import importlib.util
import math
from pathlib import Path
from typing import Any

import pytest

import quickstudy.lab
from quickstudy.lab.check import Floats, compare, difference, opaque

_PATH = Path(quickstudy.lab.__file__).parent / "runner" / "describe.py"
_SPEC = importlib.util.spec_from_file_location("describe", _PATH)
assert _SPEC and _SPEC.loader
describe: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(describe)


def differ(one: object, other: object, floats: Floats = "close") -> str | None:
    return compare(describe.Describer().describe(one), describe.Describer().describe(other), floats)


@dataclasses.dataclass
class Point:
    x: int
    y: int


class Liar:
    """Claims to equal everything."""

    def __init__(self, value: int) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


class FakeList(list[int]):
    """Is a list by name only."""


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Slotted:
    __slots__ = ("__b", "a")

    def __init__(self, a: int, b: int) -> None:
        self.a = a
        self.__b = b


def aliased() -> list[list[int]]:
    inner = [1]
    return [inner, inner]


def cycle(value: int) -> list[Any]:
    ring: list[Any] = [value]
    ring.append(ring)
    return ring


def closure(value: int) -> Any:
    return lambda: value


DIFFERENT = {
    "an int and a bool": (1, True),
    "an int and a float": (1, 1.0),
    "big integers off by one": (10**30, 10**30 + 1),
    "a list and a tuple": ([1], (1,)),
    "a list and a subclass of it": ([1], FakeList([1])),
    "orders of lists": ([1, 2], [2, 1]),
    "orders of dicts": ({1: 1, 2: 2}, {2: 2, 1: 1}),
    "an aliased and a copied list": (aliased(), [[1], [1]]),
    "maximal lengths of deques": (collections.deque([1]), collections.deque([1], maxlen=3)),
    "factories of defaultdicts": (collections.defaultdict(int), collections.defaultdict(list)),
    "a dict and a Counter": ({"a": 1}, collections.Counter({"a": 1})),
    "exceptions of different messages": (ValueError("a"), ValueError("b")),
    "exceptions of different types": (ValueError("a"), TypeError("a")),
    "two lambdas": (lambda: 1, lambda: 2),
    "two closures over different values": (closure(1), closure(2)),
    "a generator and a list": ((n for n in (1, 2)), [1, 2]),
    "generators of different items": ((n for n in (1, 2)), (n for n in (1, 3))),
    "a dict view and a list": ({1: 2}.keys(), [1]),
    "dataclasses": (Point(1, 2), Point(1, 3)),
    "objects whose __eq__ lies": (Liar(1), Liar(2)),
    "enum members": (Colour.RED, Colour.BLUE),
    "private slots": (Slotted(1, 2), Slotted(1, 3)),
    "sets": ({1, 2}, {1, 3}),
    "a set and a frozenset": ({1}, frozenset({1})),
    "bytes and bytearray": (b"a", bytearray(b"a")),
    "decimals of one value": (decimal.Decimal("1.0"), decimal.Decimal("1.00")),
    "fractions": (fractions.Fraction(1, 3), fractions.Fraction(1, 4)),
    "NaN and a number": (math.nan, 0.0),
    "infinities": (math.inf, -math.inf),
    "a float off by a millionth": (1.0, 1.000001),
    "floats in sets": ({1.0}, {1.1}),
    "a string and its bytes": ("a", b"a"),
    "None and False": (None, False),
    "rings": (cycle(1), cycle(2)),
    "a class and its name": (Point, "Point"),
}

EQUAL = {
    "a generator and the same again": ((n for n in (1, 2)), (n for n in (1, 2))),
    "maps": (map(str, [1, 2]), map(str, [1, 2])),
    "zips": (zip([1], [2], strict=True), zip([1], [2], strict=True)),
    "sets in another order of insertion": ({1, 9, 17}, {17, 9, 1}),
    "floats off by rounding": (0.1 + 0.2, 0.3),
    "zero and next to zero": (0.0, 1e-17),
    "floats in sets off by rounding": ({0.3}, {0.1 + 0.2}),
    "NaN in a list": ([math.nan], [math.nan]),
    "rings of one shape": (cycle(1), cycle(1)),
    "aliases alike": (aliased(), aliased()),
    "equal tuples, shared or not": (((1, 2),) * 2, ((1, 2), (1, 2))),
    "dataclasses alike": (Point(1, 2), Point(1, 2)),
    "decimals alike": (decimal.Decimal("1.10"), decimal.Decimal("1.10")),
    "enum members alike": (Colour.RED, Colour.RED),
    "functions found by name": (math.sin, math.sin),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_different_values_are_told_apart(case: str) -> None:
    """Each pair differs in a way that a program can see."""
    assert differ(*DIFFERENT[case])


@pytest.mark.parametrize("case", EQUAL)
def test_equal_values_are_not_told_apart(case: str) -> None:
    """Each pair is equal to any program that uses it."""
    assert None is differ(*EQUAL[case])


def test_the_dial_decides_about_signed_zero() -> None:
    """0.0 and -0.0 are equal when close, and two values when exact."""
    assert None is differ(0.0, -0.0)
    assert differ(0.0, -0.0, "exact")


def test_units_in_the_last_place() -> None:
    """The dial `ulp` takes four of them and no more."""
    step = math.ulp(1.0)
    assert None is differ(1.0, 1.0 + 4 * step, "ulp")
    assert differ(1.0, 1.0 + 5 * step, "ulp")


def test_what_nothing_can_read_is_named() -> None:
    """A value without visible state is no evidence either way."""
    described = describe.Describer().describe([1, memoryview(b"a")])
    assert opaque(described) == "builtins.memoryview"
    assert None is opaque(describe.Describer().describe([1, "?", ["?", "a", "b"]]))


def test_an_endless_generator_is_capped() -> None:
    """Describing stops, and says so, where a generator would never end."""

    def forever() -> Any:
        while True:
            yield 1

    tag, _, name, items, more = describe.Describer().describe(forever())
    assert (tag, name, len(items), more) == ("g", "builtins.generator", 10_000, True)


def observation(**changed: object) -> dict[str, Any]:
    plain = {"outcome": ["return", 1], "arguments": 1, "stdout": "", "stderr": "", "warnings": []}
    return {**plain, **changed}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"outcome": ["raise", ["x", "builtins.KeyError", "1", None]]}, "raises KeyError"),
        ({"outcome": ["return", 2]}, "returns another value"),
        ({"outcome": None}, "no readable result"),
        ({"arguments": 2}, "arguments changed in another way"),
        ({"stdout": "x"}, "prints something else"),
        ({"warnings": [["builtins.UserWarning", "x"]]}, "warns in another way"),
    ],
)
def test_each_effect_of_a_call_counts(changed: dict[str, Any], said: str) -> None:
    """A call is its result, its effects and what it says; a difference in any is named."""
    assert None is difference(observation(), observation())
    assert said in str(difference(observation(), observation(**changed)))
