"""Code actions: "Optimize `name` with the team", "Apply" once an offer waits. No model, no disk, no wait."""

from collections.abc import Iterator, Sequence
from typing import Any

from lsprotocol import types

from quickstudy.figures import times
from quickstudy.languages import Site
from quickstudy_server.diagnostics import is_about
from quickstudy_server.messages import plain
from quickstudy_server.offers import Offer
from quickstudy_server.server import Server
from quickstudy_server.snapshot import Snapshot
from quickstudy_server.suggestions import Suggestion

OPTIMIZE = "refactor.rewrite.quickstudy"
APPLY = "refactor.rewrite.quickstudy.apply"

KINDS = {
    OPTIMIZE: "Optimize a function with the team; on one with a hint, also with the lesson behind it.",
    APPLY: "Apply the offer on a function.",
    types.CodeActionKind.QuickFix.value: "The same two for the mark under the cursor; also dismiss a hint, "
    "and where the hover has no links, pin or forget its lesson.",
}
"""Every kind there is, and what it does."""

OPTIONS = types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=False)

Action = types.CodeAction | types.Command


def code_actions(ls: Server, params: types.CodeActionParams) -> list[Action]:
    """What can be done where the cursor is, or with the function around the selection."""
    snapshot = ls.buffers.get(params.text_document.uri)
    if snapshot is None:
        return []
    first, last = _lines(params.range)
    found: list[types.CodeAction] = []
    for site in ls.buffers.sites(snapshot, first, last):
        found += _on(ls, snapshot, site, params)
    return list(_taken(ls.client_capabilities, params.context.only, found))


def _on(
    ls: Server, snapshot: Snapshot, site: Site, params: types.CodeActionParams
) -> Iterator[types.CodeAction]:
    given = params.context.diagnostics
    if site.problem is None:
        for offer in ls.offers.of(snapshot.uri):
            if ls.offers.site(offer) == site:
                yield from _for_offer(offer, [each for each in given if is_about(each, offer)])
        for suggestion in ls.suggestions.of(snapshot.uri):
            if suggestion.qualname == site.qualname:
                about = [each for each in given if is_about(each, suggestion)]
                yield from _for_suggestion(snapshot, site, suggestion, about)
    title = f"Optimize `{site.qualname.rpartition('.')[2]}` with the team"
    place = _place(snapshot.uri, snapshot.range(site.name))
    yield types.CodeAction(
        title,
        OPTIMIZE,
        command=None if site.problem else _command(title, "optimize", place),
        disabled=types.CodeActionDisabled(site.problem) if site.problem else None,
    )


def _for_offer(offer: Offer, about: list[types.Diagnostic]) -> Iterator[types.CodeAction]:
    title = f"Apply the {times(offer.speedup)} faster `{offer.name}`"
    command = _command(title, "apply", {"job": offer.job})
    yield types.CodeAction(command.title, APPLY, command=command)
    if about:
        quick = types.CodeActionKind.QuickFix
        yield types.CodeAction(command.title, quick, diagnostics=about, command=command)


def _for_suggestion(
    snapshot: Snapshot, site: Site, suggestion: Suggestion, about: list[types.Diagnostic]
) -> Iterator[types.CodeAction]:
    """A job with the lesson behind it; with its diagnostic in hand, also what can be done about that."""
    name, like = suggestion.name, suggestion.precedent
    place = _place(snapshot.uri, snapshot.range(site.name))
    title = f"Optimize `{name}` with the lesson of `{like}`"
    start = _command(title, "optimize", {**place, "lesson": suggestion.lesson.id})
    if not about:
        yield types.CodeAction(start.title, OPTIMIZE, command=start)
        return
    lesson = {"lesson": suggestion.lesson.id, "uri": snapshot.uri}
    commands = [start, _command(f"No more hints on `{name}`", "dismiss", place)]
    if not snapshot.settings.command_links:  # with links these two are in the hover
        commands += [
            _command(f"Pin the lesson of `{like}`", "pin", lesson),
            _command(f"Forget the lesson of `{like}`", "forget", lesson),
        ]
    for command in commands:
        quick = types.CodeActionKind.QuickFix
        yield types.CodeAction(command.title, quick, diagnostics=about, command=command)


def _command(title: str, name: str, argument: dict[str, Any]) -> types.Command:
    return types.Command(plain(title), f"quickstudy.{name}", arguments=[argument])


def _place(uri: str, name: types.Range) -> dict[str, Any]:
    """The function with its name there, as commands take it."""
    start = name.start
    return {"uri": uri, "position": {"line": start.line, "character": start.character}}


def _taken(
    client: types.ClientCapabilities,
    only: Sequence[types.CodeActionKind | str] | None,
    actions: Sequence[types.CodeAction],
) -> Iterator[Action]:
    """Those of the actions that the client asked for, in the form in which it takes them."""
    known = client.text_document.code_action if client.text_document else None
    bare: list[types.Command] = []
    for action in actions:
        kind = str(action.kind.value if isinstance(action.kind, types.CodeActionKind) else action.kind)
        if only is not None and not any(_is_kind(kind, wanted) for wanted in only):
            continue
        if action.disabled is not None and not (known and known.disabled_support):
            continue
        if known and known.code_action_literal_support:
            yield action
        elif action.command is not None and action.command not in bare:
            bare.append(action.command)
            yield action.command


def _is_kind(kind: str, wanted: "types.CodeActionKind | str") -> bool:
    wanted = wanted.value if isinstance(wanted, types.CodeActionKind) else wanted
    return not wanted or kind == wanted or kind.startswith(f"{wanted}.")


def _lines(selection: types.Range) -> tuple[int, int]:
    """The first and the last line that a selection holds something of."""
    first, last = selection.start.line, selection.end.line
    return first, last - 1 if last > first and selection.end.character == 0 else last
