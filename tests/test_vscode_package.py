"""The manifest and README of the VS Code extension cannot rot: they are compared with the code."""

import json
import re
import struct
from pathlib import Path
from typing import Any

from quickstudy import __version__
from quickstudy.settings import TABLE, Setting
from quickstudy_server.commands import COMMANDS
from quickstudy_server.settings import COMMAND_LINKS, SECTION, SWITCHES, TRUSTED, Switch

FOLDER = Path(__file__).parents[1] / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((FOLDER / "package.json").read_text("utf-8"))
CONTRIBUTES = MANIFEST["contributes"]
README = (FOLDER / "README.md").read_text("utf-8")

AGENT = {
    "type": ["string", "object"],
    "required": ["model"],
    "additionalProperties": False,
    "properties": {
        "model": {"type": "string", "description": "local/MODEL for an embedded one, else provider/model."},
        "apiBase": {"type": "string", "description": "The address of a server of your own."},
        "local": {
            "type": "boolean",
            "default": False,
            "description": "You vouch that what is sent to this address stays in house.",
        },
        "temperature": {"type": "number", "minimum": 0, "maximum": 2, "default": 0.2},
    },
}
KINDS = {"integer": "integer", "number": "number", "choice": "string"}

SERVER_PATH = {
    "type": ["string", "null"],
    "default": None,
    "scope": "machine",
    "description": "The program quickstudy-server; else it is looked for where your Python is and on PATH, "
    "but not in the open folder.",
}


def described(setting: Setting) -> dict[str, Any]:
    """One row of the engine's table, as VS Code describes a setting."""
    # A workspace's settings may lie in a repository that was cloned. So they decide nothing personal, and
    # no path: one that stays in the project is in its pyproject.toml.
    personal = setting.scope == "person" or setting.kind in ("program", "path", "file")
    scope = "machine" if personal else "resource"
    if setting.kind == "names":
        return {
            "type": "array",
            "items": {"type": "string"},
            "default": list(setting.default),  # type: ignore[call-overload]
            "scope": scope,
            "description": setting.meaning,
        }
    if setting.kind == "agents":
        default: Any = [agent.name for agent in setting.default]  # type: ignore[attr-defined]
        return {
            "type": "array",
            "items": AGENT,
            "default": default,
            "scope": scope,
            "description": setting.meaning,
        }
    kind = KINDS.get(setting.kind, "string")
    found: dict[str, Any] = {"type": [kind, "null"] if setting.default is None else kind}
    if setting.choices:
        found["enum"] = list(setting.choices)
    if setting.least is not None:
        found["minimum"] = setting.least
    return {**found, "default": setting.default, "scope": scope, "description": setting.meaning}


def switched(switch: Switch) -> dict[str, Any]:
    """A setting that only editors have."""
    return {
        "type": "boolean",
        "default": switch.default,
        "scope": "resource",
        "description": switch.meaning,
    }


def properties() -> dict[str, Any]:
    """The extension's own setting, those of the engine's table, and the editors' that a person chooses."""
    told = (TRUSTED, COMMAND_LINKS)  # the extension knows these itself
    return {
        f"{SECTION}.server.path": SERVER_PATH,
        **{f"{SECTION}.{setting.camel}": described(setting) for setting in TABLE},
        **{f"{SECTION}.{switch.camel}": switched(switch) for switch in SWITCHES if switch not in told},
    }


def test_the_settings_are_those_of_the_code() -> None:
    """Name, type, bounds, default and meaning of each, in the table's order."""
    assert list(properties().items()) == list(CONTRIBUTES["configuration"]["properties"].items())


def test_a_workspace_decides_nothing_personal() -> None:
    """These alone may stand in a workspace's settings, which are a repository's word."""
    scopes = {name: row["scope"] for name, row in CONTRIBUTES["configuration"]["properties"].items()}
    assert ["leastGain", "floats", "exceptions", "hints"] == [
        name.removeprefix("quickstudy.") for name, scope in scopes.items() if scope != "machine"
    ]


def test_no_setting_is_read_in_a_folder_that_is_not_trusted() -> None:
    """Each of them tells what is run, or how."""
    restricted = MANIFEST["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"]
    assert list(properties()) == restricted


def test_the_readme_tells_every_setting_and_command() -> None:
    """One row a setting, and one a command that the palette shows."""
    rows = [f"| `{name}` | {row['description']} |" for name, row in properties().items()]
    assert rows == re.findall(r"^\| `quickstudy\.\S+` \| .* \|$", README, re.M)
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
