"""The user's word on the models that a project recommends: asked for once, when a job would need it."""

from pathlib import Path
from typing import TYPE_CHECKING

from quickstudy import consent
from quickstudy.configuration import Configuration
from quickstudy.errors import InputError
from quickstudy.team.address import recipient, refusal
from quickstudy_server.offering import question

if TYPE_CHECKING:
    from quickstudy_server.server import Server

USE, OWN = "Use them", "Use my own team"


async def ask_for_team(server: "Server", root: Path, configuration: Configuration) -> None:
    """Ask about a team that a project recommends, if nobody did, and keep the answer.

    Raises InputError without an answer, so that nothing is sent to anybody.
    """
    team = configuration.recommended
    if not team:
        return
    named = ", ".join(str(recipient(agent)) for agent in team if refusal(agent) is None)
    asked = f"{root.name} recommends models, which would read your code: {named}."
    answer = await question(server, asked, USE, OWN)
    if answer is None:
        raise InputError(
            f"The project recommends {named}, and you have not agreed to that; "
            f"run `quickstudy agree` in {root}, or choose a team in your own settings."
        )
    consent.remember(root, team, answer == USE)
