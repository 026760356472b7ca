"""The parts of a module that parse, every one at its true position, and the functions among them.

A module that parses is its own outline. One that is being typed in is taken block by block: a block that
does not parse is left out if it is a statement or a function, and entered if it is a class, an `if` or
a `try`. Indentation says where blocks end, since that is what is left when brackets are still open.
"""

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from quickstudy.languages.python import layout
from quickstudy.languages.python.names import Function, flatten

BAD_SYNTAX = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What `ast.parse` raises: also for null bytes, and for nesting deeper than it can hold."""

_CONTINUES = re.compile(r"[)\]}]|(?:elif|else|except|finally)\b")
_ENTERED = re.compile(r"(?:if|elif|else|try|except|finally|with|for|while|match|case)\b")
_DEFINES = re.compile(r"(?:async\s+)?(?:def|class)\b")
_NAME = re.compile(r"(?:async\s+)?def\s+(\w+)")
_LONGEST_HEADER = 12


@dataclass(frozen=True)
class Definition:
    """One function as it stands in a module."""

    node: Function
    classes: tuple[ast.ClassDef, ...]
    """The classes around it, outermost first."""
    siblings: tuple[ast.stmt, ...]
    """The statements of the same module or class body, conditional blocks flattened."""

    @property
    def qualname(self) -> str:
        return ".".join(node.name for node in (*self.classes, self.node))

    @property
    def first_row(self) -> int:
        """The row of its first decorator or of its header, from 0."""
        return first_row(self.node)

    @property
    def is_primary(self) -> bool:
        """Whether it is neither an overload nor the setter, deleter or other variant of its own name."""
        decorators = [ast.unparse(decorator) for decorator in self.node.decorator_list]
        return not any(
            each.rpartition(".")[2] == "overload" or each.startswith(f"{self.node.name}.")
            for each in decorators
        )


@dataclass(frozen=True)
class Broken:
    """A function whose own text does not parse."""

    qualname: str
    row: int
    end_row: int
    problem: str


@dataclass(frozen=True)
class Outline:
    """A module's text with the statements in it that parse. The trees are shared: never change them."""

    text: str
    body: tuple[ast.stmt, ...]
    broken: tuple[Broken, ...]
    complete: bool
    """Whether the whole text parses."""

    @cached_property
    def rows(self) -> list[str]:
        """The rows of the text as it is, byte order mark and line ends included."""
        return layout.rows(self.text)

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """All functions and methods in order of appearance, redefinitions included, nested ones not."""
        return tuple(_definitions(self.body, ()))

    @cached_property
    def classes(self) -> dict[str, ast.ClassDef]:
        """All classes by qualname."""
        return dict(_classes(self.body, ""))

    def definition(self, qualname: str) -> Definition | None:
        """The function a name stands for: the last one, a property's getter, an overload's implementation."""
        return self._counting.get(qualname)

    @cached_property
    def _counting(self) -> dict[str, Definition]:
        last = {found.qualname: found for found in self.definitions}
        return last | {found.qualname: found for found in self.definitions if found.is_primary}

    def end_row(self, node: ast.stmt) -> int:
        """The row after a statement, from 0; comments below it that are indented deeper belong to it."""
        return layout.end(self.rows, first_row(node), node.end_lineno or node.lineno)

    def margin(self, node: ast.stmt) -> str:
        """The white space before a statement."""
        return layout.margin(self.rows, first_row(node))

    def source(self, node: ast.stmt) -> str:
        """A statement's own text: decorators and comments included, dedented, LF, no last line end."""
        return layout.statement(self.rows, first_row(node), node.end_lineno or node.lineno)


def first_row(node: ast.stmt) -> int:
    """The row a statement begins on, from 0, decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1


def parse(text: str) -> list[ast.stmt]:
    """Parse without a word about the code's own warnings. Raises one of BAD_SYNTAX."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text.removeprefix(layout.BOM)).body


@lru_cache(maxsize=8)
def outline(text: str) -> Outline:
    """What of a module's text parses. Raises nothing: a hopeless text has an empty outline."""
    try:
        return Outline(text, tuple(parse(text)), (), complete=True)
    except BAD_SYNTAX:
        mender = _Mender(layout.plain(text.removeprefix(layout.BOM)))
        body = mender.mend(0, len(mender.rows), "")
        return Outline(text, tuple(body), tuple(mender.broken), complete=False)


