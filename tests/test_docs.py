"""The README cannot rot: commands, settings, statuses and figures are compared with the code."""

import json
import re
import shlex
import sys
import typing
from pathlib import Path

import click
import pytest

sys.path.insert(0, str(Path(__file__).parent / "bench"))

from figures import RAW, table

from quickstudy.cli import BUG, cli
from quickstudy.errors import AgentError, InputError, NoSandbox, Unmeasurable
from quickstudy.records import VerdictKind
from quickstudy.report import EXIT_STATUS
from quickstudy.settings import TABLE, Setting
from quickstudy_server.__main__ import parser
from quickstudy_server.actions import KINDS
from quickstudy_server.arguments import ARGUMENTS
from quickstudy_server.commands import COMMANDS
from quickstudy_server.diagnostics import CODES
from quickstudy_server.settings import SWITCHES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


PROTOCOL = (ROOT / "server" / "README.md").read_text("utf-8")


def section(name: str, page: str = README) -> str:
    """What lies between two marks."""
    return page.partition(f"<!-- {name} -->\n")[2].partition(f"\n<!-- /{name} -->")[0]


def row(setting: Setting) -> str:
    default = "" if setting.default in (None, ()) else f"`{setting.default}`"
    if setting.name == "team":
        default = "both embedded models"
    who = "the project" if setting.scope == "project" else "you"
    return f"| `{setting.key}` | {setting.meaning} | {default} | {who} |"


def settings_table() -> str:
    """The README's table of settings, from the one table in the code."""
    return "\n".join(["| setting | meaning | default | who decides |", "|---|---|---|---|", *map(row, TABLE)])


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


def grid(*rows: tuple[str, ...]) -> str:
    """A table in Markdown, the heads of its columns first."""
    head, *others = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---",) * len(head), *others))


def quoted(meanings: dict[str, str]) -> list[tuple[str, ...]]:
    return [(f"`{word}`", meaning) for word, meaning in meanings.items()]


def commands_table() -> str:
    """The commands, from their own docstrings: `What it does: arguments -> result.`"""
    rows: list[tuple[str, ...]] = []
    for name, command in COMMANDS.items():
        what, _, rest = (command.__doc__ or "").partition(": `")
        arguments, arrow, result = f"`{rest}".rstrip(".").partition(" -> ")
        assert arrow, f"{name} does not say what it takes and answers"
        rows.append((f"`{name}`", arguments, result, f"{what}."))
    return grid(("command", "arguments", "result", "what it does"), *rows)


def editor_settings_table() -> str:
    """The settings as an editor gives them."""
    rows: list[tuple[str, ...]] = []
    for setting in TABLE:
        kind = " or ".join(f'`"{each}"`' for each in setting.choices) or KINDS_OF_SETTINGS[setting.kind]
        default = "" if setting.default in (None, ()) else f"`{json.dumps(setting.default, default=str)}`"
        default = "both embedded models" if setting.name == "team" else default
        shared = " (project)" if setting.scope == "project" else ""
        rows.append((f"`{setting.camel}`", kind, default, f"{setting.meaning}{shared}"))
    for each in SWITCHES:
        rows += [(f"`{each.camel}`", "true or false", f"`{json.dumps(each.default)}`", each.meaning)]
    return grid(("setting", "type", "default", "meaning"), *rows)


KINDS_OF_SETTINGS = {
    "agents": "list of agents",
    "integer": "whole number",
    "number": "number",
    "file": "path",
    "path": "path",
    "program": "path or name",
    "text": "text",
    "names": "list of names",
}


def options_table() -> str:
    """The command line of the server."""
    rows: list[tuple[str, ...]] = []
    for action in parser()._actions:
        name = " ".join(filter(None, (action.option_strings[-1], action.metavar and str(action.metavar))))
        rows.append((f"`{name}`", f"{action.help}"))
    return grid(("option", "meaning"), *rows)


PAGE = {
    "options": options_table(),
    "kinds": grid(("kind of code action", "what it does"), *quoted(KINDS)),
    "codes": grid(("code of a diagnostic", "meaning"), *quoted(CODES)),
    "commands": commands_table(),
    "arguments": grid(
        ("field", "type", "meaning"), *((f"`{name}`", *rest) for name, rest in ARGUMENTS.items())
    ),
    "settings": editor_settings_table(),
}


@pytest.mark.parametrize("name", PAGE)
def test_the_protocol_page_is_that_of_the_code(name: str) -> None:
    """Options, kinds, codes, commands with arguments and results, settings with types and defaults."""
    assert PAGE[name] == section(name, PROTOCOL)


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
