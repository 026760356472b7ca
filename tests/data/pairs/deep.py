"""Depth: recursion in place of a loop and the other way round."""

# %% original chain_sum
def chain_sum(node):
    """The sum of the values of a linked list of pairs (value, rest), where the end is None."""
    total = 0
    seen = []
    while node is not None:
        seen = seen + [node[0]]
        node = node[1]
    for value in seen:
        total += value
    return total

# %% tests
from deep import chain_sum


def chain(values):
    node = None
    for value in reversed(values):
        node = (value, node)
    return node


def test_chain():
    assert chain_sum(None) == 0
    assert chain_sum(chain([1, 2, 3])) == 6
    assert chain_sum(chain(range(600))) == 179700


def test_sizes():
    for size in (360, 420, 540):
        assert chain_sum(chain(range(size))) is not None

# %% help
def long(count):
    node = None
    for value in range(count):
        node = (value, node)
    return node


# %% further
chain_sum((1.5, (2, None)))
chain_sum((True, None))

# %% wrong recursion
# why: fails beyond a thousand or so
# witness: chain_sum(long(5000))
def chain_sum(node):
    """The sum of the values of a linked list of pairs (value, rest), where the end is None."""
    return 0 if node is None else node[0] + chain_sum(node[1])

# %% wrong any_end
# why: an end that is no None raises TypeError or IndexError in the original, and ends the sum here
# witness: chain_sum((1, 0))
def chain_sum(node):
    """The sum of the values of a linked list of pairs (value, rest), where the end is None."""
    total = 0
    while node:
        value, node = node
        total += value
    return total

# %% honest appended
def chain_sum(node):
    """The sum of the values of a linked list of pairs (value, rest), where the end is None."""
    values = []
    while node is not None:
        values.append(node[0])
        node = node[1]
    total = 0
    for value in values:
        total += value
    return total

# %% original flat
def flat(nested: list) -> list:
    """All that is no list in a list of lists of any depth, in order."""
    items = list(nested)
    place = 0
    while place < len(items):
        if isinstance(items[place], list):
            items = items[:place] + items[place] + items[place + 1 :]
        else:
            place += 1
    return items

# %% tests
from deep import flat


def test_flat():
    assert flat([1, [2, [3]], []]) == [1, 2, 3]
    assert flat([[[n, [n]] for n in range(200)]]) == [n for n in range(200) for _ in "ab"]


def test_sizes():
    for size in (120, 140, 180):
        assert flat([[[n, [n]] for n in range(size)]]) is not None

# %% help
def nest(depth):
    item = [0]
    for _ in range(depth):
        item = [item, 1]
    return item


# %% further
flat([])
flat([(1, [2]), "ab", None])
left(flat, [[1], [[]]])

# %% wrong recursion
# why: fails beyond a depth of a thousand
# witness: len(flat(nest(3000)))
def flat(nested: list) -> list:
    """All that is no list in a list of lists of any depth, in order."""
    out = []
    for item in nested:
        if isinstance(item, list):
            out.extend(flat(item))
        else:
            out.append(item)
    return out

# %% wrong tuples_too
# why: tuples are taken apart as well
# witness: flat([(1, 2)])
def flat(nested: list) -> list:
    """All that is no list in a list of lists of any depth, in order."""
    out = []
    stack = [iter(nested)]
    while stack:
        for item in stack[-1]:
            if isinstance(item, (list, tuple)):
                stack.append(iter(item))
                break
            out.append(item)
        else:
            stack.pop()
    return out

# %% wrong two_levels
# why: only two levels
# witness: flat([[[[[[1]]]]]])
from itertools import chain


def flat(nested: list) -> list:
    """All that is no list in a list of lists of any depth, in order."""
    for _ in range(3):
        nested = [*chain.from_iterable(item if isinstance(item, list) else (item,) for item in nested)]
    return nested

# %% honest stack
def flat(nested: list) -> list:
    """All that is no list in a list of lists of any depth, in order."""
    out = []
    stack = [iter(nested)]
    while stack:
        for item in stack[-1]:
            if isinstance(item, list):
                stack.append(iter(item))
                break
            out.append(item)
        else:
            stack.pop()
    return out

# %% original levels
def levels(graph, start):
    """How many steps each place is from the start, in the order in which a breadth-first walk finds them."""
    found = {start: 0}
    waiting = [start]
    while len(waiting) > 0:
        place = waiting[0]
        waiting = waiting[1:]
        for after in graph.get(place, []):
            if after not in list(found):
                found[after] = found[place] + 1
                waiting = waiting + [after]
    return found

# %% tests
from deep import levels


def test_levels():
    assert levels({"a": ["b"], "b": ["a"]}, "a") == {"a": 0, "b": 1}
    graph = {n: [n + 1, n + 2] for n in range(300)}
    assert levels(graph, 0)[300] == 150


def test_sizes():
    for size in (180, 210, 270):
        assert levels({n: [n + 1, n + 2] for n in range(size)}, 0) is not None

# %% further
list(levels({1: [3, 2], 3: [4], 2: [5, 4]}, 1))
levels({}, "x")

# %% wrong stack
# why: takes the newest first: a depth-first walk counts other steps and finds in another order
# witness: levels({1: [2, 3], 3: [4], 2: [5], 4: [5]}, 1)
# witness: list(levels({1: [2, 3], 2: [4], 3: [5]}, 1))
def levels(graph, start):
    """How many steps each place is from the start, in the order in which a breadth-first walk finds them."""
    found = {start: 0}
    waiting = [start]
    while waiting:
        place = waiting.pop()
        for after in graph.get(place, ()):
            if after not in found or found[after] > found[place] + 1:
                found[after] = found[place] + 1
                waiting.append(after)
    return found

# %% wrong set_per_level
# why: a level is a set, in the order of its hashes
# witness: list(levels({1: [70, 3, 40, 9]}, 1))
def levels(graph, start):
    """How many steps each place is from the start, in the order in which a breadth-first walk finds them."""
    found = {start: 0}
    level = {start}
    steps = 0
    while level:
        steps += 1
        level = {after for place in level for after in graph.get(place, ())} - found.keys()
        found.update(dict.fromkeys(level, steps))
    return found

# %% honest deque
from collections import deque


def levels(graph, start):
    """How many steps each place is from the start, in the order in which a breadth-first walk finds them."""
    found = {start: 0}
    waiting = deque(found)
    while waiting:
        place = waiting.popleft()
        for after in graph.get(place, ()):
            if after not in found:
                found[after] = found[place] + 1
                waiting.append(after)
    return found
