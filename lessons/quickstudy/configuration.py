"""Where each setting of a run comes from: the user's flags, editor and file, and what a project may say.

A repository that somebody cloned decides nothing that is the user's. So a personal setting comes from a flag,
the editor's user settings or the user's `config.toml`; a project's value for it is named and not used. A
project may only *recommend* a team, which waits for the user's word (`consent.py`). What a project shares,
it decides, but no path of it leads out of the project.

    personal   flag, editor, config.toml, a recommended team that the user agreed to, default
    shared     flag, the project's pyproject.toml, editor, config.toml, default
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from quickstudy import consent
from quickstudy.machine import config_folder
from quickstudy.project import Project, UnsafePath, read_regular, relative
from quickstudy.records import Agent
from quickstudy.settings import TABLE, Setting, Settings

Source = Literal["flag", "editor", "personal", "project", "recommended", "default"]
"""`personal` is the user's own file; `recommended` a project's team that the user agreed to."""

_LARGEST = 1 << 20
"""Bytes of a file of settings."""

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Host:
    """What the user says of one address in `config.toml`."""

    key: str | None
    """Sent to this address, and to no other."""
    local: bool
    """Whether the user vouches that what is sent there stays in house."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of a run in one project, and where they come from."""

    settings: Settings
    sources: Mapping[str, Source]
    """By the field of `Settings`."""
    problems: tuple[str, ...]
    """One sentence for each setting that is wrong or not the project's to decide."""
    project_team: tuple[Agent, ...] = ()
    """The team that the project recommends; used only if `sources` says so."""
    recommended: tuple[Agent, ...] = ()
    """The same, if nobody has agreed to it or declined it, and no other team is chosen."""

    def described(self) -> dict[str, dict[str, Any]]:
        """By its key, the value of each setting as JSON and where it comes from; no key of a host."""
        return {
            setting.key: {
                "value": _plain(getattr(self.settings, setting.name)),
                "from": self.sources[setting.name],
            }
            for setting in TABLE
        }


def personal_file() -> Path:
    """The user's own settings, for all projects."""
    return config_folder() / "config.toml"


def configure(
    root: Path, flags: Mapping[str, object], editor: Mapping[str, object] | None = None
) -> Configuration:
    """The settings for a project. `flags` and `editor` are values that were read already, by field name."""
    problems: list[str] = []
    own, hosts = _personal(problems)
    shared, team = _project(root, problems)
    layers: dict[Source, Mapping[str, object]] = {
        "default": {},
        "personal": own,
        "editor": editor or {},
        "project": shared,
        "flag": flags,
    }
    chosen: dict[str, object] = {}
    sources: dict[str, Source] = {setting.name: "default" for setting in TABLE}
    for source, values in layers.items():
        chosen |= values
        sources |= dict.fromkeys(values, source)
    recommended: tuple[Agent, ...] = ()
    if team and "team" not in chosen:
        agreed = consent.answer(root, team)
        if agreed:
            chosen["team"], sources["team"] = team, "recommended"
        elif agreed is None:
            recommended = team
    settings = replace(Settings(), **chosen)
    settings = replace(settings, team=_hosted(settings.team, hosts))
    return Configuration(settings, sources, tuple(problems), team, recommended)


def _personal(problems: list[str]) -> tuple[dict[str, object], Mapping[str, Host]]:
    """What the user's file says: settings by field name, and hosts by their origin."""
    file = personal_file()
    table = dict(_toml(file, problems))
    hosts = _hosts(file, table.pop("hosts", {}), problems)
    values: dict[str, object] = {}
    for setting, value in _known(file, table, problems):
        try:
            values[setting.name] = setting.read(value, file.parent)
        except ValueError as error:
            problems.append(f"{file}: {setting.key} {error}. The default is used.")
    return values, hosts


