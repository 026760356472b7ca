"""How calls are kept apart when they are timed, if a candidate keeps something from one for the next."""

from collections.abc import Sequence
from typing import Literal

from quickstudy.lab.baseline import Known
from quickstudy.lab.check import Dials, changed_global
from quickstudy.lab.child import ChildFailed, Disqualified
from quickstudy.lab.choosing import PASS_S, data, patience, to_look_at, to_time
from quickstudy.lab.keeping import keeps
from quickstudy.lab.loaded import bound
from quickstudy.lab.supervisor.messages import Retained
from quickstudy.lab.timing import differing_effect
from quickstudy.lab.worker import Worker
from quickstudy.reasons import Code
from quickstudy.records import Call

Apart = Literal["modules", "processes"]
"""What each call gets of its own, so that it finds nothing that another one kept."""
FEW = (0, 1, 3)
"""Passes with only so many calls: most of what is kept is kept by the first ones."""

Calls = tuple[tuple[Call, ...], tuple[Call, ...]]
"""Warm calls, and those that follow."""


async def parted(worker: Worker, known: Sequence[Known], dials: Dials) -> Apart | None:
    """How the calls must be kept apart; None if nothing is kept.

    Raises Disqualified with `wrong` if the candidate does something else than the original when its calls
    follow each other, and what the passes themselves raise.
    """
    passes = _ever_more(known)
    if not passes:
        return None  # each is timed alone
    seconds = patience(known)
    for reload in (False, True):
        try:
            original = [await _left(worker, True, calls, seconds, reload) for calls in passes]
        except ChildFailed:
            if reload:
                return "processes"  # a module that registers itself somewhere cannot be loaded again
            raise
        candidate = [await _left(worker, False, calls, seconds, reload) for calls in passes]
        for one, other in zip(original, candidate, strict=True):
            bound(one.reaches, other.reaches)
        if not reload:
            _compare(original[-1], candidate[-1], known, dials)
        if not keeps(original, candidate, worker.bench.place.module):
            return "modules" if reload else None
    return "processes"


def _ever_more(known: Sequence[Known]) -> list[Calls]:
    """The calls of passes that have ever more of them; the last has those that are timed."""
    looked = data(to_look_at(known))
    if not looked:
        return []
    timed, warm = map(data, to_time(known, PASS_S))
    few = [((), looked[:number]) for number in FEW if number <= len(looked)]
    return [*few, (warm, timed[len(timed) // 2 :][::-1]), (warm, timed[::-1])]


async def _left(worker: Worker, original: bool, calls: Calls, seconds: float, reload: bool) -> Retained:
    """What is left in a process of one pass over these calls."""
    left = (await worker.clock(original, *calls, seconds, "retained", reload)).verified
    assert isinstance(left, Retained)
    return left


def _compare(expected: Retained, left: Retained, known: Sequence[Known], dials: Dials) -> None:
    effect = differing_effect(expected.effects, left.effects)
    if effect is not None:
        raise Disqualified(effect)
    # The variables that were the same whenever the original was observed.
    steady = known[0].observed.globals.keys() & expected.globals.keys()
    usual = {name: expected.globals[name] for name in steady}
    changed = changed_global(usual, left.globals, dials, Code.PASS_GLOBAL)
    if changed is not None:
        raise Disqualified(changed)
