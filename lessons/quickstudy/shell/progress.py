"""Live progress on stderr: one line an event, and on a terminal a status line that ticks below them."""

import time
from types import TracebackType
from typing import TYPE_CHECKING

from quickstudy import events
from quickstudy.machine import waits_for_others
from quickstudy.plain_text import one_line
from quickstudy.report import Report
from quickstudy.shell.terminal import STYLE, clock, count, err, money, ratio, say, times

if TYPE_CHECKING:
    from rich.text import Text

MUCH_NOISE = 0.25
TOO_NOISY = "So only a large gain can be told: its calls are few or short, or this machine is busy."


class Progress:
    """Shows events as they come. Use as a context, so that the terminal is left as it was found."""

    def __init__(self, rounds: int, agents: int, budget: float | None) -> None:
        from rich.live import Live

        self.rounds = rounds
        """0 for `measure`, which has none."""
        self.agents = agents
        self.budget = budget
        self._began = time.monotonic()
        self._report: Report | None = None
        self._doing = "looking for calls to check and time it with"
        self._console = err()
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
        self.pause()

    def pause(self) -> None:
        """Take the status line away, as for a progress bar of something else."""
        if self._live:
            self._live.stop()

    def resume(self) -> None:
        if self._live:
            self._live.start(refresh=True)

    def show(self, event: events.Event, report: Report) -> None:
        """Say what happened; `report` has it already."""
        self._report = report
        self._doing = self._next(event, report)
        for indent, line in self._said(event, report):
            say(self._console, line, indent)

    def _said(self, event: events.Event, report: Report) -> "list[tuple[int, Text]]":
        """The lines for an event, each with its indent."""
        from rich.text import Text

        match event:
            case events.Prepared(workload=workload):
                held = f", {len(workload.held_out)} of them held out" if workload.held_out else ""
                calls = f"{count(workload.distinct, 'distinct call')} from {', '.join(workload.origins)}"
                noise = f"Noise of the timing: {workload.noise:.0%}."
                said = [(0, Text(f"Measured on {calls}{held}. Sandbox: {report.sandbox}. {noise}"))]
                return said if workload.noise < MUCH_NOISE else [*said, (0, Text(TOO_NOISY, "yellow"))]
            case events.RoundBegan(round=number, lessons=lessons):
                given = f", with {count(len(lessons), 'lesson')}" if lessons else ""
                read = [(2, Text(f"read: {one_line(each.text)}", "dim")) for each in lessons]
                return [(0, Text(f"Round {number} of {self.rounds}{given}", "bold")), *read]
            case events.AgentFailed():
                return [(2, Text(f"{event.agent}: {one_line(event.reason)}", "yellow"))]
            case events.Judged(candidate=candidate, verdict=verdict):
                line = Text(f"{candidate.agent}: ").append(verdict.kind, STYLE[verdict.kind])
                if verdict.measurement:
                    line.append(f" {times(verdict.measurement)}")
                if verdict.reason:
                    line.append(f": {one_line(verdict.reason)}")
                return [(2, line)]
            case events.NotJudged(candidate=candidate, reason=reason):
                return [(2, Text(f"{candidate.agent}: {one_line(reason)}", "yellow"))]
            case events.Learnt(lesson=lesson):
                return [(2, Text(f"learnt: {one_line(lesson.text)}", "cyan"))]
            case events.BankFailed(reason=reason):
                return [(2, Text(one_line(reason), "yellow"))]
            case events.Proposed() | events.Judging() | events.Finished():
                return []

    def _next(self, event: events.Event, report: Report) -> str:
        match event:
            case events.RoundBegan():
                return f"{count(self.agents, 'agent')} at work"
            case events.Judging(candidate=candidate):
                return f"checking and timing {candidate.agent}'s variant {candidate.id}"
            case events.Judged():
                waiting = len(report.attempts) - len(report.judged) - len(report.unjudged)
                return self._doing if waiting or not self.rounds else "asking why it came out so"
            case _:
                return self._doing

    def _status(self) -> "Text":
        from rich.text import Text

        report = self._report
        parts = [self._time(report)]
        if report and report.round:
            parts.append(f"round {report.round} of {self.rounds}")
        if report and report.best:
            parts.append(f"best {ratio(report.best[1].speedup)}")
        if report and self.rounds:
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
        if done < 1:
            return clock(passed)
        # The round under way counts as half done: a guess that improves by itself.
        return f"{clock(passed)}, about {clock(passed / (done + 0.5) * (self.rounds - done - 0.5))} left"
