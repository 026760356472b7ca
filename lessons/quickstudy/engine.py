"""One run of the engine as the child of an editor's server: `python -m quickstudy.engine`.

It reads an `Order` from stdin and writes what happens to stdout, one line each (`wire.py`). Models, litellm
and the lab live here, so that nothing they do can harm the server. When stdin ends the server is gone, and
so is the engine within a second, with every child it has.
"""

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import BinaryIO, cast

from quickstudy import events
from quickstudy.assemble import Rooms, embedded_models, hosts, open_rooms
from quickstudy.errors import QuickstudyError, Unmeasurable
from quickstudy.languages import language_for
from quickstudy.loop import Bank, optimise
from quickstudy.records import Lesson, Target
from quickstudy.settings import Settings
from quickstudy.wire import (
    LONGEST,
    STOPPED,
    Download,
    Fetching,
    Message,
    Opened,
    Order,
    Refused,
    Wanted,
    dump,
    read_order,
)

GRACE_S = 0.6
"""How long a run that is ended may take to close its rooms."""

BUG = 70
"""Exit status of an engine with a bug, as the shell has it."""

Post = Callable[[Message], None]


def main() -> None:
    """Run one order to its end, or to that of the server."""
    # Whatever a library prints goes to the server's log: the channel is ours alone.
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.exit(asyncio.run(_serve(channel)))


async def _serve(channel: BinaryIO) -> int:
    loop = asyncio.get_running_loop()
    orders = asyncio.StreamReader(limit=LONGEST)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin.buffer)
    line = await orders.readline()
    if not line:
        return STOPPED

    def post(message: Message) -> None:
        channel.write(dump(message))
        channel.flush()

    agreed = asyncio.Event()
    work = loop.create_task(_run(read_order(line), post, agreed))
    gone = loop.create_task(_listen(orders, agreed))
    loop.add_signal_handler(signal.SIGTERM, gone.cancel)
    await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
    if not work.done():
        work.cancel()
        await asyncio.wait((work,), timeout=GRACE_S)
        # Not sys.exit: that waits for threads, as one that imports a library for seconds.
        os._exit(STOPPED)
    error = work.exception()
    if error is None or isinstance(error, BrokenPipeError):
        return 0
    traceback.print_exception(error)
    sys.stderr.flush()
    return BUG


async def _listen(orders: asyncio.StreamReader, agreed: asyncio.Event) -> None:
    """A line says that models may be fetched; the end of the stream, that nobody listens any more."""
    while await orders.readline():
        agreed.set()


async def _run(order: Order, post: Post, agreed: asyncio.Event) -> None:
    """Optimise and post; a failure that the user can mend becomes a message."""
    try:
        language = language_for(order.path)
        target = language.find(order.path, order.text, order.qualname)
        downloads = _Downloads(order.settings, post, agreed)
        async with open_rooms(order.root, order.settings, language) as rooms:
            post(_opened(rooms, order.settings))
            bank: Bank = rooms.bank
            if order.lesson is not None:
                bank = _Advised(bank, await asyncio.to_thread(rooms.bank.get, order.lesson))
            stream = optimise(target, language, rooms.team, rooms.lab, bank, order.settings.limits)
            async with aclosing(cast("AsyncGenerator[events.Event]", stream)) as following:
                async for event in following:
                    post(event)
                    if isinstance(event, events.Prepared):
                        await downloads.fetch()
    except Unmeasurable as error:
        post(events.Finished("unmeasurable", str(error)))
    except QuickstudyError as error:
        post(Refused(str(error)))


def _opened(rooms: Rooms, settings: Settings) -> Opened:
    recipients = hosts(settings)
    sent, passing = (
        tuple(str(each) for each in recipients if each.exposure == exposure)
        for exposure in ("leaves", "may_pass")
    )
    return Opened(rooms.lab.sandbox_name, sent, rooms.bank.notice, passing)


class _Downloads:
    """The embedded models that are missing; fetched once the function can be measured and the user agrees."""

    def __init__(self, settings: Settings, post: Post, agreed: asyncio.Event) -> None:
        """Raises InputError for a model that does not exist."""
        from quickstudy.team.pull import missing

        self._models = missing(embedded_models(settings.team))
        self._post = post
        self._agreed = agreed

    async def fetch(self) -> None:
        from quickstudy.team.pull import pull

        if not self._models:
            return
        wanted = [Download(model.title, model.size, model.licence) for model in self._models]
        self._post(Wanted(tuple(wanted)))
        await self._agreed.wait()
        for model in self._models:
            said = ("", -1)

            def progress(phase: str, done: int, total: int, title: str = model.title) -> None:
                nonlocal said
                now = (phase, 100 * done // total)
                if now != said:
                    said = now
                    self._post(Fetching(title, phase, done, total))

            await pull(model, progress)


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


if __name__ == "__main__":
    main()
