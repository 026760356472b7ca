"""The terminal: one door to it that takes control characters out, two consoles, and the styles of lines."""

import io
import sys
from functools import cache
from typing import TYPE_CHECKING, TextIO, cast

from quickstudy.plain_text import harmless
from quickstudy.verdicts import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.text import Text

    from quickstudy.narrate import Line, Tone
    from quickstudy.verdicts import VerdictKind

STYLE: "dict[Tone, str]" = {
    "plain": "",
    "heading": "bold",
    "aside": "dim",
    "warning": "yellow",
    "lesson": "cyan",
    "good": "bold green",
    "neutral": "dim",
    "poor": "yellow",
    "bad": "red",
}


class Door(io.TextIOBase):
    """A stream through which nothing comes that could steer a terminal, whoever writes."""

    def __init__(self, inner: TextIO) -> None:
        self.inner = inner
        """Only for who colours the text, and has made it harmless."""

    def write(self, text: str, /) -> int:
        self.inner.write(harmless(text))
        return len(text)

    def flush(self) -> None:
        self.inner.flush()

    def isatty(self) -> bool:
        return self.inner.isatty()

    def fileno(self) -> int:
        return self.inner.fileno()

    def writable(self) -> bool:
        return True

    @property
    def encoding(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self.inner.encoding

    @property
    def errors(self) -> str | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self.inner.errors


def close_doors() -> None:
    """Let all text of this process through a `Door`; results that go to a file or pipe stay as they are."""
    for name in ("stdout", "stderr"):
        stream: object = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a poor encoding must not end a long run
            if name == "stderr" or stream.isatty():
                setattr(sys, name, Door(cast("TextIO", stream)))


@cache
def out() -> "Console":
    """stdout: results only."""
    return _console(sys.stdout, stderr=False)


@cache
def err() -> "Console":
    """stderr: progress and everything said on the way."""
    return _console(sys.stderr, stderr=True)


def _console(stream: TextIO, *, stderr: bool) -> "Console":
    from rich.console import Console, ConsoleOptions, RenderableType
    from rich.segment import Segment

    class Harmless(Console):
        """What it colours is made harmless first."""

        def render(
            self, renderable: RenderableType, options: ConsoleOptions | None = None
        ) -> "Iterable[Segment]":
            for segment in super().render(renderable, options):
                yield segment if segment.control else Segment(harmless(segment.text), segment.style)

    inner = stream.inner if isinstance(stream, Door) else None
    return Harmless(file=inner, stderr=stderr, highlight=False, markup=False, emoji=False)


def say(console: "Console", line: "Text | str", indent: int = 0, style: str = "") -> None:
    """Print a line, wrapped under its own indent on a terminal and left whole in a file or pipe."""
    from rich.padding import Padding
    from rich.text import Text

    text = Text(line, style) if isinstance(line, str) else line
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent), expand=False))
    else:
        console.print(Text(" " * indent) + text, soft_wrap=True)


def style_of(verdict: "VerdictKind") -> str:
    """The colour of a verdict's word."""
    return STYLE[WORDS[verdict].tone]


def styled(line: "Line") -> "Text":
    """A line of the narrator's in colours."""
    from rich.text import Text

    return Text.assemble(*((text, STYLE[tone]) for text, tone in line.parts))
