"""Offers: faster variants that wait for the user's word, and how they are shown.

An offer holds for one function's text: it is the function's qualname and the digest of its text that say
which. Edits elsewhere move it, an edit of the function ends it. It lies in a signed file of its own in the
project, so that it outlasts the server.
"""

import asyncio
import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from quickstudy.figures import interval, times
from quickstudy.languages import Site, Survey, identity
from quickstudy.project import Project, UnsafePath
from quickstudy.wire import from_json, to_json
from quickstudy_server import offer_files

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Offer:
    """A variant that was proven equal and faster, for a function as it stood when its job began."""

    job: str
    uri: str
    qualname: str
    sha256: str
    """The function's identity."""
    line: int
    """The line of the function's name when its job began, for as long as its document is closed."""
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


class Offers:
    """All offers of this server, by job."""

    def __init__(self) -> None:
        self._offers: dict[str, Offer] = {}
        """Those that are alive."""
        self._projects: dict[str, Project] = {}
        """Whose each is."""
        self._read: dict[Path, asyncio.Event] = {}
        """By the root of a project, set once what an earlier server left there was read."""
        self._sites: dict[str, Site] = {}
        """Where the function of each is in the live text; missing while that does not parse."""

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

    def site(self, offer: Offer) -> Site | None:
        """Its function in the live text; None while that does not parse, or is not open."""
        return self._sites.get(offer.job)

    def line(self, offer: Offer) -> int:
        """The line of its function's name, as far as it is known."""
        site = self.site(offer)
        return site.name.line if site else offer.line

    def add(self, offer: Offer, root: Path) -> None:
        """Keep an offer, in a file of the project as well; one for the same function before it is dropped."""
        for other in self.of(offer.uri):
            if other.qualname == offer.qualname:
                self.drop(other)
        project = Project(root)
        try:
            offer_files.write(project, offer.job, json.dumps(to_json(offer)).encode())
        except (OSError, UnsafePath) as error:  # it still can be applied, as long as this server lives
            log.warning("The offer for %s could not be written: %s", offer.qualname, error)
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
        self._sites.pop(offer.job, None)
        project = self._projects.pop(offer.job, None)
        if project is not None:
            try:
                offer_files.remove(project, offer.job)
            except (OSError, UnsafePath) as error:
                log.warning("The offer for %s could not be removed: %s", offer.qualname, error)

    def page(self, offer: Offer) -> Path:
        """Where the Markdown page about the offer lies, once it was shown."""
        return offer_files.page(self._projects[offer.job], offer.job)

    def write_page(self, offer: Offer, text: str) -> Path:
        """Write that page. Raises UnsafePath or OSError."""
        return offer_files.write_page(self._projects[offer.job], offer.job, text)

    def relocate(self, uri: str, survey: Survey) -> list[Offer]:
        """Place the offers of a document in its new text; those whose function is surely another now."""
        stale: list[Offer] = []
        for offer in self.of(uri):
            self._sites.pop(offer.job, None)
            found = survey.function(offer.qualname)
            if found is None:
                stale += [offer] if survey.complete else []
                continue
            site, source = found
            if identity(source) == offer.sha256:
                self._sites[offer.job] = site
            else:
                stale.append(offer)
        return stale

    def closed(self, uri: str) -> None:
        """The places of a document's offers are not known until it is open again."""
        for offer in self.of(uri):
            self._sites.pop(offer.job, None)


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
