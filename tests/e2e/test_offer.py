"""An offer that waits: shown in every way, moved, applied, refused and dropped by the real server process."""

from pathlib import Path

import pytest
from lsprotocol import types
from tests.e2e.conftest import FASTER, Editor

from quickstudy.languages import language_for
from quickstudy_server.offers import Offer, Offers
from quickstudy_server.words import worded

TITLE = "Apply the 12x faster `balances`"
WINNER = "return list(accumulate(bookings))"


@pytest.fixture
def offer(project: Path) -> Offer:
    """What an earlier server left in the project: a faster `balances`."""
    path = project / "ledger.py"
    text = path.read_text(encoding="utf-8")
    candidate = {
        "id": "r1a1",
        "agent": "openai/scripted",
        "verdict": "faster",
        "speedup": 12.3,
        "reason": None,
    }
    wrong = {"id": "r1a2", "agent": "a|b", "verdict": "wrong", "speedup": None, "reason": "[1] is not [2]"}
    made = Offer(
        job="0123456789ab",
        uri=path.as_uri(),
        qualname="balances",
        sha256=language_for(path).find(path, text, "balances").sha256,
        line=3,
        variant=FASTER,
        agent="openai/scripted",
        speedup=12.3,
        low=11.0,
        high=13.0,
        diff="-old\n+new\n",
        report={"candidates": [candidate, wrong], "lessons": [{"id": 1, "text": "Sum as you go."}]},
    )
    Offers().add(made, project)
    return made


async def hints(editor: Editor, uri: str) -> list[types.Diagnostic]:
    """The hints after the next time that the server publishes any."""
    await editor.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return list(editor.client.diagnostics[uri])


async def test_an_offer_outlives_the_server_and_is_shown(editor: Editor, offer: Offer) -> None:
    """A hint on the name, a quick fix for it, a code lens, and a table on hover."""
    await editor.start()
    uri = editor.open()
    (hint,) = await hints(editor, uri)
    assert ("faster-variant", types.DiagnosticSeverity.Hint) == (hint.code, hint.severity)
    name = types.Range(types.Position(3, 4), types.Position(3, 12))
    assert name == hint.range
    actions = await editor.actions(uri, 6)
    assert [
        (TITLE, "refactor.rewrite.quickstudy.apply"),
        (TITLE, "quickfix"),
        ("Optimize `balances` with the team", "refactor.rewrite.quickstudy"),
    ] == [(each["title"], each["kind"]) for each in actions]
    document = types.TextDocumentIdentifier(uri)
    (lens,) = await editor.client.text_document_code_lens_async(types.CodeLensParams(document)) or []
    assert lens.command and "12x faster (11x to 13x): apply" == lens.command.title
    hover = await editor.client.text_document_hover_async(types.HoverParams(document, types.Position(3, 6)))
    assert hover and isinstance(hover.contents, types.MarkupContent)
    assert "| r1a2 | a\\|b | wrong |  | \\[1\\] is not \\[2\\] |" in hover.contents.value
    assert worded(offer.report) == await editor.command("report", {"job": offer.job})


async def test_an_offer_is_applied_where_its_function_is_now(editor: Editor, offer: Offer) -> None:
    """Edits above move it; the edit is minimal, versioned where the client knows that, and the file stays."""
    await editor.start()
    uri = editor.open()
    await hints(editor, uri)
    editor.change(uri, f"# 🐎 ä\n{editor.texts[uri]}")
    (hint,) = await hints(editor, uri)
    assert 4 == hint.range.start.line
    (apply, *_) = await editor.actions(uri, 7)
    await editor.run(apply)
    await editor.says("Applied")
    text = editor.texts[uri]
    assert ["# 🐎 ä", "from itertools import accumulate"] == text.split("\n")[0:4:3]
    assert (True, True) == (WINNER in text, "            if booking > highest:\n" in text)
    (sent,) = editor.edits
    if editor.name == "visual_studio_code":
        (change,) = sent.edit.document_changes or ()
        assert isinstance(change, types.TextDocumentEdit)
        assert 2 == change.text_document.version
        assert [True] == [each.needs_confirmation for each in (sent.edit.change_annotations or {}).values()]
    else:
        assert [uri] == list(sent.edit.changes or {})
    assert "balance += booking" in (editor.root / "ledger.py").read_text(encoding="utf-8")
    assert [] == list((editor.root / ".quickstudy" / "offers").iterdir())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("balance = 0", "balance = 1"),
        ("    return result\n\n\ndef h", "    return result\n    yield\n\n\ndef h"),
        ("def balances", "@cache\ndef balances"),
    ],
)
async def test_an_offer_dies_when_its_function_changes(
    editor: Editor, offer: Offer, old: str, new: str
) -> None:
    """It is taken away by name, and its command says why there is nothing."""
    await editor.start()
    uri = editor.open()
    await hints(editor, uri)
    editor.change(uri, editor.texts[uri].replace(old, new))
    assert [] == await hints(editor, uri)
    await editor.logs("stale")
    with pytest.raises(Exception, match="offers nothing"):
        await editor.command("apply", {"job": offer.job})


