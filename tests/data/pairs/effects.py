"""What a call does besides: module globals, callbacks, locks, attributes, arguments."""

# %% original register
REGISTRY = {}
CALLS = 0


def register(names):
    """Numbers for the names, the same for the same name in all calls; CALLS counts the calls."""
    global CALLS
    CALLS += 1
    out = []
    for name in names:
        number = None
        for known in list(REGISTRY.keys()):
            if known == name:
                number = REGISTRY[known]
        if number is None:
            number = len(REGISTRY)
            REGISTRY[name] = number
        out.append(number)
    return out

# %% tests
from effects import register


def test_register():
    names = [f"n{n % 70}" for n in range(300)]
    assert len(set(register(names))) == 70
    assert register(names[:5]) == register(names[:5])


def test_sizes():
    for size in (42, 49, 63):
        assert register([f'n{n % size}' for n in range(300)]) is not None

# %% help
import sys


def module():
    return sys.modules["effects"]


def after(*calls):
    return [register(call) for call in calls], dict(module().REGISTRY), module().CALLS


# %% further
after("ab", "bc", "")
after([1, 1.0])

# %% wrong calls_not_counted
# why: CALLS stays
# witness: after("a")
def register(names):
    """Numbers for the names, the same for the same name in all calls; CALLS counts the calls."""
    return [REGISTRY.setdefault(name, len(REGISTRY)) for name in names]

# %% wrong own_table
# why: numbers begin anew in each call
# witness: after("ab", "ba")
def register(names):
    """Numbers for the names, the same for the same name in all calls; CALLS counts the calls."""
    global CALLS
    CALLS += 1
    known = {}
    return [known.setdefault(name, len(known)) for name in names]

# %% wrong new_registry
# why: the table is replaced by another, which those who hold the old one do not see
# witness: (lambda held: (register("ab"), held))(module().REGISTRY)
def register(names):
    """Numbers for the names, the same for the same name in all calls; CALLS counts the calls."""
    global CALLS, REGISTRY
    CALLS += 1
    names = list(names)
    fresh = [name for name in dict.fromkeys(names) if name not in REGISTRY]
    REGISTRY = {**REGISTRY, **{name: number for number, name in enumerate(fresh, len(REGISTRY))}}
    return [REGISTRY[name] for name in names]

# %% honest setdefault
def register(names):
    """Numbers for the names, the same for the same name in all calls; CALLS counts the calls."""
    global CALLS
    CALLS += 1
    known = REGISTRY
    return [known.setdefault(name, len(known)) for name in names]

# %% original walk
def walk(tree, visit):
    """Calls `visit` with each leaf of nested lists, left to right, and gives the sum of what it returns.

    A visit that returns None ends the walk.
    """
    leaves = []
    waiting = [tree]
    while waiting:
        node = waiting[0]
        waiting = waiting[1:]
        if isinstance(node, list):
            waiting = node + waiting
        else:
            leaves = leaves + [node]
    total = 0
    for leaf in leaves:
        found = visit(leaf)
        if found is None:
            break
        total += found
    return total

# %% tests
from effects import walk


def test_walk():
    assert walk([1, [2, [3]]], lambda leaf: leaf) == 6
    assert walk([], lambda leaf: 1) == 0
    assert walk([[n, [n]] for n in range(200)], lambda leaf: 1) == 400


def test_sizes():
    for size in (120, 140, 180):
        assert walk([[n, [n]] for n in range(size)], lambda leaf: 1) is not None

# %% help
def visits(tree, end=None):
    seen = []

    def visit(leaf):
        seen.append(leaf)
        return None if leaf == end else 1

    return outcome(lambda: walk(tree, visit)), seen


# %% further
visits([1, [], [2, 3]], 3)
visits(7)
visits([None])

# %% wrong goes_on
# why: None does not end the walk, it is passed over
# witness: visits([1, 2, 3], 2)
def walk(tree, visit):
    """Calls `visit` with each leaf of nested lists, left to right, and gives the sum of what it returns."""
    total = 0
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        else:
            total += visit(node) or 0
    return total

