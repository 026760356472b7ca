"""The embedded models in the shell: what there is, and pulling with a progress bar."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from quickstudy.shell.terminal import err, megabytes, out, say

if TYPE_CHECKING:
    from quickstudy.team.catalogue import Model

Report = Callable[[str, int, int], None]
"""Told the phase, bytes done and bytes in all."""


@click.group()
def models() -> None:
    """The models that run on this machine, without an account."""


@models.command("list")
def list_models() -> None:
    """Show the embedded models, their size and licence, and which are here."""
    from quickstudy.team.catalogue import MODELS

    for model in MODELS:
        say(out(), f"local/{model.name}", style="bold")
        say(out(), f"{model.title}, {megabytes(model.size)}, licence {model.licence}", 2)
        say(out(), f"here: {model.path}" if model.present else "not here yet; fetched on first use", 2)


@models.command()
@click.argument("name")
def pull(name: str) -> None:
    """Fetch an embedded model once, for all projects. NAME is as in `models list`."""
    from quickstudy.shell.session import run
    from quickstudy.team.catalogue import find

    model = find(name.removeprefix("local/"))

    async def work() -> None:
        if not model.present:
            await pull_models([model])
        say(out(), f"{model.title} is at {model.path}")

    run(work(), lambda: say(err(), "Stopped. What was fetched is kept; pull again to go on."))


def missing_models(names: Sequence[str]) -> "list[Model]":
    """Those of the embedded models that are not here yet. Raises InputError for one that does not exist."""
    if not names:
        return []
    from quickstudy.team.pull import missing

    return missing(names)


async def pull_models(missing: "Sequence[Model]") -> None:
    """Say size and licence of each, and fetch it."""
    from quickstudy.team.pull import pull as fetch

    for model in missing:
        say(err(), f"Fetching {model.title}, {megabytes(model.size)}, licence {model.licence}.")
        with _bar() as report:
            await fetch(model, report)


@contextmanager
def _bar() -> Generator[Report]:
    """A progress bar on a terminal, else a line for each tenth."""
    console = err()
    if not console.is_terminal:
        yield _tenths()
        return
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda phase, done, total: progress.update(task, description=phase, completed=done, total=total)


def _tenths() -> Report:
    said = ("", 0)

    def report(phase: str, done: int, total: int) -> None:
        nonlocal said
        tenth = 10 * done // total if total else 0
        if (phase, tenth) != said:
            said = (phase, tenth)
            say(err(), f"{phase}: {megabytes(done)} of {megabytes(total)}")

    return report
