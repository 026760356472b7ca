"""Live progress on stderr: a line for what happened, and on a terminal a status line that ticks."""

import time
from types import TracebackType
from typing import TYPE_CHECKING

from quickstudy import narrate
from quickstudy.figures import clock, count, money, times
from quickstudy.machine import waits_for_others
from quickstudy.report import Report
from quickstudy.shell.downloads import Downloads
from quickstudy.shell.terminal import err, say, styled
from quickstudy.wire import Fetching, Message

if TYPE_CHECKING:
    from rich.text import Text


class Progress:
    """Shows messages as they come. Use as a context, so that the terminal is left as it was found."""

    def __init__(self, budget: float | None) -> None:
        from rich.live import Live

        self.budget = budget
        self._began = time.monotonic()
        self._report: Report | None = None
        self._doing = "looking for calls to check and time it with"
        self._console = err()
        self._downloads: Downloads | None = None
        """While models are fetched, in the place of the status line."""
        self._live = (
            Live(console=self._console, get_renderable=self._status, refresh_per_second=2, transient=True)
            if self._console.is_terminal
            else None
        )

    def __enter__(self) -> "Progress":
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take the status line away."""
        self._end_downloads()
        if self._live:
            self._live.stop()

    def show(self, message: Message, report: Report) -> None:
        """Say what happened; `report` has it already."""
        self._report = report
        if isinstance(message, Fetching):
            self._download(message)
            return
        if self._downloads:
            self._end_downloads()
            if self._live:
                self._live.start(refresh=True)
        self._doing = narrate.doing(message, report) or self._doing
        for line in narrate.lines(message, report):
            self.say(line)

    def say(self, line: narrate.Line) -> None:
        """A line for good, above the status line."""
        say(self._console, styled(line), 2 if line.indented else 0)

    def _download(self, message: Fetching) -> None:
        if self._downloads is None:
            if self._live:
                self._live.stop()
            self._downloads = Downloads()
        self._downloads.show(message)

    def _end_downloads(self) -> None:
        if self._downloads:
            self._downloads.close()
            self._downloads = None

    def _status(self) -> "Text":
        from rich.text import Text

        report = self._report
        parts = [self._time(report)]
        if report and report.round:
            parts.append(f"round {report.round} of {report.rounds}")
        if report and report.best:
            parts.append(f"best {times(report.best[1].speedup)}")
        if report and report.rounds:
            tokens = report.usage.prompt_tokens + report.usage.completion_tokens
            parts += [count(tokens, "token"), money(report.usage.cost_usd)]
        parts.append("waiting for another Quickstudy on this machine" if waits_for_others() else self._doing)
        line = Text(" · ".join(parts), "dim", no_wrap=True)
        line.truncate(self._console.width, overflow="ellipsis")
        return line

    def _time(self, report: Report | None) -> str:
        passed = time.monotonic() - self._began
        if self.budget is not None:
            return f"{clock(passed)}, {clock(self.budget - passed)} left"
        done = report.round - 1 if report else 0
        if report is None or done < 1:
            return clock(passed)
        # The round under way counts as half done: a guess that improves by itself.
        return f"{clock(passed)}, about {clock(passed / (done + 0.5) * (report.rounds - done - 0.5))} left"
