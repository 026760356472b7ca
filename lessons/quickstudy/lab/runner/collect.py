"""The child that finds calls of the target: it loads a declared workload, or runs tests and doctests.

    collect.py FD    one frame {"path", "module", "package", "roots", "project", "qualname", "mode", "most",
                     "bytes", "seconds", "hidden", ...} + [text] is read; mode "declared" takes
                     {"workload": path}, "tests" takes {"tests": [path, ...]}. One frame
                     {"calls": [origin, ...], "seen", "lost", "passed", "failed", "refused", "unloaded",
                     "problem", "folders", "hidden"} + payloads comes back; hidden are files that were missed.

Each call is kept before it is made; only the outermost call of a recursion counts. After "seconds" it stops
by itself, in the middle of a test if need be, and tells what it has. Stdlib only, CPython 3.9 and newer;
started by path, in the sandbox.
"""

import sys

from beside import sibling  # while its folder is still the first on the path

sys.path.pop(0)
del sys.modules["beside"]  # a project may have a module of this name

import contextlib  # noqa: E402
import doctest  # noqa: E402
import errno  # noqa: E402
import importlib.util  # noqa: E402
import inspect  # noqa: E402
import io  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import tempfile  # noqa: E402
import textwrap  # noqa: E402
import time  # noqa: E402
import unittest  # noqa: E402

LOOKED_AT = 20_000
"""Later calls are only counted: looking at each costs the tests their time."""
AGAIN_S = 5.0
"""How long after the end of the time a test that goes on all the same is interrupted again."""
REFUSALS = {
    *(errno.EPERM, errno.EACCES, errno.EROFS),
    *(errno.EAFNOSUPPORT, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.ECONNREFUSED),
}
"""How the sandbox says no to files and to the network."""


class Keeper:
    """Keeps distinct calls, spread over their sizes, while `origin` says where they come from.

    `most` is how many, `size` how many bytes those of about the same size may take together.
    """

    def __init__(self, most, size):
        self.most, self.size = most, size
        self.calls = {}
        self.sizes = {}
        """The payloads of about the same size, by its power of two."""
        self.fresh = []
        """What the test that runs has added."""
        self.seen = self.lost = 0
        self.origin = "tests"
        self.payload = sibling("payload")

    def keep(self, args, kwargs):
        """Keep a call that is about to be made; returns the arguments to make it with."""
        self.seen += 1
        if self.seen <= LOOKED_AT:
            args, kwargs = self.payload.replayable(args, kwargs)
            try:
                self.add(self.payload.dumps(args, kwargs))
            except Exception:
                self.lost += 1
        return args, kwargs

    def add(self, payload):
        if payload in self.calls:
            return
        if len(payload) > self.size:
            self.lost += 1
            return
        alike = self.sizes.setdefault(len(payload).bit_length(), [])
        if sum(map(len, alike)) + len(payload) > self.size:
            return
        if len(self.calls) >= self.most:
            # Room is made among the most frequent sizes, as long as there is a more frequent one.
            crowded = max(self.sizes.values(), key=len)
            if len(crowded) <= len(alike) + 1:
                return
            self.drop(crowded[-1])
        alike.append(payload)
        self.calls[payload] = self.origin
        self.fresh.append(payload)

    def drop(self, payload):
        if self.calls.pop(payload, None):
            self.sizes[len(payload).bit_length()].remove(payload)


class OutOfTime(BaseException):
    """Interrupts whatever test runs when the time is up; no test is meant to catch it."""


