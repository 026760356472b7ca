"""Times a candidate against the original: interleaved pairs of fresh passes, until the answer is clear.

A pass is one run over the timed calls in a process that loaded the text for it and has never seen their
inputs, so a result cached across calls gains nothing. Its time is taken by another process, and is free of
what it waited while others had the core (`supervisor/stopwatch.py`). What a candidate does aside, when it is
imported or when its inputs are rebuilt and its results read, is timed as well, and counted where it is more
than the original's. Both sides are run by one child on one core, each first as often as the other.
"""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from quickstudy.lab.check import Dials, timed_difference
from quickstudy.lab.child import ChildFailed, Disqualified
from quickstudy.lab.floats import Described
from quickstudy.lab.statistics import Interval, excess, speedup
from quickstudy.lab.supervisor.messages import Effects
from quickstudy.lab.supervisor.records import Invalid, parsed
from quickstudy.lab.worker import Pass, Worker
from quickstudy.reasons import Code, Reason, reason
from quickstudy.records import Call, Measurement

FEWEST_PAIRS, FEWEST_FOR_CLOSE = 5, 12
MOST_PAIRS = 400
FIRST_LOOKS, LOOKS = 5, 0.2
"""The passes whose results are looked at: the first ones, and a share of the others."""
BESIDES_S = 50e-6
"""What rebuilding inputs and reading results may differ by between equal functions."""
SHORTEST_S = 5e-6
"""About what a round trip varies by: a pass cannot be told to be shorter."""
UNSURE_S = 2e-6
"""What one side's passes may take more in every pair alike, as for a page of memory touched in no other's."""
EFFECTS: Mapping[str, Code] = {
    "printed": Code.PASS_OUTPUT,
    "warned": Code.PASS_WARNINGS,
    "settings": Code.PASS_SETTINGS,
}
"""What a look says of a pass besides its results."""
TABLE_S = 0.003
"""What an import may take longer than the original's: a table or a compiled pattern, not a day's work."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which calls are timed, which only warm the process up, and how long all may take."""

    calls: tuple[Call, ...]
    warm: tuple[Call, ...]
    """Other inputs than the timed ones: they bring pages in, not results."""
    seconds: float
    """Budget of the whole timing; up to three times as much more goes to imports, which are no timing."""
    pass_seconds: float
    """After this a single pass counts as timed out."""
    spread: float
    """How wide the interval of a gain may stay, as a share of the speedup."""
    screens: bool = False
    """Whether this only screens: a gain that is likely is told as soon as one that is sure."""
    reload: bool = False
    """Whether each call is made in a module of its own."""

    @property
    def modules(self) -> int:
        """How many further modules are loaded then: the warm calls have one as well."""
        return len(self.calls) + 1 if self.reload else 0


async def time_pairs(
    worker: Worker,
    plan: Plan,
    gain: float,
    dials: Dials,
) -> tuple[Measurement, float]:
    """The speedup of a worker's text over the original, with its interval; and that of the first pair.

    Stops early when the interval is clear of `gain`. Raises Disqualified with `wrong` if a result differs
    from the original's in a pass over the same calls in the same order, `rejected` if a thread is left, and
    what the passes themselves raise.
    """
    chance = random.Random()
    original: list[Pass] = []
    candidate: list[Pass] = []
    sides = [original, candidate]
    chance.shuffle(sides)
    suspected = False
    started = time.monotonic()
    while True:
        done = len(original)
        looks = suspected or done < FIRST_LOOKS or chance.random() < LOOKS
        look = "results" if looks else None
        # The order of the calls changes with each pair, alike for both sides.
        order = chance.sample(range(len(plan.calls)), len(plan.calls))
        calls = [plan.calls[place] for place in order]
        # Each goes first as often as the other, beginning with a drawn one.
        sides.reverse()
        for side in sides:
            mine = side is original
            side.append(await worker.clock(mine, plan.warm, calls, plan.pass_seconds, look, plan.reload))
        if looks:
            _look(original[-1], candidate[-1], dials)
        if candidate[-1].threads > original[-1].threads:
            raise Disqualified(reason(Code.LEAVES_THREAD))
        left = _left(original[-1].kernel_state, candidate[-1].kernel_state)
        if left is not None:
            raise Disqualified(reason(Code.LEAVES_OTHER, what=left))
        done += 1
        spent = time.monotonic() - started
        imports = sum(one.import_ns for one in (*original, *candidate)) * 1e-9
        late = spent - min(imports, 3 * plan.seconds) >= plan.seconds
        if done < FEWEST_PAIRS or not (late or _due(done)):
            continue
        ours, theirs = seconds_of(original, candidate)
        ratio = speedup(ours, theirs, UNSURE_S)
        aside = _aside(original, candidate, plan.modules) if ratio.value > 1 else 0.0
        suspected = aside > 0
        if suspected:
            looked = sum(one.after_ns is not None for one in candidate)
            if looked < FEWEST_FOR_CLOSE and not late:
                continue  # a machine that was busy elsewhere looks the same in a few pairs
            ratio = speedup(ours, [one + aside for one in theirs], UNSURE_S)
        pass_s = median(ours)
        short = 1 + UNSURE_S / pass_s > gain
        if late or done >= MOST_PAIRS or _clear(ratio, gain, plan, done, short):
            measured = Measurement(ratio.value, ratio.low, ratio.high, done, pass_s, pass_s / ratio.value)
            return measured, ours[0] / theirs[0]


