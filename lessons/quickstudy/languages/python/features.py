"""What a Python function does over and over, read from its syntax: what `vocabulary.py` has words for.

Two functions with the same features tend to be slow for the same reason, whatever their names are. Code that
does not parse has none.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import lru_cache

from quickstudy.languages.python.outline import BAD_SYNTAX, parse

_CALLS: dict[str, str] = {
    name: feature
    for feature, names in {
        "count": "count",
        "find": "index find rfind",
        "remove": "remove",
        "sort": "sort sorted",
        "aggregate": "sum min max any all",
        "copy": "copy deepcopy list dict tuple set",
        "files": "open readline readlines",
        "append": "append add",
        "text": "split strip lstrip rstrip replace lower upper startswith endswith format join",
        "group": "setdefault",
    }.items()
    for name in names.split()
}
"""Functions and methods whose very name is a feature when called in a loop."""

_TEXT_TYPES = frozenset({"str", "bytes"})
_HASHED_TYPES = frozenset(
    {"set", "frozenset", "dict", "Set", "FrozenSet", "Dict", "AbstractSet", "MutableSet"}
    | {"Mapping", "MutableMapping", "Counter", "defaultdict", "OrderedDict"}
)
"""Types of parameters, as they are annotated."""

_HASHED = frozenset({"set", "frozenset", "dict", "Counter", "defaultdict", "OrderedDict", "keys", "fromkeys"})


_REPEATS = re.compile(r"\b(?:for|while|lambda)\b")
_DEFINED = re.compile(r"\bdef\s+(\w+)")
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=512)
def features(code: str) -> frozenset[str]:
    """The names of the features that the code shows; none if it does not parse."""
    if not _may_repeat(code):
        return frozenset()
    try:
        tree = ast.Module(parse(code), [])
        reader = _Reader(tree)
        reader.visit(tree)
    except BAD_SYNTAX:
        return frozenset()
    return frozenset(reader.features)


def _may_repeat(code: str) -> bool:
    """Whether there can be a loop or a recursion: an editor asks of whole modules, and parsing is slow."""
    if _REPEATS.search(code):
        return True
    words = Counter(_WORD.findall(code))
    return any(words[name] > 1 for name in _DEFINED.findall(code))


class _Reader(ast.NodeVisitor):
    """Walks the code and knows at each node how many loops it stands in."""

    def __init__(self, tree: ast.Module) -> None:
        self.features: set[str] = set()
        """What was found so far."""
        self.depth = 0
        """How many loops are around the node being visited."""
        self.hashed = frozenset((*_names_bound_to(tree, _is_hashed), *_parameters(tree, _HASHED_TYPES)))
        """Names that hold a set or a dict, where a membership test costs nothing."""
        self.texts = frozenset((*_names_bound_to(tree, _is_text), *_parameters(tree, _TEXT_TYPES)))
        """Names that hold a string."""
        self.functions: list[str] = []
        """The functions around the node, to see that one calls itself."""
        self.own_calls: dict[str, int] = {}
        """How often each of them is called from within."""

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.functions.append(node.name)
        self.generic_visit(node)
        self.functions.pop()

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_For(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.target)
        self.visit(node.iter)  # evaluated once, outside its own loop
        if _is_range_of_len(node.iter):
            self.features.add("index")
        self._repeat(1, *node.body)
        for after in node.orelse:
            self.visit(after)

    visit_AsyncFor = visit_For

    def visit_While(self, node: ast.While) -> None:
        self.features.add("while")
        self._repeat(1, node.test, *node.body)
        for after in node.orelse:
            self.visit(after)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._repeat(1, node.body)  # a key or a predicate: it is called once an item

    def visit_ListComp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> None:
        self._comprehend(node.generators, node.elt)

    visit_SetComp = visit_ListComp
    visit_GeneratorExp = visit_ListComp

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehend(node.generators, node.key, node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if self.depth and isinstance(operator, (ast.In, ast.NotIn)):
                if _is_name(right, *self.hashed) or _is_hashed(right):
                    self.features.add("hashed")
                elif not isinstance(right, (ast.Constant, ast.Tuple, ast.List)) and not self._is_text(right):
                    self.features.add("scan")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = _called(node)
        if name in self.functions:
            self.own_calls[name] = self.own_calls.get(name, 0) + 1
            self.features.add("branching" if self.own_calls[name] > 1 or self.depth else "recursion")
        elif self.depth:
            first = node.args[0] if node.args else None
            if name in ("insert", "pop") and isinstance(first, ast.Constant) and first.value == 0:
                self.features.add("shift")
            elif isinstance(node.func, ast.Attribute) and _is_name(node.func.value, "re"):
                self.features.add("regex")
            elif name in _CALLS:
                self.features.add(_CALLS[name])
        self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if self.depth:
            if isinstance(node.target, ast.Subscript):
                self.features.add("group")
            elif isinstance(node.op, ast.Add):
                self._grow(node.target, node.value)
        self._arithmetic(node.op, node.value)
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        target, value = node.targets[0], node.value
        if self.depth:
            if isinstance(target, ast.Tuple) and all(isinstance(one, ast.Subscript) for one in target.elts):
                self.features.add("swap")
            elif isinstance(target, ast.Subscript):
                self.features.add("group")
            elif isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
                self._grow(target, value)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        self._arithmetic(node.op, node.left)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if self.depth:
            if isinstance(node.slice, ast.Slice):
                self.features.add("slice")
            elif isinstance(node.value, ast.Subscript):
                self.features.add("grid")
        self.generic_visit(node)

    def visit_Delete(self, node: ast.Delete) -> None:
        if self.depth and any(isinstance(target, ast.Subscript) for target in node.targets):
            self.features.add("remove")
        self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        if self.depth:
            self.features.add("try")
        self.generic_visit(node)

    def _is_text(self, node: ast.expr) -> bool:
        return _is_name(node, *self.texts) or _is_text(node)

    def _repeat(self, loops: int, *nodes: ast.AST) -> None:
        """Visit nodes that stand in so many more loops than this one."""
        self.depth += loops
        self.features.add(("loop", "nested", "deep")[min(self.depth, 3) - 1])
        for node in nodes:
            self.visit(node)
        self.depth -= loops

    def _comprehend(self, generators: list[ast.comprehension], *results: ast.expr) -> None:
        first, *others = generators
        self.visit(first.iter)
        within = [*first.ifs, *(part for other in others for part in (other.iter, *other.ifs)), *results]
        self._repeat(len(generators), *within)

    def _grow(self, target: ast.expr, value: ast.expr) -> None:
        """`kept += more`: a string or a list that is copied each time, or a number that is not."""
        if _is_name(target, *self.texts) or any(_is_text(part) for part in ast.walk(value)):
            self.features.add("concat")
        elif any(isinstance(part, ast.List) for part in ast.walk(value)):
            self.features.add("extend")

    def _arithmetic(self, operator: ast.operator, left: ast.expr) -> None:
        if not self.depth or _is_text(left):
            return
        if isinstance(operator, (ast.Mod, ast.FloorDiv)):
            self.features.add("divide")
        elif isinstance(operator, ast.Pow):
            self.features.add("power")


def _names_bound_to(tree: ast.Module, fits: Callable[[ast.expr], bool]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and fits(node.value):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and node.value is not None and fits(node.value):
            yield from ([node.target.id] if isinstance(node.target, ast.Name) else [])


def _parameters(tree: ast.Module, types: frozenset[str]) -> Iterator[str]:
    """Parameters that are annotated with one of these types, whatever it is of and where it is from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation is not None:
            kind = node.annotation
            kind = kind.value if isinstance(kind, ast.Subscript) else kind
            name = kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", "")
            if name in types:
                yield node.arg


def _is_hashed(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return _called(node) in _HASHED
    return isinstance(node, (ast.Set, ast.SetComp, ast.Dict, ast.DictComp))


def _is_text(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, (str, bytes))
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Call) and _called(node) in ("str", "chr"))


def _is_range_of_len(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call)
        and _called(node) == "range"
        and any(isinstance(part, ast.Call) and _called(part) == "len" for part in ast.walk(node))
    )


def _called(call: ast.Call) -> str:
    """The last name of what is called: `append` for `items.append(x)`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_name(node: ast.expr, *names: str) -> bool:
    return isinstance(node, ast.Name) and node.id in names
