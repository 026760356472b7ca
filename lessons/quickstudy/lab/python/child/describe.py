"""Turns any value into plain data, so that a process that loaded no variant can compare it.

A description is JSON: `null`, booleans and small integers stand for themselves; everything else is a list
that begins with a tag, and no other list begins with a string that is one:

    ["s", text]                   a string
    ["i", hex]                    an integer of more than 53 bits
    ["f", hex]                    a float, exact to the bit; "nan" and "inf" in words
    ["c", float, float]           a complex number
    ["p", format, hex]            in place of a list of numbers: their bytes, as `struct` packs them
    ["p", "s", texts]             in place of a list of strings
    ["b", type, hex]              bytes and bytearray
    ["q", id, type, items, ...]   a sequence: list, tuple, deque, a view of a dict, ...
    ["u", id, type, items, ...]   a set, its items in a canonical order
    ["m", id, type, pairs, ...]   a mapping, in its own order
    ["n", id, type, dtype, shape, layout, memory, values, ...]  a numpy array; memory tells of an earlier one
    ["g", id, type, items, more]  an iterator, drained; more tells that a cap ended it, or what it raised
    ["o", id, type, state]        an object, by its state
    ["x", type, message, state]   an exception
    ["r", name]                   a class, function or module, by where it is found
    ["?", type]                   a value whose content nothing here can read
    ["@", id]                     the value that was described as id before: the alias graph
    ["-"]                         whatever follows beyond the limit that a describer was given

The id of what cannot be changed is 0: whether it is one value or two equal ones is no behaviour. Three dots
stand for what a value of such a type may hold besides: a maximal length, a factory, attributes.

Nothing here trusts the value: types come from `type()`, contents from the base classes' own methods, state
from the instance dictionary and slots. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import collections
import contextlib
import gc
import operator
import struct
import types

from quickstudy.lab.python.child import describe_code, describe_numeric, reading
from quickstudy.lab.python.child.describe_numeric import from_loaded
from quickstudy.lab.python.child.kinds import ITEMS_OF_AN_ITERATOR, ITERATORS, attributes, is_immutable
from quickstudy.lab.python.child.reading import is_any, name_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from quickstudy.lab.supervisor.records import Data

_type: Any = type
_type_of: Callable[[Any], Any] = type
_suppress = contextlib.suppress
_referents = gc.get_referents

SMALL = 1 << 53
GLANCE = 200
"""Values that are looked at to find the place of an object in the canonical order of a set."""

_SEQUENCES: tuple[Any, ...] = (list, tuple, collections.deque)
_SETS: tuple[Any, ...] = (set, frozenset)
_DICTS: tuple[Any, ...] = (dict, collections.OrderedDict)
_VIEWS: tuple[Any, ...] = tuple(
    _type(view) for made in _DICTS for view in (made().keys(), made().values(), made().items())
)
_NAMED = (_type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType)
# Python's own method tables, bound before any code on test runs.
_ITER: dict[type, Callable[[Any], Any]] = {base: base.__iter__ for base in (*_SEQUENCES, *_SETS, *_VIEWS)}
_PAIRS: dict[type, Callable[[Any], Any]] = {base: base.items for base in _DICTS}
_MAXLEN: Any = vars(collections.deque)["maxlen"]
_FACTORY: Any = vars(collections.defaultdict)["default_factory"]
_INT, _FLOAT, _STR, _BYTES, _BYTEARRAY = int, float, str, bytes, bytearray
_FLOAT_HEX = float.hex
_INT_HEX = int.__format__
_pack = struct.pack
_CODES = {frozenset((id(kind),)): code for kind, code in ((_FLOAT, "<d"), (_INT, "<q"), (_STR, "s"))}
"""The format of what is packed, by the ids of the items' types, as a metaclass may say any hash."""
_BUILT = {id(kind): name_of(kind) for kind in (list, tuple, dict, set, frozenset)}
"""The names of the types that most containers have, these by their ids as well."""


