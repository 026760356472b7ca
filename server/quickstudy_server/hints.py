"""Hints: functions that resemble one which became faster before. No model is asked, and nobody waits.

A pass over a document begins a moment after it was opened or changed. It compares in a thread, one piece of
the text after another, so that no request waits for it, and ends when a key is pressed; what it found is then
in memory for all else.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from quickstudy.errors import BankError
from quickstudy.languages import Block, Language, Site, Survey, identity, language_for
from quickstudy.project import Project, relative
from quickstudy.records import Lesson
from quickstudy_server.bankbook import Bankbook
from quickstudy_server.snapshot import Snapshot

if TYPE_CHECKING:
    from quickstudy.bank import Precedent
    from quickstudy_server.server import Server

    Likened = list[tuple[int, str, Sequence[Precedent]]]
    """Which functions of a block resemble something, their identities, and what they resemble."""

PAUSE_S = 0.4
"""So long nobody may have typed before a document is looked at."""

MOST = 10
"""So many hints a document shows at most, those with the largest gains."""


@dataclass(frozen=True)
class Hint:
    """A function that resembles one which became faster."""

    uri: str
    qualname: str
    range: types.Range
    """Of its name, when the document was looked at."""
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


@dataclass
class _Seen:
    """What is known of one document."""

    hints: list[Hint] = field(default_factory=list[Hint])
    likened: "dict[str, Likened]" = field(default_factory=dict[str, "Likened"])
    """By the text of a block."""
    against: object = None
    """The precedents that they were compared with."""
    timer: asyncio.TimerHandle | None = None
    task: "asyncio.Task[Any] | None" = None


class Hints:
    """The hints of all open documents."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._seen: dict[str, _Seen] = {}
        """By document."""
        self._books: dict[tuple[Path, Path], Bankbook] = {}
        """By project and bank, what of it is in memory."""
        self._turn = asyncio.Lock()
        """Held by the one pass that is at work: more at once would add up to a long wait for others."""

    def of(self, uri: str) -> list[Hint]:
        seen = self._seen.get(uri)
        return seen.hints if seen else []

    def soon(self, uri: str, seconds: float = PAUSE_S) -> None:
        """Look at a document once it has been left alone for so long."""
        seen = self._seen.setdefault(uri, _Seen())
        _stop(seen)
        seen.timer = asyncio.get_running_loop().call_later(seconds, self._begin, uri, seen)

    def everywhere(self) -> None:
        """Look at all open documents: the settings changed, or a bank did."""
        for uri in self._seen:
            self.soon(uri, 0)

    def forget(self, uri: str) -> None:
        """A document was closed."""
        seen = self._seen.pop(uri, None)
        if seen:
            _stop(seen)

    async def dismiss(self, hint: Hint) -> None:
        """Never hint at this function again. Raises InputError if that cannot be kept."""
        snapshot = self._server.document(hint.uri)
        if snapshot is not None:
            root = self._server.root(snapshot.path)
            function = f"{relative(snapshot.path, root)}::{hint.qualname}"
            await asyncio.to_thread(self._book(root).dismiss, function)
            self.soon(hint.uri, 0)

    def _book(self, root: Path) -> Bankbook:
        path = self._server.bank(root)
        return self._books.setdefault((root, path), Bankbook(path, Project(root)))

    def _begin(self, uri: str, seen: _Seen) -> None:
        seen.task = self._server.spawn(self._pass(uri, seen))

    async def _pass(self, uri: str, seen: _Seen) -> None:
        async with self._turn:
            snapshot = self._server.document(uri)
            if snapshot is None:
                return
            root = self._server.root(snapshot.path)
            chosen = await self._server.chosen(root, uri)
            try:
                found = await self._find(snapshot, root, seen) if chosen.hints and chosen.trusted else []
            except BankError as error:
                self._server.say_once(str(error))
                found = []
            seen.hints = found
            self._server.publish(uri)

    async def _find(self, snapshot: Snapshot, root: Path, seen: _Seen) -> list[Hint]:
        book = self._book(root)
        await book.read()
        if book.notice:
            self._server.say_once(book.notice)
        if not book.precedents:
            return []
        if seen.against is not book.precedents:
            seen.against, seen.likened = book.precedents, {}
        language = language_for(snapshot.path)
        alike = await _liken(self._server.survey(snapshot), language, seen, book.precedents)
        known = await book.worked_on(relative(snapshot.path, root), [me for _, me, _ in alike])
        found = [
            Hint(snapshot.uri, site.qualname, snapshot.range(site.name), like[0].lesson, like[0].waste)
            for site, me, like in alike
            if site.qualname not in known and me not in known
        ]
        return sorted(found, key=lambda hint: hint.lesson.speedup or 0.0, reverse=True)[:MOST]


async def _liken(
    survey: Survey, language: Language, seen: _Seen, precedents: "Sequence[Precedent]"
) -> "list[tuple[Site, str, Sequence[Precedent]]]":
    """The functions of a document that resemble something; a block that is known is not compared again."""
    likened: dict[str, Likened] = {}
    alike: list[tuple[Site, str, Sequence[Precedent]]] = []
    for text, block, row in survey.pieces():
        known = seen.likened.get(text) if block.certain else None
        if known is None:
            known = await asyncio.to_thread(_compare, text, block, language, precedents)
        # At once, as the pass may be ended; only the blocks that are still there are kept in the end.
        likened[text] = seen.likened[text] = known
        alike += [(survey.placed(block.found[which][0], row), me, like) for which, me, like in known]
    seen.likened = likened
    return [each for each in alike if each[0].problem is None]


def _compare(text: str, block: Block, language: Language, precedents: "Sequence[Precedent]") -> "Likened":
    from quickstudy.bank import resembled

    likened: Likened = []
    for which, (site, _) in enumerate(block.found):
        if site.problem is None:
            source = language.source(text, site)
            like = resembled(source, language, precedents)
            if like:
                likened.append((which, identity(source), like))
    return likened


def _stop(seen: _Seen) -> None:
    if seen.timer:
        seen.timer.cancel()
    if seen.task:
        seen.task.cancel()
