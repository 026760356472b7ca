"""Holds a candidate's calls against the original's, one by one: what they do, and how soon."""

import random
from collections.abc import Collection, Mapping, Sequence

from quickstudy.lab.choosing import calls_of, patience
from quickstudy.lab.compare import Tolerances, difference
from quickstudy.lab.laziness import TURNS, eager_violation, least
from quickstudy.lab.loaded import bound
from quickstudy.lab.reference import ReferenceCall
from quickstudy.lab.rig import ChildFailed, Disqualified, Subject
from quickstudy.reasons import Circumstance, Code, reason

LEAVES: Mapping[str, Code] = {"threads": Code.LEAVES_THREADS, "orphans": Code.LEAVES_CHILDREN}
REFUSALS = ("PermissionError", "OSError", "socket.gaierror")
"""What code raises that is refused a file or the network by the sandbox."""


async def verify_calls(
    subject: Subject,
    known: Sequence[ReferenceCall],
    reaches: Collection[str],
    tolerances: Tolerances,
    confined: bool,
) -> None:
    """Raises Disqualified with what is wrong with the first call that is not as the original's.

    `reaches` is what the original reaches for, as `loaded.py` has it; `confined` tells whether a sandbox may
    have refused the candidate something.
    """
    for one in random.sample(known, len(known)):
        drawn: tuple[Circumstance, ...] = ("drawn",) if one.call.origin == "generated" else ()
        try:
            observed = await subject.observe(one.call, patience([one]))
        except ChildFailed as failed:
            raise ChildFailed(failed.why.under(*drawn)) from None
        problem = difference(one.observed, observed, tolerances)
        if problem is not None:
            if confined and problem.code is Code.RAISES and problem.fields["exception"] in REFUSALS:
                drawn = (*drawn, "refused")
            raise Disqualified(problem.under(*drawn))
        bound(reaches, observed.reaches)
        for left in LEAVES:
            if getattr(observed, left) and not getattr(one.observed, left):
                raise Disqualified(reason(LEAVES[left]))


async def verify_laziness(subject: Subject, known: Sequence[ReferenceCall]) -> None:
    """Raises Disqualified with what a candidate does too soon that the original leaves for later."""
    lazy = [one for one in known if one.pace.lazy]
    if not lazy:
        return
    turns = [await subject.pace(calls_of(lazy), TURNS * patience(lazy)) for _ in range(TURNS)]
    for one, pace in zip(lazy, least(turns), strict=True):
        problem = eager_violation(one.pace, pace)
        if problem is not None:
            raise Disqualified(problem)