class Tests:
    """The tests that reached the target: those that passed, and those that failed, with the reason.

    A test that the end of the time cut off is neither, nor is one that only the sandbox makes fail.
    """

    def __init__(self, keeper, opened, project, seconds):
        self.keeper, self.opened, self.project = keeper, opened, project
        self.deadline = time.monotonic() + seconds
        self.passed = []
        self.failed = []
        self.refused = []
        self.unloaded = []
        """What of the tests could not even be loaded, with the reason."""
        self.before = self.missed = 0
        self.ended = False

    def over(self):
        return time.monotonic() >= self.deadline

    def set_alarm(self):
        signal.signal(signal.SIGALRM, self.interrupt)
        signal.setitimer(signal.ITIMER_REAL, max(0.001, self.deadline - time.monotonic()), AGAIN_S)

    def interrupt(self, number, frame):
        if not self.ended:
            raise OutOfTime("The time for tests is up.")

    def finish(self):
        self.ended = True
        signal.setitimer(signal.ITIMER_REAL, 0)

    def begin(self):
        self.before, self.missed = self.keeper.seen, len(self.opened.paths)
        self.keeper.fresh = []
        self.set_alarm()  # the test before may have used it for itself

    def end(self, name, error, raised=None):
        """`error` is None for a test that passed, else what is said of it; `raised` is its exception."""
        if self.keeper.seen == self.before or self.over():
            return
        if error is None:
            self.passed.append(name)
        elif len(self.opened.paths) > self.missed or self.is_refusal(raised):
            self.refused.append(name)
            for payload in self.keeper.fresh:
                self.keeper.drop(payload)
        else:
            self.failed.append([name, " ".join(str(error).split())[:300]])

    def not_loaded(self, what, said):
        """`said` may be pages; what counts in it is the last line of an error, as pytest marks it."""
        lines = [line.strip() for line in said.splitlines() if line.strip()] or ["no reason is given"]
        marked = [line[2:].strip() for line in lines if line.startswith("E ")]
        said = textwrap.shorten((marked or lines)[-1], 200, placeholder=" ...")
        self.unloaded.append([os.path.basename(what), said])

    def is_refusal(self, error):
        """Whether the sandbox's walls led to an exception, by whatever others it was passed on."""
        for _ in range(20):
            if isinstance(error, (PermissionError, ConnectionError, socket.gaierror)):
                return True
            if isinstance(error, OSError) and error.errno in REFUSALS:
                return True
            if isinstance(error, FileNotFoundError) and self.is_elsewhere(error.filename):
                return True
            error = error and (error.__cause__ or error.__context__)
        return False

    def is_elsewhere(self, file):
        """Whether a full path leads where the sandbox shows next to nothing: out of the project."""
        ours = (self.project + os.sep, tempfile.gettempdir() + os.sep)
        return isinstance(file, str) and os.path.isabs(file) and not file.startswith(ours)


def run_pytest(paths, project, reached, pytest):
    class Watch:
        session = raised = None

        def pytest_sessionstart(self, session):
            self.session = session

        def pytest_collectreport(self, report):
            if report.failed:
                reached.not_loaded(report.nodeid, str(report.longrepr))

        def pytest_internalerror(self, excinfo):
            reached.not_loaded("pytest", sibling("loading").fit(excinfo.value))

        def pytest_runtest_logstart(self, nodeid, location):
            self.raised = None
            reached.begin()

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_makereport(self, item, call):
            self.raised = call.excinfo and call.excinfo.value

        def pytest_runtest_logreport(self, report):
            if report.when == "call" and report.outcome != "skipped":
                crash = getattr(report.longrepr, "reprcrash", None)
                error = crash.message if crash else report.longrepr
                reached.end(report.nodeid, error if report.failed else None, self.raised)
            if reached.over():
                self.session.shouldstop = "The time for tests is up."

    options = ["-q", "-p", "no:cacheprovider", "-o", "addopts=", "--rootdir", project]
    options.append("--continue-on-collection-errors")  # a test file that cannot be loaded reaches nothing
    said = io.StringIO()
    with contextlib.redirect_stderr(said):
        if pytest.main([*options, *paths], plugins=[Watch()]) == pytest.ExitCode.USAGE_ERROR:
            reached.not_loaded("pytest", said.getvalue())


