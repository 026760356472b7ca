"""Sums of floats: order, precision and type."""

# %% original total
def total(amounts):
    """The sum of the amounts, added one by one from the left to 0."""
    result = 0
    for place in range(len(amounts)):
        amount = amounts[place]
        result = result + amount
    return result

# %% tests
from adding import total


def test_total():
    assert total([1, 2, 3]) == 6
    assert total([0.5, 0.25]) == 0.75
    assert total([]) == 0
    assert total(list(range(1000))) == 499500


def test_sizes():
    for size in (600, 700, 900):
        assert total(list(range(size))) is not None

# %% further
total([True, True])
total((1, 2.5))
total([10**30, 1])

# %% wrong fsum
# why: gives a float of whole numbers, and rounds once only
# witness: total([1, 2])
# witness: total([0.1] * 10)
import math


def total(amounts):
    """The sum of the amounts, added one by one from the left to 0."""
    return math.fsum(amounts)

# %% wrong halves
# why: halves are added first, which rounds otherwise
# witness: total([1e16, 1.0, 1.0, 1.0])
def total(amounts):
    """The sum of the amounts, added one by one from the left to 0."""
    half = len(amounts) // 2
    return sum(amounts[:half]) + sum(amounts[half:])

# %% honest loop
def total(amounts):
    """The sum of the amounts, added one by one from the left to 0."""
    result = 0
    for amount in amounts:
        result += amount
    return result

# %% original norm
def norm(vector: list[float]) -> float:
    """The length of a vector, by squares added from the left."""
    squares = [value**2.0 for value in vector]
    result = 0.0
    while squares:
        result += squares.pop(0)
    return result**0.5

# %% tests
from adding import norm


def test_norm():
    assert norm([3.0, 4.0]) == 5.0
    assert norm([]) == 0.0
    assert norm([1.0] * 900) == 30.0
    assert norm([2.0] * 625) == 50.0


def test_sizes():
    for size in (400, 625, 784):
        assert norm([1.0] * size) is not None

# %% further
norm([1e-200, 1e-200])
norm([0.1, 0.2, 0.3] * 40)
norm([float("inf"), 1.0])

# %% wrong hypot
# why: math.hypot scales, so that what overflows or underflows in the squares does not, and rounds otherwise
# witness: norm([1e-200, 1e-200])
# witness: norm([0.1, 0.2, 0.3] * 40)
import math


def norm(vector: list[float]) -> float:
    """The length of a vector, by squares added from the left."""
    return math.hypot(*vector)

# %% wrong numpy
# needs: numpy
# why: numpy adds in pairs or blocks, which rounds otherwise, and gives a numpy float
# witness: norm([0.1, 0.2, 0.3] * 40)
# witness: norm([0.1 * n for n in range(300)])
import numpy


def norm(vector: list[float]) -> float:
    """The length of a vector, by squares added from the left."""
    return float(numpy.linalg.norm(numpy.array(vector, dtype=numpy.float32)))

# %% wrong products
# why: value * value raises no OverflowError, as value ** 2.0 does
# witness: norm([1e200])
def norm(vector: list[float]) -> float:
    """The length of a vector, by squares added from the left."""
    result = 0.0
    for value in vector:
        result += value * value
    return result**0.5

# %% honest in_order
def norm(vector: list[float]) -> float:
    """The length of a vector, by squares added from the left."""
    result = 0.0
    for square in [value**2.0 for value in vector]:
        result += square
    return result**0.5

# %% original moving_mean
def moving_mean(values, width):
    """Means of each `width` neighbours; each is its own sum from the left, divided."""
    if width < 1:
        raise ValueError("width must be 1 or more")
    out = []
    for start in range(len(values) - width + 1):
        total = 0
        for place in range(start, start + width):
            total = total + values[place]
        out.append(total / width)
    return out

# %% tests
from adding import moving_mean


def test_means():
    assert moving_mean([1, 2, 3, 4], 2) == [1.5, 2.5, 3.5]
    assert moving_mean([1], 2) == []
    assert moving_mean(list(range(300)), 100)[0] == 49.5


def test_sizes():
    for size in (60, 70, 90):
        assert moving_mean(list(range(300)), size) is not None

# %% further
moving_mean([1.0, 2.0], 1)
moving_mean((5, 6, 7), 3)
moving_mean([True, False], 2)

# %% wrong sliding
# why: a sum carried along keeps the rounding of what has left it
# witness: moving_mean([1e16, 1.0, 1.0, 1.0], 2)
# witness: moving_mean([0.1 * n for n in range(40)], 3)
def moving_mean(values, width):
    """Means of each `width` neighbours; each is its own sum from the left, divided."""
    if width < 1:
        raise ValueError("width must be 1 or more")
    if len(values) < width:
        return []
    total = sum(values[:width])
    out = [total / width]
    for place in range(width, len(values)):
        total += values[place] - values[place - width]
        out.append(total / width)
    return out

# %% wrong prefix
# why: differences of prefix sums round otherwise, and infinity in them gives NaN
# witness: moving_mean([float("inf"), 1.0, 2.0], 2)
from itertools import accumulate


def moving_mean(values, width):
    """Means of each `width` neighbours; each is its own sum from the left, divided."""
    if width < 1:
        raise ValueError("width must be 1 or more")
    sums = [0, *accumulate(values)]
    return [(high - low) / width for low, high in zip(sums, sums[width:])]

# %% wrong unchecked
# why: a width of 0 raises another error
# witness: moving_mean([1, 2], 0)
def moving_mean(values, width):
    """Means of each `width` neighbours; each is its own sum from the left, divided."""
    return [sum(values[start : start + width]) / width for start in range(len(values) - width + 1)]

# %% honest ints_slide
def moving_mean(values, width):
    """Means of each `width` neighbours; each is its own sum from the left, divided."""
    if width < 1:
        raise ValueError("width must be 1 or more")
    out = []
    if len(values) >= width and all(type(value) is int for value in values):
        total = sum(values[:width])
        out.append(total / width)
        for old, new in zip(values, values[width:]):
            total += new - old
            out.append(total / width)
        return out
    for start in range(len(values) - width + 1):
        total = 0
        for place in range(start, start + width):
            total = total + values[place]
        out.append(total / width)
    return out
