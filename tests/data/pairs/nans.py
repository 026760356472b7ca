"""NaN in comparisons, minima, sorting and membership; None among numbers."""

# %% original greatest
def greatest(values):
    """The greatest value, by comparing each with the greatest so far; NaN is never greater. None if there are none.

    A NaN in front stays, since nothing is greater than it.
    """
    best = None
    for place in range(len(values)):
        if best is None:
            best = values[place]
            continue
        ahead = values[:place]
        if values[place] > best and len(ahead) > 0:
            best = values[place]
    return best

# %% tests
from nans import greatest


def test_greatest():
    assert greatest([1, 3, 2]) == 3
    assert greatest([]) is None
    assert greatest([n * 7 % 500 for n in range(500)]) == 499


def test_sizes():
    for size in (300, 350, 450):
        assert greatest([n * 7 % size for n in range(500)]) is not None

# %% further
greatest([float("nan"), 1.0])
greatest([1.0, float("nan"), 2.0])
greatest([1, 1.0])
greatest("abc")
greatest([None, 3])

# %% wrong sorted
# why: sorting with NaN puts anything last, and of equal ones the last
# witness: greatest([2, 2.0])
# witness: greatest([3.0, float("nan"), 1.0])
def greatest(values):
    """The greatest value, by comparing each with the greatest so far; NaN is never greater. None if there are none."""
    return sorted(values)[-1] if values else None

# %% wrong nan_dropped
# why: a NaN in front does not stay
# witness: greatest([float("nan"), 1.0])
def greatest(values):
    """The greatest value, by comparing each with the greatest so far; NaN is never greater. None if there are none."""
    return max([value for value in values if value == value], default=None)

# %% wrong zero_start
# why: starts at a number, which texts cannot be compared with and which infinity below is not above
# witness: greatest("abc")
# witness: greatest([float("-inf")])
def greatest(values):
    """The greatest value, by comparing each with the greatest so far; NaN is never greater. None if there are none."""
    best = -1e308
    for value in values:
        if value > best:
            best = value
    return best if len(values) else None

# %% wrong max
# why: max() compares with a None in front, where the original passes over it
# witness: greatest([None, 3])
def greatest(values):
    """The greatest value, by comparing each with the greatest so far; NaN is never greater. None if there are none."""
    return max(values) if len(values) else None

# %% honest one_loop
def greatest(values):
    """The greatest value, by comparing each with the greatest so far; NaN is never greater. None if there are none."""
    best = None
    for value in values:
        if best is None or value > best:
            best = value
    return best

# %% original positions
def positions(values, wanted):
    """For each wanted value the place of the first value that equals it, or -1. NaN equals nothing."""
    out = []
    for one in wanted:
        found = -1
        for place in range(len(values)):
            if values[place] == one and found == -1:
                found = place
        out.append(found)
    return out

# %% tests
from nans import positions


def test_positions():
    assert positions([5, 6, 8], [5, 7]) == [0, -1]
    assert positions([], [1]) == [-1]
    assert positions(list(range(250)), [2, 3, 14] * 20) == [2, 3, 14] * 20


def test_sizes():
    for size in (150, 175, 225):
        assert positions(list(range(size)), [2, 3, 14] * 20) is not None

# %% further
positions([1, 1.0, True], [1.0])
positions([[1], [2]], [[2]])
positions("abc", "cx")

# %% wrong dict
# why: NaN that is the same object is found in a dict, and lists are no keys
# witness: (lambda nan: positions([nan], [nan]))(float("nan"))
# witness: positions([[1]], [[1]])
def positions(values, wanted):
    """For each wanted value the place of the first value that equals it, or -1. NaN equals nothing."""
    places = {}
    for place, value in enumerate(values):
        places.setdefault(value, place)
    return [places.get(one, -1) for one in wanted]

# %% wrong index
# why: list.index finds the same NaN
# witness: (lambda nan: positions([nan], [nan]))(float("nan"))
def positions(values, wanted):
    """For each wanted value the place of the first value that equals it, or -1. NaN equals nothing."""
    values = list(values)
    return [values.index(one) if one in values else -1 for one in wanted]

# %% wrong last_place
# why: the last place that has it
# witness: positions([5, 5], [5])
def positions(values, wanted):
    """For each wanted value the place of the first value that equals it, or -1. NaN equals nothing."""
    places = {value: place for place, value in enumerate(values) if value == value}
    return [places.get(one, -1) for one in wanted]

# %% honest first_found
# further: positions([float("inf"), -0.0, 0], [0, float("inf")])
def positions(values, wanted):
    """For each wanted value the place of the first value that equals it, or -1. NaN equals nothing."""
    out = []
    for one in wanted:
        for place, value in enumerate(values):
            if value == one:
                out.append(place)
                break
        else:
            out.append(-1)
    return out
