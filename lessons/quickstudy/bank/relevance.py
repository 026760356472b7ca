"""How relevant a lesson is to a function: by code and by description, without a model [LessonL §3.3].

LessonL compares the embedding of a lesson's text with that of the source. Offline, a function and a lesson
are each a bag of marks, stored with the lesson and comparable with each other:

    +scan       a trait of the code (see `traits.py`)
    ~scan       the lesson's text speaks of that trait, which tells lessons about one function apart
    frequency   a word of an identifier, a comment or the lesson's text

Relevance is a cosine in 0..1: of traits for the larger share, of words for the rest.
"""

import keyword
import math
import re
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from quickstudy.bank.traits import TRAITS, traits_of

RELEVANT = 0.4
"""From here on a lesson about another function is worth an agent's reading."""

PINNED_RELEVANT = 0.15
"""The same for a lesson that the user pinned: relevant at all."""

_TRAIT_SHARE = 0.75
"""What traits count for, beside words, where there are any."""

_ENOUGH = 1.5
"""Norm of the traits below which they prove little: two functions that both just loop are not alike."""

_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_COMMON_WORDS = """
    self cls args kwargs result results res ret value values val item items element elements data list
    dict set str int float bool tuple len range append print name key keys index num number numbers
    object input output function method code python the this that these those and but for from into with
    without was were are has have had will would can could its not than then when where which while each
    every all any one two so it is be by of on to at an as or if in use uses used using make makes made
    more most less instead because since new original version faster slower fast slow time speed speedup
    improve improves improved performance efficient algorithm implementation approach return returns
    returned call calls called lesson attempt
"""
_COMMON = frozenset(_COMMON_WORDS.split()) | frozenset(keyword.kwlist)
"""Words that say nothing about what a function is for."""


@dataclass(frozen=True, slots=True)
class Bag:
    """Weighted marks, ready for a cosine."""

    traits: Mapping[str, float]
    words: frozenset[str]


def marks(code: str, text: str = "") -> str:
    """The marks of a function, or of a lesson about it, as the bank stores them, between blanks."""
    said = _words(text)
    shown = [f"+{trait}" for trait in traits_of(code)]
    spoken = [f"~{name}" for name, trait in TRAITS.items() if not said.isdisjoint(trait.hints)]
    return " ".join([*sorted(shown), *spoken, *sorted(words(text) | _words_of_code(code))])


def words(text: str) -> set[str]:
    """The telling words of a text or of code, identifiers split at `_` and at capitals, plurals folded."""
    return {word for word in _words(text) if len(word) > 1 and word not in _COMMON}


def bag(marked: str) -> Bag:
    """Read stored marks. A trait that the text speaks of weighs 1.5 times, half if only the text has it."""
    traits: dict[str, float] = {}
    plain: list[str] = []
    for mark in marked.split():
        kind, name = mark[0], mark[1:]
        if kind not in "+~":
            plain.append(mark)
        elif name in TRAITS:  # a trait of another version means nothing here
            share = 1.0 if kind == "+" else 0.5
            traits[name] = traits.get(name, 0.0) + share * TRAITS[name].weight
    return Bag(traits, frozenset(plain))


def relevance(target: Bag, lesson: Bag) -> float:
    """How alike two bags are, 0..1."""
    by_words = _overlap(target.words, lesson.words)
    if not target.traits and not lesson.traits:
        return by_words
    dot = sum(weight * lesson.traits.get(trait, 0.0) for trait, weight in target.traits.items())
    by_traits = dot / (_norm(target.traits.values()) * _norm(lesson.traits.values()))
    return _TRAIT_SHARE * by_traits + (1 - _TRAIT_SHARE) * by_words


def alike(one: frozenset[str], other: frozenset[str]) -> float:
    """Cosine of two texts as sets of words, 0..1."""
    return _overlap(one, other)


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Cosine of two embeddings of the same length."""
    norms = math.hypot(*one) * math.hypot(*other)
    return sum(map(float.__mul__, one, other)) / norms if norms else 0.0


def pack(vector: Iterable[float]) -> bytes:
    """An embedding as the bank stores it: float32, in this machine's byte order."""
    return array("f", vector).tobytes()


def unpack(blob: bytes) -> Sequence[float]:
    """Read it back. Raises ValueError if it is none."""
    return array("f", blob)


@lru_cache(maxsize=512)
def _words_of_code(code: str) -> frozenset[str]:
    return frozenset(words(code))


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