def run_unittest(paths, reached):
    """Without pytest: test cases, and plain `test_` functions that need no arguments."""

    class Result(unittest.TestResult):
        def startTest(self, test):
            super().startTest(test)
            reached.begin()

        def stopTest(self, test):
            super().stopTest(test)
            if reached.over():
                self.stop()

        def addFailure(self, test, err):
            super().addFailure(test, err)
            reached.end(test.id(), err[1], err[1])

        def addError(self, test, err):
            super().addError(test, err)
            reached.end(test.id(), err[1], err[1])

        def addSuccess(self, test):
            super().addSuccess(test)
            reached.end(test.id(), None)

    for path in paths:
        if reached.over():
            break
        sys.path.insert(0, os.path.dirname(path))
        name = os.path.splitext(os.path.basename(path))[0]
        try:
            spec = importlib.util.spec_from_file_location(name, path)
            module = sys.modules[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            reached.not_loaded(path, sibling("loading").fit(error))
            continue
        unittest.defaultTestLoader.loadTestsFromModule(module).run(Result())
        for key, value in list(vars(module).items()):
            plain = key.startswith("test") and inspect.isfunction(value)
            if plain and not inspect.signature(value).parameters:
                reached.begin()
                error = None
                try:
                    value()
                except (Exception, SystemExit) as problem:
                    error = problem
                reached.end("%s::%s" % (name, key), error, error)


class Doctests(doctest.DocTestRunner):
    raised = None
    """What the first example raised that was not to raise it."""

    def report_unexpected_exception(self, out, test, example, exc_info):
        self.raised = self.raised or exc_info[1]
        super().report_unexpected_exception(out, test, example, exc_info)


def run_doctests(module, name, reached):
    for test in doctest.DocTestFinder().find(module, globs=dict(vars(module))):
        if reached.over():
            break
        runner = Doctests(verbose=False)
        if any(name in example.source for example in test.examples):
            reached.begin()
            said = io.StringIO()
            failed = runner.run(test, out=said.write, clear_globs=False).failed
            why = said.getvalue().partition("Failed example:")[2]
            reached.end("doctest " + test.name, why if failed else None, runner.raised)


def from_tests(order, text, keeper, opened):
    loading = sibling("loading")
    reached = Tests(keeper, opened, order["project"], order["seconds"])
    finder = loading.prepare(order, text)
    install = sibling("wrapping").install
    # The wrapper is in place before any other module can take the function out of this one.
    finder.loaded = lambda module: install(module, order["qualname"], keeper.keep)
    module = importlib.import_module(order["module"])
    try:
        reached.set_alarm()
        run_all(order, module, reached)
    except OutOfTime:
        pass  # between two tests, or where nothing else takes note of it
    finally:
        reached.finish()
    folders = [place for place in sys.path if place.startswith(order["project"])]
    names = ("failed", "passed", "refused", "unloaded")
    return {"folders": folders, **{name: getattr(reached, name) for name in names}}


def run_all(order, module, reached):
    reached.keeper.origin = "doctest"
    run_doctests(module, order["qualname"].split(".")[-1], reached)
    reached.keeper.origin = "tests"
    if order["tests"]:
        try:
            import pytest
        except ImportError:
            run_unittest(order["tests"], reached)
        else:
            run_pytest(order["tests"], order["project"], reached, pytest)


def from_declaration(order, text, keeper, opened):
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
    opened = sibling("opened").Opened(order["hidden"])
    way = from_declaration if order["mode"] == "declared" else from_tests
    try:
        found = way(order, text, keeper, opened)
    except BaseException as error:
        found = {"failed": [], "problem": sibling("loading").fit(error)}
    told = {"problem": None, "passed": [], "refused": [], "unloaded": [], "folders": [], **found}
    counts = {"seen": keeper.seen, "lost": keeper.lost, "calls": list(keeper.calls.values())}
    counts["hidden"] = opened.names()
    channel.send(sock, {**told, **counts}, list(keeper.calls))


if __name__ == "__main__":
    main()
