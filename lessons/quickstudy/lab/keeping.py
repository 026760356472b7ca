"""Whether a candidate keeps more than the original from one call for the next, as a cache does.

The calls of a workload all differ, so a cache of results gains nothing when they are timed; one of parts of
the work does, and a user with other calls would look for that gain in vain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

OFTEN = 2
"""A cache grows with more calls than one; a table that is made when it is first needed does not."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What one call left when its arguments and its result were gone."""

    bytes: int
    """Of the memory taken in the call, anywhere in the process."""
    changed: bool
    """Whether the target's module leads to other objects, or other content of arrays, than before."""


def keeps(original: Sequence[Kept], candidate: Sequence[Kept]) -> bool:
    """Whether the candidate keeps more of the same calls, the first of which only warmed up."""
    pairs = list(zip(original, candidate, strict=True))[1:]
    more = sum(two.bytes > one.bytes or two.changed > one.changed for one, two in pairs)
    return more >= min(OFTEN, len(pairs)) > 0
