"""Whole numbers: // and % of negatives, true division of large ones, bits, powers."""

# %% original buckets
def buckets(values: list[int], width: int) -> dict[int, int]:
    """How many values fall into each bucket of the width; a value's bucket is the floor of value / width."""
    if width < 1:
        raise ValueError("width must be 1 or more")
    out: dict[int, int] = {}
    for value in values:
        bucket = 0
        while value >= width:
            value -= width
            bucket += 1
        while value < 0:
            value += width
            bucket -= 1
        out[bucket] = out.get(bucket, 0) + 1
    return out

# %% tests
from whole import buckets


def test_buckets():
    assert buckets([1, 2, 11, 25], 10) == {0: 2, 1: 1, 2: 1}
    assert buckets([], 3) == {}


def test_many():
    assert buckets([n * 3 for n in range(300)], 9)[5] == 3


def test_sizes():
    for size in (180, 210, 270):
        assert buckets([n * 3 for n in range(size)], 9) is not None

# %% further
buckets([-1, -10, -11, 10], 10)
buckets([30, 0, 30], 3)

# %% wrong int_of_quotient
# why: int() cuts toward zero, and large numbers lose digits in a float
# witness: buckets([-1], 10)
# witness: buckets([-25, 4], 10)
def buckets(values: list[int], width: int) -> dict[int, int]:
    """How many values fall into each bucket of the width; a value's bucket is the floor of value / width."""
    if width < 1:
        raise ValueError("width must be 1 or more")
    out: dict[int, int] = {}
    for value in values:
        bucket = int(value / width)
        out[bucket] = out.get(bucket, 0) + 1
    return out

# %% wrong sorted_keys
# why: the buckets come in order of their numbers, not of first appearance
# witness: buckets([30, 1], 10)
def buckets(values: list[int], width: int) -> dict[int, int]:
    """How many values fall into each bucket of the width; a value's bucket is the floor of value / width."""
    if width < 1:
        raise ValueError("width must be 1 or more")
    out: dict[int, int] = {}
    for value in sorted(values):
        bucket = value // width
        out[bucket] = out.get(bucket, 0) + 1
    return out

# %% wrong counter
# why: gives a Counter, where an absent bucket is 0 and no KeyError
# witness: buckets([1], 10)[5]
from collections import Counter


