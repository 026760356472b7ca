"""Whether a candidate keeps more than the original from one call for the next, as a cache does.

The calls of a workload all differ, so a cache of results gains nothing when they are timed; one of parts of
the work does, and a user with other calls would look for that gain in vain. What is kept is told by passes
over ever more calls, each in a process of its own and made like any timed one: it is
what grows or changes with their number, from none on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from quickstudy.lab.rig import Disqualified, Json
from quickstudy.reasons import Code, reason

ADDED = "added to "
"""What the name of state begins with that somebody gave a module or a class of a library."""
OFTEN = 2
"""What only one step keeps may be a library's own: a module it imports late, what it knows of a class."""
SLACK = 3
"""Blocks of memory that two equal processes may differ by."""


@dataclass(frozen=True, slots=True)
class Retained:
    """What one process had left when the arguments and the results of its calls were gone."""

    blocks: int
    """Of the interpreter's memory."""
    state: Mapping[str, int]
    """A digest by variable of each module that was loaded, and by whatever else has changed."""


def retained(looked: Json) -> Retained:
    """As a child tells it. Raises Disqualified on nonsense."""
    try:
        return Retained(int(looked["blocks"]), dict(looked["state"]))
    except (KeyError, TypeError, ValueError):
        raise Disqualified(reason(Code.FORGED_MEMORY)) from None


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
