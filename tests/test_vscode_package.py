"""The manifest and README of the VS Code extension cannot rot: they are compared with the code."""

import json
import re
import struct
from pathlib import Path
from typing import Any

from tests import generated

from quickstudy import __version__
from quickstudy_server.commands import COMMANDS

FOLDER = Path(__file__).parents[1] / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((FOLDER / "package.json").read_text("utf-8"))
CONTRIBUTES = MANIFEST["contributes"]
README = (FOLDER / "README.md").read_text("utf-8")


def test_the_settings_are_those_of_the_code() -> None:
    """Name, type, bounds, default and meaning of each: `python tests/generated.py` writes them.

    None is read in a folder that is not trusted: each of them tells what is run, or how.
    """
    assert generated.manifest() == generated.MANIFEST.read_text("utf-8")


def test_a_workspace_decides_nothing_personal() -> None:
    """These alone may stand in a workspace's settings, which are a repository's word."""
    scopes = {name: row["scope"] for name, row in CONTRIBUTES["configuration"]["properties"].items()}
    assert ["leastGain", "floats", "exceptions", "hints"] == [
        name.removeprefix("quickstudy.") for name, scope in scopes.items() if scope != "machine"
    ]


def test_the_readme_tells_every_command() -> None:
    """One row for each that the palette shows."""
    hidden = {each["command"] for each in CONTRIBUTES["menus"]["commandPalette"] if each["when"] == "false"}
    for command in CONTRIBUTES["commands"]:
        if command["command"] not in hidden:
            assert f"| Quickstudy: {command['title']} |" in README, command["command"]


def test_its_commands_are_its_own_and_there() -> None:
    """The client registers the server's commands itself, so that none of ours may have the same name."""
    commands = [each["command"] for each in CONTRIBUTES["commands"]]
    assert not set(commands) & set(COMMANDS)
    used = re.findall(
        r'"(?:command|onCommand):(quickstudy\.\w+)"|\(command:(quickstudy\.\w+)\)', json.dumps(MANIFEST)
    )
    known = {*commands, *COMMANDS}
    assert not {name for pair in used for name in pair if name} - known
    source = "\n".join(file.read_text("utf-8") for file in (FOLDER / "src").glob("*.ts"))
    assert set(commands) == set(re.findall(r'register\("(quickstudy\.\w+)"', source))


def test_it_has_the_version_of_what_it_installs() -> None:
    """Extension and server are released together."""
    assert __version__ == MANIFEST["version"]


def test_the_lock_names_no_host() -> None:
    """Whoever builds it uses the registry that their npm is set to."""
    assert "resolved" not in (FOLDER / "package-lock.json").read_text("utf-8")


def test_every_picture_is_there_and_used() -> None:
    """On the page and in the walkthrough: each large enough to read."""
    named = set(re.findall(r"images/[\w-]+\.png", README + json.dumps(CONTRIBUTES)))
    assert {f"images/{file.name}" for file in (FOLDER / "images").iterdir()} == named
    for name in named:
        data = (FOLDER / name).read_bytes()
        width, height = struct.unpack(">II", data[16:24])
        assert data.startswith(b"\x89PNG") and width >= 300 and height >= 40, name


def test_the_readme_leads_to_the_page() -> None:
    """With the oldest VS Code that it runs in."""
    main = (FOLDER.parents[1] / "README.md").read_text("utf-8")
    oldest = MANIFEST["engines"]["vscode"].removeprefix("^").removesuffix(".0")
    assert f"[VS Code](editors/vscode/README.md) {oldest} or newer" in main
