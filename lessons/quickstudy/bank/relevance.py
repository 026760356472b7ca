"""How relevant a lesson is to a function: by code and by description, without a model [LessonL §3.3].

LessonL compares the embedding of a lesson's text with that of the source. Offline, a function and a lesson
are each a bag of terms, stored with the lesson and comparable with each other:

    +scan       a feature of the code, as its language has them
    ~scan       the lesson's text speaks of that feature, which tells lessons about one function apart
    frequency   a word of an identifier, a comment or the lesson's text

Relevance is a cosine in 0..1: of features for the larger share, of words for the rest. Nothing is
relevant to code in another language: its name stands before each term, as in `+c~scan`, but for the language
that came first, so that one index holds the lessons of all and is asked about one.
"""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from quickstudy.bank.language import Language
from quickstudy.bank.released import LANGUAGE

RELEVANT = 0.4
"""From here on a lesson about another function is worth an agent's reading."""

PINNED_RELEVANT = 0.15
"""The same for a lesson that the user pinned: relevant at all."""

_FEATURE_SHARE = 0.75
"""What features count for, beside words, where there are any."""

_ENOUGH = 1.5
"""Norm of the features below which they prove little: two functions that both just loop are not alike."""

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_COMMON_WORDS = """
    result results res ret value values val item items element elements data name key keys index num number
    numbers object input output function method code the this that these those and but for from into with
    without was were are has have had will would can could its not than then when where which while each
    every all any one two so it is be by of on to at an as or if in use uses used using make makes made
    more most less instead because since new original version faster slower fast slow time speed speedup
    improve improves improved performance efficient algorithm implementation approach return returns
    returned call calls called lesson attempt
"""
_COMMON = frozenset(_COMMON_WORDS.split())
"""Words that say nothing about what a function is for, in any language."""


@dataclass(frozen=True, slots=True)
class Bag:
    """Weighted terms, ready for a cosine."""

    features: Mapping[str, float]
    words: frozenset[str]


def prefix(language: Language) -> str:
    """What the terms of a language begin with, behind their kind; those of the first language never did."""
    return "" if language.name == LANGUAGE else f"{language.name}~"


def terms(code: str, language: Language, text: str = "") -> str:
    """The terms of a function, or of a lesson about it, as the bank stores them, between blanks."""
    own, spoken = prefix(language), _words(text)
    shown = sorted(f"+{own}{name}" for name in language.features(code))
    about = [
        f"~{own}{name}"
        for name, feature in language.vocabulary.items()
        if not spoken.isdisjoint(feature.keywords)
    ]
    telling = sorted(words(text, language) | _words_of_code(code, language))
    return " ".join([*shown, *about, *(f"{own}{word}" for word in telling)])


def words(text: str, language: Language) -> set[str]:
    """The telling words of a text or of code, identifiers split at `_` and at capitals, plurals folded."""
    common = language.stop_words
    return {word for word in _words(text) if len(word) > 1 and word not in _COMMON and word not in common}


def bag(stored: str, language: Language) -> Bag:
    """Read stored terms. A feature that the text speaks of weighs 1.5 times, half if only the text has it."""
    vocabulary, own = language.vocabulary, prefix(language)
    features: dict[str, float] = {}
    plain: list[str] = []
    for term in stored.split():
        kind, name = term[0], term[1:].removeprefix(own)
        if kind not in "+~":
            plain.append(term.removeprefix(own))
        elif known := vocabulary.get(name):  # one of another version means nothing here
            share = 1.0 if kind == "+" else 0.5
            features[name] = features.get(name, 0.0) + share * known.weight
    return Bag(features, frozenset(plain))


def relevance(target: Bag, lesson: Bag) -> float:
    """How alike two bags are, 0..1."""
    by_words = _overlap(target.words, lesson.words)
    if not target.features and not lesson.features:
        return by_words
    dot = sum(weight * lesson.features.get(name, 0.0) for name, weight in target.features.items())
    by_features = dot / (_norm(target.features.values()) * _norm(lesson.features.values()))
    return _FEATURE_SHARE * by_features + (1 - _FEATURE_SHARE) * by_words


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Cosine of two texts as sets of words, 0..1."""
    return _overlap(one, other)


@lru_cache(maxsize=512)
def _words_of_code(code: str, language: Language) -> frozenset[str]:
    return frozenset(words(code, language))


def _words(text: str) -> set[str]:
    return {_singular(part.lower()) for part in _WORD.findall(_CAMEL.sub(" ", text))}


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    if not one or not other:
        return 0.0
    return len(one & other) / math.sqrt(len(one) * len(other))


def _norm(weights: Iterable[float]) -> float:
    return max(_ENOUGH, math.hypot(*weights))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
