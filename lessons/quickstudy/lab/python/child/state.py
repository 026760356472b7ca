"""What a call may change or keep outside its arguments: the state of the target's module and its neighbours.

Neighbours are the project's modules that are loaded, as far as the target's module can reach them by a name.
Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import builtins
import collections
import gc
import os
import sys
import types

from quickstudy.lab.python.child.describe import Describer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from quickstudy.lab.supervisor.records import Data

WIDEST = 1000
"""Items of a module's global that are still looked at after each call; of a wider one only the number."""
REACHED = 20_000
"""Objects of a module's state that are looked at for what a call left in it."""
_type: Any = type
_vars: Callable[[Any], dict[str, Any]] = vars
_modules: Any = sys.modules
_is_instance: Any = isinstance
_referents = gc.get_referents  # taken before a text is loaded that could replace it
_CODE = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.ModuleType,
    type,
    staticmethod,
    classmethod,
    property,
)
_SIZED = (tuple, list, dict, set, frozenset, collections.deque)
_PLAIN = (type(None), bool, int, float, complex, str, bytes, types.CodeType)


class State:
    """The state around one loaded text, as it can be told before and after a call."""

    def __init__(self, module: types.ModuleType, project: str) -> None:
        self.module = module
        self.owners = self._owners(project)
        self.code = list(self._code())

    def _owners(self, project: str) -> dict[str, Any]:
        """By its name, what holds state: modules, and the classes that they define."""
        near: list[types.ModuleType] = [self.module]
        for value in list(vars(self.module).values()):
            home: Any = (
                value
                if _type(value) is types.ModuleType
                else _modules.get(getattr(value, "__module__", None))
            )
            file = getattr(home, "__file__", None) or ""
            if file.startswith(project + os.sep) and "site-packages" not in file and home not in near:
                near.append(home)
        found: dict[str, Any] = {}
        for module in near:
            prefix = "" if module is self.module else module.__name__ + "."
            found[prefix] = module
            for name, value in list(vars(module).items()):
                if isinstance(value, type) and value.__module__ == module.__name__:
                    found["%s%s." % (prefix, name)] = value
        return found

    def data(self) -> dict[str, Data]:
        """The content of each variable, by name: what is neither code nor the interpreter's own."""
        found: dict[str, Data] = {}
        for prefix, owner in self.owners.items():
            space = _vars(owner)
            for name, value in list(space.items()):
                if not name.startswith("__") and not _is_instance(value, _CODE):
                    wide = _is_instance(value, _SIZED) and len(value) > WIDEST
                    found[prefix + name] = len(value) if wide else self._described(value)
        return found

    def _described(self, value: Any) -> Data:
        try:
            return Describer(WIDEST, drain=False).describe(value)
        except Exception:
            return None  # what is nested too deep to be described can change nothing that counts here

    def _code(self) -> Iterator[tuple[str, Mapping[str, Any], str, Any, Any]]:
        """Each name of code with where it stands, what for, and the byte code of that."""
        owners: dict[str, Any] = {**self.owners, "builtins.": builtins}
        for value in list(vars(self.module).values()):
            if _type(value) is types.ModuleType:
                owners.setdefault(value.__name__ + ".", value)
        for prefix, owner in owners.items():
            space = _vars(owner)
            for name, value in list(space.items()):
                if _is_instance(value, _CODE):
                    yield prefix + name, space, name, value, getattr(value, "__code__", None)

    def rebound(self) -> list[str]:
        """The names that stood for code when this began, and now for another or for what was changed."""
        return sorted(
            full
            for full, space, name, value, code in self.code
            if space.get(name) is not value or (code is not None and value.__code__ is not code)
        )

    def held(self, ids: Mapping[int, int]) -> list[int] | None:
        """Which of these objects, a number by id, the target's module keeps; None if it keeps too many."""
        found: list[int] = []
        for count, (value, _) in enumerate(self._reached(self._variables().values())):
            if count == REACHED:
                return None
            if id(value) in ids:
                found.append(ids[id(value)])
        return sorted(found)

    def _variables(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self.module).items() if not name.startswith("__")}

    def _reached(self, values: Iterable[Any]) -> Iterator[tuple[Any, list[Any]]]:
        """The objects that these lead to, themselves included, each once with what it leads to."""
        seen = {id(vars(self.module)), id(vars(builtins))}
        waiting = list(values)
        while waiting:
            value = waiting.pop()
            kind = _type(value)
            if kind in _PLAIN or kind is types.ModuleType or id(value) in seen or self._foreign(value):
                continue
            seen.add(id(value))
            parts = _referents(value)
            yield value, parts
            waiting.extend(parts)

    def _foreign(self, value: Any) -> bool:
        """Whether this is code of another module, which leads to everything there is."""
        return _is_instance(value, _CODE) and getattr(value, "__module__", None) != self.module.__name__
