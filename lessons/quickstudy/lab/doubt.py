"""What a gain must stand before it is believed, wherever a candidate may keep things that nobody found.

Both questions are put to the clock alone. A gain that comes from earlier calls in the same process is not
there for a call that is made alone; one that comes from earlier processes is not there in the first pass
over inputs that none of them has seen. Half of it must be, as factors go: the first of anything is slower.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from quickstudy.lab.choosing import calls_of, patience
from quickstudy.lab.decision import seconds_of
from quickstudy.lab.policy import TimingPolicy
from quickstudy.lab.reference import ReferenceCall
from quickstudy.lab.rig import Subject
from quickstudy.lab.statistics import Interval, excess
from quickstudy.lab.supervisor.messages import PassTimes
from quickstudy.lab.timing import Plan
from quickstudy.machine import quiet


async def gains_alone(
    subject: Subject, known: Sequence[ReferenceCall], speedup: float, policy: TimingPolicy
) -> bool:
    """Whether the longest call gains when no other long one was made before it in the same process."""
    ordered = sorted((one for one in known if one.returns), key=lambda one: one.seconds)
    call, warm = ordered[-1:], ordered[: min(policy.alone_warm, len(ordered) - 1)]
    original: list[PassTimes] = []
    candidate: list[PassTimes] = []
    sides = [original, candidate]
    seconds = patience([*warm, *call])
    async with quiet():
        for done in range(1, policy.alone_pairs + 1):
            sides.reverse()
            for side in sides:
                made = await subject.clock(side is original, calls_of(warm), calls_of(call), seconds)
                side.append(made.times)
            looked_at = done >= policy.fewest_pairs and done in policy.interim_analyses
            if looked_at and _missing(original, candidate, speedup, policy).high <= policy.cold_s:
                return True  # surely there: no need to look longer
    return _missing(original, candidate, speedup, policy).low <= policy.cold_s


def _missing(
    original: Sequence[PassTimes], candidate: Sequence[PassTimes], speedup: float, policy: TimingPolicy
) -> Interval:
    """Seconds by which the candidate's passes miss half of this gain."""
    ours, theirs = seconds_of(original, candidate, policy=policy)
    return excess([_bar(one, speedup) for one in ours], theirs)


async def gains_at_once(
    fresh: Callable[[], AbstractAsyncContextManager[Subject]],
    plan: Plan,
    first: float,
    speedup: float,
    policy: TimingPolicy,
) -> bool:
    """Whether the gain is there in the first pass of a subject.

    `first` is the speedup in the first pair of one; `fresh` starts others.
    """
    seen = [first]
    while True:
        gained = sum(one >= _bar(speedup, speedup) for one in seen)
        decided = max(gained, len(seen) - gained) > policy.fresh_workers // 2
        if decided or gained == len(seen) == 1:
            return gained > len(seen) / 2
        async with fresh() as subject, quiet():
            pair = [
                await subject.clock(original, plan.warm, plan.calls, plan.pass_seconds, None, plan.reload)
                for original in (True, False)
            ]
        (ours,), (theirs,) = seconds_of(*([one.times] for one in pair), policy=policy)
        seen.append(ours / theirs)


def _bar(figure: float, speedup: float) -> float:
    """Half of the way, as factors go, from a figure to what this speedup makes of it."""
    return figure / speedup**0.5
