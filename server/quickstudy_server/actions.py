"""Code actions: "Optimize `name` with the team", "Apply" once an offer waits. No model, no disk, no wait."""

from collections.abc import Iterator, Sequence

from lsprotocol import types

from quickstudy.languages import Site
from quickstudy_server.offers import FASTER, Offer, figure
from quickstudy_server.server import Server
from quickstudy_server.snapshot import Snapshot

OPTIMISE = "refactor.rewrite.quickstudy"
APPLY = "refactor.rewrite.quickstudy.apply"

OPTIONS = types.CodeActionOptions(
    code_action_kinds=[OPTIMISE, APPLY, types.CodeActionKind.QuickFix], resolve_provider=False
)

Action = types.CodeAction | types.Command


def code_actions(ls: Server, params: types.CodeActionParams) -> list[Action]:
    """What can be done where the cursor is, or with the function around the selection."""
    snapshot = ls.document(params.text_document.uri)
    if snapshot is None:
        return []
    first, last = _lines(params.range)
    found: list[types.CodeAction] = []
    for site in ls.sites(snapshot, first, last):
        found += _on(ls, snapshot, site, params)
    return list(_taken(ls.client_capabilities, params.context.only, found))


def _on(
    ls: Server, snapshot: Snapshot, site: Site, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    offers = [offer for offer in ls.offers.of(snapshot.uri) if offer.qualname == site.qualname]
    for offer in offers if site.problem is None else ():
        title = f"Apply the {figure(offer.speedup)} faster `{offer.name}`"
        command = types.Command(title, "quickstudy.apply", arguments=[{"job": offer.job}])
        yield types.CodeAction(title, APPLY, command=command)
        marks = [each for each in params.context.diagnostics if _is_about(each, offer)]
        if marks:
            yield types.CodeAction(title, types.CodeActionKind.QuickFix, diagnostics=marks, command=command)
    name = site.qualname.rpartition(".")[2]
    title = f"Optimize `{name}` with the team"
    start = snapshot.range(site.name).start
    place = {"uri": snapshot.uri, "position": {"line": start.line, "character": start.character}}
    yield types.CodeAction(
        title,
        OPTIMISE,
        command=None if site.problem else types.Command(title, "quickstudy.optimize", arguments=[place]),
        disabled=types.CodeActionDisabled(site.problem) if site.problem else None,
    )


def _taken(
    client: types.ClientCapabilities,
    only: Sequence[types.CodeActionKind | str] | None,
    actions: Sequence[types.CodeAction],
) -> Iterator[Action]:
    """Those of the actions that the client asked for, in the form in which it takes them."""
    known = client.text_document.code_action if client.text_document else None
    for action in actions:
        kind = str(action.kind.value if isinstance(action.kind, types.CodeActionKind) else action.kind)
        if only is not None and not any(_is_kind(kind, wanted) for wanted in only):
            continue
        if action.disabled is not None and not (known and known.disabled_support):
            continue
        if known and known.code_action_literal_support:
            yield action
        elif action.command is not None and kind != types.CodeActionKind.QuickFix.value:
            yield action.command


def _is_kind(kind: str, wanted: "types.CodeActionKind | str") -> bool:
    wanted = wanted.value if isinstance(wanted, types.CodeActionKind) else wanted
    return not wanted or kind == wanted or kind.startswith(f"{wanted}.")


def _is_about(diagnostic: types.Diagnostic, offer: Offer) -> bool:
    return diagnostic.code == FASTER and diagnostic.data == {"job": offer.job}


def _lines(selection: types.Range) -> tuple[int, int]:
    """The first and the last line that a selection holds something of."""
    first, last = selection.start.line, selection.end.line
    return first, last - 1 if last > first and selection.end.character == 0 else last
