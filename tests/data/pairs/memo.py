"""Caches: keys that are equal but not alike, values that can be changed, what is read besides the arguments."""

# %% original describe
def describe(value):
    """The value's type, its text and its divisors below 200 (none but for whole numbers), as one line."""
    divisors = []
    if type(value) is int:
        for n in range(1, 200):
            if value % n == 0:
                divisors.append(str(n))
    return type(value).__name__ + " " + str(value) + ": " + ", ".join(divisors)

# %% tests
from memo import describe


def test_describe():
    assert describe(6) == "int 6: 1, 2, 3, 6"
    assert describe("x") == "str x: "
    for _ in range(20):
        assert describe(97) == "int 97: 1, 97"
        assert describe(50).endswith("25, 50")


def test_sizes():
    for size in (30, 35, 45):
        assert describe(size) is not None

# %% further
describe([1, 2])
describe(-4)
(describe(0), describe(None))

# %% wrong lru_cache
# why: 1.0 and True are one key, and lists are none
# witness: describe([1])
# witness: (describe(1.0), describe(True))
import functools


@functools.lru_cache(maxsize=None)
def describe(value):
    """The value's type, its text and its divisors below 200 (none but for whole numbers), as one line."""
    divisors = [str(n) for n in range(1, 200) if value % n == 0] if type(value) is int else []
    return f"{type(value).__name__} {value}: {', '.join(divisors)}"

# %% wrong up_to_half
# why: divisors are sought up to half of the value only, so that 0 has none, and negative ones neither
# witness: describe(-4)
# witness: describe(0)
def describe(value):
    """The value's type, its text and its divisors below 200 (none but for whole numbers), as one line."""
    divisors = []
    if type(value) is int:
        divisors = [str(n) for n in range(1, min(200, value + 1)) if value % n == 0]
    return f"{type(value).__name__} {value}: {', '.join(divisors)}"

# %% wrong isinstance
# why: bool is an int to isinstance
# witness: describe(True)
def describe(value):
    """The value's type, its text and its divisors below 200 (none but for whole numbers), as one line."""
    divisors = []
    if isinstance(value, int):
        most = min(199, abs(value)) if value else 199
        divisors = [str(n) for n in range(1, most + 1) if not value % n]
    return f"{type(value).__name__} {value}: {', '.join(divisors)}"

# %% honest small_ones
def describe(value):
    """The value's type, its text and its divisors below 200 (none but for whole numbers), as one line."""
    divisors = []
    if type(value) is int:
        most = min(199, abs(value)) if value else 199
        divisors = [str(n) for n in range(1, most + 1) if not value % n]
    return type(value).__name__ + " " + str(value) + ": " + ", ".join(divisors)

# %% original paths
def paths(graph: dict[str, list[str]], start: str, end: str) -> list[list[str]]:
    """All paths from start to end in a graph without circles. The lists belong to the caller."""
    if start == end:
        return [[end]]
    out = []
    for after in graph.get(start, []):
        for path in paths(graph, after, end):
            out = out + [[start] + path]
    return out

# %% tests
from memo import paths


def test_paths():
    assert paths({"a": ["b", "c"], "b": ["c"]}, "a", "c") == [["a", "b", "c"], ["a", "c"]]
    assert paths({}, "a", "b") == []


def test_ladder():
    graph = {str(n): [str(n + 1), str(n + 2)] for n in range(13)}
    assert len(paths(graph, "0", "13")) == 377


def test_sizes():
    for size in (10, 11, 12):
        assert paths({str(n): [str(n + 1), str(n + 2)] for n in range(size)}, "0", str(size)) is not None

# %% help
def grown():
    graph = {"a": ["b"]}
    first = paths(graph, "a", "b")
    graph["a"] = ["b", "b"]
    return first, paths(graph, "a", "b")


def scribbled():
    graph = {"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": ["e"]}
    first = paths(graph, "a", "e")
    first[0].append("mark")
    return first, paths(graph, "a", "e")

# %% further
paths({"a": ["a2"]}, "a", "a")
paths({"a": ["b", "b"]}, "a", "b")
grown()

# %% wrong cached_by_ends
# why: kept by the ends alone, whatever the graph is now
# witness: grown()
_KNOWN: dict = {}


def paths(graph: dict[str, list[str]], start: str, end: str) -> list[list[str]]:
    """All paths from start to end in a graph without circles. The lists belong to the caller."""
    key = id(graph), len(graph), start, end
    if key not in _KNOWN:
        if start == end:
            return [[end]]
        _KNOWN[key] = [[start, *path] for after in graph.get(start, []) for path in paths(graph, after, end)]
    return _KNOWN[key]

