"""What a call leaves changed around it: decimal contexts, limits, environment, filters."""

# %% original depth_of
def depth_of(tree):
    """How deep lists are nested; 0 for what is no list. Of any depth."""
    depth = 0
    level = [tree]
    while any(isinstance(node, list) for node in level):
        depth += 1
        below = []
        for node in level:
            if isinstance(node, list):
                below = below + node
        level = below
    return depth

# %% tests
from surroundings import depth_of


def test_depth():
    assert depth_of(1) == 0
    assert depth_of([]) == 1
    assert depth_of([[n, [n, [n]]] for n in range(1200)]) == 4


def test_sizes():
    for size in (700, 900, 1100):
        assert depth_of([[n, [n, [n]]] for n in range(size)]) is not None

# %% help
import sys


def nest(depth):
    node = []
    for _ in range(depth):
        node = [node]
    return node


# %% further
depth_of([[], [[]]])
depth_of(([],))
depth_of(nest(3000))

# %% wrong raised_limit
# why: the limit of the whole program stays raised
# witness: (depth_of([1]), sys.getrecursionlimit())
import sys


def depth_of(tree):
    """How deep lists are nested; 0 for what is no list. Of any depth."""
    sys.setrecursionlimit(12345)

    def depth(node):
        return 1 + max(map(depth, node), default=0) if isinstance(node, list) else 0

    return depth(tree)

# %% wrong recursion
# why: fails beyond the limit
# witness: depth_of(nest(3000))
def depth_of(tree):
    """How deep lists are nested; 0 for what is no list. Of any depth."""
    return 1 + max(map(depth_of, tree), default=0) if isinstance(tree, list) else 0

# %% wrong text
# why: brackets in texts are counted
# witness: depth_of(["[["])
def depth_of(tree):
    """How deep lists are nested; 0 for what is no list. Of any depth."""
    if not isinstance(tree, list):
        return 0
    depth = most = 0
    for sign in repr(tree):
        if sign == "[":
            depth += 1
            most = max(most, depth)
        elif sign == "]":
            depth -= 1
    return most

# %% honest levels
def depth_of(tree):
    """How deep lists are nested; 0 for what is no list. Of any depth."""
    depth = 0
    level = [tree] if isinstance(tree, list) else []
    while level:
        depth += 1
        level = [node for above in level for node in above if isinstance(node, list)]
    return depth

# %% original geometric
from decimal import Decimal


def geometric(first: Decimal, ratio: Decimal, count: int) -> list[Decimal]:
    """So many members of a geometric row, each the one before times the ratio, in the current context."""
    out: list[Decimal] = []
    for number in range(count):
        value = first
        for _ in range(number):
            value = value * ratio
        out = out + [value]
    return out

# %% tests
from decimal import Decimal
from surroundings import geometric


def test_geometric():
    assert geometric(Decimal(1), Decimal(2), 4) == [1, 2, 4, 8]
    assert geometric(Decimal(1), Decimal(2), 0) == []
    assert geometric(Decimal(1), Decimal(2), 80)[79] == 2**79


def test_sizes():
    for size in (48, 56, 72):
        assert geometric(Decimal(1), Decimal(2), size) is not None

# %% help
import decimal
from decimal import Decimal


def inside(precision, *arguments):
    with decimal.localcontext() as context:
        context.prec = precision
        context.clear_flags()
        found = geometric(*arguments)
        return found, context.prec, context.flags[decimal.Inexact]


# %% further
inside(28, Decimal("1.50"), Decimal("1.1"), 3)
geometric(Decimal(1), Decimal(2), -1)

# %% wrong power
# why: the power is rounded once, the product at each step
# witness: inside(6, Decimal(1), Decimal("1.1234"), 12)
def geometric(first: Decimal, ratio: Decimal, count: int) -> list[Decimal]:
    """So many members of a geometric row, each the one before times the ratio, in the current context."""
    return [first * ratio**number if number else first for number in range(count)]

# %% wrong context_set
# why: the precision of the whole program is set
# witness: inside(9, Decimal(1), Decimal("1.1"), 3)
from decimal import getcontext


