"""Times a candidate against the original: interleaved pairs of fresh passes, until the answer is clear.

A pass is one run over the timed calls in a process forked for it, which has never seen their inputs, so a
result cached across calls gains nothing. Both sides run on the same core, in an order drawn for each pair.
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quickstudy.lab.check import Described
from quickstudy.lab.child import Died
from quickstudy.lab.statistics import Ratio, ratio_of_medians
from quickstudy.lab.worker import Pass, Worker
from quickstudy.records import Call, Measurement

FEWEST_PAIRS = 5
MOST_PAIRS = 400
SLACK_NS = 3_000_000
"""How far a child's clock and ours may differ over one pass: the two messages and the scheduler."""
LOOKS = 0.2
"""The share of passes whose results are looked at, besides the first."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which calls are timed, which only warm the process up, and how long all may take."""

    calls: tuple[Call, ...]
    warm: tuple[Call, ...]
    """Other inputs than the timed ones: they bring pages in, not results."""
    seconds: float
    """Budget of the whole timing."""
    pass_seconds: float
    """After this a single pass counts as timed out."""
    spread: float
    """How wide the interval of a gain may stay, as a share of the speedup."""


async def time_pairs(
    original: Worker,
    candidate: Worker,
    plan: Plan,
    differs: Callable[[int, Described], str | None],
    gain: float,
) -> Measurement:
    """The speedup of one loaded text over another, with its interval.

    `differs(i, result)` tells what is wrong with the candidate's result of timed call i. Stops early when
    the interval is clear of `gain`. Raises Died with `wrong` if a timed result differs, `rejected` if the
    child's clock does not agree with ours, and what the passes themselves raise.
    """
    chance = random.Random()
    ours: list[float] = []
    theirs: list[float] = []
    unaccounted: list[float] = []
    started = time.monotonic()
    while True:
        look = not theirs or chance.random() < LOOKS
        # The order of the calls changes with each pair, alike for both sides.
        order = chance.sample(range(len(plan.calls)), len(plan.calls))
        calls = [plan.calls[place] for place in order]
        passes: dict[Worker, Pass] = {}
        for worker in chance.sample((original, candidate), 2):
            wanted = look and worker is candidate
            passes[worker] = await worker.clock(plan.warm, calls, plan.pass_seconds, wanted)
        if look:
            _look(passes[candidate].results, order, differs)
        if passes[candidate].threads > passes[original].threads:
            raise Died("rejected", "It leaves a thread running behind a call.")
        ours.append(passes[original].ns * 1e-9)
        theirs.append(passes[candidate].ns * 1e-9)
        unaccounted.append(passes[candidate].wall_ns - passes[candidate].ns - SLACK_NS)
        spent = time.monotonic() - started
        if len(ours) >= FEWEST_PAIRS and _due(len(ours)):
            ratio = ratio_of_medians(ours, theirs)
            if _clear(ratio, gain, plan.spread) or spent >= plan.seconds or len(ours) >= MOST_PAIRS:
                break
        elif spent >= plan.seconds and len(ours) >= 3:
            ratio = ratio_of_medians(ours, theirs)
            break
    unaccounted.sort()
    if unaccounted[len(unaccounted) // 2] > 0.2 * sorted(theirs)[len(theirs) // 2] * 1e9:
        raise Died("rejected", "Its process was busy for longer than its clock says.")
    return Measurement(
        ratio.value,
        ratio.low,
        ratio.high,
        pairs=len(ours),
        original_s=sorted(ours)[len(ours) // 2],
        candidate_s=sorted(theirs)[len(theirs) // 2],
    )


def _look(
    results: list[Described] | None, order: Sequence[int], differs: Callable[[int, Described], str | None]
) -> None:
    if results is None or len(results) != len(order):
        raise Died("crashed", "It did not finish its timed calls.")
    for place, result in zip(order, results, strict=True):
        problem = differs(place, result)
        if problem:
            raise Died("wrong", problem)


def _due(pairs: int) -> bool:
    """Look at the figures only now and then: each look is a chance to be fooled by luck."""
    return pairs in (5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 300, MOST_PAIRS)


def _clear(ratio: Ratio, gain: float, spread: float) -> bool:
    """Whether more pairs would change nothing that a user would act on."""
    if ratio.low > gain:
        return ratio.spread < spread
    return ratio.high < gain and (ratio.spread < 0.1 or ratio.high < 1 / gain)
