"""Where a function stands in a text: what an editor needs to offer something on it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from quickstudy.languages.layout import statement


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

    def source(self, rows: Sequence[str]) -> str:
        """The function alone, as in its `Target`, out of the rows of its text (`layout.rows`)."""
        return statement(rows, self.whole.line, self.whole.end_line + 1)


def identity(source: str) -> str:
    """What tells a function from all others: the digest of its own text."""
    return hashlib.sha256(source.encode(errors="surrogatepass")).hexdigest()
