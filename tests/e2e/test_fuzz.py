"""Random messages: never a crash, an unanswered request, or a hang.

    QUICKSTUDY_MESSAGES=10000 pytest tests/e2e/test_fuzz.py

sends as many as a release must withstand; by default it is a part of them, the same ones each time.
"""

import os
import random
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.wire import Wire, initialised, started

from quickstudy_server.commands import COMMANDS

MESSAGES = int(os.environ.get("QUICKSTUDY_MESSAGES", "2000"))
AT_ONCE = 100
"""So many are sent before the answers are read."""

JUNK: tuple[Any, ...] = (
    *(None, 1, -1, 2**80, 1.5, "x", "", [], {}, [{}], True),
    *({"job": 1}, {"job": "x"}, {"lesson": 2**70}, {"lesson": 1, "uri": 1}, {"query": "x", "uri": "y:"}),
)
BROKEN = (b"{", b"[]", b"null", b'"x"', b"\xff", b'{"jsonrpc":"2.0"}', b"[" * 9999)
METHODS = (
    *("textDocument/codeAction", "textDocument/codeLens", "textDocument/hover", "textDocument/didOpen"),
    *("textDocument/didChange", "textDocument/didClose", "workspace/didChangeConfiguration"),
    *("workspace/executeCommand", "no/such", "initialize", "", "$/x", "$/setTrace", "$/cancelRequest"),
    *("workspace/didChangeWorkspaceFolders", "window/workDoneProgress/cancel"),
)
NAMES = (*COMMANDS, "quickstudy.none")
ADDRESSES = ("", "file:///x%ZZ.py", "untitled:U", "http://h/m.py", "file:///tmp", "::")
LINES = (0, 3, 10**9, 2**80, -1)


def nonsense(chance: random.Random, uri: str) -> Any:
    """Parameters that are nearly right, or not at all."""
    uri = chance.choice((uri, uri, *ADDRESSES))
    position = {"line": chance.choice(LINES), "character": chance.choice(LINES)}
    span = {"start": position, "end": {"line": chance.choice(LINES), "character": 0}}
    document = {"uri": uri, "languageId": "python", "version": 1, "text": "def f(:\n\0\ud800"}
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
            {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"range": span, "text": "\r🐎"}]},
            {"textDocument": {"uri": uri, "version": None}, "contentChanges": chance.choice(JUNK)},
            {"command": chance.choice(JUNK), "arguments": chance.choice(JUNK)},
            {"command": chance.choice(NAMES), "arguments": [chance.choice(JUNK)]},
            {"command": "quickstudy.optimize", "arguments": [{"uri": uri, "position": position}]},
            {"command": "quickstudy.dismiss", "arguments": [{"uri": uri, "position": position}]},
            {"settings": {"quickstudy": {"hints": chance.choice(JUNK), "team": chance.choice(JUNK)}}},
            {"event": {"added": [{"uri": uri, "name": "n"}], "removed": [{"uri": uri, "name": "n"}]}},
            {"token": chance.choice(JUNK), "value": chance.choice(JUNK), "id": chance.choice((1, "x"))},
            {"textDocument": document},
        ]
    )


async def answers(wire: Wire, waiting: dict[int, Any]) -> None:
    """Read until each of these requests has its answer."""
    while waiting:
        try:
            message = await wire.read()
        except TimeoutError:
            pytest.fail(f"unanswered: {waiting}")
        if "method" not in message:
            waiting.pop(message.get("id"), None)


@pytest.mark.parametrize("capabilities", [{}, {"workspace": {"configuration": True}}])
async def test_every_request_is_answered_whatever_it_is(project: Path, capabilities: dict[str, Any]) -> None:
    """Unknown methods, wrong types, broken JSON, positions beyond the end, documents that are not there."""
    chance = random.Random(5)
    uri = (project / "ledger.py").as_uri()
    async with started(cwd=project) as wire:
        # Nothing of it is run: a job that is begun by chance ends with a sentence.
        await initialised(wire, project, {"trusted": False}, capabilities)
        for start in range(1, MESSAGES // 2, AT_ONCE):
            waiting: dict[int, Any] = {}
            for number in range(start, start + AT_ONCE):
                method, params = chance.choice(METHODS), nonsense(chance, uri)
                if chance.random() < 0.1:
                    wire.raw(chance.choice(BROKEN))
                if chance.random() < 0.2:
                    wire.notify(method, params)
                waiting[number] = (method, params)
                wire.request(number, method, params)
            await answers(wire, waiting)
        wire.request(0, "shutdown")
        await wire.answer(0)
        wire.command(1, "jobs")
        assert -32600 == (await wire.answer(1))["error"]["code"]
        assert b"" == wire.stray
