"""Finds functions that resemble one which became faster before. No model is asked, and nobody waits.

A pass over a document begins a moment after it was opened or changed. It compares in a thread, one piece of
the text after another, so that no request waits for it, and ends when a key is pressed; what it found is then
in memory for all else.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from quickstudy.errors import BankError
from quickstudy.languages import Block, Language, Site, Survey, identity, language_for
from quickstudy.project import Project, relative
from quickstudy_server.buffers import Buffers
from quickstudy_server.client import Client
from quickstudy_server.configuration import ProjectSettings
from quickstudy_server.diagnostics import Diagnostics
from quickstudy_server.precedents import PrecedentCache
from quickstudy_server.snapshot import Snapshot
from quickstudy_server.suggestions import Suggestion, Suggestions

if TYPE_CHECKING:
    from quickstudy.bank import Precedent

    Matches = list[tuple[int, str, Sequence[Precedent]]]
    """Which functions of a block resemble something, their identities, and what they resemble."""

PAUSE_S = 0.4
"""So long nobody may have typed before a document is compared."""

MOST = 10
"""So many suggestions a document shows at most, those with the largest gains."""


@dataclass
class _Compared:
    """What is known of one document."""

    matches: "dict[str, Matches]" = field(default_factory=dict[str, "Matches"])
    """By the text of a block."""
    against: object = None
    """The precedents that they were compared with."""
    timer: asyncio.TimerHandle | None = None
    task: asyncio.Task[None] | None = None

    def stop(self) -> None:
        if self.timer:
            self.timer.cancel()
        if self.task:
            self.task.cancel()


class Suggesting:
    """Looks for the suggestions of all open documents."""

    def __init__(
        self,
        client: Client,
        buffers: Buffers,
        configuration: ProjectSettings,
        suggestions: Suggestions,
        diagnostics: Diagnostics,
    ) -> None:
        self._client = client
        self._buffers = buffers
        self._configuration = configuration
        self._suggestions = suggestions
        self._diagnostics = diagnostics
        self._compared: dict[str, _Compared] = {}
        """By document."""
        self._caches: dict[tuple[Path, Path], PrecedentCache] = {}
        """By project and bank."""
        self._turn = asyncio.Lock()
        """Held by the one pass that is at work: more at once would add up to a long wait for others."""

    def soon(self, uri: str, seconds: float = PAUSE_S) -> None:
        """Compare a document once it has been left alone for so long."""
        document = self._compared.setdefault(unquote(uri), _Compared())
        document.stop()
        document.timer = asyncio.get_running_loop().call_later(seconds, self._begin, uri, document)

    def everywhere(self) -> None:
        """Compare all open documents: the settings changed, or a bank did."""
        for uri in self._compared:
            self.soon(uri, 0)

    def forget(self, uri: str) -> None:
        """A document was closed."""
        document = self._compared.pop(unquote(uri), None)
        if document:
            document.stop()
        self._suggestions.forget(uri)

    async def dismiss(self, suggestion: Suggestion) -> None:
        """Never suggest this function again. Raises InputError if that cannot be kept."""
        snapshot = self._buffers.get(suggestion.uri)
        if snapshot is not None:
            function = f"{relative(snapshot.path, snapshot.root)}::{suggestion.qualname}"
            await asyncio.to_thread(self._cache(snapshot.root).dismiss, function)
            self.soon(suggestion.uri, 0)

    def _cache(self, root: Path) -> PrecedentCache:
        path = self._configuration.bank(root)
        return self._caches.setdefault((root, path), PrecedentCache(path, Project(root)))

    def _begin(self, uri: str, document: _Compared) -> None:
        document.task = self._client.spawn(self._pass(uri, document))

    async def _pass(self, uri: str, document: _Compared) -> None:
        async with self._turn:
            self._buffers.locate(uri)  # a project may have come to be meanwhile
            snapshot = self._buffers.get(uri)
            if snapshot is None:
                return
            chosen = await self._configuration.current(snapshot.root, snapshot.uri)
            found: list[Suggestion] = []
            if chosen.hints and chosen.trusted:
                try:
                    found = await self._find(snapshot, document)
                except BankError as error:
                    self._client.warn_once(str(error))
            self._suggestions.put(uri, found)
            self._diagnostics.publish(uri)

    async def _find(self, snapshot: Snapshot, document: _Compared) -> list[Suggestion]:
        cache = self._cache(snapshot.root)
        await cache.read()
        if cache.notice:
            self._client.warn_once(cache.notice)
        if not cache.precedents:
            return []
        if document.against is not cache.precedents:
            document.against, document.matches = cache.precedents, {}
        language = language_for(snapshot.path)
        alike = await _compare(self._buffers.survey(snapshot), language, document, cache.precedents)
        path = relative(snapshot.path, snapshot.root)
        known = await cache.worked_on(path, [digest for _, digest, _ in alike])
        found = [
            (site, like[0])
            for site, digest, like in alike
            if site.qualname not in known and digest not in known
        ]
        found.sort(key=lambda pair: pair[1].lesson.speedup or 0.0, reverse=True)
        return [
            Suggestion(snapshot.uri, site.qualname, snapshot.range(site.name), like.lesson, like.waste)
            for site, like in found[:MOST]
        ]


async def _compare(
    survey: Survey, language: Language, document: _Compared, precedents: "Sequence[Precedent]"
) -> "list[tuple[Site, str, Sequence[Precedent]]]":
    """The functions of a document that resemble something; a block that is known is not compared again."""
    matches: dict[str, Matches] = {}
    alike: list[tuple[Site, str, Sequence[Precedent]]] = []
    for text, block, row in survey.pieces():
        known = document.matches.get(text) if block.certain else None
        if known is None:
            known = await asyncio.to_thread(_matches, text, block, language, precedents)
        # At once, as the pass may be ended; only the blocks that are still there are kept in the end.
        matches[text] = document.matches[text] = known
        alike += [(survey.placed(block.found[which][0], row), digest, like) for which, digest, like in known]
    document.matches = matches
    return [each for each in alike if each[0].problem is None]


def _matches(text: str, block: Block, language: Language, precedents: "Sequence[Precedent]") -> "Matches":
    from quickstudy.bank import resembled

    matches: Matches = []
    for which, (site, _) in enumerate(block.found):
        if site.problem is None:
            source = language.source(text, site)
            like = resembled(source, language, precedents)
            if like:
                matches.append((which, identity(source), like))
    return matches
