"""Where a function stands in a text: what an editor needs to offer something on it."""

from dataclasses import dataclass


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
    """One sentence; None for a function that can be optimised."""
