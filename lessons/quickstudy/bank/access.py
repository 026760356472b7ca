"""A bank's file for any thread and for the event loop: its work is done in a thread of the bank's own."""

import sqlite3
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from quickstudy.bank.database import OPENING_S, PATIENCE_S, Database
from quickstudy.bank.files import Place
from quickstudy.bank.worker import Worker
from quickstudy.errors import BankError

T = TypeVar("T")

Work = Callable[[sqlite3.Connection], T]

_SLACK_S = 2.0
"""How much later than its deadline work is given up that SQLite could not be interrupted in."""


class Access:
    """Reads and writes, each a transaction that ends within so many seconds, or is given up.

    Everything here may raise BankError.
    """

    def __init__(self, place: Place, *, read_only: bool = False) -> None:
        self.database = Database(place, read_only=read_only)
        """For work that is in the thread already."""
        self._worker = Worker(self.database.deadline.end)
        self._lost = False
        """Whether an answer never came; then none will."""

    def read(self, work: Work[T], seconds: float) -> T:
        """Do something that only reads."""
        return self.run(lambda: self.database.read(work, seconds), seconds)

    def write(self, work: Work[T], seconds: float) -> T:
        """Do something in one transaction, which is safely on disk when this returns."""
        return self.run(lambda: self.database.write(work, seconds), seconds)

    async def aread(self, work: Work[T], seconds: float) -> T:
        """`read` for an event loop; cancelled, the work ends."""
        return await self.arun(lambda: self.database.read(work, seconds), seconds)

    async def awrite(self, work: Work[T], seconds: float) -> T:
        """`write` for an event loop; cancelled, the work ends and is undone unless it was done."""
        return await self.arun(lambda: self.database.write(work, seconds), seconds)

    def run(self, work: Callable[[], T], seconds: float) -> T:
        """Do anything in the bank's thread."""
        self._expect_answers()
        try:
            return self._worker.run(work, _longest(seconds))
        except TimeoutError as error:
            raise self._given_up() from error

    async def arun(self, work: Callable[[], T], seconds: float) -> T:
        """`run` for an event loop."""
        self._expect_answers()
        try:
            return await self._worker.arun(work, _longest(seconds))
        except TimeoutError as error:
            raise self._given_up() from error

    def close(self) -> None:
        """Let go of the file; the next use opens it again."""
        try:
            if not self._lost:
                with suppress(TimeoutError):
                    self._worker.run(self.database.close, _SLACK_S)
        finally:
            self.end()

    async def aclose(self) -> None:
        """`close` for an event loop."""
        try:
            if not self._lost:
                with suppress(TimeoutError):
                    await self._worker.arun(self.database.close, _SLACK_S)
        finally:
            self.end()

    def end(self) -> None:
        """Let the thread go that has done its work."""
        self._worker.end()

    def _expect_answers(self) -> None:
        if self._lost:
            raise self._given_up()

    def _given_up(self) -> BankError:
        self._lost = True
        return BankError(
            f"The lesson bank {self.database.place.path} does not answer; move it away, "
            "or name another file with --bank FILE."
        )


def _longest(seconds: float) -> float:
    """Until when to wait for work that may have to open the file, and wait for others, before it begins."""
    return 2 * OPENING_S + PATIENCE_S + seconds + _SLACK_S
