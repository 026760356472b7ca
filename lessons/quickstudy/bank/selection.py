"""Which lessons a round gets, and what using them teaches [LessonL §3.3, Algorithm 4]. Pure functions.

First the best by s*f, a lesson's speedup times its factor, then the most relevant. Where we differ from the
paper: the pool holds earlier functions too, so whoever fills it gates it by relevance; a lesson is never
selected beside its near-duplicate; a claim measured with another toolchain counts a little less.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from quickstudy.bank.relevance import alike
from quickstudy.records import Lesson

GAIN = 1.1
"""The least s*f of a lesson that is selected for its gain [LessonL §3.3]."""

STEP = 0.1
"""The paper's epsilon: how far one attempt moves a lesson's factor."""

LEAST, MOST = 0.1, 10.0
"""Bounds of the accumulated factor, so that no lesson is ever out of reach of later evidence."""

STALE = 0.9
"""Weight of a claim measured with another toolchain: minor versions of one differ by about that much."""

_PATCH = re.compile(r"(\d+\.\d+)[\w.+-]*")
"""A version, and of it what counts: a third number mends faults, and changes no speed."""

NEAR_DUPLICATE = 0.85
"""Cosine of two texts' words from which on they say the same."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A lesson of the pool with its relevance to the target, 0..1."""

    lesson: Lesson
    relevance: float


def choose(pool: Sequence[Scored], k: int, toolchain: str) -> tuple[Lesson, ...]:
    """At most k lessons of the pool for a function that runs with this toolchain: gains, then relevance."""
    by_worth = sorted(pool, key=lambda one: (worth(one.lesson, toolchain), *_ties(one.lesson)), reverse=True)
    by_relevance = sorted(pool, key=lambda one: (one.relevance, *_ties(one.lesson)), reverse=True)
    words = {one.lesson.id: frozenset(re.findall(r"\w+", one.lesson.text.lower())) for one in pool}
    chosen: list[Scored] = []

    def repeats(one: Scored, other: Scored) -> bool:
        """Whether they say the same. A gain and a failure never do, whatever the words."""
        texts = words[one.lesson.id], words[other.lesson.id]
        return one is other or (
            one.lesson.outcome == other.lesson.outcome and alike(*texts) >= NEAR_DUPLICATE
        )

    def new(one: Scored) -> bool:
        return not any(repeats(one, other) for other in chosen)

    for one in by_worth:
        if len(chosen) == math.ceil(k / 2) or worth(one.lesson, toolchain) < GAIN:
            break
        if new(one):
            chosen.append(one)
    for one in by_relevance:
        if len(chosen) == k:
            break
        if new(one):
            # Of those that say the same, the one with the better s*f; at the latest that is this one.
            chosen.append(next(other for other in by_worth if repeats(other, one) and new(other)))
    return tuple(one.lesson for one in chosen)


def worth(lesson: Lesson, toolchain: str) -> float:
    """LessonL's s*f, 0.0 for a lesson without a measured speedup, discounted if it is stale."""
    if lesson.speedup is None:
        return 0.0
    fresh = _without_patch(lesson.toolchain) == _without_patch(toolchain)
    return lesson.speedup * lesson.credit * (1.0 if fresh else STALE)


def adjustment(wins: Sequence[bool]) -> float:
    """What a lesson's factor is multiplied with after one round: c/n of [LessonL Algorithm 4].

    The paper sets f = c/n anew each round, so a lesson forgets what earlier rounds showed, and its code gives
    all lessons of a round one f. We multiply instead, lesson by lesson: after the first use the factor is the
    paper's, after many it is the product of all of them, and a lesson that keeps misleading sinks for good.
    """
    return sum(1 + STEP if win else 1 - STEP for win in wins) / len(wins) if wins else 1.0


def _ties(lesson: Lesson) -> tuple[bool, int]:
    """At equal score the pinned lesson comes first, then the newest."""
    return lesson.pinned, lesson.id


def _without_patch(toolchain: str) -> str:
    return _PATCH.sub(r"\1", toolchain)
