"""What the user agreed to, once for a repository: the models and hosts that its project recommends.

An agreement holds for exactly the list that was shown; a project that changes its list is asked about again.
It is kept in the user's state folder, where no repository writes.
"""

import json
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import cast

from quickstudy.errors import InputError
from quickstudy.machine import state_folder
from quickstudy.records import Agent


def answer(root: Path, team: Iterable[Agent]) -> bool | None:
    """What the user said of exactly this team for this repository; None if they were never asked."""
    found = _answers().get(str(root.resolve()))
    if not isinstance(found, dict):
        return None
    table = cast("dict[str, object]", found)
    agreed = table.get("agreed")
    return agreed if table.get("team") == _listed(team) and isinstance(agreed, bool) else None


def remember(root: Path, team: Iterable[Agent], agreed: bool) -> None:
    """Keep the answer, in the place of an earlier one. Raises InputError if that is not possible."""
    file = _file()
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        answers = {**_answers(), str(root.resolve()): {"agreed": agreed, "team": _listed(team)}}
        descriptor, fresh = tempfile.mkstemp(dir=file.parent, prefix=file.name)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
                json.dump(answers, stream, indent=1)
            Path(fresh).replace(file)
        except BaseException:
            with suppress(OSError):
                Path(fresh).unlink()
            raise
    except OSError as error:
        raise InputError(f"Your answer cannot be kept in {file} ({error.strerror}).") from error


def _file() -> Path:
    return state_folder() / "agreements.json"


def _answers() -> dict[str, object]:
    """All answers by repository; none where the file is not there or not readable, so that we ask again."""
    try:
        found: object = json.loads(_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", found) if isinstance(found, dict) else {}


def _listed(team: Iterable[Agent]) -> list[list[str | None]]:
    return [[agent.model, agent.api_base] for agent in team]
