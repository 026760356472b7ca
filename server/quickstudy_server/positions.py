"""Where things are in a text as the client counts.

A client counts lines by LF, CRLF or CR alone, and columns in UTF-8, 16 or 32 units as agreed; the languages
room counts columns in UTF-8 bytes; Python counts characters.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from lsprotocol import types

from quickstudy.languages import Span

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Text:
    """One version of a text. Nothing here changes when the user goes on typing."""

    text: str
    encoding: str
    """The unit of columns: utf-8, utf-16 or utf-32."""

    @cached_property
    def starts(self) -> list[int]:
        """Where each line begins."""
        if not self.text.isascii():
            return [0, *(end.end() for end in _LINE_END.finditer(self.text))]
        # What nearly all files are, four times as fast: bytes, unlike strings, split at these line ends only.
        lines = self.text.encode("ascii").splitlines(keepends=True)
        starts = list(accumulate(map(len, lines), initial=0))
        return starts if self.text.endswith(("\r", "\n")) or not lines else starts[:-1]

    def line(self, number: int) -> str:
        """A line without its end."""
        start = self._start(number)
        end = _LINE_END.search(self.text, start)
        return self.text[start : end.start() if end else None]

    def offset(self, position: types.Position) -> int:
        """Where a position is in the text; beyond a line it is the line's end, beyond the text the text's."""
        line = self.line(position.line)
        return self._start(position.line) + _characters(line, position.character, self.encoding)

    def _start(self, line: int) -> int:
        """Where one line begins: what every keystroke asks, so without looking at those below it."""
        if "\r" in self.text:
            return self.starts[line] if line < len(self.starts) else len(self.text)
        lines = self.text.split("\n", line)
        return len(self.text) - (len(lines[-1]) if line < len(lines) else 0)

    def row(self, offset: int) -> int:
        """The line on which a place in the text is."""
        if "\r" in self.text:
            return bisect_right(self.starts, offset) - 1
        return self.text.count("\n", 0, offset)

    def position(self, offset: int) -> types.Position:
        """The client's name for a place in the text."""
        line = self.row(offset)
        before = self.text[self.starts[line] : offset]
        return types.Position(line, units(before, self.encoding))

    def range(self, span: Span) -> types.Range:
        """The client's name for a span of the languages room."""
        first = self.line(span.line)
        last = first if span.end_line == span.line else self.line(span.end_line)
        return types.Range(
            types.Position(span.line, self._converted(first, span.column)),
            types.Position(span.end_line, self._converted(last, span.end_column)),
        )

    def _converted(self, line: str, column: int) -> int:
        before = line.encode(errors="surrogatepass")[:column].decode(errors="replace")
        return units(before, self.encoding)


def units(text: str, encoding: str) -> int:
    """How long a text is for the client."""
    if text.isascii() or encoding == "utf-32":
        return len(text)
    if encoding == "utf-8":
        return len(text.encode(errors="surrogatepass"))
    return len(text) + sum(character > "\uffff" for character in text)


def _characters(line: str, column: int, encoding: str) -> int:
    """How many characters of a line lie before a column."""
    if line.isascii() or encoding == "utf-32":
        return min(column, len(line))
    passed = 0
    for number, character in enumerate(line):
        if passed >= column:
            return number
        passed += units(character, encoding)
    return len(line)
