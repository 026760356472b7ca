"""The languages room: what the house must know of a programming language, and which languages it knows.

Each language is a package in here, and nobody outside of it imports from it: it is reached by `language_for`
or `language_named`, and used by the words of `Language`. The other rooms are handed what they need of it.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from quickstudy.errors import InputError
from quickstudy.languages.site import Block, Site, Span, Survey, identity
from quickstudy.records import Feature, Splice, Target

__all__ = [
    "LOADERS",
    "Block",
    "Language",
    "Site",
    "Span",
    "Survey",
    "identity",
    "language_for",
    "language_named",
]


class Language(Protocol):
    """Finds functions in texts of one language, and knows what is to be known of code in it.

    Texts may be unfinished, and code may be anything that a model wrote: neither is ever an exception.
    """

    @property
    def name(self) -> str:
        """In records, in the bank, and behind the fence of a block of code."""
        ...

    @property
    def title(self) -> str:
        """In sentences."""
        ...

    # Text

    def read(self, path: Path) -> str:
        """The file's text with byte order mark, line ends and tabs as they are. Raises InputError."""
        ...

    def write(self, path: Path, text: str) -> None:
        """Replace the file's text in one step, in the encoding the text declares. Raises InputError."""
        ...

    def find(self, path: Path, text: str, qualname: str) -> Target:
        """The function of that name. Raises InputError, with a sentence for each thing it can be instead."""
        ...

    def sites(self, text: str) -> list[Site]:
        """Every function in the text, in order of appearance, with the reason where one is no target."""
        ...

    def survey(self, text: str) -> Survey:
        """The same for a text that will be typed in."""
        ...

    def source(self, text: str, site: Site) -> str:
        """The function alone, as in its `Target`, out of the text that its site is counted in."""
        ...

    def splice(self, target: Target, replacement: str) -> Splice:
        """The module with the replacement in it. A bad replacement is a problem, never an exception."""
        ...

    # Models

    def rules(self, target: Target) -> str:
        """What a rewrite of the target must keep to, as a list in Markdown."""
        ...

    def defines(self, code: str, name: str) -> bool:
        """Whether the code parses and holds the function, bare or in its class."""
        ...

    def seems_to_define(self, text: str, name: str) -> bool:
        """The same of a text that need not parse, by its looks."""
        ...

    def only_imports(self, code: str) -> bool:
        """Whether the code parses and is nothing but what other code needs above it."""
        ...

    def syntax_error(self, code: str) -> str | None:
        """Why the code does not parse and where, to stand after a colon; None if it does."""
        ...

    def code_in(self, text: str, name: str) -> str:
        """The code in a text without fences, with the function if it is there; empty if there is none."""
        ...

    # Lessons

    @property
    def vocabulary(self) -> Mapping[str, Feature]:
        """By name, each feature that code can have."""
        ...

    @property
    def stop_words(self) -> frozenset[str]:
        """Words that say nothing about what a function is for: keywords, and names of what comes along."""
        ...

    def features(self, code: str) -> frozenset[str]:
        """The names of the features that the code has: how it works, whatever its names are."""
        ...


@cache
def _python() -> Language:
    from quickstudy.languages.python import Python

    return Python()


LOADERS: Mapping[str, Callable[[], Language]] = {".py": _python}
"""By the suffix of its files, how to load each language: a new one is a package, and a row in here."""


def language_for(path: Path) -> Language:
    """The language of a file, told by its suffix. Raises InputError if it is not known."""
    load = LOADERS.get(path.suffix.lower())
    if load is None:
        known = " or ".join(f"a {each().title} file, ending in {suffix}" for suffix, each in LOADERS.items())
        raise InputError(f"{path.name} is not in a language that Quickstudy knows; name {known}.")
    return load()


def language_named(name: str) -> Language | None:
    """The language of that name, as records have it; None if it is not known."""
    return next((language for load in LOADERS.values() if (language := load()).name == name), None)
