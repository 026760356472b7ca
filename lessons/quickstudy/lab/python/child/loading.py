"""Imports the target's module from a given text and finds the function in it, inside a child.

Stdlib only, CPython 3.9 and newer; what costs a child time to import is left alone, as inspect and
importlib.abc, which import much.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import sys

from quickstudy.lab.supervisor.messages import Raised

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import CodeType, ModuleType
    from typing import Any

    from quickstudy.lab.python.child.messages import TargetModule

MOST_LINES = 50
"""Of a traceback: what recursed deeper is much the same."""
_vars: Callable[[Any], dict[str, Any]] = vars
_MISSING = (ImportError, NameError, AttributeError)


class TextFinder(importlib.machinery.SourceFileLoader):
    """Imports one module from a given text; every other module comes from where it lies."""

    def __init__(self, module: str, path: str, package: bool, text: bytes) -> None:
        super().__init__(module, path)
        self.module, self.package, self.text = module, package, text
        self.loaded: Callable[[ModuleType], None] | None = None
        self.code: CodeType | None = None

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        places = [os.path.dirname(self.path)] if self.package else None
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=self, submodule_search_locations=places
        )

    def get_filename(self, fullname: str | None = None) -> str:
        return self.path

    def path_stats(self, path: str) -> Any:
        raise OSError  # there is no byte code of a text

    def get_data(self, path: str) -> bytes:
        return self.text

    def source_to_code(self, data: Any, path: Any, *, _optimize: int = -1) -> CodeType:
        if self.code is None:
            # The text is decoded already: what its first lines declare about an encoding no longer holds.
            text = data.decode("utf-8", "surrogatepass").lstrip("\ufeff")
            self.code = compile(text, path, "exec", dont_inherit=True)
        return self.code

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        if self.loaded is not None:
            self.loaded(module)


def prepare(target: TargetModule, text: bytes) -> TextFinder:
    """Make the module importable from the text, in the project's folder; return the finder."""
    os.chdir(target.project)
    sys.path[:0] = target.roots
    finder = TextFinder(target.module, target.path, target.package, text)
    sys.meta_path.insert(0, finder)
    return finder


def load(target: TargetModule, text: bytes) -> Callable[..., Any]:
    """Import the text as the module and return the function as something to call."""
    prepare(target, text)
    return again(target)


def drop(target: TargetModule) -> None:
    """Forget the module."""
    sys.modules.pop(target.module, None)


def again(target: TargetModule) -> Callable[..., Any]:
    """As `load`, once it was prepared: a module of its own each time, run from the same byte code."""
    drop(target)
    importlib.import_module(target.module)
    return find(sys.modules[target.module], target.qualname)


def located(module: ModuleType, qualname: str) -> tuple[Any, str, Any]:
    """What holds a function, its name there, and what stands there, which a descriptor is not asked for."""
    owner: Any = module
    *outer, name = qualname.split(".")
    for part in outer:
        owner = getattr(owner, part)
    places: Any = getattr(owner, "__mro__", (owner,))
    for place in places:
        if name in _vars(place):
            return owner, name, _vars(place)[name]
    raise AttributeError(name)


def find(module: ModuleType, qualname: str) -> Callable[..., Any]:
    """The function as a callable that takes the arguments of a recorded call."""
    owner, name, raw = located(module, qualname)
    if isinstance(raw, property):
        getter: Any = raw.fget
        return getter
    if type(raw).__name__ == "cached_property":
        return raw.func
    if isinstance(raw, (staticmethod, classmethod)):
        return getattr(owner, name)
    return raw


def raised(error: BaseException, path: str) -> Raised:
    """An exception as plain data; `path` is the module's, of which lines are told."""
    lines: list[int] = []
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == path:
            lines.append(trace.tb_lineno)
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename == path:
        lines.append(error.lineno or 0)
    missed = getattr(error, "name", None) if isinstance(error, _MISSING) else None
    return Raised(
        types=[_name(kind) for kind in type(error).__mro__],
        lines=[line for line in lines[-MOST_LINES:] if type(line) is int],
        missed=missed if type(missed) is str else None,
        words=summarize_exception(error),
    )


def _name(kind: type) -> str:
    if kind.__module__ == "builtins":
        return kind.__qualname__
    return "%s.%s" % (kind.__module__, kind.__qualname__)


def summarize_exception(error: BaseException) -> str:
    """An exception in one line: its type and message."""
    name = _name(type(error))
    try:
        message = str(error)
    except Exception:
        message = ""
    return " ".join(("%s: %s" % (name, message) if message else name).split())[:400]
