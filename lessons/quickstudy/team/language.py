"""What the team must know of the language of a function; whoever puts the rooms together hands it in."""

from typing import Protocol

from quickstudy.records import Target


class Language(Protocol):
    @property
    def title(self) -> str:
        """Its name in a sentence."""
        ...

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
