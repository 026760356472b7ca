"""The README cannot rot: commands, settings, statuses and figures are compared with the code."""

import json
import re
import shlex
import sys
import typing
from pathlib import Path

import click

sys.path.insert(0, str(Path(__file__).parent / "bench"))

from figures import RAW, table

from quickstudy.cli import BUG, cli
from quickstudy.errors import AgentError, InputError, NoSandbox, Unmeasurable
from quickstudy.records import VerdictKind
from quickstudy.report import EXIT_STATUS
from quickstudy.settings import TABLE, Setting

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def section(name: str) -> str:
    """What lies between two marks."""
    return README.partition(f"<!-- {name} -->\n")[2].partition(f"\n<!-- /{name} -->")[0]


def row(setting: Setting) -> str:
    default = "" if setting.default is None else f"`{setting.default}`"
    if setting.name == "team":
        default = "both embedded models"
    return f"| `{setting.key}` | {setting.meaning} | {default} |"


def settings_table() -> str:
    """The README's table of settings, from the one table in the code."""
    return "\n".join(["| setting | meaning | default |", "|---|---|---|", *map(row, TABLE)])


def test_the_settings_are_those_of_the_code() -> None:
    """Name, meaning and default of each."""
    assert settings_table() == section("settings")


def test_the_figures_are_those_that_were_measured() -> None:
    """The table is what the benchmarks wrote."""
    assert table(json.loads(RAW.read_text())) == section("figures")


def test_every_command_is_documented() -> None:
    """Each command and subcommand stands in the README."""
    for name, command in cli.commands.items():
        assert f"quickstudy {name}" in README, name
        if isinstance(command, click.Group):
            assert all(sub in README for sub in command.commands), name


def test_every_documented_command_parses() -> None:
    """Each line that begins with quickstudy is one that click takes; the files are not looked for."""
    lines = re.findall(r"^(?:\S*bin/)?quickstudy (.+)$", README, re.M)
    assert len(lines) > 8
    for line in lines:
        words = shlex.split(line, comments=True)
        command: click.Command = cli
        while isinstance(command, click.Group) and words:
            command = command.commands[words.pop(0)]
        options = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, line


def test_every_verdict_is_explained() -> None:
    """One row a verdict, and no others."""
    assert set(typing.get_args(VerdictKind)) == set(re.findall(r"^\| `(\w+)` \| (?!.*\| )", README, re.M))


def test_the_exit_statuses_are_those_of_the_code() -> None:
    """One row a status."""
    errors = (InputError, Unmeasurable, AgentError, NoSandbox)
    known = {*EXIT_STATUS.values(), BUG, *(error.exit_status for error in errors)}
    assert known == {int(found) for found in re.findall(r"^\| (\d+) \|", README, re.M)}


def test_ci_runs_the_documented_test_command() -> None:
    """The second shell block is the one that installs and runs the tests."""
    assert "pytest" in re.findall(r"```sh\n(.*?)```", README, re.S)[1]
