"""Whether a candidate keeps more than the original from one call for the next, as a cache does.

The calls of a workload all differ, so a cache of results gains nothing when they are timed; one of parts of
the work does, and a user with other calls would look for that gain in vain.
"""

from collections.abc import Sequence
from dataclasses import dataclass

OFTEN = 2
"""What only one call keeps may be a library's own: a module it imports late, what it knows of a class."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What one call left when its arguments and its result were gone."""

    bytes: int
    """Of the memory taken in the call, anywhere in the process."""
    changed: frozenset[str]
    """The names in the target's module that lead to other objects, or other content of arrays."""


def keeps(original: Sequence[Kept], candidate: Sequence[Kept]) -> bool:
    """Whether the candidate keeps more of the same calls, the first of which warmed the process up."""
    pairs = list(zip(original, candidate, strict=True))
    if any(two.changed - one.changed for one, two in pairs):
        return True
    grown = sum(two.bytes > one.bytes for one, two in pairs[1:])
    return grown >= min(OFTEN, len(pairs) - 1) > 0
