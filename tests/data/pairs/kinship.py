"""Types and their kin: isinstance and type, subclasses of dict and str, overridden methods."""

# %% original totals
def totals(orders: list[dict[str, int]], prices: dict[str, int]) -> list[int]:
    """What each order comes to: its counts by the price of each name, looked up by `prices[name]`."""
    out = []
    for order in orders:
        total = 0
        for name in sorted(order):
            for _ in range(order[name]):
                total = total + prices[name]
        out.append(total)
    return out

# %% tests
from kinship import totals


def test_totals():
    assert totals([{"nut": 2, "bolt": 1}], {"nut": 3, "bolt": 5}) == [11]
    assert totals([], {}) == []
    assert totals([{"a": 30, "b": 40}] * 40, {"a": 1, "b": 2}) == [110] * 40


def test_sizes():
    for size in (24, 28, 36):
        assert totals([{'a': 30, 'b': 40}] * size, {'a': 1, 'b': 2}) is not None

# %% help
class Default(dict):
    def __missing__(self, name):
        return len(name)


# %% further
totals([{}], {})
totals([{"a": 0}], {})
totals([{"a": 1, "b": 1}], {"b": 2})
totals([{"a": -2}], {"a": 1})

# %% wrong get
# why: a name without a price costs nothing, and a dict that makes up prices is not asked
# witness: totals([{"nut": 1}], {})
# witness: totals([{"nut": 1}], Default())
def totals(orders: list[dict[str, int]], prices: dict[str, int]) -> list[int]:
    """What each order comes to: its counts by the price of each name, looked up by `prices[name]`."""
    return [sum([max(count, 0) * prices.get(name, 0) for name, count in order.items()]) for order in orders]

# %% wrong copied
# why: a plain copy of the prices knows nothing of __missing__
# witness: totals([{"nut": 2}], Default(bolt=1))
def totals(orders: list[dict[str, int]], prices: dict[str, int]) -> list[int]:
    """What each order comes to: its counts by the price of each name, looked up by `prices[name]`."""
    known = {name: price for name, price in prices.items()}
    return [sum([known[name] * count for name, count in order.items() if count > 0]) for order in orders]

# %% wrong always_asked
# why: a count of 0 needs no price
# witness: totals([{"a": 0}], {})
def totals(orders: list[dict[str, int]], prices: dict[str, int]) -> list[int]:
    """What each order comes to: its counts by the price of each name, looked up by `prices[name]`."""
    return [sum([prices[name] * max(order[name], 0) for name in sorted(order)]) for order in orders]

# %% honest multiplied
def totals(orders: list[dict[str, int]], prices: dict[str, int]) -> list[int]:
    """What each order comes to: its counts by the price of each name, looked up by `prices[name]`."""
    out = []
    for order in orders:
        total = 0
        for name in sorted(order):
            count = order[name]
            if count > 0:
                price = prices[name]
                if type(price) is int:
                    total += price * count
                else:
                    for _ in range(count):
                        total = total + prices[name]
        out.append(total)
    return out

# %% original Shape.area
class Shape:
    """A figure of unit squares."""

    def __init__(self, rows):
        self.rows = rows

    def filled(self, place, column):
        return self.rows[place][column] == "#"

    def area(self):
        """How many squares are filled, as `filled` tells."""
        count = 0
        for place in range(len(self.rows)):
            for column in range(len(self.rows[place])):
                if self.filled(place, column):
                    count = count + 1
        return count


class Negative(Shape):
    def filled(self, place, column):
        return not super().filled(place, column)

# %% tests
from kinship import Shape


def test_area():
    assert Shape(["##.", ".#."]).area() == 3
    assert Shape([]).area() == 0
    assert Shape(["#." * 50] * 60).area() == 3000


def test_sizes():
    for size in (36, 42, 54):
        assert Shape(['#.' * 50] * size).area() is not None

# %% further
Negative(["#.."]).area()
Shape([["#", "x"], ["##"]]).area()

# %% wrong counted
# why: a subclass's own `filled` is not asked
# witness: Negative(["#.."]).area()
def area(self):
    """How many squares are filled, as `filled` tells."""
    return sum([row.count("#") for row in self.rows])

# %% wrong joined
# why: rows that are lists cannot be joined to texts, or join what is not one square
# witness: Shape([["#", "x"], ["##"]]).area()
def area(self):
    """How many squares are filled, as `filled` tells."""
    if type(self) is not Shape:
        return sum(self.filled(p, c) for p, row in enumerate(self.rows) for c in range(len(row)))
    return "".join(["".join(row) for row in self.rows]).count("#")

