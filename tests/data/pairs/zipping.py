"""Several rows at once: unlike lengths, transposing, pairs of neighbours."""

# %% original dot
def dot(left: list[int], right: list[int]) -> int:
    """The sum of the products of two rows of whole numbers. Rows of unlike length raise IndexError or ValueError:
    IndexError if the right one is shorter, ValueError if it is longer."""
    total = 0
    products = []
    for place in range(len(left)):
        products = products + [left[place] * right[place]]
    if len(right) > len(left):
        raise ValueError("the right row is longer")
    while products:
        total += products.pop(0)
    return total

# %% tests
from zipping import dot


def test_dot():
    assert dot([1, 2], [3, 4]) == 11
    assert dot([], []) == 0
    assert dot(list(range(400)), [2] * 400) == 159600


def test_sizes():
    for size in (200, 250, 300):
        assert dot(list(range(size)), [2] * size) is not None

# %% further
dot([1], [])
dot([], [1])
dot((2,), [10**20])

# %% wrong zip
# why: what has no partner is dropped
# witness: dot([1, 2], [3])
# witness: dot([1], [2, 3])
def dot(left: list[int], right: list[int]) -> int:
    """The sum of the products of two rows of whole numbers."""
    return sum([a * b for a, b in zip(left, right)])

# %% wrong strict
# why: ValueError either way
# witness: dot([1, 2], [3])
def dot(left: list[int], right: list[int]) -> int:
    """The sum of the products of two rows of whole numbers."""
    return sum([a * b for a, b in zip(left, right, strict=True)])

# %% wrong fsum
# why: floats lose digits
# witness: dot([2**60 + 1], [1])
import math


def dot(left: list[int], right: list[int]) -> int:
    """The sum of the products of two rows of whole numbers."""
    if len(left) > len(right):
        raise IndexError
    if len(left) < len(right):
        raise ValueError
    return int(math.fsum([a * b for a, b in zip(left, right)]))

# %% honest checked_zip
def dot(left: list[int], right: list[int]) -> int:
    """The sum of the products of two rows of whole numbers."""
    if len(left) > len(right):
        raise IndexError("the right row is shorter")
    if len(left) < len(right):
        raise ValueError("the right row is longer")
    return sum([a * b for a, b in zip(left, right)])

# %% original columns
def columns(rows: list[list]) -> list[list]:
    """The columns of the rows; where a row is too short stands None."""
    width = 0
    for row in rows:
        if len(row) > width:
            width = len(row)
    out = []
    for place in range(width):
        column = []
        for row in rows:
            column = column + [row[place] if place < len(row) else None]
        out.append(column)
    return out

# %% tests
from zipping import columns


def test_columns():
    assert columns([[1, 2], [3, 4]]) == [[1, 3], [2, 4]]
    assert columns([]) == []
    assert len(columns([list(range(20))] * 90)) == 20


def test_sizes():
    for size in (12, 14, 18):
        assert columns([list(range(size))] * 90) is not None

# %% further
columns([[], [1, 2, 3], [4]])
columns([[], []])
columns([["a"]])

# %% wrong zip
# why: the shortest row ends all columns
# witness: columns([[1, 2], [3]])
def columns(rows: list[list]) -> list[list]:
    """The columns of the rows; where a row is too short stands None."""
    return [list(column) for column in zip(*rows)]

# %% wrong first_row
# why: the first row tells the width
# witness: columns([[1], [2, 3]])
def columns(rows: list[list]) -> list[list]:
    """The columns of the rows; where a row is too short stands None."""
    if not rows:
        return []
    return [[row[place] if place < len(row) else None for row in rows] for place in range(len(rows[0]))]

# %% wrong tuples
# why: the columns are tuples where a row was too short
# witness: columns([[1, 2], [3]])[1].append(4)
from itertools import zip_longest


def columns(rows: list[list]) -> list[list]:
    """The columns of the rows; where a row is too short stands None."""
    if len(set(map(len, rows))) == 1:
        return list(map(list, zip(*rows)))
    return list(zip_longest(*rows))

# %% honest zip_longest
from itertools import zip_longest


def columns(rows: list[list]) -> list[list]:
    """The columns of the rows; where a row is too short stands None."""
    return [list(column) for column in zip_longest(*rows)]

# %% original rises
def rises(values):
    """How much each value is above the one before; the first is None. Nothing gives nothing."""
    out = []
    for place in range(len(values)):
        before = values[:place]
        if len(before) == 0:
            out.append(None)
        else:
            out.append(values[place] - before[-1])
    return out

# %% tests
from zipping import rises


def test_rises():
    assert rises([1, 4, 2]) == [None, 3, -2]
    assert rises([n * n for n in range(600)])[-1] == 1197


def test_sizes():
    for size in (360, 420, 540):
        assert rises([n * n for n in range(size)]) is not None

# %% further
rises([5])
rises([])
rises([1.5, 1.25])
rises((3, 4))

# %% wrong none_always
# why: nothing gives one None
# witness: rises([])
def rises(values):
    """How much each value is above the one before; the first is None. Nothing gives nothing."""
    return [None, *[after - before for before, after in zip(values, values[1:])]]

# %% wrong floats
# why: as floats, large numbers lose digits and whole ones their type
# witness: rises([1, 2**53 + 2])
from itertools import pairwise


def rises(values):
    """How much each value is above the one before; the first is None. Nothing gives nothing."""
    return [None, *[float(after) - before for before, after in pairwise(values)]] if values else []

# %% honest pairwise
from itertools import pairwise


def rises(values):
    """How much each value is above the one before; the first is None. Nothing gives nothing."""
    return [None, *[after - before for before, after in pairwise(values)]] if values else []
