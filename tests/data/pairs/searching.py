"""Binary search, duplicates, unsorted rows, bounds that belong or do not."""

# %% original count_between
def count_between(values: list[int], low: int, high: int) -> int:
    """How many of the ascending values are at least low and less than high."""
    count = 0
    for place in range(len(values)):
        value = values[place]
        if value >= low:
            if value < high:
                count = count + 1
    return count

# %% tests
from searching import count_between


def test_between():
    assert count_between([1, 3, 5, 7], 2, 6) == 2
    assert count_between([], 0, 9) == 0
    assert count_between(list(range(0, 4000, 4)), 101, 1002) == 225


def test_sizes():
    for size in (2400, 2800, 3600):
        assert count_between(list(range(0, size, 4)), 101, 1002) is not None

# %% further
count_between([1, 1, 2, 2], 1, 2)
count_between([5], 5, 5)
count_between([1, 2], -9, 99)

# %% wrong both_right
# why: values equal to low are left out
# witness: count_between([2, 2, 3], 2, 9)
from bisect import bisect_right


def count_between(values: list[int], low: int, high: int) -> int:
    """How many of the ascending values are at least low and less than high."""
    return bisect_right(values, high) - bisect_right(values, low)

# %% wrong high_in
# why: values equal to high are counted
# witness: count_between([2, 3, 3], 2, 3)
from bisect import bisect_left, bisect_right


def count_between(values: list[int], low: int, high: int) -> int:
    """How many of the ascending values are at least low and less than high."""
    return max(0, bisect_right(values, high) - bisect_left(values, low))

# %% wrong crossed
# why: a high below low gives less than 0
# witness: count_between([1, 2, 3, 4], 4, 2)
from bisect import bisect_left


def count_between(values: list[int], low: int, high: int) -> int:
    """How many of the ascending values are at least low and less than high."""
    return bisect_left(values, high) - bisect_left(values, low)

# %% honest bisect
# assumes: values in ascending order, as the function says
from bisect import bisect_left


def count_between(values: list[int], low: int, high: int) -> int:
    """How many of the ascending values are at least low and less than high."""
    return max(0, bisect_left(values, high) - bisect_left(values, low))

# %% original last_before
def last_before(events, moment):
    """The last event, in the order given, whose "at" is at most the moment; None if there is none.

    Events need not be in order of time.
    """
    found = None
    for event in list(events):
        times = [other["at"] for other in events if other is event]
        if times[0] <= moment:
            found = event
    return found

# %% tests
from searching import last_before


def test_last():
    events = [{"at": 1, "n": "a"}, {"at": 3, "n": "b"}, {"at": 8, "n": "c"}]
    assert last_before(events, 5)["n"] == "b"
    assert last_before(events, 0) is None
    assert last_before([{"at": n} for n in range(200)], 150) == {"at": 150}


def test_sizes():
    for size in (90, 105, 135):
        assert last_before([{'at': n} for n in range(200)], size) is not None

# %% further
last_before([], 1)
last_before([{"at": 5}, {"at": 1}], 3)

# %% wrong bisect
# why: only where events are in order of time
# witness: last_before([{"at": 5}, {"at": 1}, {"at": 9}, {"at": 2}], 3)
from bisect import bisect_right


def last_before(events, moment):
    """The last event, in the order given, whose "at" is at most the moment; None if there is none."""
    place = bisect_right(events, moment, key=lambda event: event["at"])
    return events[place - 1] if place else None

# %% wrong latest
# why: the latest of them by time, not the last in order
# witness: last_before([{"at": 3, "n": 1}, {"at": 1, "n": 2}], 5)
def last_before(events, moment):
    """The last event, in the order given, whose "at" is at most the moment; None if there is none."""
    return max((event for event in events if event["at"] <= moment), key=lambda e: e["at"], default=None)

# %% wrong sorted_once
# why: the events are put in order of time in the caller's list
# witness: left(last_before, [{"at": 3}, {"at": 1}], 9)
def last_before(events, moment):
    """The last event, in the order given, whose "at" is at most the moment; None if there is none."""
    events.sort(key=lambda event: event["at"])
    return next((event for event in reversed(events) if event["at"] <= moment), None)

# %% honest forwards
def last_before(events, moment):
    """The last event, in the order given, whose "at" is at most the moment; None if there is none."""
    found = None
    for event in events:
        if event["at"] <= moment:
            found = event
    return found

# %% original place_of
def place_of(ordered, wanted):
    """The place of the first of the ascending items that equals the wanted one, or -1."""
    places = [place for place in range(len(ordered)) if ordered[place] == wanted]
    if len(places) == 0:
        return -1
    return places[0]

# %% tests
from searching import place_of


def test_place():
    assert place_of([1, 3, 5], 3) == 1
    assert place_of([1, 3, 5], 4) == -1
    assert place_of([], 1) == -1
    assert place_of(list(range(900)), 899) == 899


def test_sizes():
    for size in (539, 629, 809):
        assert place_of(list(range(900)), size) is not None

# %% further
place_of("abc", "b")
place_of([2, 2, 2], 2)
place_of([1.0, 2.0], 2)

# %% wrong middle
# why: any of several equal ones
# witness: place_of([2, 2, 2, 2], 2)
def place_of(ordered, wanted):
    """The place of the first of the ascending items that equals the wanted one, or -1."""
    low, high = 0, len(ordered) - 1
    while low <= high:
        middle = (low + high) // 2
        if ordered[middle] == wanted:
            return middle
        if ordered[middle] < wanted:
            low = middle + 1
        else:
            high = middle - 1
    return -1

# %% wrong beyond
# why: IndexError for what is greater than all
# witness: place_of([1, 2], 9)
from bisect import bisect_left


def place_of(ordered, wanted):
    """The place of the first of the ascending items that equals the wanted one, or -1."""
    if not ordered:
        return -1
    place = bisect_left(ordered, wanted)
    return place if ordered[place] == wanted else -1

# %% wrong after_all
# why: the place after the last of several equal ones, less one
# witness: place_of([1, 1, 2], 1)
from bisect import bisect_right


def place_of(ordered, wanted):
    """The place of the first of the ascending items that equals the wanted one, or -1."""
    place = bisect_right(ordered, wanted) - 1
    return place if place >= 0 and ordered[place] == wanted else -1

# %% honest bisect
# assumes: values in ascending order, as the function says
from bisect import bisect_left


def place_of(ordered, wanted):
    """The place of the first of the ascending items that equals the wanted one, or -1."""
    try:
        place = bisect_left(ordered, wanted)
        return place if place < len(ordered) and ordered[place] == wanted else -1
    except TypeError:
        return next((place for place, item in enumerate(ordered) if item == wanted), -1)
