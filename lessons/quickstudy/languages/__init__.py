"""The languages room: what the engine must know of a programming language, and which languages it knows."""

from pathlib import Path
from typing import ClassVar, Protocol

from quickstudy.errors import InputError
from quickstudy.languages.site import Site, Span
from quickstudy.records import Splice, Target

__all__ = ["Language", "Site", "Span", "language_for"]


class Language(Protocol):
    """Reads and writes files of one language, finds functions in them and puts rewrites in their place."""

    name: ClassVar[str]

    def read(self, path: Path) -> str:
        """The file's text with byte order mark, line ends and tabs as they are. Raises InputError."""
        ...

    def write(self, path: Path, text: str) -> None:
        """Replace the file's text in one step, in the encoding the text declares. Raises InputError."""
        ...

    def find(self, path: Path, text: str, qualname: str) -> Target:
        """The function of that name in a text that may be unfinished elsewhere. Raises InputError."""
        ...

    def sites(self, text: str) -> list[Site]:
        """Every function in the text, in order of appearance, with the reason where one is no target."""
        ...

    def splice(self, target: Target, replacement: str) -> Splice:
        """The module with the replacement in it. A bad replacement is a problem, never an exception."""
        ...


def language_for(path: Path) -> Language:
    """The language of a file, told by its suffix. Raises InputError if it is not known."""
    if path.suffix.lower() != ".py":
        raise InputError(
            f"{path.name} is not in a language that Quickstudy knows; name a Python file, ending in .py."
        )
    from quickstudy.languages.python import Python

    return Python()
