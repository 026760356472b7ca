"""What `optimize` and `measure` do: a request of the arguments, its run, its result printed and applied."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quickstudy.assemble import find_target
from quickstudy.configuration import Configuration, configure
from quickstudy.errors import InputError, NoSandbox
from quickstudy.figures import count
from quickstudy.machine import this_machine
from quickstudy.plain_text import one_line
from quickstudy.project import Project, project_root, relative
from quickstudy.records import Target
from quickstudy.report import Report
from quickstudy.settings import Settings
from quickstudy.shell.agreement import settled
from quickstudy.shell.session import Form, Session
from quickstudy.shell.terminal import err, out, say
from quickstudy.wire import MeasureRequest, OptimizeRequest

if TYPE_CHECKING:
    from quickstudy.languages import Language

PATCH = "faster.diff"
"""Where the winner of the last run lies in the project's folder."""


def optimize_target(spec: str, flags: dict[str, object], form: Form, *, apply: bool = False) -> int:
    """Run the method on a target and print its report; returns the exit status."""
    target, language = find_target(spec)
    root = project_root(target.path)
    configuration = settled(root, flags, configuration_for(root, flags))
    settings = configuration.settings
    report = Report(target, root, this_machine(), settings=configuration.described(), rounds=settings.rounds)
    session = Session(report, form, settings.budget)
    session.do(OptimizeRequest(target.path, target.text, target.qualname, root, settings))
    refused = _apply(session.report, language) if apply else None
    session.applied = apply and refused is None and session.report.best is not None
    session.show()
    if form == "text":
        _say_what_next(session, settings.bank_of(Project(root)))
    if refused:
        raise refused
    return session.exit_status


def measure_target(spec: str, variants: Sequence[Path], flags: dict[str, object], form: Form) -> int:
    """Judge variants from files and print the report; returns the exit status."""
    target, language = find_target(spec)
    root = project_root(target.path)
    configuration = configuration_for(root, flags)
    sources = tuple(map(language.read, variants))
    session = Session(Report(target, root, this_machine(), settings=configuration.described()), form)
    session.do(
        MeasureRequest(target.path, target.text, target.qualname, root, configuration.settings, sources)
    )
    session.show()
    return session.exit_status


def configuration_for(root: Path, flags: dict[str, object]) -> Configuration:
    """The settings for a project with these flags; problems in them are printed. Raises NoSandbox."""
    configuration = configure(root, flags)
    for problem in configuration.problems:
        say(err(), one_line(problem), style="yellow")
    if configuration.settings.sandbox == "auto":
        return replace(configuration, settings=_ask_without_sandbox(configuration.settings))
    return configuration


def _ask_without_sandbox(settings: Settings) -> Settings:
    """Where nothing can confine code, a person may waive it for this run. Raises NoSandbox."""
    from quickstudy.lab.sandbox import find_sandbox

    try:
        find_sandbox("auto")
    except NoSandbox as error:
        if not sys.stdin.isatty() or not click.confirm(f"{error}\nGo on without one?", err=True):
            raise
        return replace(settings, sandbox="off")
    return settings


def _apply(report: Report, language: "Language") -> InputError | None:
    """Write the winner to its file, or say why not."""
    if report.best is None or report.best[0].text is None:
        return None
    target: Target = report.target
    try:
        if language.read(target.path) != target.text:
            raise InputError(
                f"{target.path} was changed during the run, so nothing was written; "
                "apply the patch by hand, or run again."
            )
        language.write(target.path, report.best[0].text)
    except InputError as error:
        return error
    return None


def _say_what_next(session: Session, bank: Path) -> None:
    """Where the lessons lie, and how to get the winner into the file."""
    report = session.report
    project, root = Project(report.root), report.root
    if in_bank := [lesson for lesson in report.lessons if lesson.id]:
        place = relative(bank, root)
        number = count(len(in_bank), "lesson")
        say(out(), f"{number} kept in {place}; read them with: quickstudy lessons list")
    if session.applied:
        say(out(), f"Written to {report.target.path}")
    elif report.best:
        try:
            patch = project.write(PATCH, report.diff.encode(errors="surrogatepass"))
        except (OSError, InputError) as error:
            say(
                err(),
                f"The patch cannot be kept in {project.path(PATCH)} ({_why(error)}); --apply writes it.",
            )
            return
        apply = f"cd {shlex.quote(str(root))} && git apply {shlex.quote(relative(patch, root))}"
        say(out(), f"Nothing was written (--apply does that). To apply this one: {apply}")


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error).rstrip(".")
