"""The user's word, asked for when a job needs it: on the models that a project recommends, on a download."""

from pathlib import Path

from quickstudy import consent
from quickstudy.configuration import Configuration
from quickstudy.errors import InputError
from quickstudy.figures import size
from quickstudy.team.address import recipient, refusal
from quickstudy.wire import Wanted
from quickstudy_server.client import Client
from quickstudy_server.protocol import Button

USE, OWN = Button("Use them"), Button("Use my own team")
FETCH, LATER = Button("Fetch"), Button("Not now")


async def ask_for_team(client: Client, root: Path, configuration: Configuration) -> None:
    """Ask about a team that a project recommends, if nobody did, and keep the answer.

    Raises InputError without an answer, so that nothing is sent to anybody.
    """
    team = configuration.recommended
    if not team:
        return
    named = ", ".join(str(recipient(agent)) for agent in team if refusal(agent) is None)
    question = f"{root.name} recommends models, which would read your code: {named}."
    answer = await client.ask(question, USE, OWN)
    if answer is None:
        raise InputError(
            f"The project recommends {named}, and you have not agreed to that; "
            f"run `quickstudy agree` in {root}, or choose a team in your own settings."
        )
    consent.remember(root, team, answer is USE)


async def may_fetch(client: Client, wanted: Wanted) -> bool:
    """Whether the user agrees to a download, of which the question has the size and the licence."""
    models = ", ".join(f"{each.title} ({size(each.size)}, {each.licence})" for each in wanted.models)
    question = f"Quickstudy needs to fetch {models}, once for all projects."
    return await client.ask(question, FETCH, LATER) is FETCH