async def test_an_edit_that_the_editor_skips_is_not_claimed(editor: Editor, offer: Offer) -> None:
    """Some answer that they applied a stale edit; the buffer is what counts, and the offer stays."""
    editor.edit = lambda _: types.ApplyWorkspaceEditResult(applied=True)
    await editor.start()
    uri = editor.open()
    await hints(editor, uri)
    await editor.command("apply", {"job": offer.job})
    await editor.says("balances was not changed: the buffer does not hold the new text")
    assert TITLE == (await editor.actions(uri, 6))[0]["title"]


async def test_an_edit_that_the_editor_refuses_leaves_the_offer(editor: Editor, offer: Offer) -> None:
    """Its reason is passed on."""
    editor.edit = lambda _: types.ApplyWorkspaceEditResult(applied=False, failure_reason="no preview")
    await editor.start()
    uri = editor.open()
    await hints(editor, uri)
    await editor.command("apply", {"job": offer.job})
    await editor.says("the editor refused the edit (no preview)")
    assert TITLE == (await editor.actions(uri, 6))[0]["title"]


async def test_an_offer_is_previewed_on_the_live_buffer(editor: Editor, offer: Offer) -> None:
    """The whole text before and after, as it stands now; an offer that died says why it cannot."""
    await editor.start()
    uri = editor.open()
    await hints(editor, uri)
    editor.change(uri, f"# new\n{editor.texts[uri]}")
    page = await editor.command("preview", {"job": offer.job})
    assert (uri, 2, editor.texts[uri], 4) == tuple(
        page[name] for name in ("uri", "version", "before", "start")
    )
    assert WINNER in page["after"]
    assert "balances can be 12x faster (11x to 13x), by openai/scripted" == page["title"]
    (listed,) = await editor.command("jobs")
    assert {
        "job": offer.job,
        "uri": uri,
        "qualname": "balances",
        "name": "balances",
        "state": "offered",
        "said": "12x faster (11x to 13x), by openai/scripted",
        "percentage": 100,
        "round": 0,
        "rounds": 0,
        "phase": "over",
        "words": {"speedup": "12x", "interval": "11x to 13x"},
        "speedup": 12.3,
        "low": 11.0,
        "high": 13.0,
        "line": 4,
        "page": (editor.root / ".quickstudy" / "offers" / f"{offer.job}.md").as_uri(),
    } == listed
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    with pytest.raises(Exception, match="Open the file of balances first"):
        await editor.command("preview", {"job": offer.job})


async def test_an_offer_is_shown_and_dismissed(editor: Editor, offer: Offer) -> None:
    """The page has the diff and the table; dismissed, nothing of it is left."""
    await editor.start()
    uri = editor.open()
    await hints(editor, uri)
    await editor.command("show", {"job": offer.job})
    page = editor.root / ".quickstudy" / "offers" / f"{offer.job}.md"
    while not editor.client.shown_documents:
        await editor.command("jobs")
    assert page.as_uri() == editor.client.shown_documents[0].uri
    assert "```diff\n-old\n+new\n```" in page.read_text(encoding="utf-8")
    await editor.command("dismiss", {"job": offer.job})
    assert [] == list(page.parent.iterdir())
    assert ["Optimize `balances` with the team"] == [each["title"] for each in await editor.actions(uri, 6)]


async def test_an_offer_for_a_closed_document_waits(editor: Editor, offer: Offer) -> None:
    """Only what the user can see is edited."""
    await editor.start()
    uri = editor.open()
    await hints(editor, uri)
    editor.client.text_document_did_close(types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri)))
    assert [] == await hints(editor, uri)
    await editor.command("apply", {"job": offer.job})
    await editor.says("Open the file of balances first")
