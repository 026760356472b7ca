"""The user's word on the models that a project recommends: asked for once, on a terminal or by command."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from quickstudy import consent
from quickstudy.configuration import Configuration, configure
from quickstudy.errors import InputError
from quickstudy.project import project_root
from quickstudy.records import Agent
from quickstudy.shell.terminal import err, out, say


def settled(root: Path, flags: dict[str, object], configuration: Configuration) -> Configuration:
    """The configuration once the user has said whether to use the team that the project recommends.

    Raises InputError where nobody can be asked.
    """
    team = configuration.recommended
    if not team:
        return configuration
    if not sys.stdin.isatty():
        named, command = ", ".join(map(_named, team)), f"quickstudy agree --yes {shlex.quote(str(root))}"
        raise InputError(
            f"This project recommends the team {named}, and you have not agreed to that. "
            f"Agree by `{command}`, or choose your own with --team."
        )
    consent.remember(root, team, _ask(team))
    return configure(root, flags)


def agree(folder: Path, answer: bool | None) -> None:
    """Record the answer for the project around a folder; without one, ask. Raises InputError."""
    root = project_root(folder)
    team = configure(root, {}).project_team
    if not team:
        raise InputError(f"The project {root} recommends no team.")
    if answer is None and not sys.stdin.isatty():
        raise InputError("Nobody can be asked here; give --yes or --no.")
    agreed = _ask(team) if answer is None else answer
    consent.remember(root, team, agreed)
    word = "may be used for" if agreed else "is not used for"
    say(out(), f"The team {', '.join(map(_named, team))} {word} {root}.")


def _ask(team: Sequence[Agent]) -> bool:
    say(err(), "This project recommends these models, which would read your code:")
    for agent in team:
        say(err(), _named(agent), 2)
    return click.confirm("Use them for this project, until the list changes?", err=True)


def _named(agent: Agent) -> str:
    """Who reads the code and where; or why nobody does."""
    from quickstudy.team.address import recipient, refusal

    return refusal(agent) or str(recipient(agent))
