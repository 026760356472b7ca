"""Wraps the target where it is found, so that each outermost call is told before it is made.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import functools
import threading

from quickstudy.lab.python.child.loading import located

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any


def install(module: ModuleType, qualname: str, keep: Callable[..., Any]) -> None:
    """Put a wrapper in the target's place, in the module or in its class.

    It calls `keep(args, kwargs)`, which returns the arguments to go on with.
    """
    inside = threading.local()

    def wrap(function: Any, skip: int = 0) -> Any:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if getattr(inside, "call", False):
                return function(*args, **kwargs)
            given, kwargs = keep(args[skip:], kwargs)
            args = (*args[:skip], *given)
            inside.call = True
            try:
                return function(*args, **kwargs)
            finally:
                inside.call = False

        return wrapper

    owner, name, raw = located(module, qualname)
    whole: Any = raw
    wrapped: Any
    if isinstance(raw, property):
        wrapped = property(wrap(raw.fget), raw.fset, raw.fdel, raw.__doc__)
    elif isinstance(raw, classmethod):
        wrapped = classmethod(wrap(whole.__func__, skip=1))
    elif isinstance(raw, staticmethod):
        wrapped = staticmethod(wrap(raw.__func__))
    elif type(raw).__name__ == "cached_property":
        wrapped = type(raw)(wrap(raw.func))
        wrapped.__set_name__(owner, name)
    else:
        wrapped = wrap(raw)
    setattr(owner, name, wrapped)
