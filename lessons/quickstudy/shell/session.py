"""One run in the terminal: its messages become progress, and a report in the form that was asked for."""

import json
import time
from dataclasses import replace
from typing import Literal

import click

from quickstudy import events, narrate
from quickstudy.errors import QuickstudyError
from quickstudy.report import EXIT_STATUS, Report, as_json
from quickstudy.run import run
from quickstudy.shell.interrupts import run_until_signal
from quickstudy.shell.progress import Progress
from quickstudy.shell.terminal import err, say
from quickstudy.wire import Fetching, Message, Opened, Refused, Request, Wanted

Form = Literal["text", "json", "diff"]


class RunRefused(QuickstudyError):
    """There was no run to report of."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.exit_status = refused.status


class Session:
    """The report of one run as it grows, and what is printed of it."""

    def __init__(self, report: Report, form: Form, budget: float | None = None) -> None:
        self.report = report
        self.applied = False
        """Whether the winner was written to its file."""
        self._form = form
        self._progress = Progress(budget)
        self._began = time.monotonic()
        self._opened: Opened | None = None
        self._refused: Refused | None = None

    def do(self, request: Request) -> None:
        """Run to the end, or to an interruption, which prints the report. Raises RunRefused."""

        async def work() -> None:
            with self._progress:
                await run(request, self._take, _agreed)

        run_until_signal(work(), self.show)
        if self._refused:
            raise RunRefused(self._refused)

    def _take(self, message: Message) -> None:
        """Fold and show a message."""
        match message:
            case Opened():
                self._opened = message
                self.report = replace(self.report, sandbox=message.sandbox)
                if message.notice:
                    say(err(), message.notice)
            case Refused():
                self._refused = message
            case Wanted() | Fetching():
                self.report = replace(self.report, phase="fetching")
            case _:
                self.report = self.report.after(message)
        self._progress.show(message, self.report)
        if isinstance(message, events.Prepared) and self._opened:
            for line in narrate.exposure(self._opened):
                self._progress.say(line)

    def show(self) -> None:
        """Print the report as it stands, in the form that was asked for."""
        self._progress.close()
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


async def _agreed() -> None:
    """Who runs the command has agreed to fetch the models that they named."""
