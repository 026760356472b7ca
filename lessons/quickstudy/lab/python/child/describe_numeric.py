"""Turns what numpy and pandas hold into plain data; a part of `describe.py`, where the format is explained.

Looked up among the modules that are loaded: a project has these libraries or not. Stdlib only, CPython 3.9
and newer.
"""

from __future__ import annotations

import bisect
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from quickstudy.lab.python.child.describing import Describing
    from quickstudy.lab.supervisor.records import Data

_modules = sys.modules
_type: Any = type
_CODES = {
    **{"b1": "?", "i1": "b", "i2": "h", "i4": "i", "i8": "q", "u1": "B", "u2": "H", "u4": "I", "u8": "Q"},
    **{"f2": "e", "f4": "f", "f8": "d", "c8": "f", "c16": "d"},
}
"""How `struct` names the types of numbers that numpy names so; a complex one is two floats."""
_SCALARS = ("Timestamp", "Timedelta", "Period", "Interval", "NaTType", "NAType")


def is_scalar(kind: type, name: str) -> bool:
    """Whether a type's values are single ones that nobody can change."""
    if name.startswith("pandas."):
        return name.rpartition(".")[2] in _SCALARS
    return (
        name.startswith("numpy.")
        and issubclass(kind, from_loaded("numpy", "generic"))
        and name != "numpy.void"
    )


def described(
    describer: Describing, value: Any, kind: Any, number: int, name: str, own: dict[str, Any]
) -> Data:
    """The description of a value of these libraries; None of any other."""
    if "numpy" not in _modules:
        return None
    if name.startswith("numpy.random."):
        if hasattr(value, "get_state"):  # an old one, that keeps a second draw for later
            return ["o", number, name, describer.describe(value.get_state(legacy=False))]
        source = getattr(value, "bit_generator", value)
        return ["o", number, name, describer.describe(source.state)] if hasattr(source, "state") else None
    if name.startswith("numpy.") and issubclass(kind, from_loaded("numpy", "generic")):
        item = value.item()
        exact = (
            repr(item) if _type(item) is kind else describer.describe(item)
        )  # no float holds a long double
        return ["n", number, name, repr(value.dtype), [], "", [], [exact]]
    if issubclass(kind, from_loaded("numpy", "ndarray")):
        return ["n", number, name, *_array(describer, value, kind, number, own)]
    if name.startswith("pandas.") and is_scalar(kind, name):
        return ["o", number, name, repr(value)]  # which is exact
    parts = _parts(value, kind) if "pandas" in _modules else None
    if parts is None:
        return None
    labels, columns = parts
    # Labels cannot be changed, so whether two tables share them cannot be told.
    labels = [_apart(describer, label) for label in labels]
    return ["o", number, name, [labels, *(_column(describer, column) for column in columns)]]


def from_loaded(library: str, name: str) -> Any:
    """A type of a library if that has been imported; else what nothing is an instance of."""
    return getattr(_modules.get(library), name, ())


def _apart(describer: Describing, value: Any) -> Data:
    """A description in an alias graph of its own."""
    return _type(describer)(max(0, describer.left)).describe(value)


def _items(describer: Describing, array: Any) -> Data:
    """The items of an array, packed if it is one of numbers."""
    order, code = array.dtype.str[0], _CODES.get(array.dtype.str[1:])
    if code and array.size and describer.packs(array.size):
        describer.left -= array.size
        raw = from_loaded("numpy", "ndarray").tobytes(array)
        return ["p", order.replace("|", "<") + code, raw.hex()]
    # One more than are described tells that there are more.
    return [describer.describe(item) for item in array.flat[: max(0, describer.left) + 1].tolist()]


def _array(describer: Describing, value: Any, kind: Any, number: int, own: dict[str, Any]) -> list[Data]:
    plain = from_loaded("numpy", "ndarray")
    array = inside = value if kind is plain else plain.view(value, plain)
    masked, mask = from_loaded("numpy.ma", "MaskedArray"), None
    if issubclass(kind, masked):
        inside = masked.filled(value)  # what is behind the mask is no part of the value
        mask = _apart(describer, own["_mask"])
        own = {key: item for key, item in own.items() if not key.startswith("_")}
        own["fill"] = masked.fill_value.fget(value)
    flags = array.flags
    layout = "C" if flags.c_contiguous else "F" if flags.f_contiguous else "-"
    layout += "" if flags.writeable else " read-only"
    shape, memory = list(array.shape), _memory(describer.memory, array, number)
    items = _items(describer, inside)
    return [repr(array.dtype), shape, layout, memory, items, *([mask, describer.pairs(own)] if own else [])]


def _memory(seen: list[tuple[int, int, int, int]], array: Any, number: int) -> list[Data]:
    """The first array of those seen that has memory in common with this one, and where this one lies in it.

    Those seen are all kept, so an address stands for one piece of memory: (end, start, where the first array
    in it starts, its number), in order.
    """
    if not array.size:
        return []
    here = array.__array_interface__["data"][0]
    reach = [(size - 1) * step for size, step in zip(array.shape, array.strides)]
    start = here + sum(step for step in reach if step < 0)
    end = here + sum(step for step in reach if step > 0) + array.itemsize
    first = last = bisect.bisect_left(seen, (start + 1,))
    while last < len(seen) and seen[last][1] < end:
        last += 1
    known = seen[first:last]
    if not known:
        seen.insert(first, (end, start, here, number))
        return []
    number, base = min((number, base) for _, _, base, number in known)
    seen[first:last] = [(max(end, known[-1][0]), min(start, known[0][1]), base, number)]
    return [number, here - base, list(array.strides)]


def _parts(value: Any, kind: Any) -> tuple[list[Any], list[Any]] | None:
    """The labels and the columns of a table, of one column or of an index; None for anything else."""
    if issubclass(kind, from_loaded("pandas", "DataFrame")):
        columns = [value.iloc[:, place] for place in range(value.shape[1])]
        return [value.index, value.columns, dict(value.attrs)], columns
    if issubclass(kind, from_loaded("pandas", "Series")):
        return [value.index, dict(value.attrs)], [value]
    if issubclass(kind, from_loaded("pandas", "MultiIndex")):
        return [], [value.get_level_values(place) for place in range(value.nlevels)]
    if issubclass(kind, from_loaded("pandas", "Index")):
        return [repr(getattr(value, "freq", None))], [value]
    if issubclass(kind, from_loaded("pandas.api.extensions", "ExtensionArray")):
        return [], [_modules["pandas"].Series(value)]
    return None


def _column(describer: Describing, column: Any) -> Data:
    """One by one, as numbers of different types beside each other would become one type."""
    dtype = column.dtype
    more = [_apart(describer, one) for one in (column.name, getattr(dtype, "categories", None))]
    plain = column if isinstance(dtype, _modules["numpy"].dtype) else column.astype(object)
    return [repr(dtype), *more, len(column), _items(describer, plain.to_numpy())]
