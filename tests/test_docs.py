"""The README cannot rot: commands, settings, statuses and figures are compared with the code."""

import json
import re
import shlex
import sys
from pathlib import Path

import click
import pytest
from tests import generated
from tests.generated import ROOT, SECTIONS

sys.path.insert(0, str(Path(__file__).parent / "bench"))

from figures import RAW, table

from quickstudy.cli import BUG, cli
from quickstudy.errors import AgentError, InputError, NoSandbox, Unmeasurable
from quickstudy.report import EXIT_STATUS
from quickstudy_server.arguments import ARGUMENTS
from quickstudy_server.commands import COMMANDS

README = generated.README.read_text("utf-8")


@pytest.mark.parametrize("path", SECTIONS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_page_repeats_what_the_code_says(path: Path) -> None:
    """Verdicts, settings, commands and the like: `python tests/generated.py` writes them."""
    assert generated.page(path) == path.read_text("utf-8")


def test_the_figures_are_those_that_were_measured() -> None:
    """The table is what the benchmarks wrote."""
    assert table(json.loads(RAW.read_text())) == generated.section("figures", README)


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


def test_the_exit_statuses_are_those_of_the_code() -> None:
    """One row a status."""
    errors = (InputError, Unmeasurable, AgentError, NoSandbox)
    known = {*EXIT_STATUS.values(), BUG, *(error.exit_status for error in errors)}
    assert known == {int(found) for found in re.findall(r"^\| (\d+) \|", README, re.M)}


def test_ci_runs_the_documented_test_command() -> None:
    """The second shell block is the one that installs and runs the tests."""
    assert "pytest" in re.findall(r"```sh\n(.*?)```", README, re.S)[1]


def test_every_argument_of_a_command_is_explained() -> None:
    """And none that no command takes."""
    taken = {
        name.strip(" ?")
        for command in COMMANDS.values()
        for table in re.findall(r"\{([^}]*)\}", (command.__doc__ or "").partition(" -> ")[0])
        for name in filter(None, table.split(","))
    }
    assert set(ARGUMENTS) == taken


def test_the_readme_links_the_protocol_page() -> None:
    """Two minutes for most, the page for those who write an editor's configuration."""
    assert "(server/README.md)" in README
