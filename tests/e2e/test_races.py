"""Things that change under a job or an edit, and two editors or two roots beside each other."""

import asyncio
import shutil
import threading
from pathlib import Path

from lsprotocol import types
from tests.e2e.conftest import REPLY, Editor, opened, settings
from tests.e2e.test_offer import TITLE, hints, offer
from tests.openai_server import Behaviour, Exchange, OpenAIServer, hang, ok

from quickstudy.demo import write_demo
from quickstudy_server.offers import Offer

__all__ = ["offer"]


def held(release: threading.Event) -> Behaviour:
    """Answer once that is allowed."""

    def answer(exchange: Exchange) -> None:
        while not release.is_set() and not exchange.closing.is_set():
            exchange.wait(0.05)
        ok(REPLY)(exchange)

    return answer


async def test_a_job_outlives_its_document_and_its_file(editor: Editor) -> None:
    """Closed and deleted meanwhile; the offer waits, and is shown when the text is there again."""
    release = threading.Event()
    with OpenAIServer(held(release)) as server:
        await editor.start(settings(server))
        uri = editor.open()
        await editor.optimize(uri)
        await editor.logs("the team is at work")
        document = types.TextDocumentIdentifier(uri)
        editor.client.text_document_did_close(types.DidCloseTextDocumentParams(document))
        (editor.root / "ledger.py").unlink()
        release.set()
        assert "balances can be" in (await editor.question()).message
        editor.answers.put_nowait("Apply")
        await editor.says("Open the file of balances first")
        editor.open(text=editor.texts[uri])
        assert ["faster-variant"] == [each.code for each in await hints(editor, uri)]


async def test_a_function_that_changes_under_its_job_gets_no_offer(editor: Editor) -> None:
    """The result is thrown away by name."""
    release = threading.Event()
    with OpenAIServer(held(release)) as server:
        await editor.start(settings(server))
        uri = editor.open()
        await editor.optimize(uri)
        await editor.logs("the team is at work")
        editor.change(uri, editor.texts[uri].replace("balance = 0", "balance = 1"))
        release.set()
        await editor.logs("stale: balances was changed")
        assert [] == await editor.command("jobs")


async def test_what_is_typed_while_an_edit_is_on_its_way_is_kept(editor: Editor, offer: Offer) -> None:
    """The client refuses the edit for an older version; the function changed, so the offer is gone."""

    def race(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        editor.change(uri, editor.texts[uri].replace("balance = 0", "balance = 0  # mine"))
        return types.ApplyWorkspaceEditResult(applied=False, failure_reason="older version")

    editor.edit = race
    await editor.start()
    uri = editor.open()
    await hints(editor, uri)
    await editor.command("apply", {"job": offer.job})
    await editor.says("balances was not changed: the editor refused the edit (older version)")
    assert "# mine" in editor.texts[uri]
    assert TITLE not in [each["title"] for each in await editor.actions(uri, 6)]


async def test_two_editors_share_the_bank_and_the_machine(editor: Editor, project: Path) -> None:
    """Both optimize a function of one project at once; both get an offer, and both lessons are kept."""
    with OpenAIServer(ok(REPLY)) as server:
        async with opened(project, editor.name) as other:
            uris = []
            for each in (editor, other):
                await each.start(settings(server))
                uris.append(each.open())
            await asyncio.gather(editor.optimize(uris[0]), other.optimize(uris[1]))
            for each in (editor, other):
                assert "balances can be" in (await each.question()).message
                each.answers.put_nowait(None)
            lessons = await other.command("lessons", {"query": ""})
            assert lessons == await editor.command("lessons", {"query": ""})
            assert {"faster"} == {each["outcome"] for each in lessons}
            assert 2 == len({each["run"] for each in lessons})


async def test_each_root_has_its_own_settings(editor: Editor, tmp_path: Path) -> None:
    """Of two folders in one workspace one is not trusted, and one names an interpreter that is not there."""
    other = tmp_path / "other"
    shutil.move(write_demo(), other)
    (other / "pyproject.toml").write_text('[tool.quickstudy]\npython = "/none/python"\n', encoding="utf-8")
    with OpenAIServer(hang()) as server:
        first, second = editor.uri(), (other / "ledger.py").as_uri()
        editor.client.set_configuration({"trusted": False}, section="quickstudy", scope_uri=first)
        editor.client.set_configuration({"trusted": True}, section="quickstudy", scope_uri=second)
        await editor.start(settings(server), folders=(editor.root, other))
        editor.open(str(other / "ledger.py"))
        await editor.says(f"{other / 'pyproject.toml'}: python names no file: /none/python")
        await editor.optimize(editor.open())
        await editor.says("balances: This workspace is not trusted")
        job = await editor.optimize(second)
        await editor.logs("the team is at work")
        await editor.command("cancel", {"job": job})
