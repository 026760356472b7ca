"""A thread of a bank's own, so that nobody waits for a file longer than they meant to.

SQLite looks at a deadline between its steps, but not while it recovers a journal, waits for a disk, or is
lost in a damaged index. So who asked stops waiting all the same; the thread is a daemon, which no exit of the
process waits for either.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread, current_thread
from typing import Any, TypeVar

T = TypeVar("T")

_Queue = SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None]


class Worker:
    """Does what it is given, one after the other, in a thread that begins with the first."""

    def __init__(self, interrupt: Callable[[], None]) -> None:
        self._interrupt = interrupt
        """Called from another thread when nobody waits any more for what is at work."""
        self._queue: _Queue = SimpleQueue()
        self._thread: Thread | None = None

    def run(self, work: Callable[[], T], seconds: float) -> T:
        """The result of some work. Raises what it raises, or TimeoutError; interrupted, it is given up."""
        if current_thread() is self._thread:
            return work()
        future = self._submit(work)
        try:
            return future.result(seconds)
        except BaseException:
            self._give_up(future)
            raise

    async def arun(self, work: Callable[[], T], seconds: float) -> T:
        """The same without keeping the event loop; cancelled, it is given up."""
        future = self._submit(work)
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.wrap_future(future)
        except BaseException:
            self._give_up(future)
            raise

    def end(self) -> None:
        """Let the thread end once it has done what it was given; more work begins another."""
        self._queue.put(None)
        self._queue, self._thread = SimpleQueue(), None

    def __del__(self) -> None:
        self._queue.put(None)

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        if self._thread is None:
            self._thread = Thread(target=_serve, args=(self._queue,), name="lesson bank", daemon=True)
            self._thread.start()
        future: Future[T] = Future()
        self._queue.put((future, work))
        return future

    def _give_up(self, future: Future[Any]) -> None:
        if not future.done() and not future.cancel():
            self._interrupt()


def _serve(queue: _Queue) -> None:
    while (job := queue.get()) is not None:
        future, work = job
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 it is raised where the result is awaited
                future.set_exception(error)
        del job, future, work  # or a bank that nobody has any more would live on here
