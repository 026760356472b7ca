"""Results that share what they must not share, and arguments that change."""

# %% original grid
def grid(rows: int, columns: int, value=0) -> list[list]:
    """A table of so many rows and columns of the value. The rows are lists of their own."""
    out = []
    for _ in range(rows):
        row = []
        for _ in range(columns):
            row.append(value)
        out.append(row)
    return out

# %% tests
from aliasing import grid


def test_grid():
    assert grid(2, 3) == [[0, 0, 0], [0, 0, 0]]
    assert grid(0, 3) == []
    assert grid(1, 1, "x") == [["x"]]
    assert len(grid(80, 90)) == 80


def test_sizes():
    for size in (48, 56, 72):
        assert grid(size, 90) is not None

# %% help
def marked(table):
    table[0][0] = "mark"
    return table

# %% further
grid(2, 0)
grid(-1, 2)
grid(2, -1)
marked(grid(1, 2, None))

# %% wrong one_row
# why: all rows are one list
# witness: marked(grid(2, 2))
def grid(rows: int, columns: int, value=0) -> list[list]:
    """A table of so many rows and columns of the value. The rows are lists of their own."""
    return [[value] * columns] * rows

# %% wrong remembered
# why: equal calls give one and the same table, and 0, 0.0 and False are equal
# witness: (marked(grid(2, 2)), grid(2, 2))
# witness: (grid(1, 1, 0), grid(1, 1, 0.0))
import functools


@functools.lru_cache
def grid(rows: int, columns: int, value=0) -> list[list]:
    """A table of so many rows and columns of the value. The rows are lists of their own."""
    return [[value] * columns for _ in range(rows)]

# %% honest rows
def grid(rows: int, columns: int, value=0) -> list[list]:
    """A table of so many rows and columns of the value. The rows are lists of their own."""
    return [[value] * columns for _ in range(rows)]

# %% original without
def without(items: list, unwanted: list) -> list:
    """A new list of the items that are not unwanted; the lists given stay as they are."""
    out = items[:]
    for one in unwanted:
        while one in out:
            out.remove(one)
    return out

# %% tests
from aliasing import without


def test_without():
    assert without([1, 2, 3, 2], [2]) == [1, 3]
    assert without([], [1]) == []


def test_many():
    assert len(without([n % 40 for n in range(400)], list(range(10, 50)))) == 100


def test_sizes():
    for size in (30, 35, 45):
        assert without([n % 40 for n in range(400)], list(range(10, size))) is not None

# %% further
without([[1], [2]], [[1]])
without([1, 1.0, True], [1])
(lambda row: without(row, row))([1, 2])

# %% wrong same_list
# why: with nothing unwanted the caller's own list comes back
# witness: (lambda row: without(row, []) is row)([1, 2])
def without(items: list, unwanted: list) -> list:
    """A new list of the items that are not unwanted; the lists given stay as they are."""
    if not unwanted:
        return items
    return [item for item in items if item not in unwanted]

# %% wrong in_place
# why: the caller's list is changed
# witness: left(without, [1, 2, 3], [2])
def without(items: list, unwanted: list) -> list:
    """A new list of the items that are not unwanted; the lists given stay as they are."""
    items[:] = [item for item in items if item not in unwanted]
    return items

# %% wrong set
# why: items or unwanted ones that are not hashable
# witness: without([[1], [2]], [[1]])
def without(items: list, unwanted: list) -> list:
    """A new list of the items that are not unwanted; the lists given stay as they are."""
    gone = set(unwanted)
    return [item for item in items if item not in gone]

# %% wrong identity
# why: asks for the same object, not for an equal one
# witness: without([1, 2.0, 3], [2])
def without(items: list, unwanted: list) -> list:
    """A new list of the items that are not unwanted; the lists given stay as they are."""
    out = items[:]
    for one in set(unwanted):
        out = [item for item in out if item is not one]
    return out

# %% honest in_list
def without(items: list, unwanted: list) -> list:
    """A new list of the items that are not unwanted; the lists given stay as they are."""
    if not unwanted:
        return items[:]
    return [item for item in items if item not in unwanted]

# %% original Inventory.snapshot
class Inventory:
    def __init__(self, shelves):
        self.shelves = shelves

    def snapshot(self):
        """The shelves as they are now; later changes of either do not touch the other."""
        out = {}
        for name in self.shelves:
            out[name] = []
            for item in self.shelves[name]:
                entry = {}
                for key in item:
                    entry[key] = item[key]
                out[name] = out[name] + [entry]
        return out

# %% tests
from aliasing import Inventory


def test_snapshot():
    inventory = Inventory({"a": [{"name": "nut", "count": 3}], "b": []})
    taken = inventory.snapshot()
    inventory.shelves["a"].append({"name": "bolt", "count": 1})
    assert taken == {"a": [{"name": "nut", "count": 3}], "b": []}


def test_large():
    shelves = {f"s{n}": [{"name": f"i{m}", "count": m} for m in range(40)] for n in range(12)}
    assert Inventory(shelves).snapshot() == shelves


def test_sizes():
    for size in (24, 28, 36):
        assert Inventory({f's{n}': [{'name': f'i{m}', 'count': m} for m in range(size)] for n in range(12)}).snapshot() is not None

# %% help
def changed_after(shelves, change):
    inventory = Inventory(shelves)
    taken = inventory.snapshot()
    change(inventory.shelves)
    return taken

# %% further
changed_after({"a": [{"n": 1}]}, lambda shelves: shelves["a"].clear())
changed_after({}, lambda shelves: shelves.update(b=[]))

# %% wrong list_copies
# why: the entries are shared
# witness: changed_after({"a": [{"n": 1}]}, lambda shelves: shelves["a"][0].update(n=2))
def snapshot(self):
    """The shelves as they are now; later changes of either do not touch the other."""
    return {name: list(items) for name, items in self.shelves.items()}

# %% wrong kept
# why: the snapshot is kept on the instance and given again
# witness: then(*(lambda inventory: [inventory.snapshot(), inventory.shelves.clear(), inventory.snapshot()])(Inventory({"a": []})))
def snapshot(self):
    """The shelves as they are now; later changes of either do not touch the other."""
    if not hasattr(self, "_snapshot"):
        self._snapshot = {name: [dict(item) for item in items] for name, items in self.shelves.items()}
    return self._snapshot

# %% honest comprehension
def snapshot(self):
    """The shelves as they are now; later changes of either do not touch the other."""
    return {name: [dict(item) for item in items] for name, items in self.shelves.items()}
