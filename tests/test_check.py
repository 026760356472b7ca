"""Equal means equal: each case is a pair of values that a lax comparator gets wrong."""

import collections
import dataclasses
import decimal
import enum
import fractions
import math
from typing import Any

import pytest
from tests.runner import script

from quickstudy.lab.check import EXACT, USUAL, Dials, compare, difference, opaque

describe = script("describe")


def differ(one: object, other: object, dials: Dials = USUAL) -> str | None:
    return compare(describe.Describer().describe(one), describe.Describer().describe(other), dials)


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
    "lists of strings that look like tags": (["q", "a", "b", "c"], ["q", "a", "b", "d"]),
    "a list of strings and what it would describe": (["i", "ff"], [255]),
    "lists that begin with a tag and differ in length": (["u"], ["u", "v"]),
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
    assert differ(0.0, -0.0, EXACT)


def test_units_in_the_last_place() -> None:
    """The dial `ulp` takes four of them and no more."""
    step = math.ulp(1.0)
    assert None is differ(1.0, 1.0 + 4 * step, Dials("ulp"))
    assert differ(1.0, 1.0 + 5 * step, Dials("ulp"))


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


def test_an_iterator_that_raises_keeps_what_came_before() -> None:
    """The items until then and the exception are both part of the value."""

    def failing(items: int) -> Any:
        yield from range(items)
        raise ValueError("no")

    assert None is differ(failing(2), failing(2))
    assert differ(failing(2), failing(3))
    assert differ(failing(2), (n for n in (0, 1)))


def test_a_type_that_only_claims_a_name_is_not_the_type_of_that_name() -> None:
    """A class made at run time can call itself builtins.list; the value is told apart all the same."""
    forged = type("list", (list,), {"__module__": "builtins", "__qualname__": "list", "__slots__": ()})
    assert differ([1], forged([1]))


NUMPY = {
    "integers off by one in a million": lambda n: (n.array([10**6]), n.array([10**6 + 1])),
    "dtypes": lambda n: (n.array([1], "i4"), n.array([1], "i8")),
    "byte orders": lambda n: (n.array([1], "<i4"), n.array([1], ">i4")),
    "shapes": lambda n: (n.zeros((2, 3)), n.zeros((3, 2))),
    "memory orders": lambda n: (n.zeros((2, 3)), n.zeros((2, 3), order="F")),
    "a scalar and a Python number": lambda n: (n.float64(1.0), 1.0),
    "a scalar and an array without dimensions": lambda n: (n.int64(1), n.array(1)),
    "NaN in another place": lambda n: (n.array([n.nan, 1.0]), n.array([1.0, n.nan])),
    "a view of one and a copy": lambda n: ((lambda a: [a, a])(n.zeros(2)), [n.zeros(2), n.zeros(2)]),
    "floats off by a millionth": lambda n: (n.array([1.0]), n.array([1.000001])),
    "objects in an array": lambda n: (n.array([{1}], object), n.array([{2}], object)),
    "dates": lambda n: (n.array(["2020-01-01"], "M8[D]"), n.array(["2020-01-02"], "M8[D]")),
    "masks": lambda n: (n.ma.array([1, 2], mask=[0, 1]), n.ma.array([1, 2], mask=[0, 0])),
}

PANDAS = {
    "names of series": lambda p: (p.Series([1], name="a"), p.Series([1], name="b")),
    "indexes": lambda p: (p.Series([1], index=[1]), p.Series([1], index=[2])),
    "names of indexes": lambda p: (
        p.Series([1], index=p.Index([1], name="a")),
        p.Series([1], index=p.Index([1], name="b")),
    ),
    "kinds of indexes": lambda p: (p.Series([1], index=p.RangeIndex(1)), p.Series([1], index=p.Index([0]))),
    "columns": lambda p: (p.DataFrame({"a": [1]}), p.DataFrame({"b": [1]})),
    "orders of columns": lambda p: (p.DataFrame({"a": [1], "b": [1]}), p.DataFrame({"b": [1], "a": [1]})),
    "dtypes": lambda p: (p.DataFrame({"a": [1]}), p.DataFrame({"a": [1.0]})),
    "values": lambda p: (p.DataFrame({"a": [1, 2]}), p.DataFrame({"a": [1, 3]})),
    "categories": lambda p: (p.Series(["a"], dtype="category"), p.Series(["a"])),
    "times": lambda p: (p.Timestamp("2020-01-01"), p.Timestamp("2020-01-02")),
    "time zones": lambda p: (p.Timestamp("2020-01-01", tz="UTC"), p.Timestamp("2020-01-01")),
}


@pytest.mark.parametrize("case", NUMPY)
def test_arrays_are_told_apart(case: str) -> None:
    """dtype, shape, order and each element count; integers are exact."""
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    one, other = NUMPY[case](numpy)
    again, _ = NUMPY[case](numpy)
    assert None is differ(one, again)
    assert differ(one, other)


@pytest.mark.parametrize("case", PANDAS)
def test_tables_are_told_apart(case: str) -> None:
    """Index, names, dtypes and values count."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    one, other = PANDAS[case](pandas)
    again, _ = PANDAS[case](pandas)
    assert None is differ(one, again)
    assert differ(one, other)


def observation(**changed: object) -> dict[str, Any]:
    plain = {"outcome": ["return", 1], "early": None, "arguments": 1, "globals": {"seen": 1}, "settings": []}
    return {**plain, "stdout": "", "stderr": "", "warnings": [], **changed}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"outcome": ["raise", ["x", "builtins.KeyError", "1", None]]}, "raises KeyError"),
        ({"outcome": ["return", 2]}, "returns another value"),
        ({"outcome": None}, "no readable result"),
        ({"arguments": 2}, "arguments changed in another way"),
        ({"early": [2, 0, 0]}, "only when its items are asked for"),
        ({"globals": {"seen": 2}}, "the global seen"),
        ({"settings": ["recursion limit"]}, "settings of the interpreter than the original: recursion limit"),
        ({"stdout": "x"}, "prints something else"),
        ({"warnings": [["builtins.UserWarning", "x"]]}, "warns in another way"),
    ],
)
def test_each_effect_of_a_call_counts(changed: dict[str, Any], said: str) -> None:
    """A call is its result, its effects and what it says; a difference in any is named."""
    assert None is difference(observation(), observation())
    assert said in str(difference(observation(), observation(**changed)))