def _project(root: Path, problems: list[str]) -> tuple[dict[str, object], tuple[Agent, ...]]:
    """What a project decides, by field name, and the team that it recommends."""
    file = root / "pyproject.toml"
    tools = _toml(file, problems).get("tool")
    table: object = cast("dict[str, object]", tools).get("quickstudy", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        problems.append(f"{file}: tool.quickstudy must be a table. The defaults are used.")
        return {}, ()
    values: dict[str, object] = {}
    team: tuple[Agent, ...] = ()
    personal: list[str] = []
    for setting, value in _known(file, cast("dict[str, object]", table), problems):
        if setting.scope == "person" and setting.name != "team":
            personal.append(setting.key)
            continue
        try:
            read = setting.read(value, root)
            if setting.name == "team":
                team = _recommended(cast("tuple[Agent, ...]", read))
            else:
                values[setting.name] = _inside(setting, read, root)
        except ValueError as error:
            problems.append(f"{file}: {setting.key} {error}. The default is used.")
    if personal:
        problems.append(
            f"{file}: a project does not decide {', '.join(personal)}, so that is not used; "
            f"set it with a flag, in your editor's user settings or in {personal_file()}."
        )
    return values, team


def _recommended(team: tuple[Agent, ...]) -> tuple[Agent, ...]:
    if any(agent.local for agent in team):
        raise ValueError("cannot vouch for a host with local; only you can, in your own settings")
    return tuple(replace(agent, from_project=True) for agent in team)


def _inside(setting: Setting, value: object, root: Path) -> object:
    """A project's value, where it is a path only within the project."""
    if isinstance(value, Path):
        # An interpreter may be a link that leads out, as in every virtual environment; the lab sees to it.
        place = os.path.normpath(value) if setting.kind == "program" else os.path.realpath(value)
        above = os.path.normpath(root) if setting.kind == "program" else os.path.realpath(root)
        if not Path(place).is_relative_to(above):
            raise ValueError(f"leads out of the project, which only you may choose: {value}")
        ours = Project(root).folder
        if setting.kind == "path" and not value.is_relative_to(ours):
            raise ValueError(f"is written to, so only you may choose a place outside {ours.name}: {value}")
    return value


def _known(file: Path, table: Mapping[str, object], problems: list[str]) -> list[tuple[Setting, object]]:
    """The settings in a table of TOML; others are named."""
    known = {setting.key: setting for setting in TABLE}
    problems += [
        f"{file}: there is no setting {key}; the settings are {', '.join(known)}."
        for key in table
        if key not in known
    ]
    return [(known[key], value) for key, value in table.items() if key in known]


def _toml(file: Path, problems: list[str]) -> Mapping[str, object]:
    try:
        return tomllib.loads(read_regular(file, _LARGEST).decode())
    except FileNotFoundError:
        return {}
    except UnsafePath as error:
        problems.append(f"{error} The defaults are used.")
        return {}
    except (OSError, ValueError, RecursionError) as error:
        problems.append(f"{file}: cannot be read ({error}). The defaults are used.")
        return {}


def _hosts(file: Path, tables: object, problems: list[str]) -> Mapping[str, Host]:
    found: dict[str, Host] = {}
    entries = cast("dict[str, object]", tables) if isinstance(tables, dict) else {"": tables}
    for address, table in entries.items():
        place = origin(address)
        if place is None or not isinstance(table, dict):
            problems.append(
                f'{file}: a host is a table such as [hosts."http://gpu.local:8000"]; {address!r} is not used.'
            )
            continue
        facts = cast("dict[str, object]", table)
        key, local = facts.get("key"), facts.get("local", False)
        if facts.keys() - {"key", "local"} or not isinstance(key, str | None) or not isinstance(local, bool):
            problems.append(f"{file}: the host {address} may have a key, a text, and local, true or false.")
            continue
        found[place] = Host(key, local)
    return found


def origin(address: str) -> str | None:
    """Scheme, host and port of an http address, the same however it is written; None for anything else."""
    try:
        parts = urlsplit(address)
        port = parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.hostname}:{port}" if port and parts.hostname else None


def _hosted(team: tuple[Agent, ...], hosts: Mapping[str, Host]) -> tuple[Agent, ...]:
    """The agents with what the user says of their addresses, be they named or of the environment."""
    if not hosts:
        return team
    from quickstudy.team.address import base

    def hosted(agent: Agent) -> Agent:
        host = hosts.get(origin(base(agent) or "") or "")
        return replace(agent, key=host.key, local=agent.local or host.local) if host else agent

    return tuple(map(hosted, team))


def _plain(value: object) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in cast("tuple[object, ...]", value)]
    if isinstance(value, Agent):
        return {"model": value.model, "api_base": value.api_base} if value.api_base else value.model
    return str(value) if isinstance(value, Path) else value


def shown_source(source: Source, root: Path) -> str:
    """Where a setting comes from, for a person."""
    return {
        "flag": "a flag",
        "editor": "your editor",
        "personal": str(personal_file()),
        "project": relative(root / "pyproject.toml", root),
        "recommended": "the project, as you agreed",
        "default": "the default",
    }[source]
