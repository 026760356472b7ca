"""What a function leans on in its module, cut down to what a prompt needs.

Nearest first: the names the function uses, its own class, then what those lean on. What no longer fits
is shown as a signature, or left out. The excerpt is printed in the module's own order.
"""

import ast
from collections import deque
from dataclasses import dataclass, field

from quickstudy.languages.python import layout
from quickstudy.languages.python.masking import masked
from quickstudy.languages.python.names import Function, bindings, bound_by, free
from quickstudy.languages.python.outline import Definition, Outline, first_row, outline

Import = ast.Import | ast.ImportFrom

LIMIT = 6000
"""Characters of an excerpt: about 1,500 tokens, a third of a small model's window."""
_SHORT = 24
"""Rows up to which a helper is shown whole."""


@dataclass
class _Excerpt:
    """Pieces collected so far, by the row they stand on."""

    pieces: dict[int, str] = field(default_factory=dict[int, str])
    imports: dict[int, Import] = field(default_factory=dict[int, Import])

    def add(self, row: int, *versions: str) -> int | None:
        """Keep the first version that fits, and say which one it was."""
        for number, version in enumerate(versions):
            if len(self.text()) + len(version) + 2 <= LIMIT:
                self.pieces[row] = version
                return number
        return None

    def add_import(self, statement: Import, name: str) -> None:
        """Keep the part of an import that binds a name, in one line with other parts of the same one."""
        shown = self.imports.get(first_row(statement))
        aliases = [
            alias
            for alias in statement.names
            if bound_by(alias) == name or (shown is not None and alias in shown.names)
        ]
        part = (
            ast.Import(aliases)
            if isinstance(statement, ast.Import)
            else ast.ImportFrom(statement.module, aliases, statement.level)
        )
        if len(self.text()) + len(ast.unparse(part)) + 3 <= LIMIT:
            self.imports[first_row(statement)] = part

    def text(self) -> str:
        imports = "\n".join(ast.unparse(self.imports[row]) for row in sorted(self.imports))
        return "\n\n".join(
            part for part in (imports, *(self.pieces[row] for row in sorted(self.pieces))) if part
        )


def context(module: Outline, definition: Definition) -> str:
    """The excerpt for one function, at most LIMIT characters; empty when it leans on nothing.

    Credentials are taken out of it: constants with keys stand next to functions, and a prompt may go far.
    """
    text = masked(module.text, module.body)
    if text != module.text:
        module = outline(text)
        definition = module.definition(definition.qualname) or definition
    bound = bindings(module.body)
    excerpt = _Excerpt()
    waiting = deque(_in_order(free(definition.node), bound))
    if definition.classes:
        waiting.extend(_own_class(module, definition, excerpt))
    seen = {definition.qualname, *(node.name for node in definition.classes[:1])}
    while waiting:
        name = waiting.popleft()
        if name in seen or name not in bound:
            continue
        seen.add(name)
        for statement in bound[name]:
            waiting.extend(_in_order(_show(module, name, statement, excerpt), bound))
    return excerpt.text()


def _in_order(names: set[str], bound: dict[str, list[ast.stmt]]) -> list[str]:
    """Names of the module in the order they are bound there: a set's own order changes from run to run."""
    return [name for name in bound if name in names]


def _show(module: Outline, name: str, statement: ast.stmt, excerpt: _Excerpt) -> set[str]:
    """Add what binds a name to the excerpt, and give the names it leans on in turn."""
    row = first_row(statement)
    match statement:
        case ast.Import() | ast.ImportFrom():
            excerpt.add_import(statement, name)
            return set()
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return _show_function(module, statement, excerpt)
        case ast.ClassDef():
            excerpt.add(row, _class(module, statement), _header(module, statement) + "\n    ...")
            return free(ast.ClassDef(statement.name, statement.bases, statement.keywords, [ast.Pass()], []))
        case ast.For() | ast.AsyncFor() | ast.With() | ast.AsyncWith():
            return set()
        case _:
            excerpt.add(row, _whole_or_cut(module, statement), _cut(module.source(statement)))
            return free(statement)


