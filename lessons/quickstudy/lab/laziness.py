"""Whether a candidate does at once what the original leaves for when its items are asked for.

What that changes is seen in no result: only that the first item comes late, which is all some callers take.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quickstudy.reasons import Code, Reason, reason

SOON, LATE = 0.1, 0.5
"""Shares of a call's time: a lazy first item is there by the one, an eager one not by the other."""
SHORT_S = 50e-6
"""Nobody waits for what takes less."""
LATER = 2
TURNS = 3
"""How often a candidate's calls are paced: the least of each counts, so that a hiccup accuses nobody."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds of one call by the clock of the process that made it: to plan with, and for no speedup."""

    seconds: float
    """Until the last item of the iterator that it returns was there."""
    called: float
    """Until it returned."""
    first: float
    """Until its first item was there. Of what is no iterator, all three are the same."""

    @property
    def lazy(self) -> bool:
        """Whether it leaves work for later that is worth waiting for."""
        return self.seconds > 2 * SHORT_S and self.called < SOON * self.seconds


def least(paces: Iterable[Sequence[Pace]]) -> list[Pace]:
    """Of several turns of the same calls, the least that each took."""
    turns = zip(*paces, strict=True)
    return [Pace(*(min(getattr(one, part) for one in turn) for part in Pace.__slots__)) for turn in turns]


def eager_violation(original: Pace, candidate: Pace) -> Reason | None:
    """What the candidate does sooner than a lazy original; None if it is as lazy."""
    for part, code in (("called", Code.EAGER_CALL), ("first", Code.EAGER_FIRST_ITEM)):
        ours, theirs = getattr(original, part), getattr(candidate, part)
        soon = ours < SOON * original.seconds
        if soon and theirs > max(SHORT_S, LATER * ours, LATE * candidate.seconds):
            return reason(code, share=f"{min(1.0, theirs / candidate.seconds):.0%}")
    return None
