"""Turns classes, functions and modules into plain data; a part of `describe.py`, which explains the format.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import gc
import types

from quickstudy.lab.python.child.reading import leads, name_of, of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from quickstudy.lab.python.child.describing import Describing
    from quickstudy.lab.supervisor.records import Data

_type: Any = type
_referents = gc.get_referents
_NOTES = ("__dict__", "__weakref__", "__doc__", "__firstlineno__", "__static_attributes__")
"""What is in a class for whoever reads it."""


def described(describer: Describing, value: Any, kind: Any, number: int, own: dict[str, Any]) -> Data:
    """By the name that leads to it, or by what it consists of if none does."""
    if issubclass(kind, types.ModuleType):
        return ["r", "module " + value.__name__]
    if issubclass(kind, _type):
        name = name_of(value)
        if "<locals>" not in name and " " not in name:
            return ["r", name]
        bases: Data = [describer.describe(base) for base in of(value, "__bases__")]
        inside = {key: item for key, item in of(value, "__dict__").items() if key not in _NOTES}
        return ["o", number, name, [bases, describer.pairs(inside)]]
    name = "%s.%s" % (value.__module__, value.__qualname__)
    if kind is types.FunctionType and leads(value.__module__, value.__qualname__) is not value:
        # What cannot be found by its name, as a lambda, is its code and what that closes over.
        cells = [describer.describe(one) for cell in value.__closure__ or () for one in _referents(cell)]
        defaults = [describer.describe(value.__defaults__), describer.describe(value.__kwdefaults__)]
        code = _code(describer, value.__code__)
        return ["o", number, name, [code, *defaults, cells, describer.pairs(own)]]
    if kind is types.BuiltinFunctionType and value.__self__ is not None:
        owner = value.__self__
        if not issubclass(_type(owner), types.ModuleType):
            return ["o", number, name, describer.describe(owner)]
    return ["r", name]


def _code(describer: Describing, code: types.CodeType) -> Data:
    constants: list[Data] = [
        _code(describer, one) if isinstance(one, types.CodeType) else describer.describe(one)
        for one in code.co_consts
    ]
    counts: list[Data] = [code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags]
    parameters = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    caught = getattr(code, "co_exceptiontable", b"").hex()
    names = [" ".join(some) for some in (code.co_names, parameters)]
    return [code.co_code.hex(), caught, *names, counts, constants]
