"""Holds a candidate's calls against the original's, one by one: what they do, and how soon."""

import random
from collections.abc import Collection, Mapping, Sequence

from quickstudy.lab.baseline import Known
from quickstudy.lab.check import Dials, difference
from quickstudy.lab.child import ChildFailed, Disqualified
from quickstudy.lab.choosing import data, patience
from quickstudy.lab.laziness import TURNS, hurried, least
from quickstudy.lab.loaded import bound
from quickstudy.lab.worker import Worker
from quickstudy.reasons import Circumstance, Code, reason

LEAVES: Mapping[str, Code] = {"threads": Code.LEAVES_THREADS, "orphans": Code.LEAVES_CHILDREN}
REFUSALS = ("PermissionError", "OSError", "socket.gaierror")
"""What code raises that is refused a file or the network by the sandbox."""


async def check_calls(worker: Worker, known: Sequence[Known], reaches: Collection[str], dials: Dials) -> None:
    """Raises Disqualified with what is wrong with the first call that is not as the original's.

    `reaches` is what the original reaches for, as `loaded.py` has it.
    """
    for one in random.sample(known, len(known)):
        drawn: tuple[Circumstance, ...] = ("drawn",) if one.call.origin == "generated" else ()
        try:
            observed = await worker.observe(one.call, patience([one]))
        except ChildFailed as failed:
            raise ChildFailed(failed.why.under(*drawn)) from None
        problem = difference(one.observed, observed, dials)
        if problem is not None:
            refused = problem.code is Code.RAISES and problem.fields["exception"] in REFUSALS
            if refused and worker.bench.sandbox.name != "off":
                drawn = (*drawn, "refused")
            raise Disqualified(problem.under(*drawn))
        bound(reaches, observed.reaches)
        for left in LEAVES:
            if getattr(observed, left) and not getattr(one.observed, left):
                raise Disqualified(reason(LEAVES[left]))


async def check_pace(worker: Worker, known: Sequence[Known]) -> None:
    """Raises Disqualified with what a candidate does too soon that the original leaves for later."""
    lazy = [one for one in known if one.pace.lazy]
    if not lazy:
        return
    turns = [await worker.pace(data(lazy), TURNS * patience(lazy)) for _ in range(TURNS)]
    for one, pace in zip(lazy, least(turns), strict=True):
        problem = hurried(one.pace, pace)
        if problem is not None:
            raise Disqualified(problem)
