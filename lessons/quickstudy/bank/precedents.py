"""Which earlier gain a function resembles: for hints that no model is asked for, precise rather than many.

A precedent is a lesson on a function that became surely faster by losing a waste: a feature that hardly ever
is worth its time, as a membership test in a list, and that the variant does not have any more. A function of
the same language resembles it if it has all that went away, and is much the same in its other features.
A function that is fast already lacks the waste, so it resembles none.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quickstudy.bank.language import Language
from quickstudy.bank.relevance import alike, words
from quickstudy.records import Feature, Lesson

SURELY = 1.5
"""The least lower bound of a gain that is worth a hint: one would notice it without a stop watch."""

_TELLING = 1.0
"""Features below this weight neither make nor break a likeness."""

_CAUSE = 2.0
"""What the features that went away must weigh together."""

_ALIKE = 0.85
"""Least cosine of the features of two functions."""

_LONGEST = 20_000
"""Characters of a function that is read for a hint: parsing so many takes some hundredths of a second."""


@dataclass(frozen=True, slots=True)
class Precedent:
    """A lesson to compare functions with."""

    lesson: Lesson
    features: frozenset[str]
    """Of its original."""
    cause: frozenset[str]
    """Those that its variant does without."""
    waste: str
    """What went away, in words."""
    words: frozenset[str]


def precedent(lesson: Lesson, language: Language | None) -> Precedent | None:
    """What a lesson can be a precedent for; None if its gain says nothing about other functions."""
    if language is None or lesson.outcome != "faster" or (lesson.low or 0.0) < SURELY:
        return None
    if max(len(lesson.original), len(lesson.candidate)) > _LONGEST:
        return None
    vocabulary = language.vocabulary
    features = language.features(lesson.original)
    gone = features - language.features(lesson.candidate)
    cause = frozenset(name for name in gone if vocabulary[name].weight >= _TELLING)
    wastes = [(vocabulary[name].weight, name, waste) for name in cause if (waste := vocabulary[name].waste)]
    if not wastes or sum(vocabulary[name].weight for name in cause) < _CAUSE:
        return None
    return Precedent(lesson, features, cause, max(wastes)[-1], frozenset(words(lesson.original, language)))


def resembled(source: str, language: Language, precedents: Iterable[Precedent]) -> Sequence[Precedent]:
    """Those of its language that a function resembles, the likest first."""
    features = language.features(source)
    if not features:
        return ()
    spoken = frozenset(words(source, language))
    found: list[tuple[float, float, int, Precedent]] = []
    for one in precedents:
        if one.lesson.language != language.name or not one.cause <= features:
            continue
        likeness = _cosine(one.features, features, language.vocabulary)
        if likeness >= _ALIKE:
            gain = (one.lesson.speedup or 0.0) * one.lesson.credit
            found.append((likeness + alike(one.words, spoken), gain, one.lesson.id, one))
    return [each[-1] for each in sorted(found, key=lambda each: each[:3], reverse=True)]


def _cosine(one: frozenset[str], other: frozenset[str], vocabulary: Mapping[str, Feature]) -> float:
    norms = _norm(one, vocabulary) * _norm(other, vocabulary)
    return sum(vocabulary[name].weight ** 2 for name in one & other) / norms if norms else 0.0


def _norm(features: frozenset[str], vocabulary: Mapping[str, Feature]) -> float:
    return math.hypot(*(vocabulary[name].weight for name in features))
