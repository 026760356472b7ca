"""What documents repeat of the code, made from it: `python tests/generated.py` writes it, a test compares.

In Markdown it stands between `<!-- name -->` and `<!-- /name -->`; in VS Code's `package.json`, settings.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from quickstudy.settings import TABLE, Setting
from quickstudy.verdicts import WORDS
from quickstudy_server.__main__ import parser
from quickstudy_server.actions import KINDS
from quickstudy_server.arguments import ARGUMENTS
from quickstudy_server.commands import COMMANDS
from quickstudy_server.diagnostics import CODES
from quickstudy_server.settings import COMMAND_LINKS, SECTION, SWITCHES, TRUSTED, Switch

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
PROTOCOL = ROOT / "server" / "README.md"
MANIFEST = ROOT / "editors" / "vscode" / "package.json"

TYPES = {
    "agents": "list of agents",
    "integer": "whole number",
    "number": "number",
    "file": "path",
    "path": "path",
    "program": "path or name",
    "text": "text",
    "names": "list of names",
}

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

SERVER_PATH = {
    "type": ["string", "null"],
    "default": None,
    "scope": "machine",
    "description": "The program quickstudy-server; else it is looked for where your Python is and on PATH, "
    "but not in the open folder.",
}


def grid(*rows: Iterable[str]) -> str:
    """A table in Markdown, the heads of its columns first."""
    head, *others = (list(row) for row in rows)
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *others))


def quoted(meanings: Mapping[str, str]) -> list[tuple[str, ...]]:
    return [(f"`{word}`", meaning) for word, meaning in meanings.items()]


def verdicts() -> str:
    """What each word for a verdict means."""
    meanings = {str(kind): word.meaning for kind, word in WORDS.items()}
    return grid(("verdict", "meaning"), *quoted(meanings))


def settings() -> str:
    """Every setting of a run."""
    return grid(("setting", "type", "default", "meaning", "who decides"), *map(_setting, TABLE))


def _setting(setting: Setting) -> tuple[str, ...]:
    kind = " or ".join(f"`{each}`" for each in setting.choices) or TYPES[setting.kind]
    default = "" if setting.default in (None, ()) else f"`{setting.default}`"
    if setting.kind == "agents":
        default = "both embedded models"
    who = "the project" if setting.scope == "project" else "you"
    return f"`{setting.key}`", kind, default, setting.meaning, who


def switches() -> str:
    """The settings that only an editor has."""
    rows = (
        (f"`{each.camel}`", "true or false", f"`{json.dumps(each.default)}`", each.meaning)
        for each in SWITCHES
    )
    return grid(("setting", "type", "default", "meaning"), *rows)


def commands() -> str:
    """The commands, from their own docstrings: `What it does: arguments -> result.`"""
    rows: list[tuple[str, ...]] = []
    for name, command in COMMANDS.items():
        what, _, rest = (command.__doc__ or "").partition(": `")
        arguments, arrow, result = f"`{rest}".rstrip(".").partition(" -> ")
        assert arrow, f"{name} does not say what it takes and answers"
        rows.append((f"`{name}`", arguments, result, f"{what}."))
    return grid(("command", "arguments", "result", "what it does"), *rows)


def options() -> str:
    """The command line of the server."""
    rows: list[tuple[str, ...]] = []
    for action in parser()._actions:
        name = " ".join([action.option_strings[-1], *([str(action.metavar)] if action.metavar else [])])
        rows.append((f"`{name}`", f"{action.help}"))
    return grid(("option", "meaning"), *rows)


def arguments() -> str:
    """What commands take."""
    rows = ((f"`{name}`", *rest) for name, rest in ARGUMENTS.items())
    return grid(("field", "type", "meaning"), *rows)


SECTIONS: Mapping[Path, Mapping[str, str]] = {
    README: {"verdicts": verdicts(), "settings": settings()},
    PROTOCOL: {
        "options": options(),
        "kinds": grid(("kind of code action", "what it does"), *quoted(KINDS)),
        "codes": grid(("code of a diagnostic", "meaning"), *quoted(CODES)),
        "commands": commands(),
        "arguments": arguments(),
        "switches": switches(),
    },
}


def section(name: str, page: str) -> str:
    """What lies between two marks."""
    return page.partition(f"<!-- {name} -->\n")[2].partition(f"\n<!-- /{name} -->")[0]


def properties() -> dict[str, Any]:
    """The settings in VS Code: its own, those of a run, and the editors' that a person chooses."""
    told = (TRUSTED, COMMAND_LINKS)  # the extension knows these itself
    return {
        f"{SECTION}.server.path": SERVER_PATH,
        **{f"{SECTION}.{setting.camel}": _property(setting) for setting in TABLE},
        **{f"{SECTION}.{switch.camel}": _switch(switch) for switch in SWITCHES if switch not in told},
    }


def _property(setting: Setting) -> dict[str, Any]:
    # A workspace's settings may lie in a repository that was cloned. So they decide nothing personal, and
    # no path: one that stays in the project is in its pyproject.toml.
    personal = setting.scope == "person" or setting.kind in ("program", "path", "file")
    found = _shape(setting)
    if setting.choices:
        found["enum"] = list(setting.choices)
    if setting.least is not None:
        found["minimum"] = setting.least
    default: Any = setting.default
    if setting.kind == "agents":
        default = [agent.name for agent in default]
    found["default"] = list(cast("Iterable[str]", default)) if setting.kind == "names" else default
    return {**found, "scope": "machine" if personal else "resource", "description": setting.meaning}


def _shape(setting: Setting) -> dict[str, Any]:
    match setting.kind:
        case "agents":
            return {"type": "array", "items": AGENT}
        case "names":
            return {"type": "array", "items": {"type": "string"}}
        case "integer" | "number" as kind:
            pass
        case _:
            kind = "string"
    return {"type": [kind, "null"] if setting.default is None else kind}


def _switch(switch: Switch) -> dict[str, Any]:
    return {
        "type": "boolean",
        "default": switch.default,
        "scope": "resource",
        "description": switch.meaning,
    }


def manifest() -> str:
    """VS Code's manifest with the settings of the code, none of which is read in a folder without trust."""
    found: dict[str, Any] = json.loads(MANIFEST.read_text("utf-8"))
    found["contributes"]["configuration"]["properties"] = properties()
    found["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = list(properties())
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def page(path: Path) -> str:
    """A page in Markdown with its sections as the code has them."""
    text = path.read_text("utf-8")
    for name, content in SECTIONS[path].items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(\n<!-- /{name} -->)", re.DOTALL)
        text, found = marks.subn(lambda mark, content=content: f"{mark[1]}{content}{mark[2]}", text)
        assert found == 1, f"{path.name} has not one place for {name}"
    return text


def documents() -> dict[Path, str]:
    """Every document that repeats the code, as it should be."""
    return {**{path: page(path) for path in SECTIONS}, MANIFEST: manifest()}


if __name__ == "__main__":
    for path, text in documents().items():
        if text != path.read_text("utf-8"):
            path.write_text(text, "utf-8")
            print(f"{path.relative_to(ROOT)} is written anew")
