"""Where a function stands in a text: what an editor needs to offer something on it."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Span:
    """A range of text. Lines count from 0, columns are UTF-8 bytes from 0, the end is exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Site:
    """One function or method, and why it is no target, if it is none."""

    qualname: str
    name: Span
    """The function's name in its header."""
    whole: Span
    """From its first decorator to its last statement."""
    problem: str | None = None
    """One sentence; None for a function that can be optimized."""


class Block(Protocol):
    """A piece of a text that says the same as before as long as nobody edits it."""

    @property
    def found(self) -> Sequence[tuple[Site, bool]]:
        """Its functions, rows counted from its own first, and whether each is more than a variant."""
        ...

    @property
    def certain(self) -> bool:
        """Whether it can be read by itself. If not, an edit elsewhere may be what was missing."""
        ...


class Survey(Protocol):
    """The functions of one version of a text that is being typed in."""

    def after(self, text: str) -> "Survey":
        """The survey of a later version; it costs as much as what was changed."""
        ...

    @property
    def sites(self) -> list[Site]:
        """Every function, in order of appearance, with the reason where one is no target."""
        ...

    def between(self, first: int, last: int) -> list[Site]:
        """The functions that reach over all of these rows."""
        ...

    def pieces(self) -> Iterator[tuple[str, Block, int]]:
        """Of every block: its text, itself, and the row it begins on."""
        ...

    def function(self, qualname: str) -> tuple[Site, str] | None:
        """The function that a name stands for, where it is now, and its own text; None if none is whole."""
        ...

    @property
    def complete(self) -> bool:
        """Whether all of the text parses, so that what is not found is not there."""
        ...

    def placed(self, site: Site, row: int) -> Site:
        """A function of a block that begins on that row: where it is, and marked if it is overshadowed."""
        ...


def identity(source: str) -> str:
    """What tells a function from all others: the digest of its own text."""
    return hashlib.sha256(source.encode(errors="surrogatepass")).hexdigest()
