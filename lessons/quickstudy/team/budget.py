"""What the user allows to be spent: tokens and money, set aside before each call and settled after it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from quickstudy.errors import BudgetSpent
from quickstudy.figures import dollars
from quickstudy.records import Usage


class Reservation:
    """What is set aside for one call: the estimate, until the real usage is known."""

    def __init__(self, estimate: Usage) -> None:
        self.due = estimate
        """What is charged if nobody settles: an answer that never came may still have cost all of it."""

    def settle(self, usage: Usage) -> None:
        self.due = usage


class BudgetLedger:
    """Counts what was spent and keeps concurrent calls together within the caps."""

    def __init__(self, max_tokens: int | None = None, max_cost: float | None = None) -> None:
        """The caps of a whole run, in tokens and US dollars; None for no cap."""
        self.max_tokens = max_tokens
        self.max_cost = max_cost
        self.spent = Usage()
        """Settled calls."""
        self._open: list[Reservation] = []
        """Calls under way."""
        self._settled = asyncio.Event()
        """Set, and then replaced, whenever one of them ends."""

    @asynccontextmanager
    async def reserve(self, estimate: Usage) -> AsyncGenerator[Reservation]:
        """Set the estimate aside while a call runs.

        A call that fits beside what was spent, but not beside the calls under way, waits for those: they
        mostly cost less than they set aside. Raises BudgetSpent when it cannot fit any more.
        """
        while not self._fits_beside(estimate):
            await self._settled.wait()
        reservation = Reservation(estimate)
        self._open.append(reservation)
        try:
            yield reservation
        finally:
            self._open.remove(reservation)
            self.spent += reservation.due
            self._settled.set()
            self._settled = asyncio.Event()

    def _fits_beside(self, estimate: Usage) -> bool:
        """Whether there is room now. Raises BudgetSpent if waiting cannot help."""
        total = self.spent + estimate
        excess = self._excess(total)
        if excess is not None:
            raise BudgetSpent(excess)
        return self._excess(sum((each.due for each in self._open), total)) is None

    def _excess(self, total: Usage) -> str | None:
        tokens = total.prompt_tokens + total.completion_tokens
        if self.max_tokens is not None and tokens > self.max_tokens:
            used = self.spent.prompt_tokens + self.spent.completion_tokens
            spent, needed, cap = (
                f"So far {used} tokens are used",
                f"{tokens}",
                f"--max-tokens {self.max_tokens}",
            )
        elif self.max_cost is not None and total.cost_usd > self.max_cost:
            spent = f"So far {dollars(self.spent.cost_usd)} is spent"
            needed, cap = dollars(total.cost_usd), f"--max-cost {self.max_cost:g}"
        else:
            return None
        return f"{spent} and the next call may take it to {needed}, over {cap}; raise that to go on."
