"""Turns the arguments of a call into bytes and back: the payload of a kept call.

A payload is the pickle of `(args, kwargs)`. What pickle cannot take stands in it as the code that rebuilds
it: a lambda or an inner function as its byte code with what it closes over, a generator as the items it would
have given, a view as its dict and method, a lock as a new one. Such a payload belongs to one version of
Python. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import importlib
import importlib.util
import io
import itertools
import marshal
import pickle
import sys
import threading
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
    from typing import Any

    Arguments = tuple[tuple[Any, ...], dict[str, Any]]

_type: Any = type
PROTOCOL = 4
ITEMS = 10_000
"""A generator that gives more is not kept."""


def _numbered(values: Iterable[Any]) -> dict[Any, Any]:
    return dict(enumerate(values))


_VIEWS: dict[Any, tuple[str, Callable[[Any], dict[Any, Any]]]] = {
    _type({}.keys()): ("keys", dict.fromkeys),
    _type({}.values()): ("values", _numbered),
    _type({}.items()): ("items", dict),
}
"""How a dict is made that has such a view, of which only the view's items are known."""
_LOCKS: dict[type, Callable[[], Any]] = {
    type(threading.Lock()): threading.Lock,
    type(threading.RLock()): threading.RLock,
}
_WITHOUT_SHARING = 2
"""The form of byte code that is the same each time: later ones depend on counts of references."""


def dumps(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bytes:
    """The payload of a call. Raises whatever pickle raises on what cannot be kept in any way."""
    try:
        return pickle.dumps((args, kwargs), protocol=PROTOCOL)
    except Exception:
        buffer = io.BytesIO()
        _Pickler(buffer, protocol=PROTOCOL).dump((args, kwargs))
        return buffer.getvalue()


def loads(payload: bytes) -> Arguments:
    """`(args, kwargs)`, made anew. Raises anything if that is not possible here."""
    return _Unpickler(io.BytesIO(payload)).load()


def replayable(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
    """The arguments of a call about to be made, each generator drained into one that can be kept."""
    args = tuple(map(_replayed, args))
    return args, {name: _replayed(value) for name, value in kwargs.items()}


def _replayed(value: Any) -> Any:
    if _type(value) is not types.GeneratorType:
        return value
    items: list[Any] = list(itertools.islice(value, ITEMS + 1))
    return _replay(items) if len(items) <= ITEMS else _chained(items, value)


def _replay(items: Sequence[Any]) -> Generator[Any]:
    yield from items


def _chained(items: Sequence[Any], rest: Iterator[Any]) -> Generator[Any]:
    yield from items
    yield from rest


class _Pickler(pickle.Pickler):
    """Names a rebuilder, and what it needs, in place of what pickle refuses."""

    def persistent_id(self, obj: Any) -> Any:
        value: Any = obj
        kind = _type(obj)
        if kind is types.FunctionType and not _is_found(value):
            return ("function", importlib.util.MAGIC_NUMBER, *_taken_apart(value))
        if kind is types.GeneratorType and value.gi_code is _replay.__code__:
            return "generator", value.gi_frame.f_locals["items"]
        if kind in _VIEWS:
            name, known = _VIEWS[kind]
            return "view", name, known(value)
        if kind in _LOCKS:
            return "lock", kind.__name__
        if kind is types.ModuleType:
            return "module", value.__name__
        if kind is types.MappingProxyType:
            return "proxy", dict(value)
        return None


def _is_found(function: types.FunctionType) -> bool:
    """Whether the name of a function leads to it, so that pickle can take it."""
    found: Any = sys.modules.get(function.__module__)
    for part in function.__qualname__.split("."):
        found = getattr(found, part, None)
    return found is function


def _taken_apart(function: types.FunctionType) -> tuple[Any, ...]:
    cells = tuple(cell.cell_contents for cell in function.__closure__ or ())
    code = function.__code__
    used = {name: function.__globals__[name] for name in _names(code) if name in function.__globals__}
    names = (function.__module__, function.__name__, function.__qualname__)
    values = (used, function.__defaults__, function.__kwdefaults__, cells)
    return (marshal.dumps(code, _WITHOUT_SHARING), names, values)


def _names(code: types.CodeType) -> dict[str, None]:
    """The names that a code looks up outside itself, those of the codes in it included."""
    found = list(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found += _names(constant)
    return dict.fromkeys(found)


class _Unpickler(pickle.Unpickler):
    def persistent_load(self, pid: Any) -> Any:
        kind, *parts = pid
        return _REBUILDERS[kind](*parts)


def _function(magic: bytes, code: bytes, names: Any, values: Any) -> types.FunctionType:
    if magic != importlib.util.MAGIC_NUMBER:
        raise ValueError("The call was kept by another version of Python; record it again.")
    module, name, qualname = names
    used, defaults, kwdefaults, cells = values
    space = {"__builtins__": __builtins__, "__name__": module, **used}
    closure = tuple(map(types.CellType, cells))
    function = types.FunctionType(marshal.loads(code), space, name, defaults, closure)
    function.__kwdefaults__, function.__qualname__ = kwdefaults, qualname
    return function


def _lock(name: str) -> Any:
    return next(make for kind, make in _LOCKS.items() if kind.__name__ == name)()


def _view(name: str, known: dict[Any, Any]) -> Any:
    return getattr(known, name)()


_REBUILDERS: dict[str, Callable[..., Any]] = {
    "function": _function,
    "generator": _replay,
    "view": _view,
    "lock": _lock,
    "module": importlib.import_module,
    "proxy": types.MappingProxyType,
}
