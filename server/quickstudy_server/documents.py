"""What a document shows besides code actions, and what happens when it is opened, changed and closed."""

from typing import cast

from lsprotocol import types

from quickstudy_server import markdown
from quickstudy_server.server import Server
from quickstudy_server.settings import SECTION


def did_open(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """Offers of an earlier server and suggestions come a moment later."""
    uri = params.text_document.uri
    if not ls.buffers.locate(uri):
        return
    ls.offering.reconcile(uri)
    ls.client.spawn(ls.offering.restore(uri))
    ls.suggesting.soon(uri, 0)


def did_change(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """An offer follows its function, and dies with its text; all is shown anew once the typing stops."""
    snapshot = ls.buffers.get(params.text_document.uri)
    if snapshot is not None:
        ls.offering.reconcile(snapshot.uri)
        ls.suggesting.soon(snapshot.uri)
    ls.buffers.tell_change()


def did_close(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Diagnostics belong to open documents; offers wait for the next time."""
    uri = params.text_document.uri
    ls.buffers.closed(uri)
    ls.offers.closed(uri)
    ls.suggesting.forget(uri)
    ls.diagnostics.publish(uri)


def did_change_configuration(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """For clients that send their settings and cannot be asked for them."""
    settings: object = params.settings
    ours = cast("dict[str, object]", settings).get(SECTION) if isinstance(settings, dict) else None
    ls.configuration.changed(ours)
    ls.suggesting.everywhere()
    for uri in ls.buffers.open:
        ls.client.spawn(ls.offering.restore(uri))


def code_lens(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    """The figures of each offer above its function."""
    snapshot = ls.buffers.get(params.text_document.uri)
    if snapshot is None:
        return []
    return [
        types.CodeLens(
            snapshot.range(site.name),
            types.Command(f"{offer.figures}: apply", "quickstudy.apply", arguments=[{"job": offer.job}]),
        )
        for offer in ls.offers.of(snapshot.uri)
        if (site := ls.offers.site(offer))
    ]


def hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """On the name of a function with an offer or a suggestion: what was tried or seen, and the lessons."""
    snapshot = ls.buffers.get(params.text_document.uri)
    if snapshot is None:
        return None
    links = snapshot.settings.command_links
    for offer in ls.offers.of(snapshot.uri):
        site = ls.offers.site(offer)
        span = snapshot.range(site.name) if site else None
        if span and _holds(span, params.position):
            return _shown(markdown.of_offer(offer, links), span)
    for suggestion in ls.suggestions.of(snapshot.uri):
        if _holds(suggestion.range, params.position):
            return _shown(markdown.of_suggestion(suggestion, links), suggestion.range)
    return None


def _holds(span: types.Range, at: types.Position) -> bool:
    return span.start.line == at.line and span.start.character <= at.character <= span.end.character


def _shown(text: str, span: types.Range) -> types.Hover:
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), span)
