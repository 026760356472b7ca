"""Which calls of a workload are timed, which warm a process up for that, and which are inspected singly."""

from collections.abc import Sequence
from itertools import cycle, islice

from quickstudy.lab.policy import TimingPolicy
from quickstudy.lab.reference import ReferenceCall
from quickstudy.records import Call


def calls_of(known: Sequence[ReferenceCall]) -> tuple[Call, ...]:
    """The calls without what the original did in them."""
    return tuple(one.call for one in known)


def patience(known: Sequence[ReferenceCall]) -> float:
    """Seconds that a candidate may take for these calls together: slow is a verdict soon enough."""
    return 2.0 + 10 * sum(max(one.seconds, one.round_trip_s) for one in known)


def to_time(
    known: Sequence[ReferenceCall], pass_s: float, policy: TimingPolicy
) -> tuple[list[ReferenceCall], list[ReferenceCall]]:
    """The calls to time, the longest first as far as a pass may take, and shorter ones to warm up with."""
    ordered = _longest_first(known) or list(known)
    if ordered[0].seconds >= policy.alone_s:
        return ordered[:1], []
    timed: list[ReferenceCall] = []
    total = 0.0
    for one in ordered[: max(1, len(ordered) - policy.warm_inputs)]:
        if timed and (total + one.seconds > pass_s or len(timed) == policy.most_timed):
            break
        timed.append(one)
        total += one.seconds
    warm: list[ReferenceCall] = []
    total = 0.0
    for one in islice(cycle(ordered[len(timed) :][: policy.warm_inputs]), policy.warm_calls):
        if total >= policy.warm_share * pass_s:
            break
        warm.append(one)
        total += one.seconds
    return timed, warm


def to_inspect(known: Sequence[ReferenceCall], policy: TimingPolicy) -> list[ReferenceCall]:
    """The longest calls that may be inspected one by one, from short to long; none if one is timed alone."""
    ordered = _longest_first(known)
    found: list[ReferenceCall] = []
    total = 0.0
    for one in reversed(ordered if ordered and ordered[0].seconds < policy.alone_s else []):
        total += one.seconds
        if len(found) >= policy.least_inspected and total > policy.inspected_s:
            break
        found.append(one)
    return found[-policy.most_inspected :]


def _longest_first(known: Sequence[ReferenceCall]) -> list[ReferenceCall]:
    return sorted((one for one in known if one.returns), key=lambda one: one.seconds, reverse=True)
