"""One run in the terminal: follow the events, keep the report, and end it well, also when interrupted."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from dataclasses import replace
from typing import Any, Literal, cast

import click

from quickstudy import events
from quickstudy.errors import Unmeasurable
from quickstudy.report import EXIT_STATUS, Report, as_json
from quickstudy.shell.progress import Progress

GRACE_S = 0.7
"""How long an interrupted run may take to close its rooms. Children end with this process in any case."""

Form = Literal["text", "json", "diff"]


class Session:
    """The report of one run as it grows, and what is printed of it."""

    def __init__(self, report: Report, form: Form, progress: Progress) -> None:
        self.report = report
        self.applied = False
        """Whether the winner was written to its file."""
        self._form = form
        self._progress = progress
        self._began = time.monotonic()

    def confined_by(self, sandbox: str) -> None:
        """Tell the report which sandbox the lab found."""
        self.report = replace(self.report, sandbox=sandbox)

    async def follow(
        self, stream: AsyncIterator[events.Event], prepared: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Fold and show each event; `prepared` runs once the workload is known, before any agent is asked."""
        # An async generator that is left early must be closed here, or its children outlive the run.
        async with aclosing(cast("AsyncGenerator[events.Event]", stream)) as following:
            with self._progress:
                try:
                    async for event in following:
                        self._see(event)
                        if prepared and isinstance(event, events.Prepared):
                            self._progress.pause()
                            await prepared()
                            self._progress.resume()
                except Unmeasurable as error:
                    self._see(events.Finished("unmeasurable", str(error)))

    def _see(self, event: events.Event) -> None:
        self.report = self.report.after(event)
        self._progress.show(event, self.report)

    def show(self) -> None:
        """Print the report as it stands, in the form that was asked for."""
        self._progress.pause()
        total_s = time.monotonic() - self._began
        if self._form == "json":
            click.echo(json.dumps(as_json(self.report, total_s, applied=self.applied), allow_nan=False))
            return
        if self._form == "diff":
            click.echo(self.report.diff, nl=False)
            if self.report.reason:
                click.echo(self.report.reason, err=True)
            return
        from quickstudy.shell.ending import show_ending

        show_ending(self.report, total_s)

    @property
    def exit_status(self) -> int:
        return EXIT_STATUS[self.report.verdict]


def run(work: Coroutine[Any, Any, None], farewell: Callable[[], None]) -> None:
    """Run to the end; on Ctrl-C or SIGTERM close what is open, say farewell and exit 130 within a second."""
    asyncio.run(_until_signal(work, farewell))


async def _until_signal(work: Coroutine[Any, Any, None], farewell: Callable[[], None]) -> None:
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    signalled = asyncio.Event()

    def stop() -> None:
        if signalled.is_set():
            os._exit(EXIT_STATUS["interrupted"])
        signalled.set()
        task.cancel()
        loop.call_later(GRACE_S, leave)

    def leave() -> None:
        farewell()
        sys.stdout.flush()
        sys.stderr.flush()
        # Not sys.exit: that waits for threads, as one that imports a library for seconds.
        os._exit(EXIT_STATUS["interrupted"])

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not signalled.is_set():
            raise
    if signalled.is_set():
        leave()
