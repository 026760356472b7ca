"""A suggestion: a function that resembles one which became faster. The user reads "hint"."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from lsprotocol import types

from quickstudy.records import Lesson


@dataclass(frozen=True)
class Suggestion:
    """Why it may be worth it to optimize one function."""

    uri: str
    qualname: str
    range: types.Range
    """Of its name, when the document was last compared."""
    lesson: Lesson
    waste: str
    """What the other one lost and this one still has, in words."""

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]

    @property
    def precedent(self) -> str:
        """The name of the other one."""
        return self.lesson.qualname.rpartition(".")[2]


class Suggestions:
    """The suggestions of all open documents, as they were last found."""

    def __init__(self) -> None:
        self._by_document: dict[str, Sequence[Suggestion]] = {}

    def of(self, uri: str) -> Sequence[Suggestion]:
        return self._by_document.get(unquote(uri), ())

    def put(self, uri: str, suggestions: Sequence[Suggestion]) -> None:
        """In place of those of that document before."""
        self._by_document[unquote(uri)] = suggestions

    def forget(self, uri: str) -> None:
        self._by_document.pop(unquote(uri), None)
