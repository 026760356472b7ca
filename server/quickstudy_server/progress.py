"""How a job is seen while it runs: a percentage and a sentence, where the client can show progress."""

import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from quickstudy import events
from quickstudy.report import Report
from quickstudy.wire import Fetching, Message, Opened, Refused, Wanted
from quickstudy_server.client import Client
from quickstudy_server.messages import plain
from quickstudy_server.offers import figure


class Progress:
    """One progress bar in the client, which the user can cancel; nothing where the client has none."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._token: str | None = None
        """None while there is no bar."""
        self._bars = client.bars

    async def begin(self, title: str, message: str, cancel: Callable[[], object]) -> None:
        window = self._client.capabilities.window
        if window is None or not window.work_done_progress:
            return
        token = f"quickstudy-{uuid.uuid4().hex}"
        try:
            await self._bars.create_async(token)
        except JsonRpcException:
            return  # it said that it can, and it cannot
        self._token = token
        begin = types.WorkDoneProgressBegin(
            title=plain(title), message=plain(message), cancellable=True, percentage=0
        )
        self._bars.begin(token, begin)

        def done(future: "Future[Any]") -> None:
            if future.cancelled():
                cancel()

        self._bars.tokens[token].add_done_callback(done)

    def report(self, message: str, percentage: int) -> None:
        if self._token is not None:
            report = types.WorkDoneProgressReport(message=plain(message), percentage=percentage)
            self._bars.report(self._token, report)

    def end(self, message: str) -> None:
        if self._token is not None:
            self._bars.end(self._token, types.WorkDoneProgressEnd(message=plain(message)))
            self._bars.tokens.pop(self._token, None)
            self._token = None


def percentage(report: Report, rounds: int, agents: int) -> int:
    """How far a run is: preparing counts for a tenth, each variant for its share of the rest."""
    if report.workload is None:
        return 0
    done = len(report.judged) + len(report.unjudged)
    return 10 + 90 * done // max(rounds * agents, len(report.attempts), 1)


def sentence(message: Message, report: Report, rounds: int) -> str | None:
    """What happened, in one sentence for a person; None if it is not worth one."""
    where = f"round {report.round} of {rounds}"
    match message:
        case Opened(hosts=hosts, may_pass=may_pass):
            sent = f"; your code is sent to {', '.join(hosts)}" if hosts else ""
            passed = f"; your code may be passed on by {', '.join(may_pass)}" if may_pass else ""
            return f"looking for calls to check and time it with, sandbox {message.sandbox}{sent}{passed}"
        case Fetching(title=title, phase=phase, done=done, total=total):
            return f"{phase} {title}: {done >> 20} of {total >> 20} MiB"
        case events.Prepared(workload=workload):
            return f"measured on {workload.distinct} distinct calls from {', '.join(workload.origins)}"
        case events.RoundBegan(lessons=lessons):
            given = f", with {len(lessons)} lessons" if lessons else ""
            return f"{where}: the team is at work{given}"
        case events.Proposed(candidate=candidate):
            return f"{where}: {candidate.agent} proposed a variant"
        case events.AgentFailed(agent=agent, reason=reason):
            return f"{where}: {agent} could not answer: {reason}"
        case events.Judging(candidate=candidate):
            return f"{where}: checking and timing {candidate.agent}'s variant"
        case events.Judged(candidate=candidate, verdict=verdict):
            gain = f", {figure(verdict.measurement.speedup)}" if verdict.measurement else ""
            why = f": {verdict.reason}" if verdict.reason else ""
            return f"{where}: {candidate.agent}'s variant is {verdict.kind}{gain}{why}"
        case events.NotJudged(candidate=candidate, reason=reason):
            return f"{where}: {candidate.agent}'s variant: {reason}"
        case events.Learnt(lesson=lesson):
            return f"{where}: learnt: {lesson.text}"
        case events.BankFailed(reason=reason):
            return reason
        case Wanted() | Refused() | events.Finished():
            return None
