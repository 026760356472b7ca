"""Imports a rewrite brings: which of them the module needs, and where in it they go."""

import ast
import builtins

from quickstudy.languages.python import layout, shape
from quickstudy.languages.python.names import bindings, bound_by, taken
from quickstudy.languages.python.outline import Outline, first_row
from quickstudy.languages.python.rewrite import Rewrite

Import = ast.Import | ast.ImportFrom


def sort(module: Outline, new: Rewrite) -> tuple[list[Import], list[tuple[str, Import]]]:
    """Imports for the top of the module, and those whose name means something else there."""
    there = bindings(module.body, typing=False)
    # After `from x import *` any name that is used may come from there.
    starred = taken(module.body) if "*" in there else set[str]()
    top: list[Import] = []
    inside: list[tuple[str, Import]] = []
    for name, line in new.imports():
        others = [known for statement in there.get(name, []) for known in _singles(statement, name)]
        if ast.dump(line) in map(ast.dump, others):
            continue
        package = (
            _is_package(line) and all(map(_is_package, others)) and len(others) == len(there.get(name, []))
        )
        if (name in there and not package) or hasattr(builtins, name) or (name in starred):
            inside.append((name, line))
        else:
            top.append(line)
    return _joined(top), inside


def _singles(statement: ast.stmt, name: str) -> list[Import]:
    """The parts of an import statement that bind a name, each as an import of its own."""
    match statement:
        case ast.Import(names=aliases):
            return [ast.Import([alias]) for alias in aliases if bound_by(alias) == name]
        case ast.ImportFrom(module=source, names=aliases, level=level):
            return [ast.ImportFrom(source, [alias], level) for alias in aliases if bound_by(alias) == name]
        case _:
            return []


def _is_package(line: Import) -> bool:
    """Whether it binds the outermost package, as `import a` and `import a.b` both do."""
    return isinstance(line, ast.Import) and line.names[0].asname is None


def _joined(lines: list[Import]) -> list[Import]:
    """Imports from one module in one line."""
    joined: dict[str, Import] = {}
    for line in lines:
        key = f"{line.level} {line.module}" if isinstance(line, ast.ImportFrom) else ast.dump(line)
        if key in joined and isinstance(line, ast.ImportFrom):
            line = ast.ImportFrom(line.module, [*joined[key].names, *line.names], line.level)
        joined[key] = line
    return list(joined.values())


def edit(module: Outline, lines: list[Import]) -> list[tuple[int, int, str]]:
    """Below the imports at the top; else below the docstring; else below the opening comment."""
    if not lines:
        return []
    text = "".join(f"{ast.unparse(line)}\n" for line in lines)
    last: ast.stmt | None = None
    for number, statement in enumerate(module.body):
        docstring = number == 0 and isinstance(statement, ast.Expr) and shape.is_text(statement.value)
        if not docstring and not isinstance(statement, (ast.Import, ast.ImportFrom)):
            break
        last = statement
    row = (last.end_lineno or last.lineno) if last else _below_opening(module.rows)
    follows = row < len(module.rows) and bool(module.rows[row].strip())
    if isinstance(last, ast.Expr) or (last is None and row):
        text = "\n" + text
    if follows and not isinstance(last, (ast.Import, ast.ImportFrom)):
        text += "\n" * (1 if not _defines_at(module, row) else 2)
    at = layout.offset(module.rows, row)
    if row and not module.rows[row - 1].endswith(("\n", "\r")):
        text = "\n" + text.rstrip("\n")
    return [(at, at, text)]


def _defines_at(module: Outline, row: int) -> bool:
    return any(
        first_row(node) == row and isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        for node in module.body
    )


def _below_opening(rows: list[str]) -> int:
    """The row below the comment a file opens with. One right above code is the code's, unless it is `#!`."""
    end = next((number for number, row in enumerate(rows) if not layout.is_comment(row)), len(rows))
    if end == len(rows) or not rows[end].strip():
        return end
    opening = [layout.is_comment(row) and ("#!" in row or "coding" in row) for row in rows[:2]]
    return 2 if opening[1:] == [True] else int(opening[0])