# %% wrong right_to_left
# why: from right to left
# witness: visits([1, [2, 3]])
def walk(tree, visit):
    """Calls `visit` with each leaf of nested lists, left to right, and gives the sum of what it returns."""
    total = 0
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif (found := visit(node)) is None:
            break
        else:
            total += found
    return total

# %% wrong each_leaf_once
# why: equal leaves are visited once, and must be hashable
# witness: visits([1, 1])
def walk(tree, visit):
    """Calls `visit` with each leaf of nested lists, left to right, and gives the sum of what it returns."""
    total = 0
    known = {}
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
            continue
        if node not in known:
            known[node] = visit(node)
        if known[node] is None:
            break
        total += known[node]
    return total

# %% wrong visits_while_walking
# why: what the visitor changes in the tree is walked as well
# witness: (lambda tree: walk(tree, lambda leaf: tree[1].append(5) or 1 if leaf == 1 else leaf))([1, [2]])
def walk(tree, visit):
    """Calls `visit` with each leaf of nested lists, left to right, and gives the sum of what it returns."""
    total = 0
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        elif (found := visit(node)) is None:
            break
        else:
            total += found
    return total

# %% honest leaves_first
def walk(tree, visit):
    """Calls `visit` with each leaf of nested lists, left to right, and gives the sum of what it returns."""
    leaves = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(reversed(node))
        else:
            leaves.append(node)
    total = 0
    for leaf in leaves:
        found = visit(leaf)
        if found is None:
            break
        total += found
    return total

# %% original Tally.add
import threading


class Tally:
    """Counts of names, for several threads."""

    def __init__(self):
        self.lock = threading.RLock()
        self.counts = {}
        self.last = None

    def add(self, names):
        """Counts the names, under the lock, and keeps the last one; gives how many names are known."""
        for name in names:
            with self.lock:
                counts = dict(self.counts)
                counts[name] = counts.get(name, 0) + 1
                self.counts = counts
                self.last = name
        return len(self.counts)

# %% workload
from effects import Tally


def workload():
    for count in (0, 3, 50, 150):
        yield Tally(), [f"n{n * 7 % 60}" for n in range(count)]

# %% help
class Seen:
    def __init__(self):
        self.entered = 0

    def __enter__(self):
        self.entered += 1

    def __exit__(self, *error):
        return None


def state(names):
    tally = Tally()
    tally.lock = Seen()
    return tally.add(names), tally.counts, tally.last


def entered(names):
    tally = Tally()
    tally.lock = Seen()
    tally.add(names)
    return tally.lock.entered > 0


# %% further
state("abca")
state([])
entered("a")

# %% wrong no_lock
# why: the lock is dropped: counts of two threads are lost
# witness: entered("ab")
def add(self, names):
    """Counts the names, under the lock, and keeps the last one; gives how many names are known."""
    counts = dict(self.counts)
    for name in names:
        counts[name] = counts.get(name, 0) + 1
        self.last = name
    self.counts = counts
    return len(counts)

# %% wrong last_by_index
# why: an iterator of names has no last one by index
# witness: state(iter("ab"))
def add(self, names):
    """Counts the names, under the lock, and keeps the last one; gives how many names are known."""
    with self.lock:
        counts = dict(self.counts)
        for name in names:
            counts[name] = counts.get(name, 0) + 1
        self.counts = counts
        if names:
            self.last = names[-1]
    return len(counts)

# %% wrong changed_in_place
# why: counts that somebody holds are changed
# witness: (lambda tally: (tally.counts, tally.add("ab")))(Tally())
def add(self, names):
    """Counts the names, under the lock, and keeps the last one; gives how many names are known."""
    with self.lock:
        for name in names:
            self.counts[name] = self.counts.get(name, 0) + 1
            self.last = name
    return len(self.counts)

# %% honest one_copy
# further: (lambda tally: (tally.counts, tally.add("ab"), tally.counts))(Tally())[1:]
def add(self, names):
    """Counts the names, under the lock, and keeps the last one; gives how many names are known."""
    names = list(names)
    if names:
        with self.lock:
            counts = dict(self.counts)
            for name in names:
                counts[name] = counts.get(name, 0) + 1
            self.counts = counts
            self.last = names[-1]
    return len(self.counts)
