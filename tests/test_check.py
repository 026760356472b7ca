"""Equal means equal: each case is a pair of values that a lax comparator gets wrong."""

import collections
import dataclasses
import decimal
import enum
import fractions
import math
from collections.abc import Callable
from typing import Any

import pytest
from tests.observations import observation

from quickstudy.lab.compare import EXACT, USUAL, Tolerances, compare, difference, opaque
from quickstudy.lab.python.child import describe
from quickstudy.lab.supervisor.messages import Early
from quickstudy.reasons import Reason, sentence


def differ(one: object, other: object, dials: Tolerances = USUAL) -> Reason | None:
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


DIFFERENT: dict[str, tuple[Any, Any]] = {
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
    "zero and next to zero": (0.0, 5.55e-17),
    "tiny floats": ([1e-34, 3e-34], [1e-34, 4e-34]),
    "a tiny float and none": ([1e-34], [0.0]),
    "small floats beside a huge one": ({"time": 1.7e18, "score": 0.5}, {"time": 1.7e18, "score": 0.6}),
    "infinity and a number": (math.inf, 1e300),
    "lists of floats that differ in the last": ([0.5, 1.5, 2.5], [0.5, 1.5, 2.6]),
    "lists of floats of which one is longer": ([0.5, 1.5], [0.5, 1.5, 1.5]),
    "a list of floats and no floats": ([0.5], []),
    "a list of floats and of floats and integers": ([0.5, 1.0], [0.5, 1]),
    "lists of integers that differ": ([1, 2, 2**60], [1, 2, 2**60 + 1]),
    "a list of integers and of integers and a bool": ([1, 1], [1, True]),
    "lists of integers of 64 bits and more": ([1, 2**63 - 1], [1, 2**63]),
    "lists of words": (["a", "b"], ["a", "c"]),
    "a list of words and of a word and its bytes": (["a", "b"], ["a", b"b"]),
    "a tuple of floats and of a tuple": ((0.5,), ((0.5,),)),
    "floats in a deque": (collections.deque([0.5], 2), collections.deque([0.25], 2)),
    "a string and its bytes": ("a", b"a"),
    "None and False": (None, False),
    "rings": (cycle(1), cycle(2)),
    "lists of strings that look like tags": (["q", "a", "b", "c"], ["q", "a", "b", "d"]),
    "a list of strings and what it would describe": (["i", "ff"], [255]),
    "lists that begin with a tag and differ in length": (["u"], ["u", "v"]),
    "a class and its name": (Point, "Point"),
}

