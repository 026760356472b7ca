"""round, ties, zero below zero, money."""

# %% original to_cents
import math


def to_cents(prices: list[float]) -> list[int]:
    """Each price in whole cents; a tie goes to the even one, as `round` does."""
    out = []
    for price in prices:
        scaled = price * 100
        low = math.floor(scaled)
        rest = scaled - low
        if rest > 0.5:
            low += 1
        elif rest == 0.5 and low % 2 != 0:
            low += 1
        out = out + [low]
    return out

# %% tests
from rounding import to_cents


def test_cents():
    assert to_cents([1.0, 2.5, 0.1]) == [100, 250, 10]
    assert to_cents([]) == []
    assert to_cents([n / 4 for n in range(500)])[3] == 75


def test_sizes():
    for size in (300, 350, 450):
        assert to_cents([n / 4 for n in range(size)]) is not None

# %% further
to_cents([-1.005, -0.125, 0.0, -0.0])
to_cents([1e15, 12345.675])
to_cents([1])
to_cents([float("inf")])
to_cents([float("nan")])

# %% wrong half_up
# why: ties go up
# witness: to_cents([0.125])
def to_cents(prices: list[float]) -> list[int]:
    """Each price in whole cents; a tie goes to the even one, as `round` does."""
    return [int(price * 100 + 0.5) for price in prices]

# %% wrong cut
# why: what is below the cent is cut off
# witness: to_cents([0.29])
def to_cents(prices: list[float]) -> list[int]:
    """Each price in whole cents; a tie goes to the even one, as `round` does."""
    return [int(price * 100) for price in prices]

# %% honest round
def to_cents(prices: list[float]) -> list[int]:
    """Each price in whole cents; a tie goes to the even one, as `round` does."""
    return [round(price * 100) for price in prices]

# %% original shares
def shares(counts: list[int]) -> list[float]:
    """Per cent of the total for each count, to one decimal; all 0.0 if the total is 0."""
    out = []
    for count in counts:
        total = 0
        for other in counts:
            total += other
        if total == 0:
            out.append(0.0)
        else:
            out.append(round(count * 100 / total, 1))
    return out

# %% tests
from rounding import shares


def test_shares():
    assert shares([1, 1, 2]) == [25.0, 25.0, 50.0]
    assert shares([0, 0]) == [0.0, 0.0]
    assert shares([3] * 150) == [0.7] * 150


def test_sizes():
    for size in (90, 105, 135):
        assert shares([3] * size) is not None

# %% further
shares([])
shares([0.5, 1.5])
shares((1, 2))
shares([1, -1])

# %% wrong no_guard
# why: ZeroDivisionError for a total of 0 that is not all zeros
# witness: shares([2, -2])
def shares(counts: list[int]) -> list[float]:
    """Per cent of the total for each count, to one decimal; all 0.0 if the total is 0."""
    if not any(counts):
        return [0.0] * len(counts)
    scale = 100 / sum(counts)
    return [round(count * scale, 1) for count in counts]

# %% wrong scale_first
# why: count * (100 / total) rounds otherwise than count * 100 / total
# witness: [shares([n, m]) for n in range(1, 30) for m in range(1, 40)]
def shares(counts: list[int]) -> list[float]:
    """Per cent of the total for each count, to one decimal; all 0.0 if the total is 0."""
    total = sum(counts)
    if total == 0:
        return [0.0] * len(counts)
    return [round(count * (100 / total), 1) for count in counts]

# %% honest once
def shares(counts: list[int]) -> list[float]:
    """Per cent of the total for each count, to one decimal; all 0.0 if the total is 0."""
    total = 0
    for other in counts:
        total += other
    if total == 0:
        return [0.0] * len(counts)
    return [round(count * 100 / total, 1) for count in counts]

# %% original clamp_all
def clamp_all(values: list[float], low: float = 0.0, high: float = 1.0) -> list[float]:
    """Each value, or the bound that it is beyond; the value itself if it equals a bound, or is NaN."""
    out = []
    for value in values:
        bounds = sorted([low, high])
        if value < bounds[0]:
            out.append(bounds[0])
        elif value > bounds[1]:
            out.append(bounds[1])
        else:
            out.append(value)
    return out

# %% tests
from rounding import clamp_all


def test_clamp():
    assert clamp_all([0.5, -1.0, 2.0]) == [0.5, 0.0, 1.0]
    assert clamp_all([n / 100 for n in range(-300, 300)])[:2] == [0.0, 0.0]


def test_sizes():
    for size in (60, 70, 90):
        assert clamp_all([n / size for n in range(-300, 300)]) is not None

# %% further
clamp_all([1, 0, True])
clamp_all([float("nan")])
clamp_all([5], 3, 4)
clamp_all([5, 0], 4, 3)

# %% wrong min_max
# why: a bound takes the place of what equals it
# witness: clamp_all([-0.0])
# witness: clamp_all([1, 0])
def clamp_all(values: list[float], low: float = 0.0, high: float = 1.0) -> list[float]:
    """Each value, or the bound that it is beyond; the value itself if it equals a bound, or is NaN."""
    return [low if value <= low else high if value >= high else value for value in values]

# %% wrong bounds_as_given
# why: bounds that are given the other way round are not put in order
# witness: clamp_all([3.5], 4, 3)
def clamp_all(values: list[float], low: float = 0.0, high: float = 1.0) -> list[float]:
    """Each value, or the bound that it is beyond; the value itself if it equals a bound, or is NaN."""
    return [low if value < low else high if value > high else value for value in values]

# %% honest once
def clamp_all(values: list[float], low: float = 0.0, high: float = 1.0) -> list[float]:
    """Each value, or the bound that it is beyond; the value itself if it equals a bound, or is NaN."""
    low, high = sorted([low, high])
    return [low if value < low else high if value > high else value for value in values]
