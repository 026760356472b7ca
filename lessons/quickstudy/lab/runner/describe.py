"""Turns any value into plain data, so that a process that loaded no variant can compare it.

A description is JSON: `null`, booleans and small integers stand for themselves; everything else is a list
that begins with a tag, and no other list begins with a string that is one:

    ["s", text]                   a string
    ["i", hex]                    an integer of more than 53 bits
    ["f", hex]                    a float, exact to the bit; "nan" and "inf" in words
    ["c", float, float]           a complex number
    ["b", type, hex]              bytes and bytearray
    ["q", id, type, items]        a sequence: list, tuple, deque, ...
    ["u", id, type, items]        a set, its items in a canonical order
    ["m", id, type, pairs]        a mapping, in its own order
    ["n", id, dtype, shape, layout, values]     a numpy array
    ["g", id, type, items, more]  an iterator, drained; more tells that a cap ended it, or what it raised
    ["o", id, type, state]        an object, by its state
    ["x", type, message, state]   an exception
    ["r", name]                   a class, function or module, by where it is found
    ["?", type]                   a value whose content nothing here can read
    ["@", id]                     the value that was described as id before: the alias graph
    ["-"]                         whatever follows beyond the limit that a describer was given

Nothing here trusts the value: types come from `type()`, contents from the base classes' own methods, state
from the instance dictionary and slots. Stdlib only, CPython 3.9 and newer.
"""

import collections
import contextlib
import itertools
import sys
import types

_type = type
_suppress = contextlib.suppress
_object_get = object.__getattribute__
_modules = sys.modules

ITEMS_OF_AN_ITERATOR = 10_000
SMALL = 1 << 53
HEAP_TYPE = 1 << 9
"""The flag of types that were made at run time: only they can give themselves any name."""

_SEQUENCES = (list, tuple, collections.deque)
_SETS = (set, frozenset)
ITERATORS = frozenset(
    (
        types.GeneratorType,
        map,
        filter,
        zip,
        enumerate,
        reversed,
        *(_type(iter(one)) for one in ([], (), {}, {}.values(), {}.items(), set(), "", range(0))),
        *(one for one in vars(itertools).values() if hasattr(one, "__next__")),
    )
)
"""The types whose values yield their items only once and only when asked."""
_NAMED = (_type, types.FunctionType, types.BuiltinFunctionType, types.ModuleType)
# Python's own method tables, bound before any code on test runs.
_ITER = {base: base.__iter__ for base in (*_SEQUENCES, *_SETS, dict)}
_DICT_ITEMS = dict.items
_INT, _FLOAT, _STR, _BYTES, _BYTEARRAY = int, float, str, bytes, bytearray
_FLOAT_HEX = float.hex
_INT_HEX = int.__format__


def name_of(kind):
    """`module.qualname` of a type, from the type itself; marked if another type is found under that name."""
    get = _type.__getattribute__
    module, qualname = get(kind, "__module__"), get(kind, "__qualname__")
    name = "%s.%s" % (module, qualname)
    if not get(kind, "__flags__") & HEAP_TYPE or "<locals>" in qualname:
        return name
    found = _modules.get(module) if module != "builtins" else None
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return name if found is kind else name + " by its own account"


