"""What becomes of an offer: it is announced, shown, applied to the live buffer, or dies by name.

Nothing is applied unasked, and nothing is said to be applied before the buffer holds it.
"""

import asyncio
from dataclasses import dataclass

from lsprotocol import types

from quickstudy.errors import InputError, QuickstudyError
from quickstudy.figures import times
from quickstudy.languages import language_for
from quickstudy.project import UnsafePath
from quickstudy_server import markdown
from quickstudy_server.buffers import Buffers
from quickstudy_server.client import Client
from quickstudy_server.configuration import ProjectSettings
from quickstudy_server.diagnostics import Diagnostics
from quickstudy_server.edits import workspace_edit
from quickstudy_server.messages import plain
from quickstudy_server.offers import Offer, Offers, headline
from quickstudy_server.protocol import Button
from quickstudy_server.snapshot import Snapshot

APPLY = Button("Apply", "quickstudy.apply")
SHOW = Button("Show diff", "quickstudy.show")
LATER = Button("Not now")

ARRIVAL_S = 3.0
"""How long an editor may take to tell of an edit that it says it made; some wait before they do."""


class Stale(QuickstudyError):
    """The offer is for a function that is not there any more as it was."""


@dataclass(frozen=True)
class Edited:
    """An offer as it would be applied now."""

    old: Snapshot
    new: str
    """The document's text with the variant in it."""
    expected: str
    """The identity that the function has then."""


class Offering:
    """Does what the user wants of the offers."""

    def __init__(
        self,
        client: Client,
        buffers: Buffers,
        configuration: ProjectSettings,
        offers: Offers,
        diagnostics: Diagnostics,
    ) -> None:
        self._client = client
        self._buffers = buffers
        self._configuration = configuration
        self._offers = offers
        self._diagnostics = diagnostics

    async def restore(self, uri: str) -> None:
        """Show again what an earlier server offered for a document, where it still holds."""
        snapshot = self._buffers.get(uri)
        if snapshot is None:
            return
        if not (await self._configuration.current(snapshot.root, uri)).trusted:
            return
        newly = await self._offers.load(snapshot.root)
        # At once, as nothing is to be asked of an offer whose place in its document is not known.
        for each in self._buffers.open if newly else [uri]:
            if self._offers.of(each):
                self.reconcile(each)
                self._diagnostics.publish(each)

    def announce(self, offer: Offer) -> None:
        """Show a new offer in its document, and ask the user; without an answer it just waits."""
        self.reconcile(offer.uri)
        self._diagnostics.publish(offer.uri)
        if self._offers.get(offer.job) is not None:
            self._client.spawn(self._ask(offer))

    async def _ask(self, offer: Offer) -> None:
        answer = await self._client.ask(f"{headline(offer)}, by {offer.agent}.", APPLY, SHOW, LATER)
        if answer is APPLY:
            await self.apply(offer)
        elif answer is SHOW:
            await self.show(offer)

    def reconcile(self, uri: str) -> None:
        """Have the offers of an open document follow its text, and drop those whose function changed."""
        snapshot = self._buffers.get(uri) if self._offers.of(uri) else None
        if snapshot is None:
            return
        for offer in self._offers.relocate(uri, self._buffers.survey(snapshot)):
            self._offers.drop(offer)
            self._client.note(
                f"stale: {offer.qualname} was changed, so its faster variant is no longer offered."
            )

    async def show(self, offer: Offer) -> None:
        """Open a page with the diff, the variants and the lessons; or say where it is."""
        try:
            page = self._offers.write_page(offer, markdown.page(offer))
        except (OSError, UnsafePath) as error:
            problem = f"The page about {offer.qualname} could not be written: {error}"
            self._client.say(problem, types.MessageType.Error)
            return
        if not await self._client.open(page.as_uri()):
            self._client.say(f"The diff and all variants are in {page}")

    async def apply(self, offer: Offer) -> None:
        """Put an offer into the live buffer, and say how that went."""
        if self._offers.get(offer.job) is None:
            return
        try:
            edited = self.edited(offer)
        except (Stale, InputError) as error:
            if isinstance(error, Stale):
                self._offers.drop(offer)
                self._diagnostics.publish(offer.uri)
            self._client.say(str(error), types.MessageType.Warning)
            return
        # From here on the function changes because of us, which must not count as the user's edit.
        self._offers.drop(offer)
        label = plain(f"The {times(offer.speedup)} faster {offer.name}")
        edit = workspace_edit(self._client.capabilities, edited.old, edited.new, label)
        reason = await self._client.edit(edit, label)
        if reason is None and await self._arrived(offer, edited):
            self._diagnostics.publish(offer.uri)
            self._client.say(f"Applied the {times(offer.speedup)} faster {offer.name}.")
            return
        self._offers.add(offer, edited.old.root)
        self.reconcile(offer.uri)
        self._diagnostics.publish(offer.uri)
        why = reason or "the buffer does not hold the new text"
        self._client.say(f"{offer.qualname} was not changed: {why}.", types.MessageType.Warning)

    def edited(self, offer: Offer) -> Edited:
        """What applying an offer would do now. Raises Stale, or InputError if the document is not open."""
        old = self._buffers.get(offer.uri)
        if old is None:
            raise InputError(
                f"Open the file of {offer.qualname} first; Quickstudy edits only what you can see."
            )
        language = language_for(old.path)
        try:
            target = language.find(old.path, old.text, offer.qualname)
        except InputError as error:
            raise Stale(f"The faster {offer.qualname} cannot be applied (stale): {error}") from error
        if target.sha256 != offer.sha256:
            raise Stale(
                f"{offer.qualname} was changed since it was measured (stale), so nothing is applied; "
                "run it anew."
            )
        splice = language.splice(target, offer.variant)
        if splice.text is None:
            raise Stale(f"The faster {offer.qualname} does not fit any more (stale): {splice.problem}")
        expected = language.find(old.path, splice.text, offer.qualname).sha256
        return Edited(old, splice.text, expected)

    async def _arrived(self, offer: Offer, edited: Edited) -> bool:
        """Whether the buffer comes to hold the new function; what the client answered does not prove it."""
        try:
            async with asyncio.timeout(ARRIVAL_S):
                while not self._holds(offer, edited):
                    await self._buffers.change()
        except TimeoutError:
            return False
        return True

    def _holds(self, offer: Offer, edited: Edited) -> bool:
        now = self._buffers.get(offer.uri)
        if now is None:
            return False
        try:
            return language_for(now.path).find(now.path, now.text, offer.qualname).sha256 == edited.expected
        except InputError:
            return False
