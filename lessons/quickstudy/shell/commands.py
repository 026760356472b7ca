"""What `optimize` and `measure` do: put the rooms together, follow the run, print and apply its result."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quickstudy.assemble import embedded_models, find_target, hosts, open_lab, open_rooms
from quickstudy.configuration import Configuration, configure
from quickstudy.errors import InputError, NoSandbox
from quickstudy.loop import optimise
from quickstudy.machine import this_machine
from quickstudy.measure import measure
from quickstudy.plain_text import one_line
from quickstudy.project import Project, project_root, relative
from quickstudy.records import Target
from quickstudy.report import Report
from quickstudy.settings import Settings
from quickstudy.shell.agreement import settled
from quickstudy.shell.models import missing_models, pull_models
from quickstudy.shell.progress import Progress
from quickstudy.shell.session import Form, Session, run
from quickstudy.shell.terminal import count, err, out, say

if TYPE_CHECKING:
    from quickstudy.languages import Language

PATCH = "faster.diff"
"""Where the winner of the last run lies in the project's folder."""

_EXPOSED = {"leaves": "Your code will be sent to", "may_pass": "May pass your code on"}
"""What is said of an agent before it reads code that may leave the machine."""


def optimize_target(spec: str, flags: dict[str, object], form: Form, *, apply: bool = False) -> int:
    """Run the method on a target and print its report; returns the exit status."""
    target, language = find_target(spec)
    root = project_root(target.path)
    project = Project(root)
    configuration = settled(root, flags, configuration_for(root, flags))
    settings = configuration.settings
    missing = missing_models(embedded_models(settings.team))
    progress = Progress(settings.rounds, len(settings.team), settings.budget)
    report = Report(target, root, this_machine(), settings=configuration.described())
    session = Session(report, form, progress)

    async def work() -> None:
        async with open_rooms(root, settings, language) as rooms:
            session.confined_by(rooms.lab.sandbox_name)
            if rooms.bank.notice:
                say(err(), rooms.bank.notice)
            recipients = hosts(settings)

            async def prepared() -> None:
                """What waits until the function is known to be measurable."""
                for exposure, words in _EXPOSED.items():
                    if named := [str(each) for each in recipients if each.exposure == exposure]:
                        say(err(), f"{words}: {', '.join(named)}")
                await pull_models(missing)

            stream = optimise(target, language, rooms.team, rooms.lab, rooms.bank, settings.limits)
            await session.follow(stream, prepared)

    run(work(), session.show)
    refused = _apply(session.report, language) if apply else None
    session.applied = apply and refused is None and session.report.best is not None
    session.show()
    if form == "text":
        _say_what_next(session, project, settings.bank or project.bank)
    if refused:
        raise refused
    return session.exit_status


def measure_target(spec: str, variants: Sequence[Path], flags: dict[str, object], form: Form) -> int:
    """Judge variants from files and print the report; returns the exit status."""
    target, language = find_target(spec)
    root = project_root(target.path)
    configuration = configuration_for(root, flags)
    settings = configuration.settings
    sources = [language.read(variant) for variant in variants]
    report = Report(target, root, this_machine(), settings=configuration.described())
    session = Session(report, form, Progress(0, 0, None))

    async def work() -> None:
        lab = open_lab(root, settings)
        session.confined_by(lab.sandbox_name)
        await session.follow(measure(target, language, lab, sources))

    run(work(), session.show)
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


def _say_what_next(session: Session, project: Project, bank: Path) -> None:
    """Where the lessons lie, and how to get the winner into the file."""
    root = project.root
    report = session.report
    if in_bank := [lesson for lesson in report.lessons if lesson.id]:
        kept = f"{count(len(in_bank), 'lesson')} kept in {relative(bank, root)}"
        say(out(), f"{kept}; read them with: quickstudy lessons list")
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