def _show_function(module: Outline, node: Function, excerpt: _Excerpt) -> set[str]:
    version = excerpt.add(first_row(node), _whole_or_cut(module, node), _signature(module, node))
    return free(node) if version == 0 and _is_short(module, node) else set()


def _own_class(module: Outline, definition: Definition, excerpt: _Excerpt) -> list[str]:
    """Show the function's class: its header and the members the function reaches through an instance."""
    own = definition.classes[-1]
    members = bindings(own.body)
    wanted: dict[int, ast.stmt] = {id(node): node for node in own.body if isinstance(node, ast.AnnAssign)}
    names = deque(["__slots__", "__init__", *_reached(definition.node)])
    leans: set[str] = set()
    while names:
        for member in members.pop(names.popleft(), []):
            wanted[id(member)] = member
            if isinstance(member, Function) and _is_short(module, member):
                names.extend(_reached(member))
                leans |= free(member)
    shown = sorted((member for member in wanted.values() if member is not definition.node), key=first_row)
    parts = [_whole_or_cut(module, member) for member in shown]
    short = [_cut_down(module, member) for member in shown]
    for node in definition.classes:
        leans |= {name.id for base in node.bases for name in ast.walk(base) if isinstance(name, ast.Name)}
    excerpt.add(
        first_row(definition.classes[0]),
        _nested(module, definition, parts),
        _nested(module, definition, short),
        _nested(module, definition, []),
    )
    return _in_order(leans, bindings(module.body))


def _reached(node: ast.stmt) -> list[str]:
    """The attributes a statement names: of whom, only running it would tell."""
    return [child.attr for child in ast.walk(node) if isinstance(child, ast.Attribute)]


def _nested(module: Outline, definition: Definition, members: list[str]) -> str:
    """Members under the headers of the classes around them."""
    text = "\n\n".join(members) or "..."
    for node in reversed(definition.classes):
        text = f"{_header(module, node)}\n{layout.indent(text, '    ', '    ', '    ')}"
    return text


def _class(module: Outline, node: ast.ClassDef) -> str:
    """A class's header, its fields and the signatures of its methods; a short `__init__` whole."""
    parts: list[str] = []
    for member in node.body:
        if isinstance(member, Function) and member.name != "__init__":
            parts.append(_signature(module, member))
        elif isinstance(member, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Assign, ast.AnnAssign)):
            parts.append(_whole_or_cut(module, member))
    body = layout.indent("\n".join(parts) or "...", "    ", "    ", "    ")
    return f"{_header(module, node)}\n{body}"


def _is_short(module: Outline, node: ast.stmt) -> bool:
    return module.source(node).count("\n") < _SHORT


def _whole_or_cut(module: Outline, node: ast.stmt) -> str:
    """A short statement whole; of a long one the signature or the first rows."""
    if _is_short(module, node):
        return module.source(node)
    return _cut_down(module, node)


def _cut_down(module: Outline, node: ast.stmt) -> str:
    return _signature(module, node) if isinstance(node, Function) else _cut(module.source(node))


def _header(module: Outline, node: ast.ClassDef) -> str:
    """Decorators, name, bases and the first line of the docstring."""
    bare = ast.ClassDef(node.name, node.bases, node.keywords, [ast.Pass()], node.decorator_list)
    header = ast.unparse(bare).rpartition("\n")[0]
    return header + _first_line(node)


def _signature(module: Outline, node: Function) -> str:
    """A function without its body: decorators, header, the first line of the docstring."""
    bare = type(node)(
        name=node.name,
        args=node.args,
        body=[ast.Pass()],
        decorator_list=node.decorator_list,
        returns=node.returns,
        lineno=0,
    )
    header = ast.unparse(bare).strip().rpartition("\n")[0]
    return f"{header}{_first_line(node)}\n    ..."


def _first_line(node: Function | ast.ClassDef) -> str:
    lines = (ast.get_docstring(node) or "").splitlines()
    return f'\n    """{lines[0]}"""' if lines and lines[0] else ""


def _cut(source: str) -> str:
    """A long value's first rows."""
    lines = source.split("\n")
    if len(lines) <= 4:
        return source[:200] + ("  # ..." if len(source) > 200 else "")
    return "\n".join([*(line[:200] for line in lines[:3]), f"    # ... {len(lines) - 3} more lines"])
