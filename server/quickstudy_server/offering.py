"""What becomes of an offer: it is announced, shown, applied to the live buffer, or dies by name.

Nothing is applied unasked, and nothing is said to be applied before the buffer holds it.
"""

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.uris import from_fs_path

from quickstudy.errors import InputError, QuickstudyError
from quickstudy.figures import size, times
from quickstudy.languages import language_for
from quickstudy.project import UnsafePath
from quickstudy.wire import Wanted
from quickstudy_server import markdown
from quickstudy_server.edits import workspace_edit
from quickstudy_server.messages import plain
from quickstudy_server.offers import Offer, headline
from quickstudy_server.snapshot import Snapshot

if TYPE_CHECKING:
    from quickstudy_server.server import Server

APPLY, SHOW, LATER = "Apply", "Show diff", "Not now"
FETCH = "Fetch"

ARRIVAL_S = 3.0
"""How long an editor may take to tell of an edit that it says it made; some wait before they do."""


class Stale(QuickstudyError):
    """The offer is for a function that is not there any more as it was."""


async def restore(server: "Server", uri: str) -> None:
    """Show again what an earlier server offered for a document, where it still holds."""
    snapshot = server.document(uri)
    if snapshot is None:
        return
    root = server.root(snapshot.path)
    if not (await server.chosen(root, uri)).trusted:
        return
    newly = await server.offers.load(root)
    # At once, as nothing is to be asked of an offer whose place in its document is not known.
    for each in server.workspace.text_documents if newly else [uri]:
        now = server.document(each)
        if now is not None and server.offers.of(now.uri):
            look(server, now)
            server.publish(now.uri)


def announce(server: "Server", offer: Offer) -> None:
    """Show a new offer in its document, and ask the user; without an answer it just waits."""
    snapshot = server.document(offer.uri)
    if snapshot is not None:
        look(server, snapshot)
        server.publish(offer.uri)
    if server.offers.get(offer.job) is not None:
        server.spawn(_ask(server, offer))


async def _ask(server: "Server", offer: Offer) -> None:
    answer = await question(server, f"{headline(offer)}, by {offer.agent}.", APPLY, SHOW, LATER)
    if answer == APPLY:
        await apply(server, offer)
    elif answer == SHOW:
        await show(server, offer)


async def question(server: "Server", message: str, *answers: str) -> str | None:
    """Ask the user; None if there is no answer, or no way to ask."""
    actions = [types.MessageActionItem(answer) for answer in answers]
    params = types.ShowMessageRequestParams(types.MessageType.Info, plain(message), actions)
    try:
        chosen = await server.window_show_message_request_async(params)
    except JsonRpcException:
        return None
    return chosen.title if chosen else None


async def may_fetch(server: "Server", wanted: Wanted) -> bool:
    """Whether the user agrees to a download, told its size and licence."""
    models = ", ".join(f"{each.title} ({size(each.size)}, {each.licence})" for each in wanted.models)
    return (
        await question(server, f"Quickstudy needs to fetch {models}, once for all projects.", FETCH, LATER)
        == FETCH
    )


def look(server: "Server", snapshot: Snapshot) -> bool:
    """See to the offers of a document that changed; whether they are to be shown anew."""
    stale, moved = server.offers.look(snapshot)
    for offer in stale:
        server.offers.drop(offer)
        server.note(f"stale: {offer.qualname} was changed, so its faster variant is no longer offered.")
    return bool(stale) or moved


async def show(server: "Server", offer: Offer) -> None:
    """Open a page with the diff, the variants and the lessons; or say where it is."""
    try:
        page = server.offers.page(offer, markdown.page(offer))
    except (OSError, UnsafePath) as error:
        server.say(f"The page about {offer.qualname} could not be written: {error}", types.MessageType.Error)
        return
    window = server.client_capabilities.window
    if window and window.show_document and window.show_document.support:
        params = types.ShowDocumentParams(from_fs_path(str(page)) or "", take_focus=True)
        try:
            if (await server.window_show_document_async(params)).success:
                return
        except JsonRpcException:
            pass  # then a sentence does
    server.say(f"The diff and all variants are in {page}")


async def apply(server: "Server", offer: Offer) -> None:
    """Put an offer into the live buffer, and say how that went."""
    if server.offers.get(offer.job) is None:
        return
    try:
        old, new, expected = edited(server, offer)
    except Stale as error:
        server.offers.drop(offer)
        server.publish(offer.uri)
        server.say(str(error), types.MessageType.Warning)
        return
    except InputError as error:
        server.say(str(error), types.MessageType.Warning)
        return
    # From here on the function changes because of us, which must not count as the user's edit.
    server.offers.drop(offer)
    label = plain(f"The {times(offer.speedup)} faster {offer.name}")
    edit = workspace_edit(server.client_capabilities, old, new, label)
    reason = await _send(server, edit, label)
    if reason is None and await _arrived(server, old, offer.qualname, expected):
        server.publish(offer.uri)
        server.say(f"Applied the {times(offer.speedup)} faster {offer.name}.")
        return
    server.offers.add(offer, server.root(old.path))
    announced = server.document(offer.uri)
    if announced is not None:
        look(server, announced)
    server.publish(offer.uri)
    told = reason or "the buffer does not hold the new text"
    server.say(f"{offer.qualname} was not changed: {told}.", types.MessageType.Warning)


def edited(server: "Server", offer: Offer) -> tuple[Snapshot, str, str]:
    """The live document, its text with the variant in it, and the new function's identity.

    Raises Stale, or InputError if the document is not open.
    """
    old = server.document(offer.uri)
    if old is None:
        raise InputError(f"Open the file of {offer.qualname} first; Quickstudy edits only what you can see.")
    language = language_for(old.path)
    try:
        target = language.find(old.path, old.text, offer.qualname)
    except InputError as error:
        raise Stale(f"The faster {offer.qualname} cannot be applied (stale): {error}") from error
    if target.sha256 != offer.sha256:
        raise Stale(
            f"{offer.qualname} was changed since it was measured (stale), so nothing is applied; run it anew."
        )
    splice = language.splice(target, offer.variant)
    if splice.text is None:
        raise Stale(f"The faster {offer.qualname} does not fit any more (stale): {splice.problem}")
    return old, splice.text, language.find(old.path, splice.text, offer.qualname).sha256


async def _send(server: "Server", edit: types.WorkspaceEdit, label: str) -> str | None:
    """Ask the client to edit; in words why it did not."""
    workspace = server.client_capabilities.workspace
    if workspace is None or not workspace.apply_edit:
        return "the editor takes no edits from a server"
    try:
        result = await server.workspace_apply_edit_async(types.ApplyWorkspaceEditParams(edit, label))
    except JsonRpcException as error:
        return f"the editor refused the edit ({error.message})"
    if result.applied:
        return None
    return f"the editor refused the edit{f' ({result.failure_reason})' if result.failure_reason else ''}"


async def _arrived(server: "Server", old: Snapshot, qualname: str, expected: str) -> bool:
    """Whether the buffer comes to hold the new function; what the client answered does not prove it."""
    try:
        async with asyncio.timeout(ARRIVAL_S):
            while not _holds(server.document(old.uri), qualname, expected):
                await server.changed.wait()
    except TimeoutError:
        return False
    return True


def _holds(snapshot: Snapshot | None, qualname: str, expected: str) -> bool:
    if snapshot is None:
        return False
    try:
        return language_for(snapshot.path).find(snapshot.path, snapshot.text, qualname).sha256 == expected
    except InputError:
        return False
