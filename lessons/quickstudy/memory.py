"""The bank as a run needs it: where it fails the run goes on without, as a winner may be found yet."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager

from quickstudy import events
from quickstudy.errors import BankError
from quickstudy.records import Lesson, Target
from quickstudy.rooms import Bank


class Memory:
    """A bank whose failures are events of the run and never its end."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._reasons: dict[str, bool] = {}
        """Why it failed, each reason once, and whether `failures` gave it out."""

    async def select(self, target: Target, toolchain: str, run: str, k: int) -> Sequence[Lesson]:
        with self._surviving():
            return await self._bank.select(target, toolchain, run, k)
        return ()

    async def add(self, lesson: Lesson) -> Lesson:
        with self._surviving():
            return await self._bank.add(lesson)
        return lesson

    async def credit(self, lessons: Sequence[Lesson], wins: Sequence[Sequence[bool]]) -> None:
        with self._surviving():
            await self._bank.credit(lessons, wins)

    def failures(self) -> list[events.BankFailed]:
        """What has gone wrong since this was last asked; each reason comes once."""
        new = [events.BankFailed(reason) for reason, given in self._reasons.items() if not given]
        self._reasons = dict.fromkeys(self._reasons, True)
        return new

    @contextmanager
    def _surviving(self) -> Generator[None]:
        try:
            yield
        except BankError as error:
            self._reasons.setdefault(str(error), False)
