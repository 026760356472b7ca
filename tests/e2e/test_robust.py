"""What a server meets in the wild: bad messages, hostile folders, several roots, half-typed files."""

import asyncio
import os
import shutil
import sys
from pathlib import Path

import pytest
from tests.e2e.conftest import REPLY, Editor, environment, settings
from tests.e2e.wire import Wire, initialised, started
from tests.openai_server import OpenAIServer, ok

from quickstudy.demo import write_demo


async def test_a_whole_session_on_raw_bytes(project: Path) -> None:
    """stdout is the protocol and nothing else, exit status 0, with a client that can do almost nothing."""
    with OpenAIServer(ok(REPLY)) as team:
        async with started("--stdio", cwd=project) as wire:
            await initialised(wire, project, settings(team))
            uri = (project / "ledger.py").as_uri()
            text = (project / "ledger.py").read_text(encoding="utf-8")
            document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
            wire.notify("textDocument/didOpen", {"textDocument": document})
            place = {"uri": uri, "position": {"line": 3, "character": 0}}
            wire.command(1, "optimize", place)
            job = (await wire.answer(1))["result"]["job"]
            while (message := await wire.read()).get("method") != "window/showMessageRequest":
                assert message.get("method") != "window/workDoneProgress/create"
            wire.send({"jsonrpc": "2.0", "id": message["id"], "error": {"code": -32601, "message": "no"}})
            wire.command(2, "apply", {"job": job})
            await wire.answer(2)
            while (message := await wire.read()).get("method") != "window/showMessage":
                pass
            assert "the editor takes no edits from a server" in message["params"]["message"]
            wire.request(3, "shutdown")
            await wire.answer(3)
            wire.notify("exit")
            assert (0, b"") == (await wire.process.wait(), wire.stray)


async def test_a_hostile_workspace_is_not_imported(project: Path) -> None:
    """Started in somebody's repository, with PYTHONPATH pointing there, the server runs none of its files."""
    bait = project / "bait"
    for name in (
        "server",
        "quickstudy/__init__",
        "pygls/__init__",
        "lsprotocol/__init__",
        "litellm/__init__",
    ):
        file = project / f"{name}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"open({str(bait)!r}, 'w').close()\nraise SystemExit(9)\n", encoding="utf-8")
    script = Path(sys.executable).with_name("quickstudy-server")
    assert script.exists()
    process = await asyncio.create_subprocess_exec(
        str(script),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=project,
        env=environment({"PYTHONPATH": os.pathsep.join((".", ""))}),
    )
    wire = Wire(process)
    assert "quickstudy-server" == (await initialised(wire, project))["serverInfo"]["name"]
    assert process.stdin
    process.stdin.close()
    await process.wait()
    assert not bait.exists()


async def test_a_vanished_editor_ends_everything(project: Path) -> None:
    """stdin ends without a word: the server is gone within a second."""
    async with started(cwd=project) as wire:
        await initialised(wire, project)
        assert wire.process.stdin
        wire.process.stdin.close()
        async with asyncio.timeout(2):
            await wire.process.wait()


@pytest.mark.parametrize(
    ("text", "line", "title"),
    [
        ("def f():\n    return 1\n\n\ndef g(", 1, "f"),
        ("class A:\r\n\tdef m(self):\r\n\t\tdef inner():\r\n\t\t\tpass\r\n\t\treturn 1\r\n", 3, "m"),
        ("@a\ndef f(): return 1\n", 0, "f"),
        ("x = 1\n", 0, None),
        ("def f():\n    return (\n", 1, None),
        ("", 0, None),
    ],
)
async def test_half_typed_text_has_actions_where_it_can(
    editor: Editor, text: str, line: int, title: str | None
) -> None:
    """The enclosing function of the module or class, as far as it parses."""
    await editor.start()
    uri = editor.open("unsaved.py", text)
    actions = [each for each in await editor.actions(uri, line) if "disabled" not in each]
    assert ([f"Optimize `{title}` with the team"] if title else []) == [each["title"] for each in actions]
    assert [] == await editor.actions(uri, line, only=["quickfix"])
    assert [] == await editor.actions(editor.uri("gone.py"), line)


async def test_a_selection_decides(editor: Editor) -> None:
    """Inside one function, also whole lines of it; across two there is nothing to offer."""
    await editor.start()
    uri = editor.open()
    assert 1 == len(await editor.actions(uri, 5, 9))
    assert 1 == len(await editor.actions(uri, 3, 15))
    assert [] == await editor.actions(uri, 5, 25)


async def test_each_root_has_its_own_bank(editor: Editor, team: OpenAIServer, tmp_path: Path) -> None:
    """Two folders in one workspace: the lessons of a job lie in its own project."""
    other = tmp_path / "other"
    shutil.move(write_demo(), other)
    await editor.start(settings(team), folders=(editor.root, other))
    uri = editor.open(str(other / "ledger.py"))
    await editor.optimize(uri)
    await editor.question()
    editor.answers.put_nowait(None)
    assert (True, False) == ((other / ".quickstudy").exists(), (editor.root / ".quickstudy").exists())
