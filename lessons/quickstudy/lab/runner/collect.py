"""The child that finds calls of the target: it loads a declared workload, or runs tests and doctests.

    collect.py FD    one frame {"path", "module", "package", "roots", "project", "qualname", "mode", ...}
                     + [text] is read; one frame {"calls": [origin, ...], "seen", "lost", "failed", "problem",
                     "tool"} + payloads comes back. Mode "declared" takes {"workload": path}; "tests" takes
                     {"tests": [path, ...], "project": path, "most": n, "bytes": n, "seconds": s}.

Each call is kept before it is made, as a pickle of `(args, kwargs)`; only the outermost call of a recursion
counts. Stdlib only, CPython 3.9 and newer; started by path, in the sandbox.
"""

import sys

from beside import sibling  # while its folder is still the first on the path

sys.path.pop(0)
del sys.modules["beside"]  # a project may have a module of this name

import doctest  # noqa: E402
import importlib.util  # noqa: E402
import inspect  # noqa: E402
import io  # noqa: E402
import os  # noqa: E402
import pickle  # noqa: E402
import socket  # noqa: E402
import time  # noqa: E402
import unittest  # noqa: E402

BYTES_OF_A_CALL = 16 << 20


class Keeper:
    """Keeps distinct calls while `origin` says where they come from."""

    def __init__(self, most, size):
        self.most, self.size = most, size
        self.calls = {}
        self.seen = self.lost = 0
        self.origin = "tests"

    def keep(self, args, kwargs):
        self.seen += 1
        if len(self.calls) >= self.most or self.size <= 0:
            return
        try:
            payload = pickle.dumps((args, kwargs), protocol=4)
        except Exception:
            self.lost += 1
            return
        if len(payload) <= BYTES_OF_A_CALL and payload not in self.calls:
            self.calls[payload] = self.origin
            self.size -= len(payload)


class Failures:
    """Tests that failed although, or because, they reached the target."""

    def __init__(self, keeper):
        self.keeper = keeper
        self.named = []
        self.before = 0

    def begin(self):
        self.before = self.keeper.seen

    def end(self, name, error):
        """`error` is None for a test that passed."""
        if error is not None and self.keeper.seen > self.before:
            self.named.append([name, " ".join(str(error).split())[:300]])


def run_pytest(paths, project, failures, pytest):
    class Watch:
        def pytest_runtest_logstart(self, nodeid, location):
            failures.begin()

        def pytest_runtest_logreport(self, report):
            if report.when == "call" and report.failed:
                crash = getattr(report.longrepr, "reprcrash", None)
                failures.end(report.nodeid, crash.message if crash else report.longrepr)

    options = ["-q", "-p", "no:cacheprovider", "-o", "addopts=", "--rootdir", project]
    pytest.main([*options, *paths], plugins=[Watch()])


def run_unittest(paths, failures):
    """Without pytest: test cases, and plain `test_` functions that need no arguments."""

    class Result(unittest.TestResult):
        def startTest(self, test):
            super().startTest(test)
            failures.begin()

        def addFailure(self, test, err):
            super().addFailure(test, err)
            failures.end(test.id(), err[1])

        def addError(self, test, err):
            super().addError(test, err)
            failures.end(test.id(), err[1])

    for path in paths:
        sys.path.insert(0, os.path.dirname(path))
        name = os.path.splitext(os.path.basename(path))[0]
        try:
            spec = importlib.util.spec_from_file_location(name, path)
            module = sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        except (Exception, SystemExit):
            continue  # a test file that cannot be loaded here reaches nothing
        unittest.defaultTestLoader.loadTestsFromModule(module).run(Result())
        for key, value in list(vars(module).items()):
            plain = key.startswith("test") and inspect.isfunction(value)
            if plain and not inspect.signature(value).parameters:
                failures.begin()
                error = None
                try:
                    value()
                except (Exception, SystemExit) as problem:
                    error = problem
                failures.end("%s::%s" % (name, key), error)


def run_doctests(module, name, failures):
    runner = doctest.DocTestRunner(verbose=False)
    for test in doctest.DocTestFinder().find(module, globs=dict(vars(module))):
        if any(name in example.source for example in test.examples):
            failures.begin()
            said = io.StringIO()
            failed = runner.run(test, out=said.write, clear_globs=False).failed
            why = said.getvalue().partition("Failed example:")[2]
            failures.end("doctest " + test.name, why if failed else None)


def from_tests(order, text, keeper):
    loading = sibling("loading")
    failures = Failures(keeper)
    finder = loading.prepare(order, text)
    install = sibling("wrapping").install
    # The wrapper is in place before any other module can take the function out of this one.
    finder.loaded = lambda module: install(module, order["qualname"], keeper.keep)
    module = importlib.import_module(order["module"])
    keeper.origin = "doctest"
    run_doctests(module, order["qualname"].split(".")[-1], failures)
    keeper.origin = "tests"
    tool = "unittest"
    try:
        import pytest

        tool = "pytest"
    except ImportError:
        pass
    if order["tests"]:
        if tool == "pytest":
            run_pytest(order["tests"], order["project"], failures, pytest)
        else:
            run_unittest(order["tests"], failures)
    return {"failed": failures.named, "tool": tool}


def from_declaration(order, text, keeper):
    """Calls that `workload()` of a file yields: a tuple of arguments, or `(args, kwargs)`."""
    loading = sibling("loading")
    loading.prepare(order, text)
    sys.path.insert(0, os.path.dirname(order["workload"]))
    spec = importlib.util.spec_from_file_location("quickstudy_workload", order["workload"])
    module = importlib.util.module_from_spec(spec)
    sys.modules["quickstudy_workload"] = module
    spec.loader.exec_module(module)
    declared = getattr(module, "workload", None)
    if declared is None:
        return {"failed": [], "problem": "It defines no function workload()."}
    keeper.origin = "declared"
    deadline = time.monotonic() + order["seconds"]
    for arguments in declared():
        if not isinstance(arguments, tuple):
            kind = type(arguments).__name__
            return {"failed": [], "problem": "workload() yields a %s where a tuple is needed." % kind}
        args, kwargs = arguments, {}
        if len(arguments) == 2 and isinstance(arguments[0], tuple) and isinstance(arguments[1], dict):
            args, kwargs = arguments
        keeper.keep(args, kwargs)
        if time.monotonic() > deadline or keeper.seen >= 10 * keeper.most:
            break
    return {"failed": []}


def main():
    sock = socket.socket(fileno=int(sys.argv[1]))
    channel = sibling("channel")
    order, (text,) = channel.receive(sock)
    keeper = Keeper(order["most"], order["bytes"])
    way = from_declaration if order["mode"] == "declared" else from_tests
    try:
        found = way(order, text, keeper)
    except BaseException as error:
        found = {"failed": [], "problem": sibling("loading").fit(error)}
    header = {"problem": None, "tool": None, **found, "seen": keeper.seen, "lost": keeper.lost}
    channel.send(sock, {**header, "calls": list(keeper.calls.values())}, list(keeper.calls))


if __name__ == "__main__":
    main()
