"""A rewrite as somebody wrote it, read: the function in it, and the imports and helpers that it needs."""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quickstudy.languages.python import layout
from quickstudy.languages.python.names import Function, bindings, bound, bound_by, free, local
from quickstudy.languages.python.outline import BAD_SYNTAX, Definition, Outline, first_row, outline, parse
from quickstudy.records import Target


class Unusable(Exception):
    """The rewrite cannot take the function's place; the message is one sentence. Never leaves this room."""


@dataclass(frozen=True)
class Rewrite:
    """A replacement's text, and the function in it."""

    module: Outline
    node: Function
    needs: tuple[ast.stmt, ...]
    """Imports, helpers and constants of the reply that the function uses, directly or not, in its order."""

    @property
    def helpers(self) -> list[ast.stmt]:
        return [node for node in self.needs if not isinstance(node, (ast.Import, ast.ImportFrom))]

    def imports(self) -> list[tuple[str, ast.Import | ast.ImportFrom]]:
        """Single imports that are used, each with the name it binds."""
        used = set[str]().union(*(free(node) for node in (self.node, *self.helpers)))
        found: list[tuple[str, ast.Import | ast.ImportFrom]] = []
        for node in self.needs:
            if isinstance(node, ast.Import):
                found += [(bound_by(alias), ast.Import([alias])) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found += [
                    (bound_by(alias), ast.ImportFrom(node.module, [alias], node.level))
                    for alias in node.names
                ]
        return [(name, node) for name, node in found if name in used]


def read(text: str, target: Target, existing: Outline, original: Definition) -> Rewrite:
    """Find the function and what it needs beyond the module it goes into. Raises Unusable."""
    text = layout.plain(text).removeprefix(layout.BOM).strip("\n")
    first = next((row for row in text.split("\n") if row.strip() and not row.lstrip().startswith("#")), "")
    text = layout.dedent(text, layout.prefix(first))
    try:
        parse(text)
        compile(text, "<replacement>", "exec", dont_inherit=True)
    except BAD_SYNTAX as error:
        where = f" (line {error.lineno})" if isinstance(error, SyntaxError) and error.lineno else ""
        message = error.msg if isinstance(error, SyntaxError) else str(error) or "it is nested too deeply"
        raise Unusable(f"It does not parse: {message}{where}.") from error
    module = outline(text)
    node = _own(module, target, original)
    _same_signature(node, original.node)
    if any(
        alias.name == "*"
        for child in module.body
        if isinstance(child, ast.ImportFrom)
        for alias in child.names
    ):
        raise Unusable("It imports everything with `import *`; name what is imported.")
    return Rewrite(module, node, tuple(_needed(module, node, existing, original)))


def _own(module: Outline, target: Target, original: Definition) -> Function:
    """The target in the reply: within a class of the target's, or bare."""
    path = target.qualname.split(".")
    for start in range(len(path)):
        found = module.definition(".".join(path[start:]))
        if found is None:
            continue
        if found.classes:
            _nothing_new(found, original)
        return found.node
    raise Unusable(f"It holds no function named {target.name}.")


def _nothing_new(found: Definition, original: Definition) -> None:
    """A class in the reply only holds the method. New members that the method uses cannot come along."""
    theirs = {name for child in found.siblings for name in bound(child)}
    ours = {name for child in original.siblings for name in bound(child)}
    reached = {node.attr for node in ast.walk(found.node) if isinstance(node, ast.Attribute)}
    new = sorted((theirs - ours) & reached)
    if new:
        raise Unusable(
            f"It needs a new member {found.classes[-1].name}.{new[0]}, and only the function itself can be "
            "replaced; make it a function of the module."
        )


def _same_signature(new: Function, old: Function) -> None:
    if type(new) is not type(old):
        kind = "an `async def`" if isinstance(old, ast.AsyncFunctionDef) else "a plain `def`"
        raise Unusable(f"It changes the kind of function; keep {kind}.")
    if _caller_view(new) != _caller_view(old):
        raise Unusable(f"It changes the signature; keep `{old.name}({ast.unparse(_bare(old))})`.")
    if _is_generator(new) != _is_generator(old):
        was, now = ("a generator", "no longer is") if _is_generator(old) else ("no generator", "now is")
        raise Unusable(f"The original is {was} and the rewrite {now}; callers would get something else.")


def _caller_view(node: Function) -> str:
    return ast.dump(_bare(node))


def _bare(node: Function) -> ast.arguments:
    """The parameters without their annotations."""

    def strip(arguments: Iterable[ast.arg]) -> list[ast.arg]:
        return [ast.arg(argument.arg) for argument in arguments]

    args = node.args
    return ast.arguments(
        strip(args.posonlyargs),
        strip(args.args),
        ast.arg(args.vararg.arg) if args.vararg else None,
        strip(args.kwonlyargs),
        args.kw_defaults,
        ast.arg(args.kwarg.arg) if args.kwarg else None,
        args.defaults,
    )


def _is_generator(node: Function) -> bool:
    waiting: list[ast.AST] = [*node.body]
    while waiting:
        child = waiting.pop()
        if isinstance(child, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            waiting.extend(ast.iter_child_nodes(child))
    return False


def _needed(module: Outline, node: Function, existing: Outline, original: Definition) -> list[ast.stmt]:
    """What of the reply's own statements the function uses, transitively.

    Calls, loops, prints and example code bind nothing that is used, and so fall away. What the module has
    already, word for word, is not needed either.
    """
    known = {node.name, *(outer.name for outer in original.classes[:1])}
    there, used_before = bindings(existing.body), free(original.node)
    offered: dict[str, list[ast.stmt]] = {}
    for child in module.body:
        if isinstance(child, _OFFERS) and child is not node:
            for name in bound(child):
                offered.setdefault(name, []).append(child)
    wanted: list[ast.stmt] = []
    queue: list[ast.stmt] = [node]
    while queue:
        for name in free(queue.pop()) - known:
            known.add(name)
            new = [child for child in offered.get(name, []) if child not in wanted]
            # A value that is the same may still be another one's cache: shared only if it was before.
            if name in used_before or not any(
                isinstance(child, (ast.Assign, ast.AnnAssign)) for child in new
            ):
                same = {ast.dump(child) for child in there.get(name, [])}
                new = [child for child in new if ast.dump(child) not in same]
            wanted += new
            queue += new
    return [child for child in module.body if child in wanted]


_OFFERS = (
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Assign,
    ast.AnnAssign,
)


def edited(rewrite: Rewrite, renames: dict[str, str], local_imports: Sequence[tuple[str, ast.stmt]]) -> str:
    """The reply's text with names changed and imports put inside the functions that use them.

    Raises Unusable where a name means two things, so that it cannot be changed in one and not in the other.
    """
    rows = rewrite.module.rows
    edits: list[tuple[int, int, int, str]] = []
    for statement in (rewrite.node, *rewrite.needs):
        names = free(statement) | set(bound(statement))
        changing = renames.keys() & names
        if mixed := changing & local(statement):
            raise Unusable(
                f"Its name {min(mixed)} is already used in the module, and it is also a local variable; "
                "choose another name."
            )
        for node in ast.walk(statement):
            for row, column, name in _mentions(node, rows):
                if name not in changing:
                    continue
                if row < 0:
                    raise Unusable(f"Its name {name} is already used in the module; choose another name.")
                edits.append((row, column, len(name), renames[name]))
        for name, line in local_imports:
            if name not in names or isinstance(statement, (ast.Import, ast.ImportFrom)):
                continue
            if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                raise Unusable(f"It imports {name}, which is the name of something else in the module.")
            edits.append(_import_within(statement, rows, ast.unparse(line)))
    changed = list(rows)
    for row, column, length, new in sorted(set(edits), reverse=True):
        text = changed[row]
        changed[row] = text[:column] + new + text[column + length :]
    return "".join(changed)


def _mentions(node: ast.AST, rows: list[str]) -> list[tuple[int, int, str]]:
    """Where a node spells a name of its module: row, column and name. Raises Unusable if it is not there."""
    match node:
        case ast.Name(id=name):
            row = node.lineno - 1
            column = len(rows[row].encode()[: node.col_offset].decode(errors="replace"))
            spelt = rows[row].startswith(name, column)
            return [(row, column, name)] if spelt else _misplaced(name)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            found = re.search(rf"(?:def|class)\s+(?={name}\b)", rows[node.lineno - 1])
            return [(node.lineno - 1, found.end(), name)] if found else _misplaced(name)
        case ast.Global(names=names):
            row = rows[node.lineno - 1]
            found = [re.search(rf"\b{name}\b", row) for name in names]
            return [(node.lineno - 1, at.start(), name) for at, name in zip(found, names, strict=True) if at]
        case _:
            return []


def _misplaced(name: str) -> list[tuple[int, int, str]]:
    # Python 3.11 gives wrong columns for names in some f-strings.
    return [(-1, -1, name)]


def _import_within(node: Function, rows: list[str], line: str) -> tuple[int, int, int, str]:
    """The edit that puts an import first in a function's body, after its docstring."""
    documented = ast.get_docstring(node, clean=False) is not None and len(node.body) > 1
    row = first_row(node.body[1 if documented else 0])
    at = node.body[1 if documented else 0].col_offset
    column = len(rows[row].encode()[:at].decode())
    before = rows[row][:column]
    return (row, column, 0, f"{line}; " if before.strip() else f"{line}\n{before}")
