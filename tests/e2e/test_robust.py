"""What a server meets in the wild: bad messages, hostile folders, several roots, half-typed files."""

import asyncio
import json
import os
import random
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.conftest import REPLY, SERVER, Editor, environment, settings
from tests.openai_server import OpenAIServer, ok

from quickstudy.demo import write_demo


class Wire:
    """A server's raw bytes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.stray = b""
        """What came on stdout and was not the protocol."""

    def send(self, message: object) -> None:
        self.raw(json.dumps(message).encode())

    def raw(self, body: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def request(self, id: int, method: object, params: object = None) -> None:
        self.send({"jsonrpc": "2.0", "id": id, "method": method, "params": params})

    def notify(self, method: object, params: object = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def command(self, id: int, name: str, *arguments: object) -> None:
        params = {"command": f"quickstudy.{name}", "arguments": arguments}
        self.request(id, "workspace/executeCommand", params)

    async def read(self) -> dict[str, Any]:
        assert self.process.stdout
        length = 0
        async with asyncio.timeout(30):
            while (line := await self.process.stdout.readline()) != b"\r\n":
                name, colon, value = line.partition(b": ")
                if not colon or not name.startswith(b"Content-"):
                    self.stray += line
                    assert line, "the server ended"
                length = int(value) if name == b"Content-Length" else length
            return json.loads(await self.process.stdout.readexactly(length))

    async def answer(self, id: int) -> dict[str, Any]:
        while (message := await self.read()).get("id") != id or "method" in message:
            pass
        return message


@asynccontextmanager
async def started(*arguments: str, cwd: Path, **env: str) -> AsyncIterator[Wire]:
    process = await asyncio.create_subprocess_exec(
        *(*SERVER, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=cwd,
        env=environment(env),
    )
    wire = Wire(process)
    try:
        yield wire
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def initialised(wire: Wire, root: Path, options: object = None) -> dict[str, Any]:
    params = {"rootUri": root.as_uri(), "capabilities": {}, "initializationOptions": options}
    wire.request(0, "initialize", params)
    answer = await wire.answer(0)
    wire.notify("initialized", {})
    return answer["result"]


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


JUNK: tuple[Any, ...] = (None, 1, -1, 2**80, "x", "", [], {}, [{}], {"job": 1}, {"job": "x"}, True)
BROKEN = (b"{", b"[]", b"null", b'"x"', b"\xff", b'{"jsonrpc":"2.0"}', b"[" * 9999)
METHODS = (
    *("textDocument/codeAction", "textDocument/codeLens", "textDocument/hover", "textDocument/didOpen"),
    *("workspace/executeCommand", "no/such", "initialize", "", "$/x"),
)
COMMANDS = ("optimize", "report", "apply", "jobs", "lessons", "cancel", "dismiss", "show", "none")
ADDRESSES = ("", "file:///x%ZZ.py", "untitled:U", "http://h/m.py")


def nonsense(chance: random.Random, uri: str) -> Any:
    """Parameters that are nearly right, or not at all."""
    position = {"line": 10**9, "character": 10**9}
    span = {"start": position, "end": {"line": 0, "character": 0}}
    document = {"uri": chance.choice(ADDRESSES), "languageId": "python", "version": 1, "text": "def f(:\n\0"}
    return chance.choice(
        [
            chance.choice(JUNK),
            {
                "textDocument": {"uri": uri},
                "position": position,
                "range": span,
                "context": chance.choice(JUNK),
            },
            {"textDocument": {"uri": uri}, "range": span, "context": {"diagnostics": []}},
            {"command": chance.choice(JUNK), "arguments": chance.choice(JUNK)},
            {"command": f"quickstudy.{chance.choice(COMMANDS)}", "arguments": [chance.choice(JUNK)]},
            {"command": "quickstudy.optimize", "arguments": [{"uri": uri, "position": position}]},
            {"textDocument": document},
        ]
    )


async def test_every_request_is_answered_whatever_it_is(project: Path) -> None:
    """Unknown methods, wrong types, broken JSON, positions beyond the end, documents that are not there."""
    chance = random.Random(5)
    uri = (project / "ledger.py").as_uri()
    async with started(cwd=project) as wire:
        await initialised(wire, project)
        for number in range(1, 1001):
            method, params = chance.choice(METHODS), nonsense(chance, uri)
            if chance.random() < 0.1:
                wire.raw(chance.choice(BROKEN))
            if chance.random() < 0.2:
                wire.notify(method, params)
            wire.request(number, method, params)
            try:
                await wire.answer(number)
            except TimeoutError:
                pytest.fail(f"unanswered: {method} {params}")
        wire.request(0, "shutdown")
        await wire.answer(0)
        wire.command(1, "jobs")
        assert -32600 == (await wire.answer(1))["error"]["code"]


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
    await editor.optimise(uri)
    await editor.question()
    editor.answers.put_nowait(None)
    assert (True, False) == ((other / ".quickstudy").exists(), (editor.root / ".quickstudy").exists())
