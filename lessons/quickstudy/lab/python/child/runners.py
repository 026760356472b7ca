"""Runs a project's tests and doctests in this process, with whatever the project has to run them.

Stdlib only, CPython 3.9 and newer; pytest is the project's.
"""

from __future__ import annotations

import contextlib
import doctest
import importlib.util
import inspect
import io
import os
import sys
import unittest

from quickstudy.lab.python.child.loading import summarize_exception

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Any

    from quickstudy.lab.python.child.outcomes import Outcomes


def run_tests(paths: Sequence[str], project: str, outcomes: Outcomes) -> None:
    """With pytest if the project has it."""
    try:
        import pytest
    except ImportError:
        _run_unittest(paths, outcomes)
    else:
        _run_pytest(paths, project, outcomes, pytest)


def _run_pytest(paths: Sequence[str], project: str, outcomes: Outcomes, pytest: Any) -> None:
    class Watch:
        session: Any = None
        raised: Any = None

        def pytest_sessionstart(self, session: Any) -> None:
            self.session = session

        def pytest_collectreport(self, report: Any) -> None:
            if report.failed:
                outcomes.not_loaded(report.nodeid, str(report.longrepr))

        def pytest_internalerror(self, excinfo: Any) -> None:
            outcomes.not_loaded("pytest", summarize_exception(excinfo.value))

        def pytest_runtest_logstart(self, nodeid: Any, location: Any) -> None:
            self.raised = None
            outcomes.begin()

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_makereport(self, item: Any, call: Any) -> None:
            self.raised = call.excinfo and call.excinfo.value

        def pytest_runtest_logreport(self, report: Any) -> None:
            if report.when == "call" and report.outcome != "skipped":
                crash = getattr(report.longrepr, "reprcrash", None)
                error = crash.message if crash else report.longrepr
                outcomes.end(report.nodeid, error if report.failed else None, self.raised)
            if outcomes.over():
                self.session.shouldstop = "The time for tests is up."

    options = ["-q", "-p", "no:cacheprovider", "-o", "addopts=", "--rootdir", project]
    options.append("--continue-on-collection-errors")  # a test file that cannot be loaded reaches nothing
    errors = io.StringIO()
    with contextlib.redirect_stderr(errors):
        if pytest.main([*options, *paths], plugins=[Watch()]) == pytest.ExitCode.USAGE_ERROR:
            outcomes.not_loaded("pytest", errors.getvalue())


def _run_unittest(paths: Sequence[str], outcomes: Outcomes) -> None:
    """Without pytest: test cases, and plain `test_` functions that need no arguments."""

    class Result(unittest.TestResult):
        def startTest(self, test: unittest.TestCase) -> None:
            super().startTest(test)
            outcomes.begin()

        def stopTest(self, test: unittest.TestCase) -> None:
            super().stopTest(test)
            if outcomes.over():
                self.stop()

        def addFailure(self, test: unittest.TestCase, err: Any) -> None:
            super().addFailure(test, err)
            outcomes.end(test.id(), err[1], err[1])

        def addError(self, test: unittest.TestCase, err: Any) -> None:
            super().addError(test, err)
            outcomes.end(test.id(), err[1], err[1])

        def addSuccess(self, test: unittest.TestCase) -> None:
            super().addSuccess(test)
            outcomes.end(test.id(), None)

    for path in paths:
        if outcomes.over():
            break
        sys.path.insert(0, os.path.dirname(path))
        name = os.path.splitext(os.path.basename(path))[0]
        try:
            module = load_file(name, path)
        except (Exception, SystemExit) as error:
            outcomes.not_loaded(path, summarize_exception(error))
            continue
        unittest.defaultTestLoader.loadTestsFromModule(module).run(Result())
        for key, value in list(vars(module).items()):
            plain = key.startswith("test") and inspect.isfunction(value)
            if plain and not inspect.signature(value).parameters:
                outcomes.begin()
                error = None
                try:
                    value()
                except (Exception, SystemExit) as problem:
                    error = problem
                outcomes.end("%s::%s" % (name, key), error, error)


def load_file(name: str, path: str) -> ModuleType:
    """Import a file as the module of this name."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class _DocTestRunner(doctest.DocTestRunner):
    raised: Any = None
    """What the first example raised that was not to raise it."""

    def report_unexpected_exception(self, out: Any, test: Any, example: Any, exc_info: Any) -> None:
        self.raised = self.raised or exc_info[1]
        super().report_unexpected_exception(out, test, example, exc_info)


def run_doctests(module: ModuleType, name: str, outcomes: Outcomes) -> None:
    """Those of a module that name the target."""
    for test in doctest.DocTestFinder().find(module, globs=dict(vars(module))):
        if outcomes.over():
            break
        runner = _DocTestRunner(verbose=False)
        if any(name in example.source for example in test.examples):
            outcomes.begin()
            output = io.StringIO()
            failed = runner.run(test, out=output.write, clear_globs=False).failed
            why = output.getvalue().partition("Failed example:")[2]
            outcomes.end("doctest " + test.name, why if failed else None, runner.raised)
