"""What the arguments of a function may be, read from its type hints: the last place where calls come from.

Only the text is read. A hint that names what cannot be made from plain data, as a callback or a type of
another module, gives no shape, and a function with such a parameter no calls.
"""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Shape = dict[str, dict[str, Any]]
"""As `child/shapes.py` describes it."""

UNKNOWN = {"least": None, "most": None}
SHORT = 8
"""Items of a container when nothing was seen; larger ones are grown from them."""

_COLLECTIONS = {
    **dict.fromkeys(
        ("list", "List", "Sequence", "MutableSequence", "Iterable", "Collection", "Reversible"), "list"
    ),
    **dict.fromkeys(("set", "Set", "AbstractSet", "MutableSet"), "set"),
    **dict.fromkeys(("frozenset", "FrozenSet"), "frozenset"),
    **dict.fromkeys(("deque", "Deque"), "deque"),
}
_MAPPINGS = ("dict", "Dict", "Mapping", "MutableMapping")
_ITERATORS = ("Iterator", "Generator")


class _Unknown(Exception):
    """A hint that no value can be drawn for."""


def hinted(text: str, module: str, qualname: str) -> dict[str, Any] | None:
    """A group as `lab/drawing.py` takes it, without a call; None if a parameter tells nothing."""
    tree = ast.parse(text)
    reader = _Reader(module, {name: node for node in tree.body for name in _defines(node)})
    *outer, name = qualname.split(".")
    body: Sequence[ast.stmt] = tree.body
    try:
        for part in outer:
            body = next(n for n in body if isinstance(n, ast.ClassDef) and n.name == part).body
        function = next(
            n for n in body if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name == name
        )
        marks = {ast.unparse(mark) for mark in function.decorator_list}
        first: list[Shape] = []
        skipped = 0
        if outer and "staticmethod" not in marks:
            skipped = 1
            # The class itself is bound when a class method is looked up.
            first = [] if "classmethod" in marks else [reader.instance(".".join(outer))]
        shapes = [*first, *reader.parameters(function.args, skipped)]
        return {"calls": [], "places": [list(pair) for pair in enumerate(shapes)]}
    except (_Unknown, StopIteration, RecursionError):
        return None


def _defines(node: ast.stmt) -> list[str]:
    match node:
        case ast.ClassDef(name=name):
            return [name]
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return [name]
        case _:
            return []