def buckets(values: list[int], width: int) -> dict[int, int]:
    """How many values fall into each bucket of the width; a value's bucket is the floor of value / width."""
    if width < 1:
        raise ValueError("width must be 1 or more")
    return Counter([value // width for value in values])

# %% honest floor
def buckets(values: list[int], width: int) -> dict[int, int]:
    """How many values fall into each bucket of the width; a value's bucket is the floor of value / width."""
    if width < 1:
        raise ValueError("width must be 1 or more")
    out: dict[int, int] = {}
    for value in values:
        bucket = value // width
        out[bucket] = out.get(bucket, 0) + 1
    return out

# %% original root
def root(number: int) -> int:
    """The largest whole number whose square is at most the number. ValueError for negative ones."""
    if number < 0:
        raise ValueError("negative")
    low, high = 0, number + 1
    while high - low > 1:
        middle = (low + high) // 2
        if middle * middle <= number:
            low = middle
        else:
            high = middle
    return low

# %% tests
from whole import root


def test_roots():
    assert [root(n) for n in (0, 1, 3, 4, 99, 100)] == [0, 1, 1, 2, 9, 10]
    assert root(10**12) == 10**6


def test_many():
    assert sum(root(n) for n in range(0, 30000, 37)) == 93168

# %% further
root(2**53)
root(10**40)
root(-1)

# %% wrong sqrt
# why: a float has 53 bits
# witness: root(10**32 - 1)
# witness: root((2**27 + 1) ** 2 - 1)
import math


def root(number: int) -> int:
    """The largest whole number whose square is at most the number. ValueError for negative ones."""
    if number < 0:
        raise ValueError("negative")
    return int(math.sqrt(number))

# %% wrong half_power
# why: a negative number gives a complex one or another error
# witness: root(-4)
def root(number: int) -> int:
    """The largest whole number whose square is at most the number. ValueError for negative ones."""
    return int(number**0.5)

# %% wrong huge
# why: OverflowError beyond the range of floats
# witness: root(10**400)
import math


def root(number: int) -> int:
    """The largest whole number whose square is at most the number. ValueError for negative ones."""
    if number < 0:
        raise ValueError("negative")
    found = int(math.sqrt(number))
    while found * found > number:
        found -= 1
    while (found + 1) * (found + 1) <= number:
        found += 1
    return found

# %% honest isqrt
import math


def root(number: int) -> int:
    """The largest whole number whose square is at most the number. ValueError for negative ones."""
    return math.isqrt(number)

# %% original ones
def ones(number: int, width: int = 32) -> int:
    """How many bits are 1 in the lowest `width` bits of the number, in two's complement."""
    count = 0
    for place in range(width):
        if number >> place & 1 == 1:
            count += 1
    return count

# %% workload
def workload():
    for number in (0, 1, 255, 2**31, 0xF0F0F0F0, 2**32 - 1):
        yield (number,)
    yield 57, 8
    yield 0xFFFF, 200

# %% further
ones(-1, 8)
ones(5, 0)
ones(True)

# %% wrong bin_count
# why: the text of a negative number is that of its positive one
# witness: ones(-1)
# witness: ones(-4, 8)
def ones(number: int, width: int = 32) -> int:
    """How many bits are 1 in the lowest `width` bits of the number, in two's complement."""
    return bin(number)[-width:].count("1")

# %% wrong whole_number
# why: bits above the width are counted as well
# witness: ones(2**40 + 1)
def ones(number: int, width: int = 32) -> int:
    """How many bits are 1 in the lowest `width` bits of the number, in two's complement."""
    return number.bit_count()

# %% wrong fixed_mask
# why: always 32 bits
# witness: ones(2**40 - 1, 40)
def ones(number: int, width: int = 32) -> int:
    """How many bits are 1 in the lowest `width` bits of the number, in two's complement."""
    return (number & min(2**width - 1, 0xFFFFFFFF)).bit_count()

# %% honest masked
def ones(number: int, width: int = 32) -> int:
    """How many bits are 1 in the lowest `width` bits of the number, in two's complement."""
    return (number & ((1 << width) - 1)).bit_count() if width > 0 else 0

# %% original power_mod
def power_mod(base: int, exponent: int, modulus: int) -> int:
    """base ** exponent % modulus for an exponent of 0 or more, with the sign of the modulus."""
    result = 1
    for _ in range(exponent):
        result = result * base
    return result % modulus

# %% workload
def workload():
    for exponent in (0, 1, 5, 60, 300, 900):
        yield 7, exponent, 1009
    yield -3, 401, 100

# %% further
power_mod(0, 0, 5)
power_mod(5, 3, -7)
power_mod(2, 10, 1)
power_mod(-2, 3, 10)

# %% wrong started_with_one
# why: 1 is not reduced: a modulus of 1 with exponent 0 gives 1
# witness: power_mod(5, 0, 1)
# witness: power_mod(5, 0, -7)
def power_mod(base: int, exponent: int, modulus: int) -> int:
    """base ** exponent % modulus for an exponent of 0 or more, with the sign of the modulus."""
    result = 1
    base %= modulus
    while exponent > 0:
        if exponent & 1:
            result = result * base % modulus
        base = base * base % modulus
        exponent >>= 1
    return result

# %% wrong zero_modulus
# why: pow() raises ValueError for a modulus of 0
# witness: power_mod(2, 3, 0)
def power_mod(base: int, exponent: int, modulus: int) -> int:
    """base ** exponent % modulus for an exponent of 0 or more, with the sign of the modulus."""
    return pow(base, exponent, modulus)

# %% honest pow
def power_mod(base: int, exponent: int, modulus: int) -> int:
    """base ** exponent % modulus for an exponent of 0 or more, with the sign of the modulus."""
    if modulus == 0:
        raise ZeroDivisionError("modulus is 0")
    return pow(base, max(exponent, 0), modulus)
