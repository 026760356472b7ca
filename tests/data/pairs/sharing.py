"""Two arguments that are one object, and arguments that share parts."""

# %% original scale
def scale(target: list, source: list) -> list:
    """Writes each item of the source, divided by the source's largest one at that moment, into the target."""
    for place in range(len(source)):
        target[place] = source[place] / max(source)
    return target

# %% tests
from sharing import scale


def test_scale():
    assert scale([0, 0, 0], [1, 2, 4]) == [0.25, 0.5, 1.0]
    assert scale([0] * 200, list(range(1, 201)))[-1] == 1.0


def test_sizes():
    for size in (120, 150, 180):
        assert scale([0] * size, list(range(1, size + 1))) is not None

# %% help
def both(function, row, *more):
    return function(row, row, *more), row


# %% further
left(scale, [0], [5])
left(scale, [0, 0, 0], [2])
left(scale, [], [1])
left(scale, [1], [0])

# %% wrong largest_once
# why: where both are one list, the largest changes while it is written
# witness: both(scale, [4, 2, 1])
def scale(target: list, source: list) -> list:
    """Writes each item of the source, divided by the source's largest one at that moment, into the target."""
    if source:
        largest = max(source)
        for place, item in enumerate(source):
            target[place] = item / largest
    return target

# %% wrong new_list
# why: gives another list, and the target stays
# witness: left(scale, [0, 0], [1, 2])
# witness: scale([0, 0, 9], [1, 2])
def scale(target: list, source: list) -> list:
    """Writes each item of the source, divided by the source's largest one at that moment, into the target."""
    largest = max(source)
    return [item / largest for item in source]

# %% wrong longer_target
# why: what the target has beyond the source is cut off, and a target that is too short grows
# witness: left(scale, [0, 0, 9], [1, 2])
# witness: left(scale, [], [1])
def scale(target: list, source: list) -> list:
    """Writes each item of the source, divided by the source's largest one at that moment, into the target."""
    if source:
        largest = max(source)
        target[:] = [item / largest for item in source]
    return target

# %% honest other_list
# further: both(scale, [4, 2, 1])
# further: both(scale, [])
def scale(target: list, source: list) -> list:
    """Writes each item of the source, divided by the source's largest one at that moment, into the target."""
    if target is source:
        for place in range(len(source)):
            target[place] = source[place] / max(source)
    elif source:
        largest = max(source)
        for place, item in enumerate(source):
            target[place] = item / largest
    return target

# %% original remove_all
def remove_all(items: list, unwanted: list) -> int:
    """Takes from the items, in place, all that equal an unwanted one; gives how many went."""
    gone = 0
    for one in list(unwanted):
        while one in items:
            items.remove(one)
            gone += 1
    return gone

# %% tests
from sharing import remove_all


def test_remove():
    items = [1, 2, 3, 2]
    assert remove_all(items, [2]) == 2
    assert items == [1, 3]
    items = [n % 50 for n in range(500)]
    assert remove_all(items, list(range(25))) == 250


def test_sizes():
    for size in (30, 35, 45):
        assert remove_all([n % size for n in range(500)], list(range(25))) is not None

# %% help
def same(row):
    return remove_all(row, row), row


# %% further
same([1, 2, 1])
left(remove_all, [], [1])
left(remove_all, [[1], [2]], [[2]])

# %% wrong set_of_unwanted
# why: what is not hashable
# witness: left(remove_all, [[1], [2]], [[2]])
def remove_all(items: list, unwanted: list) -> int:
    """Takes from the items, in place, all that equal an unwanted one; gives how many went."""
    gone = set(unwanted)
    before = len(items)
    items[:] = [item for item in items if item not in gone]
    return before - len(items)

# %% wrong cleared_first
# why: where both are one list, nothing is unwanted any more once it is cleared
# witness: same([1, 2, 1])
def remove_all(items: list, unwanted: list) -> int:
    """Takes from the items, in place, all that equal an unwanted one; gives how many went."""
    old = list(items)
    items.clear()
    items.extend([item for item in old if item not in unwanted])
    return len(old) - len(items)

# %% honest slice
def remove_all(items: list, unwanted: list) -> int:
    """Takes from the items, in place, all that equal an unwanted one; gives how many went."""
    before = len(items)
    kept = [item for item in items if item not in unwanted]
    items[:] = kept
    return before - len(kept)