@dataclass
class _Reader:
    """Reads hints as they are meant in one module."""

    module: str
    known: dict[str, ast.stmt]
    """The classes and aliases of the module."""
    open: list[str] = field(default_factory=list[str])
    """The names that are being read: a type that holds itself has no smallest value."""

    def parameters(self, args: ast.arguments, skipped: int = 0) -> list[Shape]:
        """Shapes of the positional parameters that have to be given, and of others that have hints."""
        given = [*args.posonlyargs, *args.args][skipped:]
        required = len(given) - len(args.defaults)
        shapes: list[Shape] = []
        for place, each in enumerate(given):
            if each.annotation is None:
                if place < required:
                    raise _Unknown(each.arg)
                break
            try:
                shapes.append(self.shape(each.annotation))
            except _Unknown:
                if place < required:
                    raise
                break
        if any(default is None for default in args.kw_defaults):
            raise _Unknown("keyword-only")
        return shapes

    def shape(self, hint: ast.expr) -> Shape:
        match hint:
            case ast.Constant(value=None):
                return {"none": {}}
            case ast.Constant(value=str(text)):
                return self.shape(ast.parse(text, mode="eval").body)
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._either([left, right])
            case ast.Name(id=name) | ast.Attribute(attr=name):
                return self._named(name)
            case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inside):
                parts = inside.elts if isinstance(inside, ast.Tuple) else [inside]
                return self._subscripted(name, parts)
            case _:
                raise _Unknown(ast.unparse(hint))

    def _either(self, hints: Sequence[ast.expr]) -> Shape:
        shape: Shape = {}
        for hint in hints:
            shape |= self.shape(hint)
        return shape

    def _named(self, name: str) -> Shape:
        if name in self.known:
            return self._own(name)
        if name in ("list", "set", "dict", "tuple", "frozenset", *_COLLECTIONS, *_MAPPINGS):
            bare = _MAPPINGS if name in _MAPPINGS else ()
            return self._subscripted(name, [ast.Name("int")] * (2 if bare else 1))
        match name:
            case "int" | "float":
                return {name: UNKNOWN}
            case "complex":
                return self._made("builtins", "complex", [{"float": UNKNOWN}, {"float": UNKNOWN}])
            case "bool" | "None":
                return {name.lower(): {}}
            case "str" | "bytes":
                return {name: {"letters": [], "longest": SHORT}}
            case "Any" | "object" | "Hashable":
                return {"int": UNKNOWN, "str": {"letters": [], "longest": SHORT}}
            case "Decimal":
                return self._made("decimal", "Decimal", [{"int": UNKNOWN}])
            case "Fraction":
                whole = {"int": {"least": 1, "most": 60}}
                return self._made("fractions", "Fraction", [{"int": UNKNOWN}, whole])
            case "Path" | "PurePath":
                return self._made("pathlib", name, [{"str": {"letters": list("abc/."), "longest": SHORT}}])
            case "date":
                days = {"int": {"least": 700_000, "most": 750_000}}
                return self._made("datetime", "date.fromordinal", [days])
            case "datetime":
                seconds = {"int": {"least": 0, "most": 2_000_000_000}}
                return self._made("datetime", "datetime.utcfromtimestamp", [seconds])
            case "timedelta":
                return self._made("datetime", "timedelta", [{"int": UNKNOWN}, {"int": UNKNOWN}])
            case _:
                raise _Unknown(name)

    def _subscripted(self, name: str, parts: Sequence[ast.expr]) -> Shape:
        if name in _COLLECTIONS:
            return {_COLLECTIONS[name]: {"of": self.shape(parts[0]), "longest": SHORT}}
        if name in _MAPPINGS:
            keys, values = map(self.shape, parts)
            return {"dict": {"keys": keys, "values": values, "longest": SHORT}}
        if name in _ITERATORS:
            items: Shape = {"list": {"of": self.shape(parts[0]), "longest": SHORT}}
            return self._made("builtins", "iter", [items])
        match name:
            case "tuple" | "Tuple":
                if len(parts) == 1 or ast.unparse(parts[-1]) == "...":
                    return {"tuple": {"of": self.shape(parts[0]), "longest": SHORT}}
                return {"tuple": {"each": [self.shape(part) for part in parts]}}
            case "Optional":
                return {**self.shape(parts[0]), "none": {}}
            case "Union":
                return self._either(parts)
            case "Annotated" | "Final":
                return self.shape(parts[0])
            case "Literal":
                return {"literal": {"of": [ast.literal_eval(part) for part in parts]}}
            case _:
                raise _Unknown(name)

    def _own(self, name: str) -> Shape:
        """What a name of the module itself stands for."""
        if name in self.open:
            raise _Unknown(name)
        self.open.append(name)
        try:
            match self.known[name]:
                case ast.ClassDef():
                    return self.instance(name)
                case ast.Assign(value=ast.Call(func=ast.Name(id="TypeVar"))):
                    return {"int": UNKNOWN}
                case ast.Assign(value=ast.Call(func=ast.Name(id="NewType"), args=[_, hint])):
                    return self.shape(hint)
                case ast.Assign(value=value):
                    return self.shape(value)
                case ast.AnnAssign(value=ast.expr() as value):
                    return self.shape(value)
                case _:
                    raise _Unknown(name)
        finally:
            self.open.pop()

    def instance(self, name: str) -> Shape:
        """An instance of a class of the module, made from its own hints."""
        node = self.known.get(name)
        if not isinstance(node, ast.ClassDef):
            raise _Unknown(name)
        bases = [ast.unparse(base).rpartition(".")[2] for base in node.bases]
        if any(base.endswith(("Enum", "Flag")) for base in bases):
            members = [
                each.value.value
                for each in node.body
                if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
            ]
            return self._made(self.module, name, [{"literal": {"of": members}}])
        inits = [each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"]
        if inits:
            return self._made(self.module, name, self.parameters(inits[-1].args, 1))
        if "NamedTuple" in bases or any("dataclass" in ast.unparse(mark) for mark in node.decorator_list):
            fields = [each for each in node.body if isinstance(each, ast.AnnAssign)]
            given = [each for each in fields if each.value is None]
            return self._made(self.module, name, [self.shape(each.annotation) for each in given])
        if set(bases) - {"object", "Generic", "Protocol"}:
            raise _Unknown(name)  # what a foreign base class wants to be made from is not known
        return self._made(self.module, name, [])

    @staticmethod
    def _made(module: str, name: str, args: list[Shape]) -> Shape:
        return {"make": {"module": module, "name": name, "args": args}}
