"""What a gain must stand before it is believed, wherever a candidate may keep things that nobody found.

Both questions are put to the clock alone. A gain that comes from earlier calls in the same process is not
there for a call that is made alone; one that comes from earlier processes is not there in the first pass
over inputs that none of them has seen. Half of it must be, as factors go: the first of anything is slower.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from quickstudy.lab.baseline import Known
from quickstudy.lab.choosing import data, patience
from quickstudy.lab.statistics import excess
from quickstudy.lab.timing import Plan, seconds_of
from quickstudy.lab.worker import Pass, Worker
from quickstudy.machine import quiet

ALONE = 12
"""Pairs of passes with a single call."""
WARMED = 1
"""The shortest calls come before it: what a process does for the first time takes longer."""
COLD_S = 50e-6
"""What a call may take more than its share when it is one of the first."""
MOST_FRESH = 5
"""Workers of which the majority must show the gain at once: a hiccup must not accuse anybody."""


async def gains_alone(worker: Worker, known: Sequence[Known], speedup: float) -> bool:
    """Whether the longest call gains when no other long one was made before it in the same process."""
    ordered = sorted((one for one in known if one.returns), key=lambda one: one.seconds)
    call, warm = ordered[-1:], ordered[: min(WARMED, len(ordered) - 1)]
    original: list[Pass] = []
    candidate: list[Pass] = []
    sides = [original, candidate]
    async with quiet():
        for _ in range(ALONE):
            sides.reverse()
            for side in sides:
                mine = side is original
                side.append(await worker.clock(mine, data(warm), data(call), patience([*warm, *call])))
    ours, theirs = seconds_of(original, candidate)
    return excess([_bar(one, speedup) for one in ours], theirs).low <= COLD_S


async def gains_at_once(
    fresh: Callable[[], AbstractAsyncContextManager[Worker]], plan: Plan, first: float, speedup: float
) -> bool:
    """Whether the gain is there in the first pass of a worker.

    `first` is the speedup in the first pair of one; `fresh` starts others.
    """
    seen = [first]
    while True:
        gained = sum(one >= _bar(speedup, speedup) for one in seen)
        if max(gained, len(seen) - gained) > MOST_FRESH // 2 or gained == len(seen) == 1:
            return gained > len(seen) / 2
        async with fresh() as worker, quiet():
            sides = [
                [await worker.clock(original, plan.warm, plan.calls, plan.pass_seconds, None, plan.reload)]
                for original in (True, False)
            ]
        (ours,), (theirs,) = seconds_of(*sides)
        seen.append(ours / theirs)


def _bar(figure: float, speedup: float) -> float:
    """Half of the way, as factors go, from a figure to what this speedup makes of it."""
    return figure / speedup**0.5
