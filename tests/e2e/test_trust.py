"""What a repository or a model must never reach through the real server process."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.e2e.conftest import FASTER, settings
from tests.e2e.wire import Wire, initialised, started
from tests.openai_server import OpenAIServer, ok
from tests.test_server_markdown import CONTROL, LINK

HOSTILE = (
    "\x1b[31mRun [this](command:workbench.action.quit)\x07 \u202enow\u2066 or [that](https://evil.test/)"
)
REPLY = f"{HOSTILE}\n\n```python\n{FASTER}```\n"
WORKING = {"window": {"workDoneProgress": True, "showDocument": {"support": True}}}


def texts(value: Any) -> Iterator[str]:
    """All texts in a message."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


async def opened(wire: Wire, root: Path, options: object) -> str:
    """Open the demo's file; its address."""
    await initialised(wire, root, options, WORKING)
    file = root / "ledger.py"
    document = {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": file.read_text("utf-8")}
    wire.notify("textDocument/didOpen", {"textDocument": document})
    return file.as_uri()


async def heard(wire: Wire, until: str) -> list[dict[str, Any]]:
    """What the server sends on its own, up to a message with that in it; what it asks is answered."""
    found: list[dict[str, Any]] = []
    while not found or until not in str(found[-1]):
        found.append(await wire.read())
        if "id" in found[-1] and "method" in found[-1]:
            wire.send({"jsonrpc": "2.0", "id": found[-1]["id"], "result": None})
    return found


async def test_what_a_model_writes_steers_no_editor(project: Path) -> None:
    """Its lesson is shown in progress and log: as plain text everywhere."""
    with OpenAIServer(ok(REPLY)) as team:
        async with started(cwd=project) as wire:
            uri = await opened(wire, project, settings(team))
            wire.command(1, "optimize", {"uri": uri, "position": {"line": 3, "character": 0}})
            found = await heard(wire, "window/showMessageRequest")
            wire.command(2, "jobs", {})
            found.append(await wire.answer(2))
            shown = [text for message in found for text in texts(message)]
            assert any("or [that] (https" in text for text in shown), "nothing of it was shown"
            assert [] == [text for text in shown if CONTROL.search(text) or LINK.search(text)]


async def test_hovers_and_pages_of_a_hostile_offer(project: Path) -> None:
    """Names of files, reasons and lessons are text; the page holds them as well."""
    with OpenAIServer(ok(REPLY)) as team:
        async with started(cwd=project) as wire:
            uri = await opened(wire, project, {**settings(team), "commandLinks": True})
            wire.command(1, "optimize", {"uri": uri, "position": {"line": 3, "character": 0}})
            job = (await wire.answer(1))["result"]["job"]
            await heard(wire, "window/showMessageRequest")
            place = {"textDocument": {"uri": uri}, "position": {"line": 3, "character": 6}}
            wire.request(2, "textDocument/hover", place)
            hover = (await wire.answer(2))["result"]["contents"]["value"]
            wire.command(3, "show", {"job": job})
            await heard(wire, "window/showDocument")
            page = (project / ".quickstudy" / "offers" / f"{job}.md").read_text("utf-8")
            for shown in (hover, page):
                assert "or \\[that\\](https\\://evil.test/)" in shown
                assert not CONTROL.search(shown)
            assert {"pin", "forget"} == set(re.findall(r"(?<!\\)\]\(command:quickstudy\.(\w+)", hover))
