"""Whether a candidate keeps more than the original from one call for the next, as a cache does.

The calls of a workload all differ, so a cache of results gains nothing when they are timed; one of parts of
the work does, and a user with other calls would look for that gain in vain. What is kept is told by passes
over ever more calls, each in a process of its own and made like any timed one: it is what grows or changes
with their number, from none on.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

from quickstudy.lab.supervisor.messages import Retained

ADDED = "added to "
"""What the name of state begins with that somebody gave a module or a class of a library."""
OFTEN = 2
"""What only one step keeps may be a library's own: a module it imports late, what it knows of a class."""
SLACK = 3
"""Blocks of memory that two equal processes may differ by."""


def keeps(original: Sequence[Retained], candidate: Sequence[Retained], is_own: Callable[[str], bool]) -> bool:
    """Whether the candidate keeps more of the same calls, by passes over ever more of them.

    `is_own` tells state of the target's module by its name: no library notes anything there, nor in names
    that it has not got.
    """
    steps = list(zip(pairwise(original), pairwise(candidate), strict=True))
    grown = changed = 0
    for ours, theirs in steps:
        names = _changed(*theirs) - _changed(*ours)
        if any(is_own(name) or name.startswith(ADDED) for name in names):
            return True
        changed += bool(names)
        grown += theirs[1].blocks - theirs[0].blocks > ours[1].blocks - ours[0].blocks + SLACK
    return max(grown, changed) >= min(OFTEN, len(steps)) > 0


def _changed(one: Retained, two: Retained) -> frozenset[str]:
    names = one.state.keys() | two.state.keys()
    return frozenset(name for name in names if one.state.get(name) != two.state.get(name))
