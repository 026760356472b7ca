"""Learning in the editor: hints from the bank, by the real server process and without any model."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from lsprotocol import types
from tests.banks import lesson
from tests.e2e.conftest import FASTER, PATIENCE_S, Editor, settings
from tests.openai_server import OpenAIServer, hang

from quickstudy.bank import Bank
from quickstudy.languages import language_for, language_named
from quickstudy.project import Project

HINT = "`highest_so_far` looks like `balances`, which became 12x faster: going over slices again and again"
FAST = """\
from itertools import accumulate


def highest_so_far(bookings):
    return list(accumulate(bookings, max))
"""


@pytest.fixture
def bank(project: Path) -> Path:
    """The bank of a project in which `balances` became faster, in another file than the one that is open."""
    file = project / "ledger.py"
    text = file.read_text(encoding="utf-8")
    found = language_for(file).find(file, text, "balances")
    made = lesson("Carry the *balance* along.", found.source, path=str(file), qualname="balances")
    with Bank.open(Project(project).bank, language_named) as bank:
        asyncio.run(bank.add(replace(made, candidate=FASTER)))
    return Project(project).bank


async def marks(editor: Editor, uri: str, count: int) -> list[types.Diagnostic]:
    """The marks of a document, once there are so many."""
    async with asyncio.timeout(PATIENCE_S):
        while len(editor.client.diagnostics.get(uri, ())) != count:
            await editor.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    return list(editor.client.diagnostics.get(uri, ()))


async def quick_fixes(editor: Editor, uri: str, line: int) -> dict[str, Any]:
    return {each["title"]: each for each in await editor.actions(uri, line, only=["quickfix"])}


async def test_a_function_that_resembles_a_faster_one_has_a_hint(editor: Editor, bank: Path) -> None:
    """One mark, on the one that is alike and not on the one that was worked on; it follows the text."""
    await editor.start()
    uri = editor.open()
    (hint,) = await marks(editor, uri, 1)
    name = types.Range(types.Position(18, 4), types.Position(18, 18))
    assert (HINT, "resembles-faster", 4, name) == (hint.message, hint.code, hint.severity, hint.range)
    editor.change(uri, f"# 🐎\n{editor.texts[uri]}")
    while editor.client.diagnostics[uri][0].range.start.line == 18:
        await editor.client.wait_for_notification(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    assert 19 == editor.client.diagnostics[uri][0].range.start.line
    editor.change(uri, FAST)
    await marks(editor, uri, 0)


async def test_its_action_starts_a_job_with_that_lesson(editor: Editor, bank: Path) -> None:
    """The prompt of the very first round holds the lesson."""
    with OpenAIServer(hang()) as server:
        await editor.start(settings(server, lessons=1))
        uri = editor.open()
        await marks(editor, uri, 1)
        title = "Optimize `highest_so_far` with the lesson of `balances`"
        fixes = await quick_fixes(editor, uri, 18)
        first, second = "Pin the lesson of `balances`", "Forget the lesson of `balances`"
        assert [title, "No more hints on `highest_so_far`", first, second] == list(fixes)
        await editor.run(fixes[title])
        await editor.logs("the team is at work, with 1 lesson")
        assert await asyncio.to_thread(server.arrived.wait, PATIENCE_S)
        assert "Carry the *balance* along." in server.requests[0].prompt


async def test_a_hint_is_dismissed_for_good(editor: Editor, bank: Path) -> None:
    """Also for the next server, and only on this function."""
    await editor.start()
    uri = editor.open()
    await marks(editor, uri, 1)
    await editor.run((await quick_fixes(editor, uri, 18))["No more hints on `highest_so_far`"])
    await marks(editor, uri, 0)
    assert "ledger.py::highest_so_far\n" == (bank.parent / "dismissed").read_text(encoding="utf-8")
    text = editor.texts[uri].replace("highest_so_far", "lowest_so_far").replace("balances", "other")
    await marks(editor, editor.open("copy.py", text), 2)
    with pytest.raises(Exception, match="There is no hint on line 19"):
        await editor.command("dismiss", {"uri": uri, "position": {"line": 18, "character": 0}})


async def test_a_forgotten_lesson_takes_its_hints_along(editor: Editor, bank: Path) -> None:
    """In every open document."""
    await editor.start()
    uri = editor.open()
    await marks(editor, uri, 1)
    await editor.run((await quick_fixes(editor, uri, 18))["Forget the lesson of `balances`"])
    await marks(editor, uri, 0)


async def test_hover_tells_why_and_links_where_they_are_run(editor: Editor, bank: Path) -> None:
    """Without `commandLinks` a link would do nothing, so there is none and the code actions are there."""
    links = editor.name == "visual_studio_code"
    await editor.start({"commandLinks": links})
    uri = editor.open()
    await marks(editor, uri, 1)
    document = types.TextDocumentIdentifier(uri)
    hover = await editor.client.text_document_hover_async(types.HoverParams(document, types.Position(18, 6)))
    assert hover and isinstance(hover.contents, types.MarkupContent)
    text = hover.contents.value
    assert f"**{HINT}**" in text
    assert (
        "`balances` in ledger.py, 11x to 14x faster, by local/one:\n\nCarry the \\*balance\\* along." in text
    )
    assert links == ("[Pin](command:quickstudy.pin?" in text)
    assert (not links) == ("Pin the lesson of `balances`" in await quick_fixes(editor, uri, 18))
    if links:
        argument = json.loads(unquote(text.partition("forget?")[2].partition(")")[0]))
        await editor.command("forget", *argument)
        await marks(editor, uri, 0)


def choose(editor: Editor, **chosen: object) -> None:
    """Change the settings, as a client that can be asked and as one that cannot."""
    editor.client.set_configuration(chosen, section="quickstudy")
    params = types.DidChangeConfigurationParams({"quickstudy": chosen})
    editor.client.workspace_did_change_configuration(params)


@pytest.mark.parametrize("setting", ["hints", "trusted"])
async def test_a_setting_turns_hints_off_and_on_without_a_restart(
    editor: Editor, bank: Path, setting: str
) -> None:
    """Of a workspace that is not trusted, not even the bank is opened."""
    await editor.start()
    uri = editor.open()
    await marks(editor, uri, 1)
    choose(editor, **{setting: False})
    await marks(editor, uri, 0)
    choose(editor, **{setting: True})
    await marks(editor, uri, 1)
