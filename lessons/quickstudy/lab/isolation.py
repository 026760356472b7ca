"""How far calls must be isolated when they are timed, if a candidate keeps state from one for the next."""

from collections.abc import Sequence
from typing import Literal

from quickstudy.lab.choosing import calls_of, patience, to_inspect, to_time
from quickstudy.lab.compare import Tolerances, changed_global
from quickstudy.lab.loaded import bound
from quickstudy.lab.policy import TimingPolicy
from quickstudy.lab.reference import ReferenceCall
from quickstudy.lab.retention import keeps
from quickstudy.lab.rig import ChildFailed, Disqualified, Rig, Subject
from quickstudy.lab.supervisor.messages import Retained
from quickstudy.lab.timing import differing_effect
from quickstudy.reasons import Code
from quickstudy.records import Call

Isolation = Literal["module", "process"]
"""What each call gets of its own, so that it finds nothing that another one kept."""
FEW = (0, 3)
"""Passes with only so many calls: most of what is kept is kept by the first ones."""

Calls = tuple[tuple[Call, ...], tuple[Call, ...]]
"""Warm calls, and those that follow."""


async def needed_isolation(
    rig: Rig,
    subject: Subject,
    known: Sequence[ReferenceCall],
    policy: TimingPolicy,
    tolerances: Tolerances,
) -> Isolation | None:
    """How far the calls must be isolated; None if nothing is kept.

    Raises Disqualified with `wrong` if the candidate does something else than the original when its calls
    follow each other, and what the passes themselves raise.
    """
    passes = _ever_more(known, policy)
    if not passes:
        return None  # each is timed alone
    seconds = patience(known)
    for reload in (False, True):
        try:
            original = [await _left(subject, True, calls, seconds, reload) for calls in passes]
        except ChildFailed:
            if reload:
                return "process"  # a module that registers itself somewhere cannot be loaded again
            raise
        candidate = [await _left(subject, False, calls, seconds, reload) for calls in passes]
        for one, other in zip(original, candidate, strict=True):
            bound(one.reaches, other.reaches)
        if not reload:
            _compare(original[-1], candidate[-1], known, tolerances)
        if not keeps(original, candidate, rig.is_own):
            return "module" if reload else None
    return "process"


def _ever_more(known: Sequence[ReferenceCall], policy: TimingPolicy) -> list[Calls]:
    """The calls of passes that have ever more of them; the last has those that are timed."""
    inspected = calls_of(to_inspect(known, policy))
    if not inspected:
        return []
    timed, warm = map(calls_of, to_time(known, policy.pass_s, policy))
    few = [((), inspected[:number]) for number in FEW if number <= len(inspected)]
    return [*few, (warm, timed[len(timed) // 2 :][::-1]), (warm, timed[::-1])]


async def _left(subject: Subject, original: bool, calls: Calls, seconds: float, reload: bool) -> Retained:
    """What is left in a process of one pass over these calls."""
    left = (await subject.clock(original, *calls, seconds, "retained", reload)).verified
    assert isinstance(left, Retained)
    return left


def _compare(
    expected: Retained, left: Retained, known: Sequence[ReferenceCall], tolerances: Tolerances
) -> None:
    effect = differing_effect(expected.effects, left.effects)
    if effect is not None:
        raise Disqualified(effect)
    # The variables that were the same whenever the original was observed.
    steady = known[0].observed.globals.keys() & expected.globals.keys()
    usual = {name: expected.globals[name] for name in steady}
    changed = changed_global(usual, left.globals, tolerances, Code.PASS_GLOBAL)
    if changed is not None:
        raise Disqualified(changed)
