"""Runs the original on made-up calls, to see what comes of them and how long they take.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import os
import select
import signal
import time

from quickstudy.lab.python.child import payload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from quickstudy.lab.python.child.drive import DrivenCall

SLOWEST_S = 0.25
"""A made-up call that takes the original longer is not kept."""
_WRONG_KIND = (TypeError, AttributeError, RecursionError, MemoryError, OverflowError)
"""What inputs of a wrong kind or size lead to: it says nothing about a faster version."""


class Trial:
    """Runs the original on made-up calls, each in a process of its own that ends when it takes too long."""

    def __init__(self, call: DrivenCall) -> None:
        self.call = call

    def spent_ns(self, call: bytes) -> int | None:
        """Nanoseconds the original takes for a payload, or None if it raises or takes too long."""
        outcome = self.outcome(call)
        return int(outcome) if outcome.isdigit() else None

    def outcome(self, call: bytes) -> str:
        """Nanoseconds as text, or the type of what is raised; nothing if neither is of use."""
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                os.write(writer, self._outcome(*payload.loads(call)).encode())
            finally:
                os._exit(0)
        os.close(writer)
        try:
            answer = os.read(reader, 200) if select.select([reader], [], [], 2 * SLOWEST_S)[0] else b""
        finally:
            os.close(reader)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        return answer.decode("utf-8", "replace")

    def _outcome(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        self.call.begin()
        results: list[Any] = [None]
        started = time.perf_counter_ns()
        raised = self.call.run([(args, kwargs)], results)
        spent = time.perf_counter_ns() - started
        if not raised:
            return str(spent) if spent < SLOWEST_S * 1e9 else ""
        (error,) = results
        wrong = isinstance(error, _WRONG_KIND) or not isinstance(error, Exception)
        return "" if wrong else "!" + type(error).__name__[:100]
