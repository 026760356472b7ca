"""Imports the target's module from a given text and finds the function in it, inside a child.

Stdlib only, CPython 3.9 and newer; what costs a child time to import, as inspect does, is left alone.
"""

import importlib
import importlib.abc
import importlib.util
import os
import sys

MOST_LINES = 50
"""Of a traceback: what recursed deeper is much the same."""
_MISSING = (ImportError, NameError, AttributeError)


class TextFinder(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Imports one module from a given text; every other module comes from where it lies."""

    def __init__(self, module, path, package, text):
        self.module, self.path, self.package, self.text = module, path, package, text
        self.loaded = None
        self.code = None

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.module:
            return None
        places = [os.path.dirname(self.path)] if self.package else None
        spec = importlib.util.spec_from_file_location(
            fullname, self.path, loader=self, submodule_search_locations=places
        )
        return spec

    def get_filename(self, fullname):
        return self.path

    def get_data(self, path):
        return self.text

    def source_to_code(self, data, path="<string>"):
        if self.code is None:
            # The text is decoded already: what its first lines declare about an encoding no longer holds.
            text = data.decode("utf-8", "surrogatepass").lstrip("\ufeff")
            self.code = compile(text, path, "exec", dont_inherit=True)
        return self.code

    def exec_module(self, module):
        super().exec_module(module)
        if self.loaded is not None:
            self.loaded(module)


def prepare(order, text):
    """Make the module importable from the text, in the project's folder; return the finder."""
    os.chdir(order["project"])
    sys.path[:0] = order["roots"]
    finder = TextFinder(order["module"], order["path"], order["package"], text)
    sys.meta_path.insert(0, finder)
    return finder


def load(order, text):
    """Import the text as the module and return the function as something to call."""
    prepare(order, text)
    return again(order)


def drop(order):
    """Forget the module."""
    sys.modules.pop(order["module"], None)


def again(order):
    """As `load`, once it was prepared: a module of its own each time, run from the same byte code."""
    drop(order)
    importlib.import_module(order["module"])
    return find(sys.modules[order["module"]], order["qualname"])


def located(module, qualname):
    """What holds a function, its name there, and what stands there, which a descriptor is not asked for."""
    owner = module
    *outer, name = qualname.split(".")
    for part in outer:
        owner = getattr(owner, part)
    for place in getattr(owner, "__mro__", (owner,)):
        if name in vars(place):
            return owner, name, vars(place)[name]
    raise AttributeError(name)


def find(module, qualname):
    """The function as a callable that takes the arguments of a recorded call."""
    owner, name, raw = located(module, qualname)
    if isinstance(raw, property):
        return raw.fget
    if type(raw).__name__ == "cached_property":
        return raw.func
    if isinstance(raw, (staticmethod, classmethod)):
        return getattr(owner, name)
    return raw


def raised(error, path):
    """An exception as plain data: its types, where in the module it passed, what it missed, its own words.

    The code on test may have made all of that.
    """
    lines = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename == path:
        lines.append(error.lineno)
    return {
        "types": [_name(kind) for kind in type(error).__mro__],
        "lines": lines[-MOST_LINES:],
        "missed": getattr(error, "name", None) if isinstance(error, _MISSING) else None,
        "words": fit(error),
    }


def _name(kind):
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return "%s.%s" % (kind.__module__, kind.__qualname__)


def fit(error):
    """An exception in one line: its type and message."""
    name = _name(type(error))
    try:
        said = str(error)
    except Exception:
        said = ""
    return " ".join(("%s: %s" % (name, said) if said else name).split())[:400]
