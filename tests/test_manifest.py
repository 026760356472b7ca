"""What the VS Code extension declares, compared with the server: settings, commands, pages and pictures."""

import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest

from quickstudy.settings import TABLE, Setting
from quickstudy_server.commands import COMMANDS
from quickstudy_server.settings import HINTS, SWITCHES

EXTENSION = Path(__file__).parents[1] / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text("utf-8"))
CONTRIBUTES = MANIFEST["contributes"]
SETTINGS: dict[str, Any] = CONTRIBUTES["configuration"]["properties"]
PAGE = (EXTENSION / "README.md").read_text("utf-8")

PLAIN = {"integer": "integer", "number": "number"}
AGENT = {"model", "apiBase", "temperature"}


def declared(setting: Setting) -> dict[str, Any]:
    """A setting of the server's table, as VS Code's settings editor wants it; the team's agents left out."""
    row: dict[str, Any] = {"type": PLAIN.get(setting.kind, "string")}
    if setting.kind == "agents":
        row = {"type": "array"}
    elif setting.default is None:
        row["type"] = [row["type"], "null"]
    if setting.choices:
        row["enum"] = list(setting.choices)
    if setting.least is not None:
        row["minimum"] = setting.least
    default = [agent.model for agent in setting.default] if setting.kind == "agents" else setting.default  # type: ignore[union-attr]
    scope = "machine" if setting.name == "sandbox" else "resource"  # a folder must not switch it off
    return {**row, "default": default, "scope": scope, "description": setting.meaning}


@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_a_setting_is_that_of_the_server(setting: Setting) -> None:
    """Type, bounds, default and meaning come from the server's one table."""
    row = dict(SETTINGS[f"quickstudy.{setting.camel}"])
    if setting.kind == "agents":
        assert set(row.pop("items")["properties"]) == AGENT
    assert declared(setting) == row


def test_there_are_no_other_settings() -> None:
    """Besides the server's, the switches that a user has, and where the server is."""
    names = [setting.camel for setting in TABLE]
    assert ["server.path", *names, HINTS.camel] == [name.removeprefix("quickstudy.") for name in SETTINGS]
    switch = SETTINGS[f"quickstudy.{HINTS.camel}"]
    assert (HINTS.default, HINTS.meaning) == (switch["default"], switch["description"])
    assert HINTS in SWITCHES


def test_a_folder_that_is_not_trusted_sets_nothing() -> None:
    """VS Code hides what such a folder says, for each setting that it names."""
    assert list(SETTINGS) == MANIFEST["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading of the extension's page."""
    part = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_page_explains_every_setting() -> None:
    """In the words of the settings editor."""
    assert [[name, row["description"]] for name, row in SETTINGS.items()] == rows("Settings")


def test_the_page_has_every_command_of_the_palette() -> None:
    """And no other."""
    hidden = {row["command"] for row in CONTRIBUTES["menus"]["commandPalette"] if row["when"] == "false"}
    shown = [row for row in CONTRIBUTES["commands"] if row["command"] not in hidden]
    assert {f"{row['category']}: {row['title']}" for row in shown} == {row[0] for row in rows("Commands")}


def test_the_readme_leads_to_the_page() -> None:
    """With the oldest VS Code that it runs in."""
    main = (EXTENSION.parents[1] / "README.md").read_text("utf-8")
    oldest = MANIFEST["engines"]["vscode"].removeprefix("^").removesuffix(".0")
    assert f"[VS Code](editors/vscode/README.md) {oldest} or newer" in main


def test_no_command_takes_a_name_of_the_server() -> None:
    """VS Code registers those of the server itself, and knows each name once."""
    assert not {row["command"] for row in CONTRIBUTES["commands"]} & set(COMMANDS)


def test_every_command_that_is_named_exists() -> None:
    """In menus, keys, welcome texts and the walkthrough."""
    text = json.dumps({key: value for key, value in CONTRIBUTES.items() if key != "commands"})
    named = set(re.findall(r'(?:command:|onCommand:|"command": ")(quickstudy\.\w+)(?!\.)\b', text))
    known = {row["command"] for row in CONTRIBUTES["commands"]} | set(COMMANDS)
    assert len(named) > 10
    assert {name for name in named if name != "quickstudy.lessons"} <= known


def test_every_picture_is_there() -> None:
    """Of the page, the walkthrough and the manifest: each a picture that is large enough to read."""
    named = set(re.findall(r"images/[\w-]+\.png", PAGE + json.dumps(CONTRIBUTES)))
    assert {f"images/{file.name}" for file in (EXTENSION / "images").iterdir()} == named
    for name in named:
        data = (EXTENSION / name).read_bytes()
        width, height = struct.unpack(">II", data[16:24])
        assert data.startswith(b"\x89PNG") and width >= 300 and height >= 20, name
    assert (EXTENSION / MANIFEST["icon"]).exists()
