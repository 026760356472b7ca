"""Which calls of a workload are timed, which warm a process up for that, and which are looked at singly."""

from collections.abc import Sequence
from itertools import cycle, islice

from quickstudy.lab.baseline import Known
from quickstudy.records import Call

PASS_S = 0.01
"""About what one timed pass should take the original at most; fewer calls are timed beyond it."""
MOST_TIMED = 64
WARM, WARM_CALLS, WARM_SHARE = 3, 30, 0.3
"""Inputs to warm up with before a pass begins, and the calls of them: so many, or for that share of a pass.

They bring pages in, and let the interpreter adapt the code to what it is used for.
"""
ALONE_S = 0.03
"""A call that takes the original so long is timed alone: a warm process would gain it next to nothing, and in
one that made no other call there is nothing that another one kept."""
LEAST_LOOKED, MOST_LOOKED, LOOKED_S = 3, 8, 0.003
"""How many calls are looked at for what they keep, and what those beyond the least take the original."""


def data(known: Sequence[Known]) -> tuple[Call, ...]:
    """The calls without what the original did in them."""
    return tuple(one.call for one in known)


def patience(known: Sequence[Known]) -> float:
    """Seconds that a candidate may take for these calls together: slow is a verdict soon enough."""
    return 2.0 + 10 * sum(max(one.seconds, one.told_s) for one in known)


def to_time(known: Sequence[Known], pass_s: float) -> tuple[list[Known], list[Known]]:
    """The calls to time, the longest first as far as a pass may take, and shorter ones to warm up with."""
    ordered = _longest_first(known) or list(known)
    if ordered[0].seconds >= ALONE_S:
        return ordered[:1], []
    timed: list[Known] = []
    total = 0.0
    for one in ordered[: max(1, len(ordered) - WARM)]:
        if timed and (total + one.seconds > pass_s or len(timed) == MOST_TIMED):
            break
        timed.append(one)
        total += one.seconds
    warm: list[Known] = []
    total = 0.0
    for one in islice(cycle(ordered[len(timed) :][:WARM]), WARM_CALLS):
        if total >= WARM_SHARE * pass_s:
            break
        warm.append(one)
        total += one.seconds
    return timed, warm


def to_look_at(known: Sequence[Known]) -> list[Known]:
    """The longest calls that may be looked at one by one, from short to long; none if one is timed alone."""
    ordered = _longest_first(known)
    found: list[Known] = []
    total = 0.0
    for one in reversed(ordered if ordered and ordered[0].seconds < ALONE_S else []):
        total += one.seconds
        if len(found) >= LEAST_LOOKED and total > LOOKED_S:
            break
        found.append(one)
    return found[-MOST_LOOKED:]


def _longest_first(known: Sequence[Known]) -> list[Known]:
    return sorted((one for one in known if one.returns), key=lambda one: one.seconds, reverse=True)