# %% honest plain_only
def area(self):
    """How many squares are filled, as `filled` tells."""
    if type(self) is Shape and "filled" not in vars(self):
        return sum([row.count("#") for row in self.rows])
    return sum(
        [1 for place, row in enumerate(self.rows) for column in range(len(row)) if self.filled(place, column)]
    )

# %% original cleaned
def cleaned(value):
    """Texts in a tree of dicts, lists and tuples without spaces at their ends; all else is as it was.

    Of a subclass of dict, list, tuple or str becomes its plain kin; keys stay.
    """
    if isinstance(value, dict):
        out = {}
        for key in list(value.keys()):
            out = {**out, key: cleaned(value[key])}
        return out
    if isinstance(value, list):
        out = []
        for item in value:
            out = out + [cleaned(item)]
        return out
    if isinstance(value, tuple):
        return tuple(cleaned(list(value)))
    if isinstance(value, str):
        return str(value).strip(" ")
    return value

# %% tests
from kinship import cleaned


def test_cleaned():
    assert cleaned({"a": [" b ", 1], "c": ("d ",)}) == {"a": ["b", 1], "c": ("d",)}
    assert len(cleaned({f"k{n}": [" x "] * 40 for n in range(40)})) == 40


def test_sizes():
    for size in (24, 28, 36):
        assert cleaned({f'k{n}': [' x '] * size for n in range(40)}) is not None

# %% help
from collections import OrderedDict, namedtuple

Point = namedtuple("Point", "x y")


class Name(str):
    pass


def nested(depth):
    out = 1
    for _ in range(depth):
        out = [out]
    return out


# %% further
cleaned(OrderedDict(a=" b"))
cleaned(Point(" a", 1))
cleaned(Name(" a "))
cleaned([" \n", None, {1}])

# %% wrong exact_types
# why: subclasses are left as they are
# witness: cleaned(OrderedDict(a=" b "))
# witness: cleaned(Point(" a", 1))
def cleaned(value):
    """Texts in a tree of dicts, lists and tuples without spaces at their ends; all else is as it was."""
    kind = type(value)
    if kind is str:
        return value.strip(" ")
    if kind is dict:
        return {key: cleaned(item) for key, item in value.items()}
    if kind is list:
        return [cleaned(item) for item in value]
    if kind is tuple:
        return tuple([cleaned(item) for item in value])
    return value

# %% wrong same_type
# why: keeps the kind of a subclass, whose constructor may take other arguments
# witness: cleaned(Point(" a", 1))
# witness: cleaned(Name("a"))
def cleaned(value):
    """Texts in a tree of dicts, lists and tuples without spaces at their ends; all else is as it was."""
    if isinstance(value, str):
        return type(value)(value.strip(" "))
    if isinstance(value, dict):
        return {key: cleaned(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)([cleaned(item) for item in value])
    return value

# %% wrong in_place
# why: dicts and lists are changed where they are
# witness: left(cleaned, {"a": [" b "]})
def cleaned(value):
    """Texts in a tree of dicts, lists and tuples without spaces at their ends; all else is as it was."""
    if isinstance(value, str):
        return str(value).strip(" ")
    if isinstance(value, dict):
        for key, item in value.items():
            value[key] = cleaned(item)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            value[place] = cleaned(item)
    elif isinstance(value, tuple):
        return tuple([cleaned(item) for item in value])
    return value

# %% wrong strip_all
# why: tabs and line ends go as well
# witness: cleaned("a\n")
def cleaned(value):
    """Texts in a tree of dicts, lists and tuples without spaces at their ends; all else is as it was."""
    if isinstance(value, str):
        return str(value).strip()
    if isinstance(value, dict):
        return {key: cleaned(item) for key, item in value.items()}
    if isinstance(value, list):
        return [cleaned(item) for item in value]
    if isinstance(value, tuple):
        return tuple([cleaned(item) for item in value])
    return value

# %% honest loops
# further: cleaned({"a": {"b": [(" x ", [" y"])]}})
# further: len(repr(cleaned(nested(900))))
def cleaned(value):
    """Texts in a tree of dicts, lists and tuples without spaces at their ends; all else is as it was."""
    if isinstance(value, str):
        return str(value).strip(" ")
    if isinstance(value, dict):
        out = {}
        for key in list(value.keys()):
            out[key] = cleaned(value[key])
        return out
    if isinstance(value, list):
        items = []
        for item in value:
            items.append(cleaned(item))
        return items
    if isinstance(value, tuple):
        return tuple(cleaned(list(value)))
    return value
