"""Reads what a value consists of: its type, its attributes and what its base classes hold.

It never asks the value or its type, whose methods may say anything: all is read with the descriptors and
methods of classes that were written in C. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import contextlib
import sys
import types

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_type: Any = type
_suppress = contextlib.suppress
_modules = sys.modules

HEAP_TYPE = 1 << 9
"""The flag of types that were made at run time: only they can give themselves any name."""
_GETTERS = (types.GetSetDescriptorType, types.MemberDescriptorType)
_METHODS = (types.MethodDescriptorType, types.WrapperDescriptorType)
_OF_TYPE: dict[str, Callable[[type], Any]] = {
    name: found.__get__ for name, found in _type.__dict__.items() if isinstance(found, _GETTERS)
}


def _exact_complex(value: complex, add: Callable[..., complex] = complex.__add__) -> complex:
    return add(value, complex(-0.0, -0.0))


_BASES: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (int, int.__int__),
    (float, float.__float__),
    (str, str.__str__),
    (bytes, bytes.hex),
    (bytearray, bytearray.hex),
    (complex, _exact_complex),
)
"""How the exact value is read that lies in one of a subclass."""
_DIGEST = ("name", "digest")
_CONTENT: dict[str, tuple[str, ...]] = {
    "re.Pattern": ("pattern", "flags"),
    "re.Match": ("re", "string", "regs", "pos", "endpos"),
    "_random.Random": ("getstate",),
    "_struct.Struct": ("format",),
    "_thread.lock": ("locked",),
    "_thread.RLock": ("_is_owned",),
    "weakref.ReferenceType": ("__call__", "__callback__"),
    "builtins.weakref": ("__call__", "__callback__"),
    "_hashlib.HASHXOF": (),  # a digest of it may have any length
    "_hashlib.HASH": _DIGEST,
    "_hashlib.HMAC": _DIGEST,
    "_blake2.blake2b": _DIGEST,
    "_blake2.blake2s": _DIGEST,
    "builtins.property": ("fget", "fset", "fdel"),
    "builtins.classmethod": ("__func__",),
    "builtins.staticmethod": ("__func__",),
    "types.UnionType": ("__args__",),
}
"""What tells all about a value of a type that pickle takes no C function for."""
_PICKLED: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("__reduce_ex__", (4,)),
    ("__reduce__", ()),
    ("__getstate__", ()),
)


def of(kind: type, name: str) -> Any:
    """An attribute that every type has, past its metaclass."""
    return _OF_TYPE[name](kind)


def is_any(kind: object, kinds: Iterable[object]) -> bool:
    """Whether a type is one of these, past its metaclass."""
    return any(kind is one for one in kinds)


def name_of(kind: type) -> str:
    """`module.qualname` of a type, from the type itself; marked if another type is found under that name."""
    module, qualname = of(kind, "__module__"), of(kind, "__qualname__")
    name = "%s.%s" % (module, qualname)
    if not of(kind, "__flags__") & HEAP_TYPE or "<locals>" in qualname:
        return name
    found = leads(module, qualname) if module != "builtins" else None
    return name if found is kind else name + " by its own account"


def leads(module: str, qualname: str) -> Any:
    """What is found under a name; None if nothing is."""
    found: Any = _modules.get(module)
    for part in qualname.split("."):
        found = getattr(found, part, None)
    return found


def attributes(value: Any, kind: type) -> dict[str, Any]:
    """Instance dictionary and slots."""
    found: dict[str, Any] = {}
    unread = True
    for base in of(kind, "__mro__"):
        names = of(base, "__dict__")
        if unread and is_any(_type(names.get("__dict__")), _GETTERS):
            unread = False
            with _suppress(AttributeError):
                found.update(names["__dict__"].__get__(value))
        for name, slot in names.items() if "__slots__" in names else ():
            if _type(slot) is types.MemberDescriptorType:
                with _suppress(AttributeError):
                    inside = slot.__get__(value)
                    found["%s of %s" % (name, name_of(base)) if name in found else name] = inside
    return found


def content(value: Any, kind: type) -> list[Any] | None:
    """What base classes written in C hold, as a list of values; None if nothing can read it."""
    for base, exact in _BASES:
        if issubclass(kind, base):
            return [exact(value)]
    if _is_plain(kind):
        return []
    for base in of(kind, "__mro__")[:-1]:
        names = of(base, "__dict__")
        asked = _CONTENT.get("%s.%s" % (of(base, "__module__"), of(base, "__qualname__")))
        if asked is not None:
            ways = [names.get(name) for name in asked]
            known = ways and all(is_any(_type(way), (*_GETTERS, *_METHODS)) for way in ways)
            return [_read(value, way) for way in ways] if known else None
        for name, args in _PICKLED:
            if is_any(_type(names.get(name)), _METHODS):
                try:
                    parts: Any = names[name](value, *args)
                except Exception:
                    return None
                return list(parts) if _type(parts) is tuple else [parts]
    return None


def _read(value: Any, descriptor: Any) -> Any:
    return descriptor(value) if is_any(_type(descriptor), _METHODS) else descriptor.__get__(value)


def _is_plain(kind: type) -> bool:
    """Whether values of a type consist of slots and an instance dictionary that can be read, and no more."""
    where = of(kind, "__dictoffset__")
    words = (where > 0) + (of(kind, "__weakrefoffset__") > 0)
    readable = not where
    for base in of(kind, "__mro__"):
        names = of(base, "__dict__")
        readable = readable or is_any(_type(names.get("__dict__")), _GETTERS)
        if "__slots__" in names:
            words += sum(_type(one) is types.MemberDescriptorType for one in names.values())
    size = object.__basicsize__ + words * tuple.__itemsize__
    return readable and of(kind, "__basicsize__") == size and not of(kind, "__itemsize__")
