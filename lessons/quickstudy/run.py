"""One run from its request to its end, the only driver there is: a request in, messages out.

    Opened                  the rooms are open
    Prepared                the function can be measured
    Wanted, Fetching ...    models must come to this machine first, and come
    RoundBegan ... Finished what the method does (`loop.py`), or the lab alone (`measure.py`)
    Refused                 in the place of all that still was to come: there is no run, and why

The engine of an editor prints these messages, the shell shows them.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import TYPE_CHECKING

from quickstudy import events
from quickstudy.assemble import Rooms, embedded_models, hosts, open_lab, open_rooms
from quickstudy.errors import BankError, QuickstudyError, Unmeasurable
from quickstudy.languages import Language, language_for
from quickstudy.loop import optimize
from quickstudy.measure import measure
from quickstudy.records import Lesson, Target
from quickstudy.rooms import Bank
from quickstudy.settings import Settings
from quickstudy.wire import (
    Download,
    Fetching,
    MeasureRequest,
    Message,
    Opened,
    OptimizeRequest,
    Refused,
    Request,
    Wanted,
)

if TYPE_CHECKING:
    from quickstudy.team.catalogue import Model

Post = Callable[[Message], None]
"""Takes what happens, as it happens."""

Agreed = Callable[[], Awaitable[object]]
"""Returns once the models of a `Wanted` may be fetched."""


async def run(request: Request, post: Post, agreed: Agreed) -> None:
    """Do what is asked for. What the user can mend is a message; only a bug of ours is raised.

    Cancelling is safe at any point: what was posted is true, and no child is left behind.
    """
    try:
        language = language_for(request.path)
        target = language.find(request.path, request.text, request.qualname)
        match request:
            case OptimizeRequest():
                await _optimize(request, target, language, post, agreed)
            case MeasureRequest():
                await _measure(request, target, language, post)
    except Unmeasurable as error:
        post(events.Finished("unmeasurable", str(error)))
    except QuickstudyError as error:
        post(Refused(str(error), error.exit_status))


async def _optimize(
    request: OptimizeRequest, target: Target, language: Language, post: Post, agreed: Agreed
) -> None:
    settings = request.settings
    missing = _missing(settings)  # a model that does not exist is refused before anything is opened
    async with open_rooms(request.root, settings, language) as rooms:
        post(_opened(rooms, settings))
        bank = await _advised(rooms, request.lesson)
        stream = optimize(target, language, rooms.team, rooms.lab, bank, settings.limits)

        async def prepared() -> None:
            if missing:
                post(Wanted(tuple(Download(each.title, each.size, each.licence) for each in missing)))
                await agreed()
                await fetch(missing, post)

        await _follow(stream, post, prepared)


async def _measure(request: MeasureRequest, target: Target, language: Language, post: Post) -> None:
    lab = open_lab(request.root, request.settings)
    post(Opened(lab.sandbox_name, (), None))
    await _follow(measure(target, language, lab, request.sources), post)


async def _follow(
    stream: AsyncGenerator[events.Event], post: Post, prepared: Callable[[], Awaitable[None]] | None = None
) -> None:
    """Post each event; `prepared` runs once the workload is known, before any agent is asked."""
    # A generator that is left early must be closed here, or its children outlive the run.
    async with aclosing(stream) as happening:
        async for event in happening:
            post(event)
            if prepared and isinstance(event, events.Prepared):
                await prepared()


def _opened(rooms: Rooms, settings: Settings) -> Opened:
    recipients = hosts(settings)
    sent, passing = (
        tuple(str(each) for each in recipients if each.exposure == exposure)
        for exposure in ("leaves", "may_pass")
    )
    return Opened(rooms.lab.sandbox_name, sent, rooms.bank.notice, passing)


def _missing(settings: Settings) -> "Sequence[Model]":
    """The embedded models of the team that are not on this machine. Raises InputError for one unknown."""
    names = embedded_models(settings.team)
    if not names:
        return ()
    from quickstudy.team.pull import missing

    return missing(names)


async def fetch(models: "Sequence[Model]", post: Callable[[Fetching], None]) -> None:
    """Bring embedded models to this machine, one after the other; a message for each hundredth.

    Raises QuickstudyError.
    """
    from quickstudy.team.pull import pull

    for model in models:
        await pull(model, _hundredths(model.title, post))


def _hundredths(title: str, post: Callable[[Fetching], None]) -> Callable[[str, int, int], None]:
    last: tuple[str, int] | None = None

    def progress(phase: str, done: int, total: int) -> None:
        nonlocal last
        now = (phase, 100 * done // total)
        if now != last:
            last = now
            post(Fetching(title, phase, done, total))

    return progress


async def _advised(rooms: Rooms, id: int | None) -> Bank:
    """The bank, with a lesson that each round shall read. Raises InputError if there is no such lesson."""
    if id is None:
        return rooms.bank
    try:
        return _Advised(rooms.bank, await asyncio.to_thread(rooms.bank.get, id))
    except BankError:
        return rooms.bank  # the loop says what is wrong with it


class _Advised:
    """A bank whose every selection begins with one lesson: the one that the user was shown."""

    def __init__(self, bank: Bank, lesson: Lesson) -> None:
        self._bank = bank
        self._lesson = lesson
        self.add = bank.add
        self.credit = bank.credit

    async def select(self, target: Target, toolchain: str, run: str, k: int) -> Sequence[Lesson]:
        chosen = await self._bank.select(target, toolchain, run, k)
        return [self._lesson, *(each for each in chosen if each.id != self._lesson.id)][:k]
