"""The settings of one run in an editor, and of the server itself.

An editor gives the user's settings: `initializationOptions`, then its configuration for the file. How these
stand beside the user's own file and the project is `quickstudy.configuration`. A wrong setting is named once
and its default used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from quickstudy.configuration import Configuration, configure
from quickstudy.settings import TABLE, Settings

SECTION = "quickstudy"


@dataclass(frozen=True, slots=True)
class Switch:
    """A setting that only an editor has: on or off."""

    camel: str
    default: bool
    meaning: str


TRUSTED = Switch("trusted", True, "Whether code of this workspace may be run at all.")

HINTS = Switch("hints", True, "Whether functions that resemble one which became faster are marked.")
COMMAND_LINKS = Switch("commandLinks", False, "Whether the editor runs `command:` links of a hover.")

SWITCHES = (TRUSTED, HINTS, COMMAND_LINKS)


@dataclass(frozen=True, slots=True)
class Chosen:
    """All settings for one project as they stand now."""

    configuration: Configuration
    trusted: bool
    hints: bool
    command_links: bool
    problems: tuple[str, ...]
    """One sentence for each that is wrong."""

    @property
    def run(self) -> Settings:
        """What a run goes by."""
        return self.configuration.settings


def choose(root: Path, *layers: object) -> Chosen:
    """Lay the client's tables over each other, later ones win, and what they say beside the project."""
    problems: list[str] = []
    editor: dict[str, object] = {}
    switches = {switch.camel: switch.default for switch in SWITCHES}
    settings = {setting.camel: setting for setting in TABLE}
    for key, value in (item for layer in layers for item in _table(layer, problems).items()):
        setting = settings.get(key)
        if value is None:
            continue  # how some clients write "not set"
        if key in switches:
            if isinstance(value, bool):
                switches[key] = value
            else:
                problems.append(f"{SECTION}.{key} must be true or false. The default is used.")
        elif setting is None:
            problems.append(f"There is no setting {SECTION}.{key}; the settings are {', '.join(settings)}.")
        else:
            try:
                editor[setting.name] = setting.read(_snake(value), root)
            except ValueError as error:
                problems.append(f"{SECTION}.{key} {error}. The default is used.")
    configuration = configure(root, {}, editor)
    return Chosen(
        configuration,
        trusted=switches[TRUSTED.camel],
        hints=switches[HINTS.camel],
        command_links=switches[COMMAND_LINKS.camel],
        problems=(*problems, *configuration.problems),
    )


def _table(layer: object, problems: list[str]) -> Mapping[str, object]:
    if layer is None:
        return {}
    if not isinstance(layer, dict):
        problems.append(f"The settings under {SECTION} must be a table. The defaults are used.")
        return {}
    return cast("dict[str, object]", layer)


def _snake(value: object) -> object:
    """A team's tables as the engine knows them: `apiBase` is `api_base`."""
    if isinstance(value, list):
        return [_snake(each) for each in cast("list[object]", value)]
    if isinstance(value, dict):
        table = cast("dict[str, object]", value)
        return {("api_base" if key == "apiBase" else key): each for key, each in table.items()}
    return value