class Describer:
    """Describes values that may share parts: one alias graph for all that it is given."""

    def __init__(self, limit: int = 1 << 62, drain: bool = True, aside: bool = False) -> None:
        self.left = limit  # how many more values are described
        self.drain = drain  # whether iterators give their items; if not, they are only named
        self.aside = aside  # whether it only looks for the place of an item in a set
        self.ids: dict[int, int] = {}
        self.due: set[int] = set()
        """Ids of what has a number since a view of it was described, but was not itself."""
        self.alive: list[Any] = []
        """Every described value, so that no id is used twice."""
        self.memory: list[tuple[int, int, int, int]] = []
        """(end, start, where the first array in it starts, its number), in order."""

    def describe(self, value: Any) -> Data:
        """One value as plain data. Raises RecursionError on values nested too deep to compare."""
        self.left -= 1
        if self.left < 0:
            return ["-"]
        kind = _type(value)
        if value is None or kind is bool:
            return value
        if kind is _STR:
            return ["s", value]
        if kind is _INT:
            return value if -SMALL < value < SMALL else ["i", _INT_HEX(value, "x")]
        if kind is _FLOAT:
            return ["f", _FLOAT_HEX(value)]
        if kind is complex:
            return ["c", _FLOAT_HEX(value.real), _FLOAT_HEX(value.imag)]
        if kind is _BYTES:
            return ["b", "bytes", value.hex()]
        if kind is tuple and not value:
            return ["q", 0, "builtins.tuple", []]
        return self._numbered(value, kind)

    def _numbered(self, value: Any, kind: Any) -> Data:
        known = self.ids.get(id(value))
        if known is not None and id(value) not in self.due:
            return ["@", known]
        self.due.discard(id(value))
        self.alive.append(value)
        own: dict[str, Any] = {}
        name = _BUILT.get(id(kind), "")
        if not name:
            name, own = name_of(kind), attributes(value, kind)
        number = 0 if is_immutable(kind, name, own) else known or self._number(value)
        return self._shape(value, kind, number, name, own)

    def _number(self, value: Any) -> int:
        number = self.ids[id(value)] = len(self.ids) + 1
        if self.aside:
            self.left = min(self.left, GLANCE)
        return number

    def _shape(self, value: Any, kind: Any, number: int, name: str, own: dict[str, Any]) -> Data:
        for base in _SEQUENCES:
            if issubclass(kind, base):
                items = self._items(list(_ITER[base](value)))
                return ["q", number, name, items, *self._rest(value, kind, own)]
        for base in _SETS:
            if issubclass(kind, base):
                items = list(_ITER[base](value))
                # What an item leads to may lead back here: then its place goes by the number of items.
                inside = len(items) if self.aside and self.ids else self._in_order(items)
                return ["u", number, name, inside, *self._rest(value, kind, own)]
        for base in reversed(_DICTS):
            if issubclass(kind, base):
                pairs: Data = [[self.describe(key), self.describe(item)] for key, item in _PAIRS[base](value)]
                return ["m", number, name, pairs, *self._rest(value, kind, own)]
        if is_any(kind, _VIEWS):
            return ["q", number, name, *self._view(value)]
        if kind is _BYTEARRAY:
            return ["b", name, _BYTES(value).hex()]
        if issubclass(kind, BaseException):
            return ["x", name, _message(value), self._state(value, kind, own)]
        if issubclass(kind, _NAMED):
            return describe_code.described(self, value, kind, number, own)
        if is_any(kind, ITERATORS):
            return self._drained(value, number, name)
        found = describe_numeric.described(self, value, kind, number, name, own)
        if found is not None:
            return found
        if kind is types.MappingProxyType:
            return ["o", number, name, [self.describe(one) for one in _referents(value)]]
        return ["o", number, name, self._state(value, kind, own)]

    def _items(self, items: list[Any]) -> Data:
        """The descriptions of a sequence's items; packed if all are strings, floats or short integers."""
        code = _CODES.get(frozenset(map(id, map(_type_of, items)))) if self.packs(len(items)) else None
        if code is not None:
            with _suppress(struct.error):
                packed = items if code == "s" else _pack("<%d%s" % (len(items), code[1]), *items).hex()
                self.left -= len(items)
                return ["p", code, packed]
        return [self.describe(item) for item in items]

    def packs(self, number: int) -> bool:
        """Whether so many values may be described in one."""
        return number <= self.left and not self.aside

    def _in_order(self, items: list[Any]) -> Data:
        """The descriptions of a set's items in an order that is that of any equal set."""
        for kind in (_INT, _STR):
            if all(_type(item) is kind for item in items):
                return self._items(sorted(items))
        found: list[tuple[Any, int, bool, Data, Any]] = []
        aside = None
        for item in items:
            if aside is None or aside.ids:
                aside = Describer(self.left, drain=False, aside=True)  # no number may depend on the order
            described = aside.describe(item)
            if not aside.ids:
                self.left = aside.left
            found.append((_rank(described), self.ids.get(id(item), 0), not aside.ids, described, item))
        found.sort(key=operator.itemgetter(0, 1))
        return [one if final else self.describe(item) for _, _, final, one, item in found]

    def _view(self, value: Any) -> list[Data]:
        """The items of a view, and the number of the dict that it shows."""
        items: list[Data] = [self.describe(item) for item in _ITER[_type(value)](value)]
        (shown,) = _referents(value)
        if id(shown) not in self.ids:
            self.due.add(id(shown))
            self.alive.append(shown)
            self._number(shown)
        return [items, ["@", self.ids[id(shown)]]]

    def _rest(self, value: Any, kind: type, own: dict[str, Any]) -> list[Data]:
        """What a container holds besides its items: a maximal length, a factory, attributes."""
        rest: list[Data] = []
        if issubclass(kind, collections.deque):
            rest.append(self.describe(_MAXLEN.__get__(value)))
        if issubclass(kind, collections.defaultdict):
            rest.append(self.describe(_FACTORY.__get__(value)))
        return [*rest, self.pairs(own)] if own else rest

    def pairs(self, own: dict[str, Any]) -> Data:
        """Names and values, as a mapping that nothing else leads to."""
        pairs: Data = [[self.describe(key), self.describe(item)] for key, item in own.items()]
        return ["m", 0, "builtins.dict", pairs]

    def _drained(self, value: Any, number: int, name: str) -> Data:
        items: list[Data] = []
        if not self.drain:
            return ["g", number, name, items, True]
        try:
            for item in value:
                if len(items) == ITEMS_OF_AN_ITERATOR:
                    return ["g", number, name, items, True]
                items.append(self.describe(item))
        except Exception as error:
            return ["g", number, name, items, self.describe(error)]
        return ["g", number, name, items, False]

    def _state(self, value: Any, kind: Any, own: dict[str, Any]) -> Data:
        """Attributes, and before them what a base written in C holds."""
        path = from_loaded("pathlib", "PurePath")
        content = [path.__str__(value)] if issubclass(kind, path) else reading.content(value, kind)
        state: list[Data]
        if content is None:
            state = [["?", name_of(kind)]]
        else:
            state = [self.describe(list(one) if is_any(_type(one), ITERATORS) else one) for one in content]
        if own:
            state.append(self.pairs(own))
        return state


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception as problem:
        return "<message raises %s>" % name_of(_type(problem))


def _rank(described: Any) -> tuple[int, Any]:
    """A key that sorts descriptions: numbers by their value, so that one off by rounding keeps its place."""
    if _type(described) is list:
        if described and described[0] == "f" and described[1] != "nan":
            return 1, _FLOAT.fromhex(described[1])
        if described and described[0] == "i":
            return 1, _INT(described[1], 16)
        if described and described[0] == "c":
            return 3, [_rank(["f", part]) for part in described[1:]]
        return 3, [_rank(part) for part in described]
    if isinstance(described, (int, float)):
        return (1 if _type(described) is not bool else 0), described
    return 2, "" if described is None else str(described)
