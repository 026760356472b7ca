"""Encoding, rows, indentation and line ends of Python text, the inside of strings left alone."""

import ast
import io
import re
import tokenize
from collections.abc import Sequence

BOM = "\ufeff"

_ROW = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_OPAQUE = re.compile(
    r'''\#[^\n]*
    | """(?:[^\\"]++|\\.|"(?!""))*+(?:"""|\Z) | \'\'\'(?:[^\\\']++|\\.|\'(?!\'\'))*+(?:\'\'\'|\Z)
    | "(?:\\.|[^"\\\n])*"?         | '(?:\\.|[^'\\\n])*'?''',
    re.DOTALL | re.VERBOSE,
)


def encoding(data: bytes) -> str:
    """The codec that a file's bytes declare [PEP 263]. Raises SyntaxError.

    Not `utf-8-sig`, as the byte order mark stays in the text.
    """
    name, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return "utf-8" if name == "utf-8-sig" else name


def rows(text: str) -> list[str]:
    """The physical rows as Python counts them, line ends kept: a form feed ends none, a lone CR does."""
    return _ROW.findall(text)


def plain(text: str) -> str:
    """The text with LF line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def newline(text: str) -> str:
    """The line end that most rows of the text have; LF if there is none."""
    windows = text.count("\r\n")
    counts = {"\n": text.count("\n") - windows, "\r\n": windows, "\r": text.count("\r") - windows}
    return max(counts, key=lambda end: counts[end])


def mask(text: str) -> str:
    """The text, LF, with comments and strings blanked: every character and row stays at its place."""
    return _OPAQUE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def inside_strings(text: str) -> set[int]:
    """The rows of a LF text, from 0, that begin within a string: their white space is data."""
    inside: set[int] = set()
    row = position = 0
    for found in _OPAQUE.finditer(text):
        height = found[0].count("\n")
        if height:
            row += text.count("\n", position, found.start())
            inside.update(range(row + 1, row + height + 1))
            row += height
            position = found.end()
    return inside


def ends_in_string(text: str) -> bool:
    """Whether what follows a LF text would be inside a string of it."""
    last = 0
    for found in _OPAQUE.finditer(f"{text}\n#"):
        last = found.start()
    return last <= len(text)


def prefix(row: str) -> str:
    """The white space a row begins with, after its last form feed (which puts the column back to 0)."""
    return row[: len(row) - len(row.lstrip(" \t\f"))].rpartition("\f")[2]


def dedent(source: str, indent: str) -> str:
    """Take `indent` off every row of a LF source that has it and does not begin within a string."""
    if not indent:
        return source
    data = inside_strings(source)
    return "\n".join(
        row if number in data else row.removeprefix(indent) for number, row in enumerate(source.split("\n"))
    )


def indent(source: str, margin: str, unit: str, new_unit: str) -> str:
    """Put a dedented LF source behind `margin`, one `new_unit` for each leading `unit`.

    White space left over after whole units, as in aligned continuation rows, stays as it is.
    """
    data = inside_strings(source)
    moved: list[str] = []
    for number, row in enumerate(source.split("\n")):
        if number in data or not row.strip():
            moved.append(row)
            continue
        depth = 0
        while row.startswith(unit, depth * len(unit)):
            depth += 1
        moved.append(margin + new_unit * depth + row[depth * len(unit) :])
    return "\n".join(moved)


def margin(rows: Sequence[str], first: int) -> str:
    """The white space before a statement that begins on that row."""
    return prefix(rows[first].removeprefix(BOM))


def end(rows: Sequence[str], first: int, stop: int) -> int:
    """The row after a statement of the rows from `first` to `stop`, with the comments that belong to it."""
    depth = len(margin(rows, first).expandtabs())
    for row in range(stop, len(rows)):
        stripped = rows[row].strip()
        deeper = len(prefix(rows[row]).expandtabs()) > depth
        if stripped.startswith("#") and deeper:
            stop = row + 1
        elif stripped:
            break
    return stop


def statement(rows: Sequence[str], first: int, stop: int) -> str:
    """The text of a statement of these rows: dedented, LF, no last line end."""
    text = plain("".join(rows[first : end(rows, first, stop)])).removeprefix(BOM).rstrip("\n")
    head, feed, rest = text.partition("\f")
    text = rest if feed and not head.strip() else text
    return dedent(text, margin(rows, first))


def unit(tree: ast.AST, source: list[str]) -> str:
    """One step of indentation, as the first indented block below a node shows it; else four spaces."""
    for node in ast.walk(tree):
        body: object = getattr(node, "body", None)
        if not isinstance(node, ast.stmt) or not isinstance(body, list) or not body:
            continue
        first: object = body[0]  # pyright: ignore[reportUnknownVariableType]
        if isinstance(first, ast.stmt) and first.lineno > node.lineno:
            outer, inner = prefix(source[node.lineno - 1]), prefix(source[first.lineno - 1])
            if len(inner) > len(outer) and inner.startswith(outer):
                return inner[len(outer) :]
    return "    "


def is_comment(row: str) -> bool:
    return row.lstrip(f"{BOM} \t\f").startswith("#")


def offset(rows: list[str], row: int) -> int:
    """Where a row begins in the text, behind a byte order mark."""
    mark = len(BOM) if row == 0 and rows and rows[0].startswith(BOM) else 0
    return sum(map(len, rows[:row])) + mark


def common_prefix(one: str, other: str) -> int:
    """How many characters two texts have in common at the start; by halves, as slices compare fast."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def common_suffix(one: str, other: str, most: int) -> int:
    """The same at the end, of at most so many."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
