"""What the doctor finds, as the shell prints it: a line a check as it is known, or one JSON object."""

import json
from collections.abc import Iterable
from dataclasses import asdict

import click

from quickstudy.doctor import Check, State
from quickstudy.plain_text import one_line
from quickstudy.report import SCHEMA
from quickstudy.shell.terminal import out, say

_STYLE: dict[State, str] = {"ok": "green", "note": "yellow", "missing": "bold red"}


def show_checks(checks: Iterable[Check], *, as_json: bool) -> int:
    """Print the checks; returns the exit status, 1 if something that optimize needs is missing."""
    if as_json:
        found = list(checks)
        click.echo(json.dumps({"schema": SCHEMA, "checks": [asdict(check) for check in found]}))
        return _status(found)
    return _status([_shown(check) for check in checks])


def _shown(check: Check) -> Check:
    from rich.text import Text

    heading = Text(f"{check.name:<9}").append(f"{check.state:<9}", _STYLE[check.state])
    say(out(), heading.append(one_line(check.text)))
    return check


def _status(checks: Iterable[Check]) -> int:
    return 1 if any(check.state == "missing" for check in checks) else 0
