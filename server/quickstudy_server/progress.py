"""How a job is seen while it runs: a percentage and a sentence, where the client can show progress."""

import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from quickstudy.report import Report
from quickstudy_server.client import Client
from quickstudy_server.messages import plain


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


def percentage(report: Report, agents: int) -> int:
    """How far a run is: preparing counts for a tenth, each variant for its share of the rest."""
    if report.workload is None:
        return 0
    done = len(report.judged) + len(report.unjudged)
    return 10 + 90 * done // max(report.rounds * agents, len(report.attempts), 1)
