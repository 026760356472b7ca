"""The figures behind a speedup: a ratio of medians and its bootstrap interval."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

RESAMPLES = 600


@dataclass(frozen=True, slots=True)
class Ratio:
    """A speedup with the bounds of its 95 % interval; 1.0 is no change."""

    value: float
    low: float
    high: float

    @property
    def spread(self) -> float:
        """Width of the interval as a share of the value."""
        return (self.high - self.low) / self.value


def ratio_of_medians(original: Sequence[float], candidate: Sequence[float], seed: int = 0) -> Ratio:
    """Median of the original over median of the candidate, from pairs taken side by side.

    Pairs are resampled as pairs, so what disturbed both halves of one cannot look like a difference.
    The seed makes the same samples give the same interval. Both sequences hold seconds or any one unit,
    equally many of them, at least one, none zero.
    """
    chance = random.Random(seed)
    places = range(len(original))
    ratios: list[float] = []
    for _ in range(RESAMPLES):
        drawn = chance.choices(places, k=len(original))
        ratios.append(median([original[i] for i in drawn]) / median([candidate[i] for i in drawn]))
    ratios.sort()
    edge = round(RESAMPLES * 0.025)
    return Ratio(median(original) / median(candidate), ratios[edge], ratios[-1 - edge])


def excess_of_medians(
    original: Sequence[float], candidate: Sequence[float], seed: int = 0
) -> tuple[float, float]:
    """How much larger the candidate's median is, and the least that it is with 97.5 % certainty.

    Values of pairs taken side by side, equally many of each, at least one; both in any one unit.
    """
    chance = random.Random(seed)
    places = range(len(original))
    found: list[float] = []
    for _ in range(RESAMPLES):
        drawn = chance.choices(places, k=len(original))
        found.append(median([candidate[i] for i in drawn]) - median([original[i] for i in drawn]))
    found.sort()
    return median(candidate) - median(original), found[round(RESAMPLES * 0.025)]
