"""The shell command: parsing, and the border where an error becomes one sentence and an exit status.

Exit status: 0 a faster variant was found; 1 none was; 2 bad input, or a winner that could not be written;
3 cannot be measured; 4 no agent could answer; 5 no sandbox; 70 a bug of ours; 130 interrupted. With 2 and 5
there is no run to report: `--json` then prints nothing on stdout, and the sentence stands on stderr.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from quickstudy import __version__
from quickstudy.errors import QuickstudyError
from quickstudy.plain_text import one_line
from quickstudy.settings import TABLE, Setting
from quickstudy.shell.lessons import lessons
from quickstudy.shell.models import models
from quickstudy.shell.terminal import close_doors

F = TypeVar("F", bound=Callable[..., Any])

BUG = 70
"""EX_SOFTWARE of sysexits.h: not among the contract's, so that a bug never looks like an answer."""


class _Border(click.Group):
    """Shows a QuickstudyError as its sentence; click does the rest."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except click.NoSuchOption as error:
            options = [each.name for each in error.ctx.command.params] if error.ctx else []
            if error.option_name in ("--model", "--models") and "team" in options:
                raise click.UsageError(f"{error.message} Did you mean '--team'?", error.ctx) from error
            raise
        except QuickstudyError as error:
            click.echo(f"Error: {one_line(str(error))}", err=True)
            raise click.exceptions.Exit(error.exit_status) from error
        except KeyboardInterrupt:
            raise click.exceptions.Exit(130) from None


def _setting_options(*names: str) -> Callable[[F], F]:
    """One flag for each of these settings, from the table."""
    kinds = {"integer": click.INT, "number": click.FLOAT}

    def decorate(command: F) -> F:
        for setting in reversed([each for each in TABLE if each.name in names]):
            choice = setting.kind == "choice"
            command = click.option(
                f"--{setting.key}",
                setting.name,
                type=click.Choice(setting.choices) if choice else kinds.get(setting.kind, click.STRING),
                metavar=None if choice else _METAVAR.get(setting.name, "FILE"),
                help=setting.meaning + _default(setting),
                callback=_reader(setting),
            )(command)
        return command

    return decorate


_METAVAR = {
    "team": "A,B",
    "rounds": "N",
    "lessons": "K",
    "budget": "SECONDS",
    "max_tokens": "N",
    "max_cost": "USD",
    "python": "EXE",
    "least_gain": "RATIO",
    "embedding": "MODEL",
    "hidden": "A,B",
}


def _default(setting: Setting) -> str:
    if setting.name == "team":
        return "  [default: both embedded models]"
    return "" if setting.default in (None, ()) else f"  [default: {setting.default}]"


def _reader(setting: Setting) -> Callable[[click.Context, click.Parameter, object], object]:
    def read(context: click.Context, option: click.Parameter, value: object) -> object:
        try:
            return None if value is None else setting.read(value, Path.cwd())
        except ValueError as error:
            raise click.BadParameter(str(error), context, option) from error

    return read


_json_option = click.option("--json", is_flag=True, help="Print only the report, as one JSON object.")


@click.group(cls=_Border, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="quickstudy")
def cli() -> None:
    """Make a Python function faster with a team of language models, and prove it on this machine."""


@cli.command()
@click.argument("target")
@_setting_options(*(setting.name for setting in TABLE))
@click.option("--diff", is_flag=True, help="Print only the winner, as a patch.")
@click.option("--apply", is_flag=True, help="Write the winner to the file if the file is still the same.")
@_json_option
def optimize(target: str, diff: bool, apply: bool, json: bool, **flags: object) -> None:
    """Let the team make TARGET faster, in rounds. TARGET is path/to/file.py::function.

    Every variant is checked against the original and timed in a sandbox, every attempt leaves a lesson.
    Exit status 0 if a faster variant was found, 1 if none was.
    """
    from quickstudy.shell.commands import optimize_target

    if diff and apply:
        raise click.UsageError("Give --diff or --apply, not both.")
    form = "json" if json else "diff" if diff else "text"
    sys.exit(optimize_target(target, _given(flags), form, apply=apply))


@cli.command()
@click.argument("target")
@click.option(
    "variants",
    "--variant",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    required=True,
    help="A file that holds the replacement under the same name; may be repeated.",
)
@_setting_options("workload", "python", "sandbox", "least_gain", "floats", "exceptions", "hidden")
@_json_option
def measure(target: str, variants: tuple[Path, ...], json: bool, **flags: object) -> None:
    """Check and time rewrites that you made by hand. Needs no model; TARGET as in optimize."""
    from quickstudy.shell.commands import measure_target

    sys.exit(measure_target(target, variants, _given(flags), "json" if json else "text"))


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("target")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
@_setting_options("python", "sandbox", "hidden")
def record(target: str, command: tuple[str, ...], **flags: object) -> None:
    """Run COMMAND and keep the real calls it makes to TARGET, as a workload. Put -- before COMMAND.

    It runs in the sandbox, so that recording changes nothing; with --sandbox off it runs as you would run it.
    The calls stay in the project's .quickstudy folder.
    """
    from quickstudy.shell.record import record_target

    sys.exit(record_target(target, command, _given(flags)))


@cli.command()
@_setting_options("team", "rounds", "budget", "sandbox")
@_json_option
def demo(json: bool, **flags: object) -> None:
    """Write a small slow project into a temporary folder and make one of its functions faster."""
    from quickstudy.demo import SIMILAR, TARGET, write_demo
    from quickstudy.shell.commands import optimize_target

    folder = write_demo()
    click.echo(f"The project is in {folder} and stays there.", err=True)
    status = optimize_target(f"{folder / TARGET}", _given(flags), "json" if json else "text")
    if not json:
        click.echo("A similar function begins with these lessons:")
        click.echo(f"  quickstudy optimize {folder / SIMILAR}")
    sys.exit(status)


@cli.command()
@click.option("--json", is_flag=True, help="Print only the checks, as one JSON object.")
def doctor(json: bool) -> None:
    """Say what works here, and what to do about what does not. Exit status 1 if optimize cannot run."""
    from quickstudy.doctor import examine
    from quickstudy.shell.checks import show_checks

    sys.exit(show_checks(examine(Path.cwd()), as_json=json))


@cli.command()
@click.argument("folder", type=click.Path(exists=True, path_type=Path), default=".")
@click.option("answer", "--yes/--no", default=None, help="The answer, where nobody can be asked.")
def agree(folder: Path, answer: bool | None) -> None:
    """Say whether the team that a project recommends may be used for it.

    The answer holds for exactly the models and hosts of that list, and for this project.
    """
    from quickstudy.shell.agreement import agree as record_answer

    record_answer(folder, answer)


cli.add_command(lessons)
cli.add_command(models)


def _given(flags: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in flags.items() if value is not None}


def main() -> None:
    """The console script."""
    close_doors()
    try:
        cli(prog_name="quickstudy")
    except Exception:  # noqa: BLE001 the last border: a bug must not exit with a status that is an answer
        import traceback

        traceback.print_exc()
        click.echo("This is a bug in quickstudy; please report it with the lines above.", err=True)
        sys.exit(BUG)


if __name__ == "__main__":
    main()
