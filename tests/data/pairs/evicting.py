"""Least recently used: what counts as a use, and what falls out."""

# %% original hits
def hits(requests: list[str], capacity: int) -> int:
    """How many requests a cache of this capacity answers that drops what was longest not asked for."""
    cache = []
    found = 0
    for request in requests:
        if request in cache:
            found += 1
            cache.remove(request)
        elif len(cache) >= capacity:
            cache = cache[1:]
        cache = cache + [request]
    return found

# %% tests
from evicting import hits


def test_hits():
    assert hits(["a", "b", "a"], 2) == 1
    assert hits([], 3) == 0
    assert hits([n % 70 for n in range(700)], 60) == 0
    assert hits([n % 50 for n in range(700)], 60) == 650


def test_sizes():
    for size in (36, 42, 54):
        assert hits([n % 50 for n in range(700)], size) is not None

# %% further
hits("abcabc", 3)
hits([1, 1.0, True], 1)
hits([1, 1], 0)

# %% wrong first_in
# why: being asked for again does not keep it
# witness: hits("abacabadabe", 2)
# witness: hits("abaca", 2)
from collections import OrderedDict


def hits(requests: list[str], capacity: int) -> int:
    """How many requests a cache of this capacity answers that drops what was longest not asked for."""
    cache = OrderedDict()
    found = 0
    for request in requests:
        if request in cache:
            found += 1
        else:
            if len(cache) >= capacity:
                cache.popitem(last=False)
            cache[request] = None
    return found

# %% wrong capacity_zero
# why: with no capacity the original still keeps the last; this keeps none
# witness: hits([1, 1], 0)
def hits(requests: list[str], capacity: int) -> int:
    """How many requests a cache of this capacity answers that drops what was longest not asked for."""
    cache = {}
    found = 0
    for request in requests:
        if request in cache:
            found += 1
            del cache[request]
        cache[request] = None
        if len(cache) > capacity:
            del cache[next(iter(cache))]
    return found

# %% wrong one_more
# why: drops only when there is one more than fits
# witness: hits("abcabc", 2)
def hits(requests: list[str], capacity: int) -> int:
    """How many requests a cache of this capacity answers that drops what was longest not asked for."""
    cache = {}
    found = 0
    for request in requests:
        if request in cache:
            found += 1
            del cache[request]
        elif len(cache) > capacity:
            del cache[next(iter(cache))]
        cache[request] = None
    return found

# %% honest dict
def hits(requests: list[str], capacity: int) -> int:
    """How many requests a cache of this capacity answers that drops what was longest not asked for."""
    cache = {}
    found = 0
    for request in requests:
        if request in cache:
            found += 1
            del cache[request]
        elif len(cache) >= capacity and cache:
            del cache[next(iter(cache))]
        cache[request] = None
    return found

# %% original Recent.add
class Recent:
    """The last files opened, the newest first."""

    def __init__(self, limit=5, names=()):
        self.limit = limit
        self.names = list(dict.fromkeys(names))

    def add(self, names):
        """Puts names in front, one by one; one that is there already moves, the oldest beyond the limit go."""
        for name in names:
            fresh = [name]
            for old in self.names:
                if old != name:
                    fresh = fresh + [old]
            self.names = fresh[: self.limit]
        return self

# %% tests
from evicting import Recent


def test_recent():
    assert Recent().add(["a", "b", "a"]).names == ["a", "b"]
    assert len(Recent(50).add([f"f{n}" for n in range(200)]).names) == 50


def test_sizes():
    for size in (120, 150, 180):
        assert Recent(50).add([f"f{n}" for n in range(size)]).names is not None

# %% help
def grown(limit, start, names):
    recent = Recent(limit, start)
    before = recent.names
    return recent.add(names).names, before, recent.names is before


# %% further
grown(3, ["a"], "xyzx")
grown(0, [], "a")
grown(2, "abcd", "")
grown(2, "abcd", "e")
grown(4, "aab", "c")
grown(-1, "abc", "de")

# %% wrong old_order
# why: of names given at once the first comes out in front
# witness: Recent(5).add("abc").names
def add(self, names):
    """Puts names in front, one by one; one that is there already moves, the oldest beyond the limit go."""
    names = list(names)
    if names:
        self.names = list(dict.fromkeys([*names, *self.names]))[: self.limit]
    return self

# %% wrong limit_only_new
# why: with nothing to add the list is cut to the limit nevertheless
# witness: grown(2, "abcd", "")
def add(self, names):
    """Puts names in front, one by one; one that is there already moves, the oldest beyond the limit go."""
    self.names = list(dict.fromkeys([*reversed(list(names)), *self.names]))[: self.limit]
    return self

# %% wrong shared_list
# why: the list is changed in place, so that whoever holds the old one sees it
# witness: grown(3, ["a"], "b")
def add(self, names):
    """Puts names in front, one by one; one that is there already moves, the oldest beyond the limit go."""
    names = list(names)
    if names:
        self.names[:] = list(dict.fromkeys([*reversed(names), *self.names]))[: self.limit]
    return self

# %% honest fromkeys
def add(self, names):
    """Puts names in front, one by one; one that is there already moves, the oldest beyond the limit go."""
    names = list(names)
    if self.limit < 0:
        for name in names:
            self.names = [name, *[old for old in self.names if old != name]][: self.limit]
    elif names:
        self.names = list(dict.fromkeys([*reversed(names), *self.names]))[: self.limit]
    return self
