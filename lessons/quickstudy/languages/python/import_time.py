"""Which code of a module runs when it is imported: what stands at its top, and what that may call.

Calls are followed by name, so more may be found than runs: a function that is only handed on counts as
called, and a method if its class and its name are both mentioned.
"""

import ast
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from quickstudy.languages.python.names import bound, flatten

Running = tuple[ast.stmt, ast.AST]
"""A part of a statement of the module, with that statement, whose names it has."""


@dataclass(frozen=True, slots=True)
class _Deferred:
    """Code that runs only when it is called."""

    statement: ast.stmt
    names: tuple[str, ...]
    """What the module calls it, or the class that it is a method of."""
    method: str
    """Its name as a method; empty for a function and for what Python calls by itself, as `__init__`."""
    code: tuple[ast.AST, ...]


def running(body: Iterable[ast.stmt], module: Iterable[ast.stmt]) -> Iterator[Running]:
    """The parts of these statements, and of others of their module, that run when these are imported."""
    due = [(statement, part) for statement in body for part in _at_once(statement)]
    waiting = [deferred for statement in flatten(module) for deferred in _deferred(statement)]
    mentioned: set[str] = set()
    while due:
        yield from due
        mentioned.update(*(_mentions(part) for _, part in due))
        called = [_is_called(each, mentioned) for each in waiting]
        due = [(each.statement, part) for each in itertools.compress(waiting, called) for part in each.code]
        waiting = [each for each, is_called in zip(waiting, called, strict=True) if not is_called]


def _is_called(deferred: _Deferred, mentioned: set[str]) -> bool:
    by_name = not mentioned.isdisjoint(deferred.names)
    return by_name and (not deferred.method or f".{deferred.method}" in mentioned)


def _mentions(part: ast.AST) -> Iterator[str]:
    """Names, and attributes behind a dot."""
    for node in ast.walk(part):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield f".{node.attr}"


def _at_once(node: ast.AST) -> Iterator[ast.AST]:
    """What of a statement runs where it stands: of a definition all but the bodies of functions."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from node.decorator_list
            yield from _signature(node.args, node.returns)
        case ast.ClassDef():
            yield from (*node.decorator_list, *node.bases, *(word.value for word in node.keywords))
            for child in node.body:
                yield from _at_once(child)
        case ast.Assign(value=ast.Lambda(args=args)) | ast.AnnAssign(value=ast.Lambda(args=args)):
            yield from _signature(args, None)
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__")), orelse=others):
            for child in others:  # the rest is for a script
                yield from _at_once(child)
        case ast.Assign(value=ast.Name()):
            pass  # another name for something, which says nothing of its use
        case ast.AnnAssign():
            yield from (part for part in (node.target, node.value) if part is not None)
            yield from _annotations([node.annotation])
        case ast.stmt() | ast.ExceptHandler() | ast.match_case():
            for child in ast.iter_child_nodes(node):
                yield from _at_once(child)
        case _:
            yield node


def _signature(args: ast.arguments, returns: ast.expr | None) -> Iterator[ast.AST]:
    """What is evaluated when a function is defined, but for defaults that only name something."""
    yield from (default for default in _defaults(args) if not isinstance(default, ast.Name))
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg]
    yield from _annotations([returns, *(each.annotation for each in every if each is not None)])


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [*args.defaults, *(default for default in args.kw_defaults if default is not None)]


def _annotations(found: Sequence[ast.expr | None]) -> Iterator[ast.AST]:
    """Those that do something: one that only names a class does not call it."""
    for annotation in found:
        if annotation is not None and any(isinstance(node, ast.Call) for node in ast.walk(annotation)):
            yield annotation


def _deferred(statement: ast.stmt) -> Iterator[_Deferred]:
    """The functions in a statement of the module that may be called by a name, and other names of them."""
    names = tuple(bound(statement))
    match statement:
        case ast.FunctionDef(body=body, args=args) | ast.AsyncFunctionDef(body=body, args=args):
            yield _Deferred(statement, names, "", (*body, *_defaults(args)))
        case ast.Assign(value=ast.Lambda() | ast.Name() as value):
            yield _Deferred(statement, names, "", (value,))
        case ast.AnnAssign(value=ast.Lambda() as value):
            yield _Deferred(statement, names, "", (value,))
        case ast.ClassDef(body=members):
            for member in flatten(members):
                for inner, name in itertools.product(_deferred(member), bound(member)):
                    method = inner.method or ("" if name.startswith("__") else name)
                    yield _Deferred(statement, names, method, inner.code)
        case _:
            pass
