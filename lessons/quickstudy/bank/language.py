"""What the bank must know of a language to compare functions in it; whoever opens a bank hands it in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from quickstudy.records import Feature


class Language(Protocol):
    @property
    def name(self) -> str:
        """As targets and lessons have it."""
        ...

    @property
    def vocabulary(self) -> Mapping[str, Feature]:
        """By name, each feature that code can have."""
        ...

    @property
    def stop_words(self) -> frozenset[str]:
        """Words that say nothing about what a function is for: keywords, and names of what comes along."""
        ...

    def features(self, code: str) -> frozenset[str]:
        """The names of the features that the code has; none for code that does not parse."""
        ...


Languages = Callable[[str], Language | None]
"""The language of a name, if it is known."""


@dataclass(frozen=True)
class WordsOnly:
    """A language that nobody here knows: its code is compared by its words alone."""

    name: str

    @property
    def vocabulary(self) -> Mapping[str, Feature]:
        return {}

    @property
    def stop_words(self) -> frozenset[str]:
        return frozenset()

    def features(self, code: str) -> frozenset[str]:
        return frozenset()
