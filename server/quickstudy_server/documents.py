"""What a document shows besides code actions, and what happens when it is opened, changed and closed."""

from typing import cast

from lsprotocol import types

from quickstudy_server import markdown, offering
from quickstudy_server.server import Server
from quickstudy_server.settings import SECTION


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """Offers of an earlier server and hints come a moment later."""
    snapshot = ls.document(params.text_document.uri)
    if snapshot is None:
        return
    ls.spawn(offering.restore(ls, snapshot.uri))
    ls.hints.soon(snapshot.uri, 0)


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """An offer follows its function, and dies with its text; all is shown anew once the typing stops."""
    snapshot = ls.document(params.text_document.uri)
    if snapshot is not None:
        if ls.offers.of(snapshot.uri):
            offering.look(ls, snapshot)
        ls.hints.soon(snapshot.uri)
    ls.tell_change()


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Marks belong to open documents; offers wait for the next time."""
    uri = params.text_document.uri
    ls.forget(uri)
    ls.publish(uri)


def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """For clients that send their settings and cannot be asked for them."""
    settings: object = params.settings
    ls.pushed = cast("dict[str, object]", settings).get(SECTION) if isinstance(settings, dict) else None
    ls.reconsider()
    for uri in ls.workspace.text_documents:
        ls.spawn(offering.restore(ls, uri))


def code_lens(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    """The figures of each offer above its function."""
    snapshot = ls.document(params.text_document.uri)
    if snapshot is None:
        return []
    return [
        types.CodeLens(
            offer.range(snapshot, ls.offers.line(offer)),
            types.Command(f"{offer.figures}: apply", "quickstudy.apply", arguments=[{"job": offer.job}]),
        )
        for offer in ls.offers.of(snapshot.uri)
    ]


def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """On the name of a function with an offer or a hint: what was tried or seen before, and the lessons."""
    snapshot = ls.document(params.text_document.uri)
    if snapshot is None:
        return None
    links = ls.known(ls.root(snapshot.path)).command_links
    for offer in ls.offers.of(snapshot.uri):
        span = offer.range(snapshot, ls.offers.line(offer))
        if _holds(span, params.position):
            return _shown(markdown.of_offer(offer, links), span)
    for hint in ls.hints.of(snapshot.uri):
        if _holds(hint.range, params.position):
            return _shown(markdown.of_hint(hint, links), hint.range)
    return None


def _holds(span: types.Range, at: types.Position) -> bool:
    return span.start.line == at.line and span.start.character <= at.character <= span.end.character


def _shown(text: str, span: types.Range) -> types.Hover:
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), span)
