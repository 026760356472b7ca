"""The collection of pairs: slow functions with wrong and honest variants of each, from `data/pairs`.

A file there is a kind of accident and holds one function or more. It is Python in cells:

    # %% original NAME     the module with the function; NAME is dotted for a method. Lines `# needs: MODULE`
                           and `# setting: TEXT` tell what else it takes.
    # %% tests             the project's tests of it, or
    # %% workload          a file with a `workload()` of it; both import the module by the name of the kind
    # %% help              what witnesses need, if anything (in no project)
    # %% further           inputs, an expression a line, on which honest variants must agree as well
    # %% wrong NAME        a replacement of the function with what it needs; `# why:` tells what is lost, and
                           `# witness:` is an expression that has another outcome with it
    # %% honest NAME       a replacement that is equal; it may have lines `# further:` of its own, and one
                           `# assumes:` if it is equal only on inputs that the function's own text asks for

A variant passes the tests or agrees on the workload, be it wrong or honest: else it is no accident.
"""

import ast
import contextlib
import copy
import dataclasses
import decimal
import functools
import importlib.util
import io
import logging
import os
import random
import re
import sys
import textwrap
import time
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "pairs"


@dataclasses.dataclass(frozen=True)
class Variant:
    """A replacement of a function."""

    name: str
    wrong: bool
    source: str
    why: str = ""
    witnesses: tuple[str, ...] = ()
    further: tuple[str, ...] = ()
    assumes: str = ""


@dataclasses.dataclass(frozen=True)
class Pair:
    """A function with its variants."""

    kind: str
    qualname: str
    original: str
    tests: str
    workload: str
    help: str
    further: tuple[str, ...]
    needs: tuple[str, ...]
    settings: tuple[str, ...]
    variants: tuple[Variant, ...]

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.qualname}"

    @property
    def missing(self) -> str:
        """Why it cannot be tried here; empty if it can."""
        absent = [need for need in self.needs if importlib.util.find_spec(need) is None]
        return f"needs {', '.join(absent)}" if absent else ""

    def text(self, variant: Variant | None = None) -> str:
        """The module, with the variant in it."""
        return spliced(self.original, self.qualname, variant.source) if variant else self.original


def pairs() -> list[Pair]:
    """All of the collection, by kind."""
    return [pair for path in sorted(DATA.glob("*.py")) for pair in _read(path)]


def _read(path: Path) -> Iterator[Pair]:
    cells = re.split(r"^# %% (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    groups: list[list[tuple[str, str]]] = []
    for head, body in zip(cells[::2], cells[1::2], strict=True):
        if head.startswith("original "):
            groups.append([])
        groups[-1].append((head.strip(), body.strip("\n") + "\n"))
    for (head, original), *rest in groups:
        given = {word: body for word, body in rest if " " not in word}
        assert not given.keys() - {"tests", "workload", "help", "further"}, (path, given.keys())
        yield Pair(
            kind=path.stem,
            qualname=head.split()[1],
            original=original,
            tests=given.get("tests", ""),
            workload=given.get("workload", ""),
            help=given.get("help", ""),
            further=tuple(line for line in given.get("further", "").splitlines() if line.strip()),
            needs=_lines(original, "needs"),
            settings=_lines(original, "setting"),
            variants=tuple(_variant(head, body) for head, body in rest if " " in head),
        )


def _variant(head: str, body: str) -> Variant:
    word, name = head.split()
    assert word in ("wrong", "honest"), head
    return Variant(
        name,
        word == "wrong",
        re.sub(r"^# (why|witness|further|assumes): .*\n", "", body, flags=re.MULTILINE),
        " ".join(_lines(body, "why")),
        _lines(body, "witness"),
        _lines(body, "further"),
        " ".join(_lines(body, "assumes")),
    )


def _lines(body: str, word: str) -> tuple[str, ...]:
    return tuple(re.findall(rf"^# {word}: (.*)$", body, flags=re.MULTILINE))


def spliced(module: str, qualname: str, source: str) -> str:
    """The module's text with the function replaced; what else the replacement has goes after the imports."""
    *owners, name = qualname.split(".")
    tree = ast.parse(module)
    body = tree.body
    for owner in owners:
        body = next(node.body for node in body if isinstance(node, ast.ClassDef) and node.name == owner)
    old = next(node for node in body if isinstance(node, ast.FunctionDef) and node.name == name)
    new_nodes = ast.parse(source).body
    new = next(node for node in new_nodes if isinstance(node, ast.FunctionDef) and node.name == name)
    lines, new_lines = module.splitlines(), source.splitlines()
    function = textwrap.indent("\n".join(new_lines[_first(new) - 1 : new.end_lineno]), " " * old.col_offset)
    extra = [
        line
        for node in new_nodes
        if node is not new
        for line in [*new_lines[_first(node) - 1 : node.end_lineno], "", ""]
    ]
    lines[_first(old) - 1 : old.end_lineno] = function.splitlines()
    place = max(
        (node.end_lineno or 0 for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)),
        default=1 if ast.get_docstring(tree) else 0,
    )
    lines[place:place] = extra
    return "\n".join(lines) + "\n"


def _first(node: ast.stmt) -> int:
    """The line that a statement begins on, with its decorators."""
    return min([node.lineno, *(part.lineno for part in getattr(node, "decorator_list", []))])


