"""The child that finds calls of the target: it loads a declared workload, or runs tests and doctests.

    start.py python.child.collect FD

One frame {"path", "module", "package", "roots", "project", "qualname", "mode", "most", "bytes", "seconds",
"hidden", ...} + [text] is read; mode "declared" takes {"workload": path}, "tests" takes {"tests": [path,
...]}. One frame {"calls": [origin, ...], "seen", "lost", "passed", "failed", "refused", "unloaded",
"problem", "folders", "hidden"} + payloads comes back; hidden are files that were missed.

Each call is kept before it is made; only the outermost call of a recursion counts. After "seconds" it stops
by itself, in the middle of a test if need be, and tells what it has. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import importlib
import os
import socket
import sys
import time

from quickstudy.lab.python.child import loading
from quickstudy.lab.python.child.call_store import CallStore
from quickstudy.lab.python.child.opened import Opened
from quickstudy.lab.python.child.outcomes import Outcomes, OutOfTime
from quickstudy.lab.python.child.runners import load_file, run_doctests, run_tests
from quickstudy.lab.python.child.wrapping import install
from quickstudy.lab.supervisor import channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def from_tests(order: Any, text: bytes, store: CallStore, opened: Opened) -> dict[str, Any]:
    outcomes = Outcomes(store, opened, order["project"], order["seconds"])
    finder = loading.prepare(order, text)
    # The wrapper is in place before any other module can take the function out of this one.
    finder.loaded = lambda module: install(module, order["qualname"], store.keep)
    module = importlib.import_module(order["module"])
    try:
        outcomes.set_alarm()
        store.origin = "doctest"
        run_doctests(module, order["qualname"].split(".")[-1], outcomes)
        store.origin = "tests"
        if order["tests"]:
            run_tests(order["tests"], order["project"], outcomes)
    except OutOfTime:
        pass  # between two tests, or where nothing else takes note of it
    finally:
        outcomes.finish()
    folders = [place for place in sys.path if place.startswith(order["project"])]
    names = ("failed", "passed", "refused", "unloaded")
    return {"folders": folders, **{name: getattr(outcomes, name) for name in names}}


def from_declaration(order: Any, text: bytes, store: CallStore, opened: Opened) -> dict[str, Any]:
    """Calls that `workload()` of a file yields: a tuple of arguments, or `(args, kwargs)`."""
    loading.prepare(order, text)
    sys.path.insert(0, os.path.dirname(order["workload"]))
    declared = getattr(load_file("quickstudy_workload", order["workload"]), "workload", None)
    if declared is None:
        return {"failed": [], "problem": "It defines no function workload()."}
    store.origin = "declared"
    deadline = time.monotonic() + order["seconds"]
    for arguments in declared():
        if not isinstance(arguments, tuple):
            kind = type(arguments).__name__
            return {"failed": [], "problem": "workload() yields a %s where a tuple is needed." % kind}
        args, kwargs = arguments, {}
        if len(arguments) == 2 and isinstance(arguments[0], tuple) and isinstance(arguments[1], dict):
            args, kwargs = arguments
        store.keep(args, kwargs)
        if time.monotonic() > deadline or store.seen >= 10 * store.most:
            break
    return {"failed": []}


def main(descriptor: str) -> None:
    sock = socket.socket(fileno=int(descriptor))
    order, (text,) = channel.receive(sock)
    store = CallStore(order["most"], order["bytes"])
    opened = Opened(order["hidden"])
    way = from_declaration if order["mode"] == "declared" else from_tests
    try:
        found = way(order, text, store, opened)
    except BaseException as error:
        found = {"failed": [], "problem": loading.summarize_exception(error)}
    told = {"problem": None, "passed": [], "refused": [], "unloaded": [], "folders": [], **found}
    counts = {"seen": store.seen, "lost": store.lost, "calls": list(store.calls.values())}
    counts["hidden"] = opened.names()
    channel.send(sock, {**told, **counts}, list(store.calls))
