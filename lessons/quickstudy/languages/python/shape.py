"""A function's text in its parts, and a new function made of the original's header and a rewrite's body."""

import ast
import inspect
from dataclasses import dataclass

from quickstudy.languages.python import layout
from quickstudy.languages.python.outline import parse
from quickstudy.languages.python.rewrite import Unusable


@dataclass(frozen=True)
class Shape:
    """A function's text in its parts: LF, dedented."""

    decorators: str
    header: str
    body: str
    docstring: str
    """The docstring's own rows, a part of `body`; empty when there is none, or not on rows of its own."""
    documentation: str | None
    """What the docstring says, indentation cleaned."""
    decorated: list[str]
    """The decorators, as syntax."""

    @classmethod
    def of(cls, source: str, unit: str) -> "Shape":
        (node,) = parse(source)
        assert isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        rows = source.split("\n")
        decorators = "".join(f"{row}\n" for row in rows[: node.lineno - 1])
        text = "\n".join(rows[node.lineno - 1 :])
        colon = _colon(text)
        row_end = text.find("\n", colon)
        rest = layout.mask(text)[colon:row_end] if row_end >= 0 else ""
        if row_end >= 0 and not rest.strip():
            header, body = text[:row_end], text[row_end + 1 :]
        else:
            header, body = text[:colon], unit + text[colon:].strip()
        docstring = ""
        first = node.body[0]
        if isinstance(first, ast.Expr) and is_text(first.value) and len(node.body) > 1:
            quoted = rows[first.lineno - 1 : first.end_lineno]
            if node.body[1].lineno > (first.end_lineno or 0) and first.lineno > node.lineno:
                docstring = "".join(f"{row}\n" for row in quoted)
        documentation = ast.get_docstring(node)
        return cls(
            decorators, header, body, docstring, documentation, list(map(ast.dump, node.decorator_list))
        )


def _colon(text: str) -> int:
    """The place after the colon that ends a function's header."""
    depth = 0
    for place, character in enumerate(layout.mask(text)):
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == ":" and depth == 0:
            return place + 1
    raise Unusable("Its header cannot be read.")


def composed(old: Shape, new: Shape) -> str:
    """The original's header, for its annotations and comments, over the rewrite's body.

    The signatures agree by now. Decorators are the rewrite's if it has any; a docstring that was lost, or
    only moved about, is the original's.
    """
    decorators = old.decorators if not new.decorated or new.decorated == old.decorated else new.decorators
    body = new.body
    if old.docstring and (new.documentation is None or _same_words(new.documentation, old.documentation)):
        body = old.docstring + body.replace(new.docstring, "", 1)
    return f"{decorators}{old.header}\n{body}"


def _same_words(one: str, other: str | None) -> bool:
    return other is not None and inspect.cleandoc(one) == inspect.cleandoc(other)


def is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)