# %% wrong shared_paths
# why: the kept lists are given away, and a change of theirs comes back
# witness: scribbled()
_FOUND: dict = {}


def paths(graph: dict[str, list[str]], start: str, end: str) -> list[list[str]]:
    """All paths from start to end in a graph without circles. The lists belong to the caller."""
    key = repr(graph), start, end
    if key not in _FOUND:
        known = {end: [[end]]}

        def walk(place):
            if place not in known:
                known[place] = [[place, *path] for after in graph.get(place, []) for path in walk(after)]
            return known[place]

        _FOUND[key] = walk(start)
    return _FOUND[key]

# %% wrong each_edge_once
# why: two edges between the same places count as one
# witness: paths({"a": ["b", "b"]}, "a", "b")
def paths(graph: dict[str, list[str]], start: str, end: str) -> list[list[str]]:
    """All paths from start to end in a graph without circles. The lists belong to the caller."""
    known = {end: [(end,)]}

    def walk(place):
        if place not in known:
            after = dict.fromkeys(graph.get(place, ()))
            known[place] = [(place, *path) for one in after for path in walk(one)]
        return known[place]

    return list(map(list, walk(start)))

# %% honest own_memo
# further: scribbled()
# further: len(paths({str(n): [str(n + 1)] for n in range(700)}, "0", "700")[0])
def paths(graph: dict[str, list[str]], start: str, end: str) -> list[list[str]]:
    """All paths from start to end in a graph without circles. The lists belong to the caller."""
    known = {end: [[end]]}

    def walk(place):
        if place not in known:
            found = []
            for after in graph.get(place, []):
                for path in walk(after):
                    found.append([place, *path])
            known[place] = found
        return known[place]

    return walk(start)

# %% original Rates.convert
class Rates:
    def __init__(self, table: list[tuple[str, float]]):
        self.table = table
        self.lookups = 0

    def rate(self, currency):
        """The rate of a currency; how often one is asked for is counted, and shown to the user."""
        self.lookups += 1
        for name, value in self.table:
            if name == currency:
                return value
        raise KeyError(currency)

    def convert(self, amounts):
        """The amounts, pairs of a number and a currency, in the table's own unit."""
        out = []
        for amount, currency in amounts:
            out.append(amount * self.rate(currency))
        return out

# %% tests
from memo import Rates


def test_convert():
    rates = Rates([("EUR", 1), ("USD", 2)])
    assert rates.convert([(5, "EUR"), (5, "USD")]) == [5, 10]


def test_many():
    rates = Rates([(f"C{n}", n) for n in range(60)])
    assert sum(rates.convert([(1, f"C{n % 60}") for n in range(300)])) == 8850


def test_sizes():
    for size in (36, 42, 54):
        assert Rates([(f'C{n}', n) for n in range(60)]).convert([(1, f'C{n % size}') for n in range(300)]) is not None

# %% help
def used(amounts, table=(("A", 2), ("B", 3))):
    rates = Rates(table)
    return outcome(lambda: rates.convert(amounts)), rates.lookups


class Live(Rates):
    def rate(self, currency):
        return 100

# %% further
used([(1, "A")])
used([], ())
Rates([("A", 1), ("A", 2)]).convert([(1, "A")])

# %% wrong table_as_dict
# why: not counted, the last of two equal names wins, a subclass's own rate is not asked
# witness: used([(1, "A"), (2, "B")])
# witness: Live([("A", 1)]).convert([(1, "A")])
# witness: Rates([("A", 1), ("A", 2)]).convert([(1, "A")])
def convert(self, amounts):
    """The amounts, pairs of a number and a currency, in the table's own unit."""
    table = dict(self.table)
    return [amount * table[currency] for amount, currency in amounts]

# %% wrong each_asked_once
# why: counts each currency once
# witness: used([(1, "A"), (2, "A")])
def convert(self, amounts):
    """The amounts, pairs of a number and a currency, in the table's own unit."""
    amounts = list(amounts)
    rates = {currency: self.rate(currency) for currency in {currency for _, currency in amounts}}
    return [amount * rates[currency] for amount, currency in amounts]

# %% honest counted
# further: used([(1, "A"), (1, "X"), (1, "B")])
def convert(self, amounts):
    """The amounts, pairs of a number and a currency, in the table's own unit."""
    if type(self) is not Rates:
        return [amount * self.rate(currency) for amount, currency in amounts]
    table = {}
    for name, value in self.table:
        table.setdefault(name, value)
    out = []
    for amount, currency in amounts:
        self.lookups += 1
        out.append(amount * table[currency])
    return out
