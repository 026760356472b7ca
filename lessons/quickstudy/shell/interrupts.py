"""Work in the shell that Ctrl-C and SIGTERM end well: what is open is closed, and a last word said."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from quickstudy.report import EXIT_STATUS

GRACE_S = 0.7
"""How long interrupted work may take to close what it opened. Children end with this process in any case."""


def run_until_signal(work: Coroutine[Any, Any, None], farewell: Callable[[], None]) -> None:
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
