"""The child that finds calls of the target: it loads a declared workload, or runs tests and doctests.

    start.py python.child.collect FD

`Collect` is read, and answered by `Collected`. Each call is kept before it is made; only the outermost call
of a recursion counts. After the time that it is given it stops by itself, in the middle of a test if need be,
and tells what it has. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import importlib
import os
import socket
import sys
import time

from quickstudy.lab.python.child import loading
from quickstudy.lab.python.child.call_store import CallStore
from quickstudy.lab.python.child.messages import Collect, Collected
from quickstudy.lab.python.child.opened import Opened
from quickstudy.lab.python.child.outcomes import Outcomes, OutOfTime
from quickstudy.lab.python.child.runners import load_file, run_doctests, run_tests
from quickstudy.lab.python.child.wrapping import install
from quickstudy.lab.supervisor import channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from quickstudy.lab.python.child.payload import Arguments

_is_instance: Callable[[Any, type], bool] = isinstance


class Unusable(Exception):
    """The declared workload cannot be used."""


def from_tests(order: Collect, text: bytes, store: CallStore, outcomes: Outcomes) -> None:
    """Calls that the doctests of the module and the project's tests make."""
    finder = loading.prepare(order.target, text)
    # The wrapper is in place before any other module can take the function out of this one.
    finder.loaded = lambda module: install(module, order.target.qualname, store.keep)
    module = importlib.import_module(order.target.module)
    try:
        outcomes.set_alarm()
        store.origin = "doctest"
        run_doctests(module, order.target.qualname.split(".")[-1], outcomes)
        store.origin = "tests"
        if order.tests:
            run_tests(order.tests, order.target.project, outcomes)
    except OutOfTime:
        pass  # between two tests, or where nothing else takes note of it
    finally:
        outcomes.finish()


def from_declaration(order: Collect, text: bytes, store: CallStore, workload: str) -> None:
    """Calls that `workload()` of a file yields: a tuple of arguments, or `(args, kwargs)`."""
    loading.prepare(order.target, text)
    sys.path.insert(0, os.path.dirname(workload))
    declared = getattr(load_file("quickstudy_workload", workload), "workload", None)
    if declared is None:
        raise Unusable("It defines no function workload().")
    store.origin = "declared"
    deadline = time.monotonic() + order.seconds
    for arguments in declared():
        store.keep(*_call(arguments))
        if time.monotonic() > deadline or store.seen >= 10 * store.most:
            break


def _call(arguments: Any) -> Arguments:
    """The call that a workload means by one of its items. Raises Unusable."""
    if not _is_instance(arguments, tuple):
        raise Unusable("workload() yields a %s where a tuple is needed." % type(arguments).__name__)
    if len(arguments) == 2 and _is_instance(arguments[0], tuple) and _is_instance(arguments[1], dict):
        return arguments
    return arguments, {}


def main(descriptor: str) -> None:
    sock = socket.socket(fileno=int(descriptor))
    order, (text,) = channel.receive(sock, Collect)
    store = CallStore(order.most, order.bytes)
    opened = Opened(order.hidden)
    outcomes = Outcomes(store, opened, order.target.project, order.seconds)
    problem = None
    try:
        if order.workload is None:
            from_tests(order, text, store, outcomes)
        else:
            from_declaration(order, text, store, order.workload)
    except Unusable as error:
        problem = str(error)
    except BaseException as error:
        problem = loading.summarize_exception(error)
        outcomes = Outcomes(store, opened, order.target.project, 0)  # what it has seen is not all there is
    report = Collected(
        origins=list(store.calls.values()),
        seen=store.seen,
        lost=store.lost,
        problem=problem,
        passed=outcomes.passed,
        failed=outcomes.failed,
        refused=outcomes.refused,
        unloaded=outcomes.unloaded,
        folders=[place for place in sys.path if place.startswith(order.target.project)],
        hidden=opened.names(),
    )
    channel.send(sock, report, list(store.calls))
