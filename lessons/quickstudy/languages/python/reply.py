"""Python in what a model wrote: whether code holds a function, and where code begins and ends in prose."""

import ast
import re
from collections.abc import Sequence

from quickstudy.languages.python.outline import BAD_SYNTAX, parse
from quickstudy.plain_text import flush_left

_CODE = re.compile(r"^\s*(import |from \S+ import |def |async def |class |@)")
_STATEMENTS = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def defines(code: str, name: str) -> bool:
    """Whether the code parses and holds the function, bare or in a class."""
    try:
        body = parse(code)
    except BAD_SYNTAX:
        return False
    held = [*body, *(inner for node in body if isinstance(node, ast.ClassDef) for inner in node.body)]
    return any(
        isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name for node in held
    )


def only_imports(code: str) -> bool:
    """Whether the code parses and is nothing but imports."""
    try:
        body = parse(code)
    except BAD_SYNTAX:
        return False
    return bool(body) and all(isinstance(node, ast.Import | ast.ImportFrom) for node in body)


def syntax_error(code: str) -> str | None:
    """Why the code does not parse, and in which line; None if it does."""
    try:
        parse(code)
    except SyntaxError as error:
        return f"{error.msg} in line {error.lineno}"
    except BAD_SYNTAX as error:
        return str(error) or "it is nested too deeply"
    return None


def code_in(text: str, name: str) -> str:
    """Code in a text without fences: from a line that looks like code to the last definition."""
    lines = text.split("\n")
    starts = [place for place, line in enumerate(lines) if _CODE.match(line)]
    longest = ""
    for start in starts:
        code = _parsable(lines[start:])
        if defines(code, name):
            return code
        longest = max(longest, code, key=len)
    return longest or ("\n".join(lines[starts[0] :]) if starts else "")


def _parsable(lines: Sequence[str]) -> str:
    """The longest beginning of these lines that parses, up to its last import or definition."""
    code = flush_left("\n".join(lines)).split("\n")
    while code:
        try:
            body = parse("\n".join(code))
        except SyntaxError as error:
            code = code[: min(len(code), error.lineno or 1) - 1]
            continue
        except BAD_SYNTAX:
            return ""
        ends = [node.end_lineno or 0 for node in body if isinstance(node, _STATEMENTS)]
        return "\n".join(code[: max(ends, default=0)]) + "\n" if ends else ""
    return ""
