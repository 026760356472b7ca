"""The one place where the rooms are put together: a target, its settings, and a lab, bank and team for it."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from quickstudy.errors import InputError
from quickstudy.project import Project
from quickstudy.records import Agent, Target
from quickstudy.settings import Settings

if TYPE_CHECKING:
    from quickstudy.bank import Bank
    from quickstudy.lab import Lab
    from quickstudy.languages import Language
    from quickstudy.team import Team
    from quickstudy.team.address import Recipient


@dataclass(frozen=True, slots=True)
class Rooms:
    """Everything that `loop.optimize` is handed, open until the block of `open_rooms` ends."""

    lab: "Lab"
    bank: "Bank"
    team: "Team"


def find_target(spec: str) -> tuple[Target, "Language"]:
    """Read `path/to/file.py::qualname` and find the function. Raises InputError, a sentence for each case."""
    from quickstudy.languages import language_for

    place, colons, qualname = spec.rpartition("::")
    if not colons:
        raise InputError(f"{spec} names no function; write it as path/to/file.py::function.")
    if not place:
        raise InputError(f"{spec} names no file; write it as path/to/file.py::function.")
    if not qualname:
        raise InputError(f"{spec} names no function after the two colons; write {place}::function.")
    path = Path(place).resolve()
    language = language_for(path)
    return language.find(path, language.read(path), qualname), language


def open_lab(root: Path, settings: Settings) -> "Lab":
    """A lab for the project. Raises NoSandbox."""
    from quickstudy.lab import Lab, Tolerances

    return Lab(
        root,
        runtime=settings.python,
        workload=settings.workload,
        sandbox=settings.sandbox,
        least_gain=settings.least_gain,
        tolerances=Tolerances(settings.floats, settings.exceptions),
        hidden=settings.hidden,
    )


@asynccontextmanager
async def open_rooms(root: Path, settings: Settings, language: "Language") -> AsyncGenerator[Rooms]:
    """Open lab, bank and team, cheapest refusal first; leaving the block ends every child."""
    from quickstudy.bank import Bank
    from quickstudy.languages import language_named
    from quickstudy.team import Team
    from quickstudy.team.address import is_direct
    from quickstudy.team.completion import load
    from quickstudy.team.embedded import Runtime

    async with AsyncExitStack() as stack:
        lab = open_lab(root, settings)
        runtime = await stack.enter_async_context(Runtime()) if embedded_models(settings.team) else None
        team = Team(
            settings.team,
            language,
            runtime=runtime,
            max_tokens=settings.max_tokens,
            max_cost=settings.max_cost,
        )
        file = settings.bank_of(Project(root))
        embed = _embedder(team, settings.embedding)
        bank = await Bank.aopen(file, language_named, embed=embed, project=root)
        stack.push_async_callback(bank.aclose)
        if settings.embedding or not all(map(is_direct, settings.team)):
            load()  # takes seconds, in which the lab looks for the workload
        yield Rooms(lab, bank, team)


def embedded_models(agents: Sequence[Agent]) -> tuple[str, ...]:
    """The models of the team that run in a child of ours, each once."""
    names = [agent.model.removeprefix("local/") for agent in agents if agent.model.startswith("local/")]
    return tuple(dict.fromkeys(names))


def hosts(settings: Settings) -> tuple["Recipient", ...]:
    """Who may have the user's code read elsewhere than in house, an embedding model included: each once."""
    from quickstudy.team.address import recipient, refusal

    embedding = (Agent(settings.embedding),) if settings.embedding else ()
    found = (recipient(agent) for agent in (*settings.team, *embedding) if refusal(agent) is None)
    return tuple(dict.fromkeys(each for each in found if each.exposure != "stays"))


def _embedder(team: "Team", model: str | None) -> Callable[[str], Awaitable[Sequence[float]]] | None:
    if model is None:
        return None

    async def embed(text: str) -> Sequence[float]:
        (vector,) = await team.embed(model, [text])
        return vector

    return embed