@contextlib.contextmanager
def loaded(pair: Pair, text: str) -> Iterator[types.ModuleType]:
    """The text as a module by the name of the kind; what it may leave behind in this process is put back."""
    module = types.ModuleType(pair.kind)
    limit, state, environment = sys.getrecursionlimit(), random.getstate(), dict(os.environ)
    with decimal.localcontext(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sys.modules[pair.kind] = module
        try:
            exec(compile(text, f"{pair.kind}.py", "exec"), vars(module))
            yield module
        finally:
            del sys.modules[pair.kind]
            sys.setrecursionlimit(limit)
            random.setstate(state)
            os.environ.clear()
            os.environ.update(environment)


def evaluated(pair: Pair, text: str, expression: str) -> object:
    """The outcome of an expression in a module of this text, told so that unlike ones are unequal."""
    with loaded(pair, text) as module:
        space: dict[str, Any] = {**HELPERS, **vars(module)}
        exec(pair.help, space)
        return outcome(lambda: eval(expression, space))


def run_tests(pair: Pair, text: str) -> None:
    """Runs the pair's tests on a module of this text."""
    with loaded(pair, text):
        for test in _tests(pair):
            test()


def worked(pair: Pair, text: str) -> list[object]:
    """The outcomes of the calls of the pair's workload, each with its arguments as they are afterwards."""
    with loaded(pair, text) as module:
        return [left(*call) for call in _calls(pair, module)]


def seconds(pair: Pair, text: str, times: int) -> float:
    """The least time of the pair's tests or of its workload's calls, of so many."""
    least = float("inf")
    with loaded(pair, text) as module, contextlib.redirect_stdout(io.StringIO()):
        tests = [(test,) for test in _tests(pair)]
        for _ in range(times):
            calls = tests or list(_calls(pair, module))
            began = time.perf_counter()
            for function, *arguments in calls:
                with contextlib.suppress(Exception):
                    function(*arguments)
            least = min(least, time.perf_counter() - began)
    return least


def _tests(pair: Pair) -> list[Callable[[], object]]:
    space: dict[str, Any] = {"__name__": f"test_{pair.kind}"}
    exec(compile(pair.tests, f"test_{pair.kind}.py", "exec"), space)
    return [item for name, item in space.items() if name.startswith("test_")]


def _calls(pair: Pair, module: types.ModuleType) -> Iterator[tuple[Any, ...]]:
    """The function and its arguments, for each call of the workload; a new one each time."""
    space: dict[str, Any] = {"__name__": "load"}
    exec(compile(pair.workload, "load.py", "exec"), space)
    function = functools.reduce(getattr, pair.qualname.split("."), module)
    for arguments in space["workload"]():
        yield function, *arguments


def outcome(call: Callable[[], object]) -> object:
    """What a call comes to: its value told in full, or the type of what it raises."""
    try:
        return "value", told(call())
    except Exception as error:  # noqa: BLE001
        return "raised", type(error).__name__


def told(value: Any) -> object:
    """A value as plain data: types, order, signs of zero and NaN count."""
    kind = type(value).__name__
    match value:
        case None | bool() | int() | str() | bytes() | float() | complex() | decimal.Decimal():
            return kind, repr(value)
        case dict():
            return kind, [(told(key), told(item)) for key, item in value.items()], told_parts(value)
        case set() | frozenset():
            return kind, sorted(map(repr, map(told, value)))
        case list() | tuple() | bytearray():
            return kind, [told(item) for item in value]
        case Exception():
            return kind, told(value.args)
        case type() | types.FunctionType() | types.BuiltinFunctionType() | types.MethodType():
            return kind, value.__qualname__
    if kind in ("ndarray", "Series", "DataFrame") or hasattr(value, "dtype"):
        return told_table(value)
    if isinstance(value, Iterator):
        return "iterator", [told(item) for item in value]
    return kind, told_parts(value) or re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def told_parts(value: Any) -> object:
    """The attributes of an object, if it has any."""
    parts: dict[str, Any] = dict(getattr(value, "__dict__", {}))
    for base in type(value).__mro__:
        slots = base.__dict__.get("__slots__", ())
        parts.update({name: getattr(value, name) for name in slots if hasattr(value, name)})
    return [(name, told(part)) for name, part in parts.items()]


def told_table(value: Any) -> object:
    """An array, a series or a frame, with its types and labels."""
    kind = type(value).__name__
    if kind == "DataFrame":
        columns = [told_table(value.iloc[:, place]) for place in range(value.shape[1])]
        return kind, told_table(value.columns), told_table(value.index), columns
    if kind == "Series":
        return kind, repr(value.name), told_table(value.index), told_table(value.array)
    shape = getattr(value, "shape", None)
    items = value.tolist() if hasattr(value, "tolist") else list(value)
    return kind, str(value.dtype), repr(getattr(value, "name", None)), shape, repr(items)


def left(call: Callable[..., object], *arguments: Any) -> object:
    """The outcome of a call, and its arguments as they are afterwards."""
    return outcome(lambda: call(*arguments)), told(arguments)


def logged(call: Callable[[], object]) -> object:
    """The outcome of a call, and what it logs."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(f"{record.name} {record.levelname} {record.getMessage()}")
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        return outcome(call), lines
    finally:
        root.setLevel(level)
        root.removeHandler(handler)


def warned(call: Callable[[], object]) -> object:
    """The outcome of a call, and its warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = outcome(call)
    return found, [(warning.category.__name__, str(warning.message)) for warning in caught]


def printed(call: Callable[[], object]) -> object:
    """The outcome of a call, and what it prints."""
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        found = outcome(call)
    return found, out.getvalue(), err.getvalue()


def then(*steps: Any) -> object:
    """All of several expressions, those that are calls made one after the other, each with its outcome."""
    return [outcome(step) if callable(step) else told(step) for step in steps]


HELPERS = {
    "copy": copy,
    "left": left,
    "logged": logged,
    "outcome": outcome,
    "printed": printed,
    "then": then,
    "warned": warned,
}
"""What every witness may use."""
