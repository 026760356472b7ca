"""Iterables that can be gone through once, and results that are iterators."""

# %% original extremes
from collections.abc import Iterable


def extremes(readings: Iterable[int]) -> tuple[int, int] | None:
    """The least and the greatest reading; None if there are none."""
    seen: list[int] = []
    for reading in readings:
        seen.append(reading)
        seen.sort()
    if not seen:
        return None
    return seen[0], seen[-1]

# %% tests
from iterators import extremes


def test_extremes():
    assert extremes([3, 1, 2]) == (1, 3)
    assert extremes([]) is None
    assert extremes([n * 7 % 400 for n in range(400)]) == (0, 399)


def test_sizes():
    for size in (240, 280, 360):
        assert extremes([n * 7 % 400 for n in range(size)]) is not None

# %% further
extremes({2.0, 1.0})
extremes((5.0,))
extremes(map(float, "312"))

# %% wrong twice
# why: a generator is used up by min()
# witness: extremes(reading for reading in (2.0, 1.0))
from collections.abc import Iterable


def extremes(readings: Iterable[int]) -> tuple[int, int] | None:
    """The least and the greatest reading; None if there are none."""
    if not readings:
        return None
    return min(readings), max(readings)

# %% wrong indexed
# why: a set or a view of a dict has no first item by index
# witness: extremes({2.0, 1.0})
# witness: extremes({"a": 2.0}.values())
from collections.abc import Iterable


def extremes(readings: Iterable[int]) -> tuple[int, int] | None:
    """The least and the greatest reading; None if there are none."""
    if not readings:
        return None
    least = greatest = readings[0]
    for reading in readings:
        if reading < least:
            least = reading
        elif reading > greatest:
            greatest = reading
    return least, greatest

# %% wrong sentinels
# why: readings that are infinite are taken for none
# witness: extremes([float("inf")])
from collections.abc import Iterable


def extremes(readings: Iterable[int]) -> tuple[int, int] | None:
    """The least and the greatest reading; None if there are none."""
    least, greatest = float("inf"), float("-inf")
    for reading in readings:
        if reading < least:
            least = reading
        if reading > greatest:
            greatest = reading
    return None if least == float("inf") else (least, greatest)

# %% honest list_once
from collections.abc import Iterable


def extremes(readings: Iterable[int]) -> tuple[int, int] | None:
    """The least and the greatest reading; None if there are none."""
    kept = sorted(readings)
    return (kept[0], kept[-1]) if kept else None

# %% original batches
def batches(items, size):
    """Lists of `size` items each, the last one shorter, made as they are asked for. ValueError for a size below 1."""
    if size < 1:
        raise ValueError("size must be 1 or more")
    items = iter(items)
    done = False
    while not done:
        batch = []
        while len(batch) < size:
            try:
                batch = batch + [next(items)]
            except StopIteration:
                done = True
                break
        if batch:
            yield batch

# %% tests
from iterators import batches


def test_batches():
    assert list(batches([1, 2, 3, 4], 2)) == [[1, 2], [3, 4]]
    assert list(batches([], 2)) == []
    assert len(list(batches(list(range(3000)), 60))) == 50


def test_sizes():
    for size in (20, 30, 40):
        assert list(batches(list(range(size * 60)), 60)) is not None

# %% help
import itertools

# %% further
list(batches("abcd", 2))
next(batches(itertools.count(), 3))
list(batches(iter([1]), 5))
list(batches([1], 0))

# %% wrong list
# why: a list, not an iterator: next() fails
# witness: next(batches([1, 2, 3], 2))
def batches(items, size):
    """Lists of `size` items each, the last one shorter, made as they are asked for. ValueError for a size below 1."""
    if size < 1:
        raise ValueError("size must be 1 or more")
    items = list(items)
    return [items[start : start + size] for start in range(0, len(items), size)]

# %% wrong eager
# why: all items are read before the first batch is given: never, of an endless source
# witness: (lambda source: (next(batches(source, 2)), next(source)))(iter(range(9)))
def batches(items, size):
    """Lists of `size` items each, the last one shorter, made as they are asked for. ValueError for a size below 1."""
    if size < 1:
        raise ValueError("size must be 1 or more")
    items = list(items)
    for start in range(0, len(items), size):
        yield items[start : start + size]

# %% wrong slices
# why: only what can be sliced; a string's batches are strings
# witness: list(batches("abc", 2))
# witness: list(batches(iter("abc"), 2))
def batches(items, size):
    """Lists of `size` items each, the last one shorter, made as they are asked for. ValueError for a size below 1."""
    if size < 1:
        raise ValueError("size must be 1 or more")
    for start in range(0, len(items), size):
        yield items[start : start + size]

# %% wrong zipped
# why: the last, shorter batch is lost
# witness: list(batches([1, 2, 3, 4, 5], 2))
def batches(items, size):
    """Lists of `size` items each, the last one shorter, made as they are asked for. ValueError for a size below 1."""
    if size < 1:
        raise ValueError("size must be 1 or more")
    return map(list, zip(*[iter(items)] * size))

# %% honest islice
from itertools import islice


def batches(items, size):
    """Lists of `size` items each, the last one shorter, made as they are asked for. ValueError for a size below 1."""
    if size < 1:
        raise ValueError("size must be 1 or more")
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch

# %% original pairs_with
def pairs_with(left, right):
    """Each of the left with each of the right that is greater, by the left's order then the right's."""
    right = list(right)
    out = []
    for one in left:
        for place in range(len(right)):
            if right[place] > one:
                out = out + [(one, right[place])]
    return out

# %% tests
from iterators import pairs_with


def test_pairs():
    assert pairs_with([1, 2], [2, 3]) == [(1, 2), (1, 3), (2, 3)]
    assert len(pairs_with(range(50), range(50))) == 1225


def test_sizes():
    for size in (30, 35, 45):
        assert pairs_with(range(size), range(50)) is not None

# %% further
pairs_with("ab", "bc")
pairs_with(iter([1]), iter([2]))
(lambda row: pairs_with(row, row))([1, 2, 3])

# %% wrong right_used_up
# why: a right that is an iterator is used up by the first of the left
# witness: pairs_with([1, 2], iter([3, 4]))
def pairs_with(left, right):
    """Each of the left with each of the right that is greater, by the left's order then the right's."""
    return [(one, other) for one in left for other in right if other > one]

# %% wrong bisected
# why: the right's own order is lost
# witness: pairs_with([1], [3, 2])
from bisect import bisect_right


def pairs_with(left, right):
    """Each of the left with each of the right that is greater, by the left's order then the right's."""
    ordered = sorted(right)
    return [(one, other) for one in left for other in ordered[bisect_right(ordered, one) :]]

# %% wrong stops_early
# why: a right that is in no order has greater ones after the first that is not
# witness: pairs_with([1], [3, 1, 2])
def pairs_with(left, right):
    """Each of the left with each of the right that is greater, by the left's order then the right's."""
    right = list(right)
    out = []
    for one in left:
        for place in range(len(right) - 1, -1, -1):
            if right[place] <= one:
                break
        else:
            place = -1
        out += [(one, other) for other in right[place + 1 :]]
    return out

# %% honest comprehension
def pairs_with(left, right):
    """Each of the left with each of the right that is greater, by the left's order then the right's."""
    right = list(right)
    return [(one, other) for one in left for other in right if other > one]
