"""Which earlier gain a function resembles: for hints that no model is asked for, precise rather than many.

A precedent is a lesson on a function that became surely faster by losing a waste: a trait that hardly ever is
worth its time, as a membership test in a list, and that the variant does not show any more. A function
resembles it if it has all that went away, and is much the same in everything else that is repeated.
A function that is fast already lacks the waste, so it resembles none.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quickstudy.bank.relevance import alike, words
from quickstudy.bank.traits import TRAITS, traits_of
from quickstudy.records import Lesson

WASTES = {
    "scan": "membership tests in a list",
    "count": "counting anew for each item",
    "find": "searching anew for each item",
    "remove": "removing from a list in a loop",
    "shift": "inserting or deleting at the front of a list",
    "sort": "sorting again in a loop",
    "concat": "a string that grows piece by piece",
    "extend": "a list that is copied to grow",
    "slice": "going over slices again and again",
    "copy": "copies made in a loop",
    "swap": "sorting by swaps",
}
"""The traits that are wastes, as a user reads them. All others may just be the work."""

SURELY = 1.5
"""The least lower bound of a gain that is worth a hint: one would notice it without a stop watch."""

_TELLING = 1.0
"""Traits below this weight neither make nor break a likeness."""

_CAUSE = 2.0
"""What the traits that went away must weigh together."""

_ALIKE = 0.85
"""Least cosine of the traits of two functions."""

_LONGEST = 20_000
"""Characters of a function that is read for a hint: parsing so many takes some hundredths of a second."""

_REPEATS = re.compile(r"\b(?:for|while|lambda)\b")
"""Without one of these there is no waste, and no need to parse."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A lesson to compare functions with."""

    lesson: Lesson
    traits: frozenset[str]
    """Of its original."""
    cause: frozenset[str]
    """Those that its variant does without."""
    words: frozenset[str]

    @property
    def waste(self) -> str:
        """What went away, in words."""
        return WASTES[max(self.cause & WASTES.keys(), key=lambda name: (TRAITS[name].weight, name))]


def precedent(lesson: Lesson) -> Precedent | None:
    """What a lesson can be a precedent for; None if its gain says nothing about other functions."""
    if lesson.outcome != "faster" or (lesson.low or 0.0) < SURELY:
        return None
    if max(len(lesson.original), len(lesson.candidate)) > _LONGEST:
        return None
    traits = traits_of(lesson.original)
    gone = traits - traits_of(lesson.candidate)
    cause = frozenset(name for name in gone if TRAITS[name].weight >= _TELLING)
    if cause.isdisjoint(WASTES) or sum(TRAITS[name].weight for name in cause) < _CAUSE:
        return None
    return Precedent(lesson, traits, cause, frozenset(words(lesson.original)))


def resembled(source: str, precedents: Iterable[Precedent]) -> Sequence[Precedent]:
    """Those that a function resembles, the likest first."""
    if not _REPEATS.search(source):
        return ()
    traits = traits_of(source)
    spoken = frozenset(words(source))
    found: list[tuple[float, float, int, Precedent]] = []
    for one in precedents:
        if one.cause <= traits and (likeness := _cosine(one.traits, traits)) >= _ALIKE:
            gain = (one.lesson.speedup or 0.0) * one.lesson.credit
            found.append((likeness + alike(one.words, spoken), gain, one.lesson.id, one))
    return [each[-1] for each in sorted(found, key=lambda each: each[:3], reverse=True)]


def _cosine(one: frozenset[str], other: frozenset[str]) -> float:
    norms = _norm(one) * _norm(other)
    return sum(TRAITS[name].weight ** 2 for name in one & other) / norms if norms else 0.0


def _norm(traits: frozenset[str]) -> float:
    return math.hypot(*(TRAITS[name].weight for name in traits))
