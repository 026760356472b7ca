"""The lessons in the shell: read, search, pin, forget, and exchange them."""

import json
import os
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO, TypeVar, get_args

import click

from quickstudy.configuration import configure
from quickstudy.errors import InputError
from quickstudy.figures import count, factor, interval, times
from quickstudy.plain_text import one_line
from quickstudy.project import Project, project_root
from quickstudy.records import Lesson, VerdictKind
from quickstudy.report import SCHEMA
from quickstudy.shell.terminal import err, out, say, style_of

if TYPE_CHECKING:
    from quickstudy.bank import Bank

F = TypeVar("F", bound=Callable[..., Any])


@click.group()
def lessons() -> None:
    """The project's lessons: what every attempt taught, with the evidence."""


def _bank_option(command: F) -> F:
    return click.option(
        "--bank",
        type=click.Path(dir_okay=False, path_type=Path),
        metavar="FILE",
        help="The lessons' file; else that of the project around the current folder.",
    )(command)


_json_option = click.option("as_json", "--json", is_flag=True, help="Print one JSON object.")


@contextmanager
def _open(file: Path | None, *, fresh: bool = False) -> "Generator[Bank]":
    """The bank to work on. Only `import` may begin a new one: reading must not leave files behind."""
    from quickstudy.bank import Bank
    from quickstudy.languages import language_named

    root = project_root(Path.cwd())
    file = file or configure(root, {}).settings.bank_of(Project(root))
    if not fresh and not os.path.lexists(file):
        raise InputError(f"No lessons are kept at {file} yet; run quickstudy optimize, or give --bank FILE.")
    with Bank.open(file, language_named, project=root) as bank:
        if bank.notice:
            say(err(), bank.notice)
        yield bank
        if bank.left_out:
            say(err(), f"Left out, since they are no lessons: {count(bank.left_out, 'row')} of {file}.")


@lessons.command("list")
@click.option("--outcome", type=click.Choice(get_args(VerdictKind)), help="Only lessons of this outcome.")
@click.option("--function", "qualname", metavar="NAME", help="Only lessons learnt on this function.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@_bank_option
@_json_option
def list_lessons(
    outcome: VerdictKind | None, qualname: str | None, limit: int, bank: Path | None, as_json: bool
) -> None:
    """Show the newest lessons."""
    with _open(bank) as opened:
        _show(opened.list(outcome=outcome, qualname=qualname, limit=limit), as_json)


@lessons.command()
@click.argument("text")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@_bank_option
@_json_option
def search(text: str, limit: int, bank: Path | None, as_json: bool) -> None:
    """Find lessons by words of their text, function or code."""
    with _open(bank) as opened:
        _show(opened.search(text, limit), as_json)


@lessons.command()
@click.argument("id", type=int)
@_bank_option
@_json_option
def show(id: int, bank: Path | None, as_json: bool) -> None:
    """Show one lesson with its evidence and both codes."""
    from quickstudy.bank.exchange import fields_of

    with _open(bank) as opened:
        lesson = opened.get(id)
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, "lesson": fields_of(lesson)}))
        return
    gain = f" {times(lesson.speedup)}" if lesson.speedup else ""
    if lesson.low and lesson.high:
        gain += f" ({interval(lesson.low, lesson.high)})"
    pinned = ", pinned" if lesson.pinned else ""
    say(out(), f"{lesson.id}: {lesson.text}", style="bold")
    for heading, fact in {
        "outcome": f"{lesson.outcome}{gain}",
        "function": f"{lesson.path}::{lesson.qualname}",
        "agent": f"{lesson.agent}, round {lesson.round}, {lesson.created}",
        "measured": f"{lesson.toolchain}, {lesson.platform}",
        "given to": f"{count(lesson.uses, 'attempt')}, credit {factor(lesson.credit)}{pinned}",
    }.items():
        say(out(), f"{heading:<10}{fact}")
    for heading, code in {"original": lesson.original, "variant": lesson.candidate}.items():
        say(out(), f"\n{heading}", style="bold")
        out().print(code, soft_wrap=True)


@lessons.command()
@click.argument("id", type=int)
@click.option("--off", is_flag=True, help="Unpin it.")
@_bank_option
def pin(id: int, off: bool, bank: Path | None) -> None:
    """Prefer a lesson wherever it is relevant."""
    with _open(bank) as opened:
        opened.pin(id, not off)
    say(out(), f"Lesson {id} is {'no longer pinned' if off else 'pinned'}.")


@lessons.command()
@click.argument("id", type=int)
@_bank_option
def forget(id: int, bank: Path | None) -> None:
    """Remove a lesson for good."""
    with _open(bank) as opened:
        opened.forget(id)
    say(out(), f"Lesson {id} is forgotten.")


@lessons.command()
@click.argument("file", type=click.Path(dir_okay=False, allow_dash=True), default="-")
@_bank_option
def export(file: str, bank: Path | None) -> None:
    """Write all lessons as JSON lines to FILE, or to stdout."""
    with _open(bank) as opened:
        try:
            with click.open_file(file, "w", encoding="utf-8") as stream:
                opened.export(stream)
        except BrokenPipeError:
            raise  # who reads it has seen enough; click ends quietly
        except OSError as error:
            raise InputError(f"{file} cannot be written: {error.strerror}.") from error


@lessons.command("import")
@click.argument("file", type=click.File("r", encoding="utf-8"))
@_bank_option
def import_lessons(file: TextIO, bank: Path | None) -> None:
    """Add the lessons of FILE (JSON lines, - for stdin), none twice."""
    with _open(bank, fresh=True) as opened:
        try:
            added, known = opened.import_(file)
        except UnicodeDecodeError as error:
            raise InputError(f"{file.name} is not text in UTF-8; nothing was imported.") from error
    say(out(), f"Added {count(added, 'lesson')}; {known} known already.")


@lessons.command()
@_bank_option
@_json_option
def stats(bank: Path | None, as_json: bool) -> None:
    """Count what the bank holds."""
    with _open(bank) as opened:
        figures: dict[str, int | dict[str, int]] = asdict(opened.stats())
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, "stats": figures}))
        return
    for name, figure in figures.items():
        shown = (
            ", ".join(f"{key} {each}" for key, each in figure.items()) if isinstance(figure, dict) else figure
        )
        say(out(), f"{name:<10}{shown}")


def _show(found: Sequence[Lesson], as_json: bool) -> None:
    if as_json:
        rows = [_without_codes(lesson) for lesson in found]
        click.echo(json.dumps({"schema": SCHEMA, "lessons": rows}))
        return
    from rich.text import Text

    for lesson in found:
        gain = f" {times(lesson.speedup)}" if lesson.speedup else ""
        line = Text(f"{lesson.id:>4}{'*' if lesson.pinned else ' '} ")
        line.append(lesson.outcome, style_of(lesson.outcome))
        say(out(), line.append(f"{gain} {one_line(lesson.qualname)}: {one_line(lesson.text)}"))
    if not found:
        say(out(), "No lesson was found.")


def _without_codes(lesson: Lesson) -> dict[str, Any]:
    from quickstudy.bank.exchange import fields_of

    return {key: value for key, value in fields_of(lesson).items() if key not in ("original", "candidate")}