def _definitions(body: Iterable[ast.stmt], classes: tuple[ast.ClassDef, ...]) -> Iterator[Definition]:
    siblings = tuple(flatten(body))
    for statement in siblings:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield Definition(statement, classes, siblings)
        elif isinstance(statement, ast.ClassDef):
            yield from _definitions(statement.body, (*classes, statement))


def _classes(body: Iterable[ast.stmt], scope: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for statement in flatten(body):
        if isinstance(statement, ast.ClassDef):
            yield scope + statement.name, statement
            yield from _classes(statement.body, f"{scope}{statement.name}.")


class _Mender:
    """Takes an unfinished text apart, and remembers the functions that do not parse."""

    def __init__(self, text: str) -> None:
        self.rows = text.removesuffix("\n").split("\n")
        self.broken: list[Broken] = []
        self._data = layout.inside_strings(text)

    def mend(self, start: int, stop: int, scope: str) -> list[ast.stmt]:
        """The statements that parse between two rows."""
        body: list[ast.stmt] = []
        for first, last in self._blocks(start, stop):
            try:
                body += self._parse(first, last)
            except BAD_SYNTAX as error:
                body += self._salvage(first, last, scope, error)
        return body

    def _parse(self, first: int, last: int, tail: str = "") -> list[ast.stmt]:
        # An `if` above lets an indented block parse with its columns as they are.
        indented = self.rows[first][:1].isspace()
        source = "\n".join(self.rows[first:last]) + tail
        shift = first - 1 if indented else first
        body = parse(f"if 1:\n{source}" if indented else source)
        if indented:
            block = body[0]
            assert isinstance(block, ast.If)
            body = block.body
        for statement in body:
            ast.increment_lineno(statement, shift)
        return body

    def _blocks(self, start: int, stop: int) -> Iterator[tuple[int, int]]:
        """The ranges of rows that each begin a statement at the outermost indentation found here."""
        code = [row for row in range(start, stop) if self._is_code(row)]
        if not code:
            return
        base = self._depth(code[0])
        first, decorated = code[0], False
        for row in code:
            stripped = self.rows[row].strip()
            if self._depth(row) > base or _CONTINUES.match(stripped):
                continue
            if row > first and not decorated:
                yield first, row
                first = row
            decorated = stripped.startswith("@") or (decorated and not _DEFINES.match(stripped))
        yield first, stop

    def _salvage(self, first: int, last: int, scope: str, error: Exception) -> list[ast.stmt]:
        """What parses in a block that does not parse as a whole."""
        base = self._depth(first)
        defines = next(
            (
                row
                for row in range(first, last)
                if self._is_code(row) and self._depth(row) == base and _DEFINES.match(self.rows[row].strip())
            ),
            None,
        )
        if defines is None:
            return self._enter(first, last, scope)
        named = _NAME.match(self.rows[defines].strip())
        if named:
            self.broken.append(Broken(f"{scope}{named[1]}", defines, last, _message(error)))
        for end in range(defines + 1, min(last, defines + _LONGEST_HEADER) + 1):
            try:
                (head,) = self._parse(first, end, " pass")
            except BAD_SYNTAX:
                continue
            if not isinstance(head, ast.ClassDef):
                return []
            head.body = self.mend(end, last, f"{scope}{head.name}.") or head.body
            head.end_lineno = last
            return [head]
        return []

    def _enter(self, first: int, last: int, scope: str) -> list[ast.stmt]:
        """The blocks below `if`, `else`, `try` and the like, as if they stood side by side."""
        base = self._depth(first)
        heads = [row for row in range(first, last) if self._is_code(row) and self._depth(row) <= base]
        body: list[ast.stmt] = []
        for head, end in zip(heads, [*heads[1:], last], strict=True):
            if _ENTERED.match(self.rows[head].strip()):
                body += self.mend(head + 1, end, scope)
        return body

    def _is_code(self, row: int) -> bool:
        stripped = self.rows[row].strip()
        return bool(stripped) and not stripped.startswith("#") and row not in self._data

    def _depth(self, row: int) -> int:
        return len(layout.prefix(self.rows[row]).expandtabs())


def _message(error: Exception) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)
