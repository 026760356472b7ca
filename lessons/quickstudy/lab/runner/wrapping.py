"""Wraps the target where it is found, so that each outermost call is told before it is made.

Stdlib only, CPython 3.9 and newer.
"""

import functools
import threading

_located = sibling("loading").located  # noqa: F821 put there by who loads this


def install(module, qualname, keep):
    """Put a wrapper in the target's place, in the module or in its class.

    It calls `keep(args, kwargs)`, which returns the arguments to go on with.
    """
    inside = threading.local()

    def wrap(function, skip=0):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            if getattr(inside, "call", False):
                return function(*args, **kwargs)
            kept, kwargs = keep(args[skip:], kwargs)
            args = (*args[:skip], *kept)
            inside.call = True
            try:
                return function(*args, **kwargs)
            finally:
                inside.call = False

        return wrapper

    owner, name, raw = _located(module, qualname)
    if isinstance(raw, property):
        wrapped = property(wrap(raw.fget), raw.fset, raw.fdel, raw.__doc__)
    elif isinstance(raw, classmethod):
        wrapped = classmethod(wrap(raw.__func__, skip=1))
    elif isinstance(raw, staticmethod):
        wrapped = staticmethod(wrap(raw.__func__))
    elif type(raw).__name__ == "cached_property":
        wrapped = type(raw)(wrap(raw.func))
        wrapped.__set_name__(owner, name)
    else:
        wrapped = wrap(raw)
    setattr(owner, name, wrapped)