EQUAL: dict[str, tuple[Any, Any]] = {
    "a generator and the same again": ((n for n in (1, 2)), (n for n in (1, 2))),
    "maps": (map(str, [1, 2]), map(str, [1, 2])),
    "zips": (zip([1], [2], strict=True), zip([1], [2], strict=True)),
    "sets in another order of insertion": ({1, 9, 17}, {17, 9, 1}),
    "floats off by rounding": (0.1 + 0.2, 0.3),
    "zero and what rounding leaves of it": ([0.0, 0.5], [5.55e-17, 0.5]),
    "a complex number whose part is what rounding leaves": (1 + 0j, 1 + 1e-17j),
    "zeros of both signs": (0.0, -0.0),
    "floats in sets off by rounding": ({0.3}, {0.1 + 0.2}),
    "NaN in a list": ([math.nan], [math.nan]),
    "NaNs of other bits": ([math.nan, 1.0], [-math.nan, 1.0]),
    "lists of floats off by rounding": ([0.1 + 0.2, 1e300], [0.3, 1e300]),
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
    assert None is differ([0.0, 1.0], [-0.0, 1.0])
    assert differ([0.0, 1.0], [-0.0, 1.0], EXACT)
    assert None is differ([math.nan, 0.5], [math.nan, 0.5], EXACT)


def test_units_in_the_last_place() -> None:
    """The dial `ulp` takes four of them and no more."""
    step = math.ulp(1.0)
    assert None is differ(1.0, 1.0 + 4 * step, Tolerances("ulp"))
    assert differ(1.0, 1.0 + 5 * step, Tolerances("ulp"))
    assert differ(math.inf, 1.0, Tolerances("ulp"))
    assert differ(1.0, math.inf, Tolerances("ulp"))
    assert None is differ([math.inf, math.nan], [math.inf, math.nan], Tolerances("ulp"))


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


Pairs = dict[str, Callable[[Any], tuple[Any, Any]]]
"""By what differs, two values made with a library."""


def beside(array: Any, turned: bool) -> tuple[Any, Any]:
    """An array and a view of it, in either order, and the same with a copy."""
    step = -1 if turned else 1
    return [array, array[1:]][::step], [array, array[1:].copy()][::step]


NUMPY: Pairs = {
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
    "data beside a mask": lambda n: (n.ma.array([1, 2], mask=[0, 1]), n.ma.array([3, 2], mask=[0, 1])),
    "fillings of masks": lambda n: (n.ma.array([1], fill_value=1), n.ma.array([1], fill_value=2)),
    "matrices": lambda n: (n.ones((1, 2)).view(n.matrix), n.zeros((1, 2)).view(n.matrix)),
    "a matrix and an array": lambda n: (n.ones((1, 2)).view(n.matrix), n.ones((1, 2))),
    "what is read-only": lambda n: (n.zeros(2), n.frombuffer(bytes(16))),
    "a view beside its array and a copy": lambda n: beside(n.zeros(3), False),
    "an array beside its view and a copy": lambda n: beside(n.zeros(3), True),
    "a reshaped array and a copy": lambda n: (
        (lambda a: [a, a.reshape(2, 2)])(n.zeros(4)),
        [n.zeros(4), n.zeros((2, 2))],
    ),
    "places of views": lambda n: ((lambda a: [a, a[1:]])(n.zeros(3)), (lambda a: [a, a[:-1]])(n.zeros(3))),
    "records": lambda n: (n.array([(1, 2.0)], "i4,f8"), n.array([(1, 3.0)], "i4,f8")),
    "long doubles": lambda n: (n.array([1], "g"), n.array([1], "g") + n.finfo("g").eps),
    "long double scalars": lambda n: (n.longdouble(1), n.longdouble(1) + n.finfo("g").eps),
    "generators of chance": lambda n: (n.random.default_rng(1), n.random.default_rng(2)),
    "old generators of chance": lambda n: (n.random.RandomState(1), n.random.RandomState(2)),
    "draws kept for later": lambda n: (
        n.random.RandomState(1),
        (lambda r: (r.normal(), r)[1])(n.random.RandomState(1)),
    ),
}

NUMPY_EQUAL: Pairs = {
    "a view of nothing else and a new array": lambda n: (n.zeros(3)[1:], n.zeros(2)),
    "two parts of one piece of memory and two arrays": lambda n: (
        (lambda a: [a[:2], a[2:]])(n.zeros(4)),
        [n.zeros(2), n.zeros(2)],
    ),
    "what is behind a mask": lambda n: (n.ma.array([1, 2], mask=[0, 1]), n.ma.array([1, 3], mask=[0, 1])),
    "a scalar twice and two scalars": lambda n: ([n.int64(5)] * 2, [n.int64(5), n.int64(5)]),
    "what rounding leaves of a zero": lambda n: (n.array([0.0, 0.5]), n.array([5.55e-17, 0.5])),
}

PANDAS: Pairs = {
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
    "integers beside floats": lambda p: (
        p.DataFrame({"a": [2**60], "b": [0.5]}),
        p.DataFrame({"a": [2**60 + 1], "b": [0.5]}),
    ),
    "dtypes of many columns": lambda p: (
        p.DataFrame({n: [1] for n in range(99)}),
        p.DataFrame({n: [1.0 if n == 50 else 1] for n in range(99)}),
    ),
    "categories that are not used": lambda p: (
        p.Series(p.Categorical(["a"], ["a", *map(str, range(99))])),
        p.Series(p.Categorical(["a"], ["a", *map(str, range(98)), "b"])),
    ),
    "integers with gaps": lambda p: (
        p.array([2**60, None], dtype="Int64"),
        p.array([2**60 + 1, None], dtype="Int64"),
    ),
    "levels": lambda p: (
        p.MultiIndex.from_tuples([(1, "a")], names=["a", "b"]),
        p.MultiIndex.from_tuples([(1, "a")], names=["a", "c"]),
    ),
    "long arrays": lambda p: (
        p.array(range(99), dtype="Int64"),
        p.array([*range(50), 0, *range(51, 99)], dtype="Int64"),
    ),
    "attributes of tables": lambda p: (p.DataFrame(), (lambda f: (f.attrs.update(a=1), f)[1])(p.DataFrame())),
}


@pytest.mark.parametrize("case", NUMPY)
def test_arrays_are_told_apart(case: str) -> None:
    """dtype, shape, order and each element count; integers are exact."""
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    one, other = NUMPY[case](numpy)
    again, _ = NUMPY[case](numpy)
    assert None is differ(one, again)
    assert differ(one, other)


@pytest.mark.parametrize("case", NUMPY_EQUAL)
def test_equal_arrays_are_not_told_apart(case: str) -> None:
    """What a program cannot tell, or what rounding does, is no difference in an array either."""
    assert None is differ(*NUMPY_EQUAL[case](pytest.importorskip("numpy", reason="numpy is not installed")))


@pytest.mark.parametrize("case", PANDAS)
def test_tables_are_told_apart(case: str) -> None:
    """Index, names, dtypes and values count."""
    pandas = pytest.importorskip("pandas", reason="pandas is not installed")
    one, other = PANDAS[case](pandas)
    again, _ = PANDAS[case](pandas)
    assert None is differ(one, again)
    assert differ(one, other)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"outcome": "raise", "value": ["x", "builtins.KeyError", "1", None]}, "raises KeyError"),
        ({"outcome": "raise", "value": None}, "raises an exception"),
        ({"value": 2}, "returns another value"),
        ({"arguments": 2}, "arguments changed in another way"),
        ({"early": Early(None, {}, [0, 0])}, "only when its items are asked for"),
        ({"globals": {"seen": 2}}, "the global seen"),
        (
            {"settings": {"recursion limit": "9"}},
            "settings of the interpreter than the original: recursion limit",
        ),
        ({"stdout": "x"}, "prints something else"),
        ({"warnings": [("builtins.UserWarning", "x")]}, "warns in another way"),
    ],
)
def test_each_effect_of_a_call_counts(changed: dict[str, Any], said: str) -> None:
    """A call is its result, its effects and what it says; a difference in any is named."""
    plain = observation(globals={"seen": 1})
    assert None is difference(plain, plain)
    found = difference(plain, plain.replace(**changed))
    assert found and said in sentence(found)


def test_of_a_large_array_no_more_is_read_than_is_described() -> None:
    """It may be a global of a module, which is looked at after each call."""
    numpy = pytest.importorskip("numpy", reason="numpy is not installed")
    *_, items = describe.Describer(10).describe(numpy.arange(1_000_000))
    assert ([*range(9), ["-"]], 10) == (items[:10], len(items))
