"""Takes credentials out of a module's text before a part of it is shown to a model.

A string is one by what it is bound to (`PASSWORD = ...`, `connect(api_key=...)`), by a form that only
credentials have (a provider's prefix, a key in PEM, a URL with a password), or because it looks random.
"""

import ast
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from quickstudy.languages.python import layout

_NAME = re.compile(
    r"pass(word|wd|phrase)|secret|credential|connection_?string|(^|_)(dsn|pwd)($|_)|"
    r"(api|access|account|auth|private|signing|encryption|master|ssh)_?key|"
    r"(api|access|auth|bearer|refresh|session|bot)_?token",
    re.IGNORECASE,
)
"""What is bound to such a name is one."""
_MAYBE = re.compile(r"(^|_)(KEY|TOKEN|AUTH|SALT|WEBHOOK)$")
"""What is bound to such a constant is one if it is a word with digits in it: tables have such names too."""
_ABOUT = re.compile(r"_?(re|regex|pattern|header|field|column|param|env|var|name|label|hint|length)s?$", re.I)
"""The ends of names of what is only about a credential."""
_WORD = re.compile(r"(?=\D*\d)[\w+/=.:~@-]{6,}")
_FORM = re.compile(
    r"\b(sk|pk|rk)[-_]((live|test|proj|ant|or)[-_])?\w{8}|\bAIza[\w-]{10}|\bya29\.|\bSG\.[\w-]{8}|"
    r"\b(gh[opsur]|github_pat|glpat|hf|npm|pypi|shp\w\w|dop_v1)[-_]\w{8}|\bxox[a-z]-\w|"
    r"\b(AKIA|ASIA)[A-Z0-9]{12}|\beyJ[\w-]{8,}\.|-----BEGIN [A-Z ]*PRIVATE KEY|"
    r"\b(Bearer|Basic) (?=\S*\d)[\w+/=.-]{8}|://[^/\s:@]*:[^/\s:@]+@"
)
_RUN = re.compile(r"[A-Za-z0-9]{20,}")
_LEAST_BITS, _LEAST_SWITCHES = 3.0, 3
"""Of a random run: its entropy by the character, nearly 4 in hexadecimal, and turns from letter to digit."""


def masked(text: str, body: Iterable[ast.stmt]) -> str:
    """The text with `...` in each string of these statements of it that looks like a credential."""
    rows = layout.rows(text)
    edits = {(*_span(rows, node), _blank(node)) for node in _found(body)}
    for start, stop, blank in sorted(edits, reverse=True):
        text = text[:start] + blank + text[stop:]
    return text


def _span(rows: list[str], node: ast.expr) -> tuple[int, int]:
    """Where a node begins and ends in the text."""

    def place(row: int, column: int) -> int:
        line = rows[row - 1].removeprefix(layout.BOM if row == 1 else "").encode(errors="surrogatepass")
        return layout.offset(rows, row - 1) + len(line[:column].decode(errors="surrogatepass"))

    return place(node.lineno, node.col_offset), place(node.end_lineno or 0, node.end_col_offset or 0)


def _blank(node: ast.expr) -> str:
    is_bytes = isinstance(node, ast.Constant) and isinstance(node.value, bytes)
    return 'b"..."' if is_bytes else '"..."'


def _found(body: Iterable[ast.stmt]) -> Iterator[ast.expr]:
    """The strings, whole, that are credentials."""
    for statement in body:
        for node in _walk(statement):
            for name, value in _bound(node):
                yield from (string for string, text in _strings(value) if _is_bound_to(name, text))
            yield from (string for string, text in _string(node) if _is_by_itself(text))


def _walk(node: ast.AST, *, keys: bool = True) -> Iterator[ast.AST]:
    """All nodes below one, but for the parts of f-strings: not every Python says where these are."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.Dict) and not keys:
            waiting += node.values
        elif not isinstance(node, ast.JoinedStr):
            waiting += ast.iter_child_nodes(node)


def _bound(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that a node binds values to, or holds them against."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from ((_name(target), value) for target in targets)
        case (
            ast.AnnAssign(target=target, value=ast.expr() as value)
            | ast.NamedExpr(target=target, value=value)
        ):
            yield _name(target), value
        case ast.keyword(arg=str(name), value=value):
            yield name, value
        case ast.Dict(keys=keys, values=values):
            yield from ((_name(key), value) for key, value in zip(keys, values, strict=True) if key)
        case ast.Compare(left=left, comparators=others):
            yield from ((_name(left), other) for other in others)
        case ast.arguments():
            given = [*node.posonlyargs, *node.args]
            pairs = [*zip(given[::-1], node.defaults[::-1], strict=False)]
            named = zip(node.kwonlyargs, node.kw_defaults, strict=True)
            yield from ((arg.arg, value) for arg, value in (*pairs, *named) if value)
        case _:
            pass


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Constant(value=str(name)):
            return name
        case ast.Subscript(slice=index):
            return _name(index)
        case _:
            return ""


def _strings(node: ast.expr) -> Iterator[tuple[ast.expr, str]]:
    """The strings in a value; not the keys of a mapping, which tell what is in it."""
    for part in _walk(node, keys=False):
        yield from _string(part)


def _string(node: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    match node:
        case ast.Constant(value=str(text)):
            yield node, text
        case ast.Constant(value=bytes(data)):
            yield node, data.decode("latin-1")
        case ast.JoinedStr():
            parts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
            yield node, "".join(part for part in parts if isinstance(part, str))
        case _:
            pass


def _is_bound_to(name: str, text: str) -> bool:
    if _ABOUT.search(name) or not text:
        return False
    return bool(_NAME.search(name) or (_MAYBE.search(name) and _WORD.fullmatch(text)))


def _is_by_itself(text: str) -> bool:
    return bool(_FORM.search(text)) or any(_is_random(found[0]) for found in _RUN.finditer(text))


def _is_random(run: str) -> bool:
    """Whether letters and digits are mixed as chance does, and not as in a word or an alphabet."""
    pairs = list(itertools.pairwise(run))
    steps = sum(ord(two) - ord(one) == 1 for one, two in pairs)
    switches = sum(one.isdigit() != two.isdigit() for one, two in pairs)
    bits = sum(-n / len(run) * math.log2(n / len(run)) for n in Counter(run).values())
    return switches >= _LEAST_SWITCHES and steps < len(run) / 3 and bits >= _LEAST_BITS
