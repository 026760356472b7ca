"""The Hint diagnostics of a document: offers that wait, and functions that resemble a faster one."""

from collections.abc import Iterator

from lsprotocol import types

from quickstudy.figures import times
from quickstudy_server.buffers import Buffers
from quickstudy_server.client import Client
from quickstudy_server.messages import plain
from quickstudy_server.offers import Offer, Offers, headline
from quickstudy_server.snapshot import Snapshot
from quickstudy_server.suggestions import Suggestion, Suggestions

SOURCE = "quickstudy"
FASTER = "faster-variant"
RESEMBLES = "resembles-faster"

CODES = {
    FASTER: "An offer waits for this function.",
    RESEMBLES: "The function looks like one that became faster, and a lesson tells how.",
}
"""Every code of a diagnostic, and what it says."""


class Diagnostics:
    """What every document shows of offers and suggestions."""

    def __init__(self, client: Client, buffers: Buffers, offers: Offers, suggestions: Suggestions) -> None:
        self._client = client
        self._buffers = buffers
        self._offers = offers
        self._suggestions = suggestions
        self._published: dict[str, list[types.Diagnostic]] = {}
        """By document, those that the client has."""

    def publish(self, uri: str) -> None:
        """Show the offers and suggestions of a document where that is not what it shows already."""
        snapshot = self._buffers.get(uri)
        if snapshot:
            uri = snapshot.uri  # as this client writes it; an offer may have it from another
        now = self._of(snapshot) if snapshot else []
        if now == self._published.get(uri, []):
            return
        self._client.publish(uri, snapshot.version if snapshot else None, now)
        self._published[uri] = now
        if not now:
            del self._published[uri]

    def _of(self, snapshot: Snapshot) -> list[types.Diagnostic]:
        """All of a document; a function with an offer needs no suggestion."""
        offers = self._offers.of(snapshot.uri)
        offered = {offer.qualname for offer in offers}
        found = [each for each in self._suggestions.of(snapshot.uri) if each.qualname not in offered]
        return [*self._of_offers(offers, snapshot), *map(_of_suggestion, found)]

    def _of_offers(self, offers: list[Offer], snapshot: Snapshot) -> Iterator[types.Diagnostic]:
        for offer in offers:
            site = self._offers.site(offer)
            if site is not None:
                message = f"{headline(offer)}: a variant by {offer.agent}, proven equal on this machine."
                yield types.Diagnostic(
                    range=snapshot.range(site.name),
                    message=plain(message),
                    severity=types.DiagnosticSeverity.Hint,
                    code=FASTER,
                    source=SOURCE,
                    data={"job": offer.job},
                )


def is_about(diagnostic: types.Diagnostic, what: Offer | Suggestion) -> bool:
    """Whether a diagnostic that the client sent back is that of an offer or a suggestion."""
    if isinstance(what, Offer):
        return diagnostic.code == FASTER and diagnostic.data == {"job": what.job}
    return diagnostic.code == RESEMBLES and diagnostic.range.start.line == what.range.start.line


def _of_suggestion(suggestion: Suggestion) -> types.Diagnostic:
    name, like = suggestion.name, suggestion.precedent
    gain = times(suggestion.lesson.speedup or 1.0)
    return types.Diagnostic(
        range=suggestion.range,
        message=plain(f"`{name}` looks like `{like}`, which became {gain} faster: {suggestion.waste}"),
        severity=types.DiagnosticSeverity.Hint,
        code=RESEMBLES,
        source=SOURCE,
        data={"lesson": suggestion.lesson.id},
    )
