"""Times a candidate against the original: interleaved pairs of fresh passes, until `decision.py` says stop.

A pass is one run over the timed calls in a process that loaded the text for it and has never seen their
inputs, so a result cached across calls gains nothing. Its time is taken by another process, and is free of
what it waited while others had the core. What a candidate does outside the timed calls, when it is loaded or
when its inputs are rebuilt and its results read, is timed as well, and counted where it is more than the
original's. Both sides are run by one child on one core, each first as often as the other.
"""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass

from quickstudy.lab.compare import Tolerances, timed_difference
from quickstudy.lab.decision import Continue, Pairs, Question, Stop, decide
from quickstudy.lab.floats import Described
from quickstudy.lab.policy import TimingPolicy
from quickstudy.lab.rig import ChildFailed, Disqualified, Pass, Subject
from quickstudy.lab.supervisor.messages import Effects, PassTimes
from quickstudy.lab.supervisor.records import Invalid, parsed
from quickstudy.reasons import Code, Reason, reason
from quickstudy.records import Call

EFFECTS: Mapping[str, Code] = {
    "printed": Code.PASS_OUTPUT,
    "warned": Code.PASS_WARNINGS,
    "settings": Code.PASS_SETTINGS,
}
"""What a verified pass tells besides its results."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which calls are timed, which only warm the process up, and what a single pass may take."""

    calls: tuple[Call, ...]
    warm: tuple[Call, ...]
    """Other inputs than the timed ones: they bring pages in, not results."""
    pass_seconds: float
    """After this a single pass counts as timed out."""
    reload: bool = False
    """Whether each call is made in a module of its own."""

    @property
    def modules(self) -> int:
        """How many further modules are loaded then: the warm calls have one as well."""
        return len(self.calls) + 1 if self.reload else 0


async def time_pairs(
    subject: Subject, plan: Plan, question: Question, policy: TimingPolicy, tolerances: Tolerances
) -> Stop:
    """The speedup of a subject's text over the original, once it is clear or the budget is spent.

    Raises Disqualified with `wrong` if a result differs from the original's in a pass over the same calls in
    the same order, `rejected` if a thread is left, and what the passes themselves raise.
    """
    chance = random.Random()
    original: list[PassTimes] = []
    candidate: list[PassTimes] = []
    sides = [original, candidate]
    chance.shuffle(sides)
    decision: Continue | Stop = Continue(suspicious=False)
    started = time.monotonic()
    while isinstance(decision, Continue):
        few = len(original) < policy.verified_passes
        verified = decision.suspicious or few or chance.random() < policy.verified_share
        verify = "results" if verified else None
        # The order of the calls changes with each pair, alike for both sides.
        order = chance.sample(range(len(plan.calls)), len(plan.calls))
        calls = [plan.calls[place] for place in order]
        # Each goes first as often as the other, beginning with a drawn one.
        sides.reverse()
        made: dict[bool, Pass] = {}
        for side in sides:
            mine = side is original
            made[mine] = await subject.clock(mine, plan.warm, calls, plan.pass_seconds, verify, plan.reload)
            side.append(made[mine].times)
        if verified:
            _verify(made[True], made[False], tolerances)
        if candidate[-1].threads > original[-1].threads:
            raise Disqualified(reason(Code.LEAVES_THREAD))
        left = _left(original[-1].kernel_state, candidate[-1].kernel_state)
        if left is not None:
            raise Disqualified(reason(Code.LEAVES_OTHER, what=left))
        spent_s = time.monotonic() - started
        decision = decide(Pairs(original, candidate, spent_s, decision.suspicious), question, policy)
    return decision


def _verify(original: Pass, candidate: Pass, tolerances: Tolerances) -> None:
    """Raises Disqualified if the results of a pass, or anything else it did, differ from the original's."""
    expected, results = original.results, candidate.results
    if not expected or len(results) != len(expected):
        raise Disqualified(reason(Code.UNFINISHED_PASS))
    for one, other in zip(expected, results, strict=True):
        if one != other:  # else there is no need to read them
            problem = timed_difference(_read(one), _read(other), tolerances)
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