def seconds_of(*sides: Sequence[Pass]) -> list[list[float]]:
    """What the passes of each side took; without the waiting for the core if it is known of all of them."""
    known = all(one.runqueue_wait_ns is not None for side in sides for one in side)
    return [
        [max(SHORTEST_S, (one.ns - (one.runqueue_wait_ns or 0 if known else 0)) * 1e-9) for one in side]
        for side in sides
    ]


def _aside(ours: Sequence[Pass], theirs: Sequence[Pass], modules: int) -> float:
    """Seconds of work in each of the candidate's passes that it does anywhere but in the timed calls.

    Places that can stand for each other are taken together, or a candidate could change between them.
    """
    pairs = list(zip(ours, theirs, strict=True))
    looked = [pair for pair in pairs if pair[0].after_ns is not None and pair[1].after_ns is not None]
    # A share of what is aside, but no more than of what is timed: large inputs take long to make.
    shorter = median(one.ns for one in theirs) * 1e-9

    def more(
        chosen: Sequence[tuple[Pass, Pass]], part: Callable[[Pass], int], allowed: float, share: float = 0.0
    ) -> float:
        usual, taken = ([part(pair[side]) * 1e-9 for pair in chosen] for side in (0, 1))
        found = excess(usual, taken)
        return found.value if found.low > allowed + share * min(shorter, median(usual)) else 0.0

    imports = more(pairs, lambda one: one.import_ns, TABLE_S)
    # What an import may take, each further one may take as well.
    further = more(pairs, lambda one: one.again_ns - modules * one.import_ns, modules * BESIDES_S, 0.03)
    between = more(pairs, lambda one: one.between_ns, UNSURE_S)
    before = more(pairs, lambda one: one.before_ns + one.between_ns, BESIDES_S, 0.03)
    around = more(looked, lambda one: one.before_ns + one.between_ns + (one.after_ns or 0), BESIDES_S, 0.03)
    return imports + further + max(between, before, around)


def _look(original: Pass, candidate: Pass, dials: Dials) -> None:
    """Raises Disqualified if the results of a pass, or anything else it did, differ from the original's."""
    expected, results = original.results, candidate.results
    if not expected or len(results) != len(expected):
        raise Disqualified(reason(Code.UNFINISHED_PASS))
    for one, other in zip(expected, results, strict=True):
        if one != other:  # else there is no need to read them
            problem = timed_difference(_read(one), _read(other), dials)
            if problem:
                raise Disqualified(problem)
    if original.verified is not None and candidate.verified is not None:
        effect = differing_effect(original.verified.effects, candidate.verified.effects)
        if effect is not None:
            raise Disqualified(effect)


def differing_effect(original: Effects, candidate: Effects) -> Reason | None:
    """What a candidate's pass did otherwise than the original's, besides results."""
    for what, code in EFFECTS.items():
        if getattr(original, what) != getattr(candidate, what):
            return reason(code)
    return None


def _left(original: Mapping[str, str | int], candidate: Mapping[str, str | int]) -> str | None:
    """What the kernel keeps for a candidate that it does not for the original: numbers may be smaller."""
    for what, usual in original.items():
        found = candidate.get(what)
        if found != usual and not (isinstance(found, int) and isinstance(usual, int) and found < usual):
            return what
    return None


def _read(described: bytes) -> Described:
    try:
        return parsed(described)
    except Invalid:
        raise ChildFailed(reason(Code.FORGED)) from None


def _due(pairs: int) -> bool:
    """Look at the figures only now and then: each look is a chance to be fooled by luck."""
    return pairs in (3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 300, MOST_PAIRS)


def _clear(ratio: Interval, gain: float, plan: Plan, pairs: int, short: bool) -> bool:
    """Whether more pairs would change nothing that a user would act on.

    Passes may be so `short` that no number of pairs shows two of them to be the same.
    """
    if ratio.low > (1 if plan.screens else gain) and ratio.value > gain:
        # The farther from the bar, the wider the interval may be: 10x is clear before its last digit is.
        return ratio.spread < max(plan.spread, 0.25 * (1 - gain / ratio.low))
    if ratio.high < 1 / gain:
        return ratio.high < 0.8 or pairs >= FEWEST_FOR_CLOSE
    if short and ratio.value <= gain:
        return pairs >= FEWEST_FOR_CLOSE
    return ratio.high < gain and ratio.spread < 0.1
