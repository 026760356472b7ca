"""Names in Python code: which ones a statement binds in its module, and which ones it takes from there."""

import ast
import symtable
from collections import defaultdict
from collections.abc import Iterable, Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef


def flatten(body: Iterable[ast.stmt], *, typing: bool = True) -> Iterator[ast.stmt]:
    """The statements of a body and of the if, try, with, for, while and match blocks in it.

    Without `typing`, what stands under `if TYPE_CHECKING` is left out: it is not there at run time.
    """
    for statement in body:
        yield statement
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for field, value in ast.iter_fields(statement):
            if field == "body" and not typing and _is_typing(statement):
                continue
            if isinstance(value, list):
                yield from flatten(_blocks(value), typing=typing)  # pyright: ignore[reportUnknownArgumentType]


def _blocks(values: list[object]) -> Iterator[ast.stmt]:
    for value in values:
        if isinstance(value, ast.stmt):
            yield value
        elif isinstance(value, (ast.ExceptHandler, ast.match_case)):
            yield from value.body


def _is_typing(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.If):
        return False
    return ast.unparse(statement.test).rpartition(".")[2] == "TYPE_CHECKING"


def bindings(body: Iterable[ast.stmt], *, typing: bool = True) -> dict[str, list[ast.stmt]]:
    """The names that statements of a module or class bind, each with its statements in order."""
    found: defaultdict[str, list[ast.stmt]] = defaultdict(list)
    for statement in flatten(body, typing=typing):
        for name in bound(statement):
            found[name].append(statement)
    return dict(found)


def bound(statement: ast.stmt) -> list[str]:
    """The names one statement binds by itself, not by the blocks it holds."""
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return [bound_by(alias) for alias in aliases]
        case ast.Assign(targets=targets):
            return [name for target in targets for name in _stored(target)]
        case ast.AnnAssign(target=target, value=value):
            return _stored(target) if value else []
        case ast.AugAssign(target=target) | ast.For(target=target) | ast.AsyncFor(target=target):
            return _stored(target)
        case ast.With(items=items) | ast.AsyncWith(items=items):
            return [name for item in items if item.optional_vars for name in _stored(item.optional_vars)]
        case _:
            return []


def bound_by(alias: ast.alias) -> str:
    """The name an import binds: `import a.b` binds `a`."""
    return alias.asname or alias.name.partition(".")[0]


def _stored(target: ast.expr) -> list[str]:
    return [
        node.id for node in ast.walk(target) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]


def taken(body: Iterable[ast.stmt]) -> set[str]:
    """Every name that stands anywhere in a module: what a new name must not be."""
    found: set[str] = set()
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                found.add(node.id)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.add(node.name)
            elif isinstance(node, ast.alias):
                found.add(bound_by(node))
    return found


def free(statement: ast.stmt) -> set[str]:
    """The names a statement takes from its module or from builtins, locals and parameters left out.

    Raises SyntaxError for scopes that contradict themselves, as in `def f(x): global x`.
    """
    module = _scopes(statement)
    found = {symbol.get_name() for symbol in module.get_symbols() if symbol.is_referenced()}
    for table in _below(module):
        found.update(
            symbol.get_name()
            for symbol in table.get_symbols()
            if symbol.is_global() and (symbol.is_referenced() or symbol.is_declared_global())
        )
    # A parameter or local of one scope may well be a global of another: the tables tell them apart.
    return found


def local(statement: ast.stmt) -> set[str]:
    """The names that are local to some function in a statement, parameters included."""
    return {
        symbol.get_name()
        for table in _below(_scopes(statement))
        if table.get_type() != "class"
        for symbol in table.get_symbols()
        if symbol.is_local() or symbol.is_free()
    }


def _scopes(statement: ast.stmt) -> symtable.SymbolTable:
    return symtable.symtable(ast.unparse(statement), "<replacement>", "exec")


def _below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _below(child)
