"""Notes which of the files that the sandbox hides are opened: what fails after that may fail for it.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any


class Opened:
    """The hidden files that this process has tried to open, each time it did. There is no end to watching."""

    def __init__(self, hidden: Collection[str]) -> None:
        self.hidden = frozenset(hidden)
        self.paths: list[str] = []
        if hidden:
            sys.addaudithook(self.note)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], (str, bytes)):
            path = os.path.realpath(os.fsdecode(arguments[0]))
            if path in self.hidden:
                self.paths.append(path)

    def names(self) -> list[str]:
        return sorted({os.path.basename(path) for path in self.paths})
