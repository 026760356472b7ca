"""Nothing, one item, and sizes where another way is taken."""

# %% original windows
def windows(text: str, size: int) -> list[str]:
    """All pieces of this size, from left to right; the whole text if it is shorter; none of an empty text."""
    out: list[str] = []
    if text == "":
        return out
    if len(text) < size:
        return [text]
    for start in range(len(text) - size + 1):
        piece = ""
        for place in range(size):
            piece = piece + text[start + place]
        out = out + [piece]
    return out

# %% tests
from edges import windows


def test_windows():
    assert windows("abcd", 2) == ["ab", "bc", "cd"]
    assert windows("abc", 3) == ["abc"]
    assert len(windows("sometext, " * 40 + "end", 12)) == 392


def test_sizes():
    for size in (24, 28, 36):
        assert windows('sometext, ' * size + 'end', 12) is not None

# %% further
windows("", 2)
windows("a", 1)
windows("ab", 0)

# %% wrong stripped
# why: spaces at the ends are taken away first
# witness: windows("ab ", 2)
def windows(text: str, size: int) -> list[str]:
    """All pieces of this size, from left to right; the whole text if it is shorter; none of an empty text."""
    text = text.strip()
    if not text:
        return []
    return [text] if len(text) < size else [text[start : start + size] for start in range(len(text) - size + 1)]

# %% wrong nothing_shorter
# why: a text that is shorter gives nothing
# witness: windows("ab", 3)
def windows(text: str, size: int) -> list[str]:
    """All pieces of this size, from left to right; the whole text if it is shorter; none of an empty text."""
    return [text[start : start + size] for start in range(len(text) - size + 1)]

# %% wrong empty_piece
# why: an empty text gives one empty piece
# witness: windows("", 2)
def windows(text: str, size: int) -> list[str]:
    """All pieces of this size, from left to right; the whole text if it is shorter; none of an empty text."""
    return [text[start : start + size] for start in range(max(1, len(text) - size + 1))]

# %% wrong size_zero
# why: none of size 0
# witness: windows("abc", 0)
def windows(text: str, size: int) -> list[str]:
    """All pieces of this size, from left to right; the whole text if it is shorter; none of an empty text."""
    if not text or len(text) < size:
        return [text] if text else []
    return list(map("".join, zip(*[text[start:] for start in range(size)])))

# %% honest slices
def windows(text: str, size: int) -> list[str]:
    """All pieces of this size, from left to right; the whole text if it is shorter; none of an empty text."""
    if not text:
        return []
    if len(text) < size:
        return [text]
    if size < 1:
        return [""] * (len(text) - size + 1)
    return [text[start : start + size] for start in range(len(text) - size + 1)]

# %% original spread
def spread(values: list[int]) -> tuple[int, int]:
    """Sample variance of whole numbers as an exact pair (numerator, denominator), not reduced; (0, 1) below two."""
    count = len(values)
    if count < 2:
        return 0, 1
    total = 0
    for value in values:
        for other in values:
            total += (value - other) * (value - other)
    return total // 2, count * (count - 1)

# %% tests
from edges import spread


def test_spread():
    assert spread([0, 1]) == (1, 2)
    assert spread([7]) == (0, 1)
    assert spread([]) == (0, 1)
    top, bottom = spread(list(range(150)))
    assert top / bottom == 1887.5


def test_sizes():
    for size in (90, 110, 130):
        assert spread(list(range(size))) is not None

# %% further
spread([2**70, -(2**70), 3])
spread((1, 1))
spread([True, False])

# %% wrong reduced
# why: the pair is reduced
# witness: spread([1, 4, 6, 9])
from fractions import Fraction


def spread(values: list[int]) -> tuple[int, int]:
    """Sample variance of whole numbers as an exact pair (numerator, denominator), not reduced; (0, 1) below two."""
    count = len(values)
    if count < 2:
        return 0, 1
    top = count * sum([value * value for value in values]) - sum(values) ** 2
    found = Fraction(top, count * (count - 1))
    return found.numerator, found.denominator

# %% wrong floats
# why: beyond 2**53 a float loses digits
# witness: spread([2**40, 2**40 + 3, 2**40 - 5])
def spread(values: list[int]) -> tuple[int, int]:
    """Sample variance of whole numbers as an exact pair (numerator, denominator), not reduced; (0, 1) below two."""
    count = len(values)
    if count < 2:
        return 0, 1
    squares = sum([float(value) * value for value in values])
    return int(count * squares - float(sum(values)) ** 2), count * (count - 1)

# %% honest formula
def spread(values: list[int]) -> tuple[int, int]:
    """Sample variance of whole numbers as an exact pair (numerator, denominator), not reduced; (0, 1) below two."""
    count = len(values)
    if count < 2:
        return 0, 1
    return count * sum([value * value for value in values]) - sum(values) ** 2, count * (count - 1)

# %% original ascending
def ascending(values: list[int]) -> list[int]:
    """A new list of the values in ascending order."""
    out = list(values)
    for end in range(len(out) - 1, 0, -1):
        for place in range(end):
            if out[place] > out[place + 1]:
                out[place], out[place + 1] = out[place + 1], out[place]
    return out

# %% tests
from edges import ascending


def test_ascending():
    assert ascending([3, 1, 2]) == [1, 2, 3]
    assert ascending([]) == []
    assert ascending([n * 37 % 101 for n in range(101)]) == list(range(101))


def test_sizes():
    for size in (22, 25, 33):
        assert ascending([n * size % 101 for n in range(101)]) is not None

# %% further
ascending([1, True, 1.0, 0, False])
ascending([-1, -5])
left(ascending, [2, 1])
ascending([n * 7919 % 1009 for n in range(150)])

# %% wrong counted
# why: counts places from 0 to the greatest: negative ones come out wrong or fail, True becomes 1
# witness: ascending([-1, 3])
# witness: ascending([1, True])
def ascending(values: list[int]) -> list[int]:
    """A new list of the values in ascending order."""
    if not values:
        return []
    counts = [0] * (max(values) + 1)
    for value in values:
        counts[value] += 1
    return [value for value, count in enumerate(counts) for _ in range(count)]

# %% wrong two_digits
# why: a radix sort that stops after two digits
# witness: ascending([65537, 999])
def ascending(values: list[int]) -> list[int]:
    """A new list of the values in ascending order."""
    out = list(values)
    for shift in (0, 8):
        rows: list[list[int]] = [[] for _ in range(256)]
        for value in out:
            rows[value >> shift & 255].append(value)
        out = [value for row in rows for value in row]
    return out

# %% wrong each_once
# why: equal values come out once
# witness: ascending([2, 1, 2])
def ascending(values: list[int]) -> list[int]:
    """A new list of the values in ascending order."""
    return sorted(set(values))

# %% wrong same_list
# why: the list given comes back, or is sorted itself
# witness: left(ascending, [2, 1])
# witness: (lambda row: ascending(row) is row)([1])
def ascending(values: list[int]) -> list[int]:
    """A new list of the values in ascending order."""
    if len(values) > 1:
        values.sort()
    return values

# %% honest sorted
def ascending(values: list[int]) -> list[int]:
    """A new list of the values in ascending order."""
    return sorted(values)
