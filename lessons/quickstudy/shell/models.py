"""The embedded models in the shell: what there is, and fetching one ahead of a run."""

import click

from quickstudy.figures import size
from quickstudy.shell.terminal import err, out, say


@click.group()
def models() -> None:
    """The models that run on this machine, without an account."""


@models.command("list")
def list_models() -> None:
    """Show the embedded models, their size and licence, and which are here."""
    from quickstudy.team.catalogue import MODELS

    for model in MODELS:
        say(out(), f"local/{model.name}", style="bold")
        say(out(), f"{model.title}, {size(model.size)}, licence {model.licence}", 2)
        say(out(), f"here: {model.path}" if model.present else "not here yet; fetched on first use", 2)


@models.command()
@click.argument("name")
def pull(name: str) -> None:
    """Fetch an embedded model once, for all projects. NAME is as in `models list`."""
    from contextlib import closing

    from quickstudy.run import fetch
    from quickstudy.shell.downloads import Downloads
    from quickstudy.shell.interrupts import run_until_signal
    from quickstudy.team.catalogue import find

    model = find(name.removeprefix("local/"))

    async def work() -> None:
        if not model.present:
            say(err(), f"Fetching {model.title}, {size(model.size)}, licence {model.licence}.")
            with closing(Downloads()) as shown:
                await fetch([model], shown.show)
        say(out(), f"{model.title} is at {model.path}")

    run_until_signal(work(), lambda: say(err(), "Stopped. What was fetched is kept; pull again to go on."))