class Describer:
    """Describes values that may share parts: one alias graph for all that it is given."""

    def __init__(self, limit=1 << 62):
        self.left = limit  # how many more values are described
        self.ids = {}
        self.kept = []  # keeps every numbered value alive, so that no id is used twice

    def describe(self, value):
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

    def _numbered(self, value, kind):
        known = self.ids.get(id(value))
        if known is not None:
            return ["@", known]
        if kind in (tuple, frozenset):
            number = 0  # which of two equal immutable values it is cannot be told by a program's results
        else:
            number = len(self.kept) + 1
            self.ids[id(value)] = number
        self.kept.append(value)
        return self._shape(value, kind, number)

    def _shape(self, value, kind, number):
        name = name_of(kind)
        for base in _SEQUENCES:
            if issubclass(kind, base):
                items = [self.describe(item) for item in _ITER[base](value)]
                return ["q", number, name, items, *self._rest(value, kind)]
        for base in _SETS:
            if issubclass(kind, base):
                items = [self.describe(item) for item in _ITER[base](value)]
                return ["u", number, name, sorted(items, key=_canonical), *self._rest(value, kind)]
        if issubclass(kind, dict):
            pairs = [[self.describe(key), self.describe(item)] for key, item in _DICT_ITEMS(value)]
            return ["m", number, name, pairs, *self._rest(value, kind)]
        if issubclass(kind, _BYTEARRAY):
            return ["b", name, _BYTES(value).hex()]
        if issubclass(kind, BaseException):
            return ["x", name, _message(value), self._state(value, kind)]
        if isinstance(value, _NAMED):
            return self._named(value, kind, number)
        if kind in ITERATORS:
            return self._drained(value, number, name)
        numpy = _modules.get("numpy")
        if numpy is not None and name.startswith("numpy."):
            if kind is numpy.ndarray:
                return self._array(value, number)
            if issubclass(kind, numpy.generic):
                return ["n", 0, value.dtype.str, [], "", [self.describe(value.item())]]
        if name.startswith("pandas.") and "pandas" in _modules:
            return self._pandas(value, number, name)
        return ["o", number, name, self._state(value, kind)]

    def _rest(self, value, kind):
        """What a container holds besides its items: a maximal length, a factory, attributes."""
        rest = []
        if issubclass(kind, collections.deque):
            rest.append(self.describe(collections.deque.maxlen.__get__(value)))
        if issubclass(kind, collections.defaultdict):
            rest.append(self.describe(collections.defaultdict.default_factory.__get__(value)))
        attributes = _attributes(value, kind)
        if attributes:
            rest.append(self.describe(attributes))
        return rest

    def _named(self, value, kind, number):
        if isinstance(value, types.ModuleType):
            return ["r", "module " + value.__name__]
        name = "%s.%s" % (getattr(value, "__module__", ""), getattr(value, "__qualname__", ""))
        if isinstance(value, types.FunctionType) and "<" in name:
            # A lambda or a closure cannot be found by name: its code and what it closes over are compared.
            cells = [self.describe(cell.cell_contents) for cell in value.__closure__ or ()]
            return ["o", number, name, [self._code(value.__code__), self.describe(value.__defaults__), cells]]
        if isinstance(value, types.BuiltinFunctionType) and value.__self__ is not None:
            owner = value.__self__
            if not isinstance(owner, types.ModuleType):
                return ["o", number, name, self.describe(owner)]
        return ["r", name]

    def _code(self, code):
        constants = [
            self._code(one) if isinstance(one, types.CodeType) else self.describe(one)
            for one in code.co_consts
        ]
        return [code.co_code.hex(), " ".join(code.co_names), constants]

    def _drained(self, value, number, name):
        items = []
        try:
            for item in value:
                if len(items) == ITEMS_OF_AN_ITERATOR:
                    return ["g", number, name, items, True]
                items.append(self.describe(item))
        except Exception as error:
            return ["g", number, name, items, self.describe(error)]
        return ["g", number, name, items, False]

    def _array(self, value, number):
        layout = "C" if value.flags.c_contiguous else "F" if value.flags.f_contiguous else "-"
        items = [self.describe(item) for item in value.ravel().tolist()]
        return ["n", number, repr(value.dtype), list(value.shape), layout, items]

    def _pandas(self, value, number, name):
        pandas = _modules["pandas"]
        if not isinstance(value, (pandas.Series, pandas.DataFrame, pandas.Index)):
            return ["o", number, name, repr(value)]  # a scalar, whose repr is exact
        parts = [repr(getattr(value, part, None)) for part in ("dtype", "dtypes", "name", "names")]
        # Labels cannot be changed, so whether two tables share them cannot be told.
        labels = [Describer().describe(getattr(value, part, None)) for part in ("index", "columns")]
        return ["o", number, name, [*parts, *labels, self.describe(value.to_numpy())]]

    def _state(self, value, kind):
        attributes = _attributes(value, kind)
        if attributes:
            return self.describe(attributes)
        reduce = _c_reduce(kind)
        if reduce is not None:
            try:
                reduced = reduce(value)
            except Exception:
                return ["?", name_of(kind)]
            if isinstance(reduced, str):
                return reduced
            return [self.describe(list(part) if _type(part) in ITERATORS else part) for part in reduced]
        written_in_python = kind.__module__ != "builtins" and "__module__" in kind.__dict__
        return {} if kind is object or written_in_python else ["?", name_of(kind)]


def _c_reduce(kind):
    """How pickle would take a value of a type written in C apart; None for a type written in Python."""
    for base in kind.__mro__[:-1]:
        names = _type.__getattribute__(base, "__dict__")
        for name, args in (("__reduce_ex__", (4,)), ("__reduce__", ())):
            found = names.get(name)
            if isinstance(found, (types.MethodDescriptorType, types.WrapperDescriptorType)):
                return lambda value, found=found, args=args: found(value, *args)
            if found is not None:
                return None
    return None


def _attributes(value, kind):
    """Instance dictionary and slots, read past any override."""
    found = {}
    with _suppress(AttributeError, TypeError):
        found.update(_object_get(value, "__dict__"))
    for base in kind.__mro__:
        slots = _type.__getattribute__(base, "__dict__").get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            if slot in ("__dict__", "__weakref__"):
                continue
            if slot.startswith("__") and not slot.endswith("__"):
                slot = "_%s%s" % (base.__name__.lstrip("_"), slot)
            with _suppress(AttributeError):
                found[slot] = _object_get(value, slot)
    return found


def _message(error):
    try:
        return str(error)
    except Exception as problem:
        return "<message raises %s>" % name_of(_type(problem))


def _canonical(described):
    return repr(described)
