"""Jobs in the real server process with a scripted team: run, queued, cancelled, refused, and told of."""

import asyncio
import os
import time
from pathlib import Path

import pytest
from lsprotocol import types
from tests.e2e.conftest import ASKED_BY_LITELLM, ASKED_BY_US, Editor, settings
from tests.openai_server import OpenAIServer, hang, status

from quickstudy_server.messages import UNTRUSTED


def children(pid: int) -> set[int]:
    """The processes right below one."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return {int(child) for task in tasks for child in (task / "children").read_text().split()}


def descendants(pid: int) -> set[int]:
    """All processes below one, whatever their group."""
    return children(pid).union(*map(descendants, children(pid)))


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}/exe").exists() and os.path.lexists(f"/proc/{pid}/cwd")}


def one_way(editor: Editor, server: OpenAIServer, **more: object) -> dict[str, object]:
    """Settings with a team that is asked by us for one of the editors, and through litellm for the other."""
    model = {"neovim": ASKED_BY_US, "visual_studio_code": ASKED_BY_LITELLM}[editor.name]
    return settings(server, model, **more)


def until_gone(pids: set[int]) -> None:
    """Wait for these to end; who asks again and again takes the core from those that are to end."""
    for _ in range(1000):
        if not alive(pids):
            break
        time.sleep(0.01)


async def test_a_job_ends_as_an_offer_that_is_applied(editor: Editor, team: OpenAIServer) -> None:
    """The main way, on a buffer that was never saved: action, command, job, question, edit."""
    await editor.start(one_way(editor, team))
    unsaved = (editor.root / "ledger.py").read_text(encoding="utf-8").replace("result", "kept")
    uri = editor.open(text=f"{unsaved}\n\ndef added():\n    return 1\n")
    (action,) = await editor.actions(uri, 5)
    job = (await editor.run(action))["job"]
    assert job == (await editor.run(action))["job"], "one job a function"
    question = await editor.question()
    assert "balances can be" in question.message
    assert ["Apply", "Show diff", "Not now"] == [each.title for each in question.actions or ()]
    (bar,) = editor.client.progress_reports.values()
    begin = next(each for each in bar if isinstance(each, types.WorkDoneProgressBegin))
    assert "Optimizing `balances`" == begin.title
    shares = [each.percentage or 0 for each in bar if isinstance(each, types.WorkDoneProgressReport)]
    assert (sorted(shares), 100) == (shares, shares[-1])
    report = await editor.command("report", {"job": job})
    assert ("faster", "ledger.py") == (report["verdict"], report["target"]["path"])
    before = (editor.root / "ledger.py").read_text(encoding="utf-8")
    editor.answers.put_nowait("Apply")
    await editor.says("Applied")
    assert "return list(accumulate(bookings))" in editor.texts[uri]
    assert editor.texts[uri].endswith("def added():\n    return 1\n")
    assert before == (editor.root / "ledger.py").read_text(encoding="utf-8")
    assert report == await editor.command("report", {"job": job}), "also of a job that is over"


@pytest.mark.parametrize("how", ["command", "progress"])
async def test_a_cancelled_job_leaves_no_process(editor: Editor, how: str) -> None:
    """Within a second, while a model is asked; the next in the queue takes its turn."""
    with OpenAIServer(hang()) as server:
        await editor.start(one_way(editor, server))
        uri = editor.open()
        first = await editor.optimize(uri, 3)
        second = await editor.optimize(uri, 20)
        await editor.logs("the team is at work")
        jobs = await editor.command("jobs")
        assert [(first, "running"), (second, "queued")] == [(each["job"], each["state"]) for each in jobs]
        pid = editor.client._server.pid
        busy = descendants(pid)
        assert busy
        await editor.command("cancel", {"job": second})
        async with asyncio.timeout(1.5):
            if how == "command":
                assert {"cancelled": True} == await editor.command("cancel", {"job": first})
            else:
                token = next(iter(editor.client.progress_reports))
                editor.client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
            await asyncio.to_thread(until_gone, busy)
            while await editor.command("jobs"):
                pass
        await editor.logs("cancelled")
        assert "interrupted" == (await editor.command("report", {"job": first}))["verdict"]


async def test_a_run_without_a_result_is_said_with_its_reason(editor: Editor) -> None:
    """Not finding anything is an answer too."""
    with OpenAIServer(status(401)) as server:
        await editor.start(one_way(editor, server))
        await editor.optimize(editor.open())
        await editor.says("No agent of the team could answer")


async def test_nothing_of_an_untrusted_workspace_is_run(editor: Editor, team: OpenAIServer) -> None:
    """The client passes that it is not trusted."""
    await editor.start(one_way(editor, team, trusted=False))
    await editor.optimize(editor.open())
    await editor.says("not trusted")
    assert [] == team.requests


async def test_a_wrong_setting_is_named_once(editor: Editor, team: OpenAIServer) -> None:
    """The client's configuration goes before its options; the default is used for what is wrong."""
    editor.client.set_configuration({"rounds": "many", "trusted": False}, section="quickstudy")
    await editor.start(one_way(editor, team))
    uri = editor.open()
    await editor.optimize(uri)
    await editor.says("quickstudy.rounds must be a number. The default is used.")
    await editor.says("not trusted")
    await editor.optimize(uri)
    assert f"balances: {UNTRUSTED}" == await editor.said.get()


async def test_a_killed_engine_is_one_sentence(editor: Editor) -> None:
    """The server is well afterwards."""
    with OpenAIServer(hang()) as server:
        await editor.start(one_way(editor, server))
        uri = editor.open()
        await editor.optimize(uri)
        await editor.logs("the team is at work")
        pid = editor.client._server.pid
        busy = descendants(pid)
        (engine,) = children(pid)
        os.kill(engine, 9)
        await editor.says("The engine ended with status -9")
        assert 1 == len(await editor.actions(uri, 3))
        async with asyncio.timeout(2):
            await asyncio.to_thread(until_gone, busy)


async def test_shutdown_ends_a_job(editor: Editor) -> None:
    """No process outlives the answer."""
    with OpenAIServer(hang()) as server:
        await editor.start(one_way(editor, server))
        await editor.optimize(editor.open())
        await editor.logs("the team is at work")
        busy = descendants(editor.client._server.pid)
        async with asyncio.timeout(1.5):
            await editor.client.shutdown_async(None)
        assert set() == alive(busy)
        editor.client.capabilities = None
        editor.client.exit(None)
