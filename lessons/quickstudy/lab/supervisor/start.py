"""Starts a program of the lab's children, and hides all of ours before that program loads anything else.

    start.py PROGRAM ARGUMENT ...

PROGRAM is a module below `quickstudy.lab`, as `supervisor.confine`; its `main` gets the arguments. Modules of
ours are imported plainly, by their full names, while a program is loaded, and only then. Each runs with
builtins of its own, so that code which replaces one changes nothing for us. Afterwards no module of ours is
found by name: what the program loads later may be called as any of them, and may look for them in vain. Our
packages run no code, so that nothing of the lab is needed here. Stdlib only, CPython 3.9 and newer; started
by path.
"""

from __future__ import annotations

import builtins
import importlib
import importlib.machinery
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

LAB = "quickstudy.lab"
_TOP = LAB.partition(".")[0]
_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


class _Loader(importlib.machinery.SourceFileLoader):
    """Runs a module of ours."""

    def exec_module(self, module: ModuleType) -> None:
        vars(module)["__builtins__"] = dict(vars(builtins))
        super().exec_module(module)


class _Finder:
    """Finds our modules where they lie, whatever is on the path."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        top, *parts = name.split(".")
        if top != _TOP:
            return None
        place = os.path.join(_ROOT, *parts)
        if os.path.isdir(place):
            return importlib.machinery.ModuleSpec(name, None, is_package=True)
        file = place + ".py"
        spec = importlib.machinery.ModuleSpec(name, _Loader(name, file), origin=file)
        spec.has_location = True
        return spec


def load(program: str) -> ModuleType:
    """A module of ours with all that it imports, none of which is found by name any more."""
    finder = _Finder()
    sys.meta_path.insert(0, finder)
    try:
        return importlib.import_module("%s.%s" % (LAB, program))
    finally:
        sys.meta_path.remove(finder)
        for name in [name for name in sys.modules if name.split(".")[0] == _TOP]:
            del sys.modules[name]


def main() -> int | None:
    if not sys.flags.isolated:
        del sys.path[0]  # the folder of this file
    program, *arguments = sys.argv[1:]
    del sys.argv[1:]  # a project's code that reads it finds nothing of ours
    return load(program).main(*arguments)


if __name__ == "__main__":
    sys.exit(main())
