"""Lazy made eager and eager made lazy: when work is done, and how much of it."""

# %% original first_match
def first_match(items, *tests):
    """The first item that passes all tests; None if none does. Tests are called in order, and no more than needed."""
    for place in range(len(items)):
        passed = []
        for test in tests:
            if len(passed) == len([one for one in passed if one]):
                passed = passed + [bool(test(items[place]))]
        if all(passed):
            return items[place]
    return None

# %% tests
from lazy import first_match


def test_first():
    assert first_match([1, 2, 3, 4], lambda n: n > 1, lambda n: n % 2 == 0) == 2
    assert first_match([], bool) is None
    assert first_match(range(800), lambda n: n > 600, lambda n: n % 7 == 0) == 602


def test_sizes():
    for size in (650, 700, 750):
        assert first_match(range(size), lambda n: n > 600, lambda n: n % 7 == 0) is not None

# %% help
def calls(items, *tests):
    log = []

    def told(number, test):
        def call(item):
            log.append((number, item))
            return test(item)

        return call

    return outcome(lambda: first_match(items, *[told(n, t) for n, t in enumerate(tests)])), log


# %% further
calls([3])
calls([0, 1, 2], bool, bool)
calls([2, 0], lambda n: 1 / n > 0)

# %% wrong all_items
# why: all items are tested though the first is enough
# witness: calls([2, 0], lambda n: 1 / n > 0)
def first_match(items, *tests):
    """The first item that passes all tests; None if none does."""
    found = list(items)
    for test in tests:
        found = [item for item in found if test(item)]
    return found[0] if found else None

# %% wrong list_of_results
# why: all tests are called though one failed
# witness: calls([0, 1], bool, lambda n: 1 / n)
def first_match(items, *tests):
    """The first item that passes all tests; None if none does."""
    for item in items:
        if all([test(item) for test in tests]):
            return item
    return None

# %% wrong truthy
# why: an item that is false itself is taken for none
# witness: (first_match([0, 1], lambda n: n < 5), first_match(["", "a"], lambda n: True))
def first_match(items, *tests):
    """The first item that passes all tests; None if none does."""
    for item in items:
        for test in tests:
            if not test(item):
                break
        else:
            if item:
                return item
    return None

# %% honest inner_loop
def first_match(items, *tests):
    """The first item that passes all tests; None if none does."""
    for place in range(len(items)):
        item = items[place]
        for test in tests:
            if not test(item):
                break
        else:
            return item
    return None

# %% original squares_below
from collections.abc import Iterable


def squares_below(limit: int, source: Iterable[int]) -> list[int]:
    """A list of the squares of the source's numbers up to the first that reaches the limit, which is read and left out."""
    source = iter(source)
    out = []
    while True:
        try:
            number = next(source)
        except StopIteration:
            break
        square = 0
        for _ in range(abs(number)):
            square = square + abs(number)
        if square >= limit:
            break
        out = out + [square]
    return out

# %% tests
from lazy import squares_below


def test_squares():
    assert squares_below(10, [1, 2, 3, 4]) == [1, 4, 9]
    assert squares_below(10, []) == []
    assert len(squares_below(10**6, range(300))) == 300


def test_sizes():
    for size in (180, 210, 270):
        assert squares_below(10 ** 6, range(size)) is not None

# %% help
import itertools


def rest(limit, *numbers):
    source = iter(numbers)
    return squares_below(limit, source), list(source)


# %% further
rest(10, 1, -2, 5, 7, 1)
squares_below(50, itertools.count())
squares_below(0, [0])

# %% wrong filtered
# why: goes on after the first that reaches the limit
# witness: squares_below(10, [1, 5, 2])
def squares_below(limit: int, source: Iterable[int]) -> list[int]:
    """A list of the squares of the source's numbers up to the first that reaches the limit."""
    return [number * number for number in source if number * number < limit]

# %% wrong all_read
# why: reads all of the source, which may have no end
# witness: rest(10, 1, 5, 2)
from itertools import takewhile


def squares_below(limit: int, source: Iterable[int]) -> list[int]:
    """A list of the squares of the source's numbers up to the first that reaches the limit."""
    squares = [number * number for number in source]
    return list(takewhile(lambda square: square < limit, squares))

# %% honest product
def squares_below(limit: int, source: Iterable[int]) -> list[int]:
    """A list of the squares of the source's numbers up to the first that reaches the limit."""
    out = []
    for number in source:
        square = number * number
        if square >= limit:
            break
        out.append(square)
    return out