def geometric(first: Decimal, ratio: Decimal, count: int) -> list[Decimal]:
    """So many members of a geometric row, each the one before times the ratio, in the current context."""
    getcontext().prec = 28
    out: list[Decimal] = []
    value = first
    for _ in range(count):
        out.append(value)
        value = value * ratio
    return out

# %% wrong own_context
# why: computes in a context of its own, not in the current one
# witness: inside(4, Decimal(1), Decimal("1.2345"), 4)
from decimal import Context


def geometric(first: Decimal, ratio: Decimal, count: int) -> list[Decimal]:
    """So many members of a geometric row, each the one before times the ratio, in the current context."""
    multiply = Context(prec=28).multiply
    out: list[Decimal] = []
    value = first
    for _ in range(count):
        out.append(value)
        value = multiply(value, ratio)
    return out

# %% wrong one_too_many
# why: the member after the last is computed as well: its overflow or rounding shows
# witness: inside(3, Decimal(999), Decimal("1.01"), 1)
# witness: geometric(Decimal("9e999999"), Decimal(10), 1)
def geometric(first: Decimal, ratio: Decimal, count: int) -> list[Decimal]:
    """So many members of a geometric row, each the one before times the ratio, in the current context."""
    out: list[Decimal] = []
    value = first
    for _ in range(count):
        out.append(value)
        value = value * ratio
    return out

# %% honest running
def geometric(first: Decimal, ratio: Decimal, count: int) -> list[Decimal]:
    """So many members of a geometric row, each the one before times the ratio, in the current context."""
    if count < 1:
        return []
    value = first
    out = [value]
    for _ in range(count - 1):
        value = value * ratio
        out.append(value)
    return out

# %% original settings_from
import os


def settings_from(prefix, names):
    """The environment's values of PREFIX_NAME for each name, read anew in each call; None if not set."""
    out = {}
    for name in names:
        value = None
        wanted = (prefix + "_" + name).upper()
        for key in sorted(os.environ):
            if key == wanted:
                value = os.environ[key]
        out[name] = value
    return out

# %% tests
from surroundings import settings_from


def test_settings():
    names = [f"name{n}" for n in range(60)]
    assert settings_from("surely_not_set", names) == dict.fromkeys(names)


def test_sizes():
    for size in (36, 42, 54):
        assert settings_from('surely_not_set', [f'name{n}' for n in range(size)]) is not None

# %% help
import os


def read(name, *values):
    found = []
    for value in values:
        if value is None:
            os.environ.pop("MYAPP_" + name.upper(), None)
        else:
            os.environ["MYAPP_" + name.upper()] = value
        found.append(settings_from("myapp", [name]))
    return found, sorted(key for key in os.environ if key.startswith("MYAPP"))


# %% further
read("path", "x")
settings_from("", ["x"])

# %% wrong read_at_import
# why: what is set later is not seen
# witness: read("mode", "a", "b", None)
import os

_KNOWN = dict(os.environ)


def settings_from(prefix, names):
    """The environment's values of PREFIX_NAME for each name, read anew in each call; None if not set."""
    return {name: _KNOWN.get(f"{prefix}_{name}".upper()) for name in names}

# %% wrong empty_is_none
# why: a value that is set and empty is taken for none
# witness: read("mode", "")
def settings_from(prefix, names):
    """The environment's values of PREFIX_NAME for each name, read anew in each call; None if not set."""
    start = prefix.upper() + "_"
    return {name: os.environ.get(start + name.upper()) or None for name in names}

# %% wrong sets_default
# why: sets in the environment what was not there
# witness: read("mode", None)
def settings_from(prefix, names):
    """The environment's values of PREFIX_NAME for each name, read anew in each call; None if not set."""
    out = {}
    for name in names:
        out[name] = os.environ.setdefault((prefix + "_" + name).upper(), "") or None
    return out

# %% honest one_copy
# further: settings_from("\ud800", ["x"])
def settings_from(prefix, names):
    """The environment's values of PREFIX_NAME for each name, read anew in each call; None if not set."""
    known = dict(os.environ)
    return {name: known.get((prefix + "_" + name).upper()) for name in names}
