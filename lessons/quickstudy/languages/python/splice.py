"""Put a rewrite in a function's place, and leave every other byte of its module as it was."""

import ast
import builtins

from quickstudy.languages.python import imports, layout, rewrite
from quickstudy.languages.python.names import bound, taken
from quickstudy.languages.python.outline import BAD_SYNTAX, Definition, Outline, first_row, outline, parse
from quickstudy.languages.python.rewrite import Rewrite, Unusable
from quickstudy.languages.python.screen import screen
from quickstudy.languages.python.shape import Shape, composed
from quickstudy.records import Splice, Target


def splice(target: Target, replacement: str) -> Splice:
    """The module with the replacement in it, or why not. Never raises for a bad replacement."""
    module = outline(target.text)
    original = module.definition(target.qualname)
    assert original is not None, "a target comes from `find` on the same text"
    try:
        new = rewrite.read(replacement, target, module, original)
        if new.module.source(new.node).rstrip() == target.source.rstrip() and not new.needs:
            return Splice(target.text)
        reason = screen(module.body, (new.node, *new.helpers), [line for _, line in new.imports()])
        if reason:
            return Splice(None, reason, rejected=True)
        text = _spliced(target, module, original, new)
        if module.complete:
            parse(text)
    except Unusable as error:
        return Splice(None, str(error))
    except BAD_SYNTAX as error:
        return Splice(None, f"It does not fit into the module: {error}.")
    return Splice(text)


def _spliced(target: Target, module: Outline, original: Definition, new: Rewrite) -> str:
    renames = _fresh_names(module, new)
    top, inside = imports.sort(module, new)
    if renames or inside:
        new = rewrite.read(rewrite.edited(new, renames, inside), target, module, original)
    unit = layout.unit(ast.Module([original.node, *module.body], []), module.rows)
    edits = [
        *imports.edit(module, top),
        *_helper_edit(module, original, new, unit),
        _function_edit(module, original, new, unit),
    ]
    end = layout.newline(target.text)
    text = target.text
    # Where imports and helpers go to the same place, the imports come first, as in the list.
    edits.sort(key=lambda edit: edit[:2])
    for start, stop, added in reversed(edits):
        text = text[:start] + added.replace("\n", end) + text[stop:]
    return text


def _fresh_names(module: Outline, new: Rewrite) -> dict[str, str]:
    """New names for helpers whose own name the module, or Python itself, uses already."""
    used = taken(module.body) | set(dir(builtins))
    names = dict.fromkeys(name for helper in new.helpers for name in bound(helper))
    reserved = used | taken(new.module.body)
    renames: dict[str, str] = {}
    for name in names:
        if name in used:
            fresh = next(f"{name}_{n}" for n in range(2, len(reserved) + 3) if f"{name}_{n}" not in reserved)
            renames[name] = fresh
            reserved.add(fresh)
    return renames


def _helper_edit(
    module: Outline, original: Definition, new: Rewrite, unit: str
) -> list[tuple[int, int, str]]:
    """Helpers right before the function, or before the class around it, under the same condition."""
    if not new.helpers:
        return []
    anchor = original.classes[0] if original.classes else _first_of_its_name(module, original)
    margin = module.margin(anchor)
    gap = "\n" if margin else "\n\n"
    old_unit = layout.unit(ast.Module([*new.module.body], []), new.module.rows)
    text, before = "", None
    for helper in new.helpers:
        constant = isinstance(helper, (ast.Assign, ast.AnnAssign))
        if before is not None and not (constant and before):
            text += gap
        source = _comment_above(new.module, helper) + new.module.source(helper)
        text += layout.indent(source, margin, old_unit, unit) + "\n"
        before = constant
    row = first_row(anchor) - len(_comment_above(module, anchor).splitlines())
    at = layout.offset(module.rows, row)
    return [(at, at, text + gap)]


def _first_of_its_name(module: Outline, original: Definition) -> ast.stmt:
    """The first of the overloads that stand right above a function: they must stay together."""
    anchor: ast.stmt = original.node
    for sibling in reversed(original.siblings[: original.siblings.index(anchor)]):
        between = module.rows[module.end_row(sibling) : first_row(anchor)]
        if bound(sibling) != [original.node.name] or any(row.strip() for row in between):
            break
        anchor = sibling
    return anchor


def _comment_above(module: Outline, node: ast.stmt) -> str:
    """The comment that stands right above a statement, as LF text; a file's opening lines are none."""
    start = end = first_row(node)
    for row in reversed(module.rows[:end]):
        if not layout.is_comment(row) or layout.prefix(row) != module.margin(node):
            break
        start -= 1
    if start == 0 and module.rows[0].removeprefix(layout.BOM).startswith("#!"):
        return ""
    comment = layout.plain("".join(module.rows[start:end])).removeprefix(layout.BOM)
    return "\n".join(line.strip() for line in comment.split("\n"))


def _function_edit(module: Outline, original: Definition, new: Rewrite, unit: str) -> tuple[int, int, str]:
    """The function's own rows, from its first decorator to its last comment."""
    first, end = original.first_row, module.end_row(original.node)
    row = module.rows[first].removeprefix(layout.BOM)
    start = layout.offset(module.rows, first) + len(row) - len(row.lstrip(" \t\f"))
    stop = len("".join(module.rows[:end]).rstrip("\r\n"))
    old_unit = layout.unit(ast.Module([new.node], []), new.module.rows)
    source = layout.indent(new.module.source(new.node), "", old_unit, unit)
    whole = composed(Shape.of(module.source(original.node), unit), Shape.of(source, unit))
    margin = module.margin(original.node)
    return start, stop, layout.indent(whole, margin, unit, unit).removeprefix(margin)
