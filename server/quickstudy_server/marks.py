"""The Hint diagnostics of a document: offers that wait, and functions that resemble a faster one."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lsprotocol import types

from quickstudy.figures import times
from quickstudy_server.hints import Hint
from quickstudy_server.messages import plain
from quickstudy_server.offers import Offer, headline
from quickstudy_server.snapshot import Snapshot

if TYPE_CHECKING:
    from quickstudy_server.server import Server

SOURCE = "quickstudy"
FASTER = "faster-variant"
RESEMBLES = "resembles-faster"

CODES = {
    FASTER: "An offer waits for this function.",
    RESEMBLES: "The function looks like one that became faster, and a lesson tells how.",
}
"""Every code of a diagnostic, and what it says."""


def diagnostics(server: "Server", snapshot: Snapshot) -> list[types.Diagnostic]:
    """All marks of a document; a function with an offer needs no hint."""
    offers = server.offers.of(snapshot.uri)
    offered = {offer.qualname for offer in offers}
    hints = [hint for hint in server.hints.of(snapshot.uri) if hint.qualname not in offered]
    return [*_of_offers(server, offers, snapshot), *map(_of_hint, hints)]


def is_about(diagnostic: types.Diagnostic, what: Offer | Hint) -> bool:
    """Whether a mark that the client sent back is that of an offer or a hint."""
    if isinstance(what, Offer):
        return diagnostic.code == FASTER and diagnostic.data == {"job": what.job}
    return diagnostic.code == RESEMBLES and diagnostic.range.start.line == what.range.start.line


def _of_offers(server: "Server", offers: list[Offer], snapshot: Snapshot) -> Iterator[types.Diagnostic]:
    for offer in offers:
        yield types.Diagnostic(
            range=offer.range(snapshot, server.offers.line(offer)),
            message=plain(f"{headline(offer)}: a variant by {offer.agent}, proven equal on this machine."),
            severity=types.DiagnosticSeverity.Hint,
            code=FASTER,
            source=SOURCE,
            data={"job": offer.job},
        )


def _of_hint(hint: Hint) -> types.Diagnostic:
    gain = times(hint.lesson.speedup or 1.0)
    message = f"`{hint.name}` looks like `{hint.precedent}`, which became {gain} faster: {hint.waste}"
    return types.Diagnostic(
        range=hint.range,
        message=plain(message),
        severity=types.DiagnosticSeverity.Hint,
        code=RESEMBLES,
        source=SOURCE,
        data={"lesson": hint.lesson.id},
    )
