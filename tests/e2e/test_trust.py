"""What a repository or a model must never reach through the real server process."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.banks import lesson
from tests.e2e.conftest import FASTER, Editor, settings
from tests.e2e.test_hints import choose, marks
from tests.e2e.test_offer import offer
from tests.e2e.wire import Wire, initialised, started
from tests.openai_server import OpenAIServer, ok
from tests.test_server_markdown import CONTROL, LINK

from quickstudy.bank import Bank
from quickstudy.languages import language_named
from quickstudy.project import Project
from quickstudy_server.messages import UNTRUSTED
from quickstudy_server.offers import Offer

__all__ = ["offer"]

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


@pytest.mark.parametrize("how", ["options", "asked"])
async def test_nothing_of_an_untrusted_workspace_is_run_read_or_written(
    editor: Editor, offer: Offer, how: str
) -> None:
    """By any command: no program of it, no bank, no offer; each answers with the sentence."""
    made = lesson("Carry it.", path=str(editor.root / "ledger.py"), qualname="balances")
    root = editor.root
    with Bank.open(Project(root).bank, language_named) as bank:
        await bank.add(made)
    before = state(root)
    python = root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f"#!/bin/sh\ntouch '{root}/run'\n", "utf-8")
    python.chmod(0o755)
    with OpenAIServer(ok(REPLY)) as team:
        chosen = settings(team, python=str(python))
        if how == "asked":
            editor.client.set_configuration({"trusted": False}, section="quickstudy")
        await editor.start({**chosen, "trusted": how != "options"})
        uri = editor.open()
        for name, argument in (
            ("lessons", {"query": ""}),
            ("lessons", {"query": "carry", "uri": uri}),
            ("pin", {"lesson": 1}),
            ("forget", {"lesson": 1, "uri": root.as_uri()}),
        ):
            with pytest.raises(Exception, match=re.escape(UNTRUSTED)):
                await editor.command(name, argument)
        await editor.optimize(uri)
        await editor.says("balances: This workspace is not trusted")
        for name in ("apply", "preview", "show", "dismiss"):
            with pytest.raises(Exception, match="offers nothing"):
                await editor.command(name, {"job": offer.job})
        assert ([], []) == (await editor.command("jobs"), team.requests)
        python.unlink()
        assert (before, []) == (state(root), list(editor.client.diagnostics.get(uri, ())))


async def test_an_offer_is_shown_once_its_workspace_is_trusted(editor: Editor, offer: Offer) -> None:
    """Without a restart; and not touched any more once it is not."""
    await editor.start({"trusted": False})
    uri = editor.open()
    choose(editor, trusted=True)
    assert ["faster-variant"] == [each.code for each in await marks(editor, uri, 1)]
    choose(editor, trusted=False)
    with pytest.raises(Exception, match="not trusted"):
        while await editor.command("preview", {"job": offer.job}):
            pass


def state(root: Path) -> dict[str, bytes]:
    """All files of a project; those that SQLite makes while a bank is read are none of its content."""
    return {
        str(file.relative_to(root)): file.read_bytes()
        for file in root.rglob("*")
        if file.is_file() and not file.name.endswith(("-wal", "-shm"))
    }


async def test_a_lesson_leads_to_no_file_outside_its_project(editor: Editor) -> None:
    """A bank that came with a repository may name any path."""
    outside = editor.root.parent / "outside.py"
    outside.touch()
    with Bank.open(Project(editor.root).bank, language_named) as bank:
        for path in (str(outside), "../outside.py", "ledger.py", "x/../../outside.py", "a" * 5000, ".."):
            await bank.add(replace(lesson("Carry it.", qualname="balances"), path=path))
    await editor.start()
    found = await editor.command("lessons", {"query": ""})
    assert {("ledger.py", editor.uri())} == {(each["path"], each["uri"]) for each in found if each["uri"]}
