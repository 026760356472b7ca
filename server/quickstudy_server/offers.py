"""Offers: faster variants that wait for the user's word, and how they are shown.

An offer holds for one function's text. Edits elsewhere move it, an edit of the function ends it. It lies in a
signed file of its own in the project, so that it outlasts the server.
"""

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from lsprotocol import types

from quickstudy.figures import interval, times
from quickstudy.project import Project, UnsafePath
from quickstudy.wire import from_json, to_json
from quickstudy_server import offer_files
from quickstudy_server.snapshot import Snapshot

log = logging.getLogger(__name__)

_BELOW = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?:(?:\r\n|\n|\r)[ \t\f]*(?:#[^\r\n]*)?)*(?:\r\n|\n|\r|\Z)")


@dataclass(frozen=True)
class Offer:
    """A variant that was proven equal and faster, for a function as it stood when its job began."""

    job: str
    uri: str
    qualname: str
    sha256: str
    """The function's identity."""
    rows: str
    """The function's rows as they stood in the buffer, the last line end not included."""
    line: int
    """Where the first of them was."""
    name_row: int
    """Which of these rows holds its name, and where."""
    name_start: int
    name_end: int
    variant: str
    """The replacement as the agent gave it."""
    agent: str
    speedup: float
    low: float
    high: float
    diff: str
    report: Any = field(repr=False)
    """The whole report, as `quickstudy.report` answers it."""

    @property
    def name(self) -> str:
        return self.qualname.rpartition(".")[2]

    @property
    def figures(self) -> str:
        return f"{times(self.speedup)} faster ({interval(self.low, self.high)})"

    def find(self, snapshot: Snapshot) -> int | None:
        """The line on which the function begins now; None if its text is not there any more."""
        at = snapshot.text.find(self.rows)
        while at >= 0:
            if self._is_whole(snapshot.text, at):
                return snapshot.row(at)
            at = snapshot.text.find(self.rows, at + 1)
        return None

    def _is_whole(self, text: str, at: int) -> bool:
        """Whether the rows found are the function and not a part of a longer one."""
        if at and text[at - 1] not in "\r\n\ufeff":
            return False
        above = text[max(0, at - 500) : at].rstrip().splitlines()
        if above and above[-1].lstrip().startswith("@"):
            return False  # a decorator more
        end = at + len(self.rows)
        below = _BELOW.match(text, end)
        if below is None:
            return False
        rest = text[below.end() : below.end() + 200]
        if not rest.strip():
            return True
        depth = len(rest) - len(rest.lstrip())
        return depth <= len(self.rows) - len(self.rows.lstrip())

    def range(self, snapshot: Snapshot, line: int) -> types.Range:
        """The function's name, when the function begins on that line."""
        row = line + self.name_row
        start = snapshot.starts[row]
        return types.Range(
            snapshot.position(start + self.name_start), snapshot.position(start + self.name_end)
        )


class Offers:
    """All offers of this server, by job."""

    def __init__(self) -> None:
        self._offers: dict[str, Offer] = {}
        """Those that are alive."""
        self._projects: dict[str, Project] = {}
        """Whose each is."""
        self._read: dict[Path, asyncio.Event] = {}
        """By the root of a project, set once what an earlier server left there was read."""
        self._lines: dict[str, int] = {}
        """The line on which each offer's function began when it was last looked for."""

    def __iter__(self) -> Iterator[Offer]:
        return iter(tuple(self._offers.values()))

    def get(self, job: str) -> Offer | None:
        return self._offers.get(job)

    def of(self, uri: str) -> list[Offer]:
        """The offers for a document; editors differ in how they quote an address."""
        return [offer for offer in self._offers.values() if unquote(offer.uri) == unquote(uri)]

    def root(self, offer: Offer) -> Path:
        """The project in which it lies."""
        return self._projects[offer.job].root

    def line(self, offer: Offer) -> int:
        """Where its function began when the document was last looked at."""
        return self._lines.get(offer.job, offer.line)

    def add(self, offer: Offer, root: Path) -> None:
        """Keep an offer, in a file of the project as well; one for the same function before it is dropped."""
        for other in self.of(offer.uri):
            if other.qualname == offer.qualname:
                self.drop(other)
        project = Project(root)
        try:
            offer_files.write(project, offer.job, json.dumps(to_json(offer)).encode())
        except (OSError, UnsafePath) as error:  # it still can be applied, as long as this server lives
            log.warning("The offer for %s could not be kept: %s", offer.qualname, error)
        self._offers[offer.job] = offer
        self._projects[offer.job] = project

    async def load(self, root: Path) -> bool:
        """Have what an earlier server left in a project, which is read once; whether it was now."""
        if root in self._read:
            await self._read[root].wait()
            return False
        read = self._read[root] = asyncio.Event()
        project = Project(root)
        try:
            for offer in await asyncio.to_thread(_read, project):
                if offer.job not in self._offers:
                    self._offers[offer.job] = offer
                    self._projects[offer.job] = project
        finally:
            read.set()
        return True

    def drop(self, offer: Offer) -> None:
        """Forget an offer and its files."""
        self._offers.pop(offer.job, None)
        self._lines.pop(offer.job, None)
        project = self._projects.pop(offer.job, None)
        if project is not None:
            try:
                offer_files.remove(project, offer.job)
            except (OSError, UnsafePath) as error:
                log.warning("The offer for %s could not be removed: %s", offer.qualname, error)

    def page(self, offer: Offer, text: str) -> Path:
        """Write a Markdown page about the offer beside it. Raises UnsafePath or OSError."""
        return offer_files.write_page(self._projects[offer.job], offer.job, text)

    def look(self, snapshot: Snapshot) -> tuple[list[Offer], bool]:
        """Find the offers in a document's new text: those that died, and whether any moved."""
        stale: list[Offer] = []
        moved = False
        for offer in self.of(snapshot.uri):
            line = offer.find(snapshot)
            if line is None:
                stale.append(offer)
            else:
                moved = moved or self._lines.get(offer.job) != line
                self._lines[offer.job] = line
        return stale, moved


def headline(offer: Offer) -> str:
    return f"{offer.qualname} can be {offer.figures}"


def _read(project: Project) -> list[Offer]:
    """The offers of this user that lie in a project."""
    found: list[Offer] = []
    for job, content in offer_files.read(project):
        try:
            offer: Offer = from_json(Offer, json.loads(content))
        except (ValueError, TypeError, RecursionError) as error:
            log.warning("The offer %s of %s cannot be read: %s", job, project.root, error)
            continue
        if offer.job == job:
            found.append(offer)
    return found
