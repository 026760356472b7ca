"""Reads what a model wrote: the replacement in a reply, and the lesson in an explanation."""

import ast
import json
import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FENCE = re.compile(r"^[ \t]*(?P<marks>`{3,}|~{3,})(?P<info>[^`~]*)$")
_CODE = re.compile(r"^\s*(import |from \S+ import |def |async def |class |@)")
_THINKING = re.compile(r"\A\s*<(think|thinking)>.*?(</\1>|\Z)|\A.*^[ \t]*</think(ing)?>[ \t]*$", re.S | re.M)
_STATEMENTS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LONGEST_LESSON = 700


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that may be code, between two fences or after the last one."""

    opened: int
    closed: int
    text: str
    complete: bool


def read(reply: str, name: str) -> tuple[str, str | None]:
    """The replacement for the function `name` in a reply, and why it cannot be used, if so.

    Returns `(source, None)` with source that parses and defines `name` at its top level or in a class; or
    what comes nearest to it (maybe empty) with the problem as one sentence.
    """
    text = _unwrapped(_THINKING.sub("", reply.replace("\r\n", "\n").replace("\r", "\n")), name)
    blocks = list(_blocks(text.split("\n")))
    for block in blocks:
        if _defines(block.text, name):
            return _with_imports(block, blocks), None
    if not blocks:
        bare = _bare(text, name)
        return (bare, None) if _defines(bare, name) else (bare, _problem(bare, name, complete=True))
    nearest = next((block for block in blocks if f"def {name}" in block.text), blocks[0])
    return nearest.text, _problem(nearest.text, name, nearest.complete)


def lesson(reply: str) -> str:
    """The explanation as one line of whole sentences, without code; empty when there is none."""
    lines: list[str] = []
    fence: str | None = None
    for line in _THINKING.sub("", reply).splitlines():
        marks = _FENCE.match(line)
        if marks and (fence is None or marks["marks"].startswith(fence)):
            fence = marks["marks"] if fence is None else None
        elif fence is None:
            lines.append(line)
    text = " ".join(" ".join(lines).split())
    text = re.sub(r"^(\**lesson( learn(ed|t))?\**\s*:\**|[-*#>]+|\d+[.)])\s*", "", text, flags=re.I)
    if len(text) <= _LONGEST_LESSON and text.endswith((".", "!", "?")):
        return text
    # The cap on tokens cuts anywhere: better one sentence less than half of one.
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s|$)", text[:_LONGEST_LESSON])]
    return text[: ends[-1]] if ends else text[:_LONGEST_LESSON].rstrip()


def _unwrapped(text: str, name: str) -> str:
    """The code of a reply that is a JSON object with the code as one of its strings."""
    try:
        found: object = json.loads(text)
    except ValueError:
        return text
    values: list[object] = list(found.values()) if isinstance(found, dict) else [found]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    return next((value for value in values if isinstance(value, str) and f"def {name}" in value), text)


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    """Every stretch between two fences, the last opening first: a later block is mostly the better one.

    A docstring may hold fences, so each opening is tried with its nearest closing first and then with
    those farther on.
    """
    fences = [(place, match) for place, line in enumerate(lines) if (match := _FENCE.match(line))]
    for index in range(len(fences) - 1, -1, -1):
        opened, opening = fences[index]
        ends = [
            (place, True)
            for place, closing in fences[index + 1 :]
            if closing["marks"].startswith(opening["marks"]) and not closing["info"].strip()
        ]
        if not ends and (opening["info"].strip() or len(fences) == 1):
            ends = [(len(lines), False)]
        for closed, complete in ends:
            text = _flush_left("\n".join(lines[opened + 1 : closed])).strip("\n")
            if text.strip():
                yield _Block(opened, closed, text + "\n", complete)


def _flush_left(code: str) -> str:
    """A method as it stands in its class, moved to the margin; other code untouched, strings and all."""
    return textwrap.dedent(code) if code.lstrip("\n")[:1] in (" ", "\t") else code


def _defines(source: str, name: str) -> bool:
    """Whether the source parses and holds the function, bare or in a class."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    held = [*body, *(inner for node in body if isinstance(node, ast.ClassDef) for inner in node.body)]
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name for node in held
    )


def _with_imports(chosen: _Block, blocks: Sequence[_Block]) -> str:
    """The block, with those before it that hold nothing but imports: some models give them apart."""
    before = [
        block.text
        for block in reversed(blocks)
        if block.closed <= chosen.opened and block.complete and _only_imports(block.text)
    ]
    return "".join([*dict.fromkeys(before), chosen.text])


def _only_imports(source: str) -> bool:
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return bool(body) and all(isinstance(node, ast.Import | ast.ImportFrom) for node in body)


def _bare(text: str, name: str) -> str:
    """Code in a reply without fences: from a line that looks like code to the last definition."""
    lines = text.split("\n")
    starts = [place for place, line in enumerate(lines) if _CODE.match(line)]
    longest = ""
    for start in starts:
        code = _parsable(lines[start:])
        if _defines(code, name):
            return code
        longest = max(longest, code, key=len)
    return longest or ("\n".join(lines[starts[0] :]) if starts else "")


def _parsable(lines: Sequence[str]) -> str:
    """The longest beginning of these lines that parses, up to its last import or definition."""
    code = _flush_left("\n".join(lines)).split("\n")
    while code:
        try:
            body = ast.parse("\n".join(code)).body
        except SyntaxError as error:
            code = code[: min(len(code), error.lineno or 1) - 1]
            continue
        except (ValueError, RecursionError, MemoryError):
            return ""
        ends = [node.end_lineno or 0 for node in body if isinstance(node, _STATEMENTS)]
        return "\n".join(code[: max(ends, default=0)]) + "\n" if ends else ""
    return ""


def _problem(source: str, name: str, complete: bool) -> str:
    if not source.strip():
        return "The reply holds no code."
    try:
        ast.parse(source)
    except SyntaxError as error:
        if not complete:
            return "The reply breaks off before its code ends."
        return f"The reply's code does not parse: {error.msg} in line {error.lineno}."
    except (ValueError, RecursionError, MemoryError) as error:
        return f"The reply's code does not parse: {error}."
    return f"The reply holds no function named `{name}`."
