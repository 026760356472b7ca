"""What an editor is asked: by buttons that it can tell from others without reading their titles."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from tests.servers import Editor

from quickstudy_server.offering import APPLY, LATER
from quickstudy_server.protocol import Button

MORE = {"showMessage": {"messageActionItem": {"additionalPropertiesSupport": True}}}


async def asked(editor: Editor, answer: object) -> tuple[list[dict[str, Any]], Button | None]:
    """The buttons of a question as they were sent, and what the answer was taken for."""
    asking = asyncio.create_task(editor.server.client.ask("Now?", APPLY, LATER))
    await asyncio.sleep(0)
    buttons = editor.sent[-1]["params"]["actions"]
    editor.answer(answer)
    return buttons, await asking


async def test_a_button_has_its_command_where_an_editor_takes_one(tmp_path: Path) -> None:
    """Neovim's plugin knows by it that an offer is meant, whatever the title says."""
    answer = {"title": "Apply", "command": "quickstudy.apply"}
    sent = [answer, {"title": "Not now"}]
    assert (sent, APPLY) == await asked(Editor(tmp_path, window=MORE), answer)
    lua = Path(__file__).parents[1] / "editors" / "neovim" / "lua" / "quickstudy" / "handlers.lua"
    assert f"action.command == '{APPLY.command}'" in lua.read_text("utf-8")


@pytest.mark.parametrize("window", [None, {"showMessage": {}}])
async def test_other_editors_get_titles_only(tmp_path: Path, window: object) -> None:
    """As LSP had it first."""
    sent = [{"title": "Apply"}, {"title": "Not now"}]
    assert (sent, LATER) == await asked(Editor(tmp_path, window=window), {"title": "Not now"})


@pytest.mark.parametrize("answer", [None, {"title": "Something else"}])
async def test_no_answer_is_none(tmp_path: Path, answer: object) -> None:
    """The question was closed, or the answer was never offered."""
    _, taken = await asked(Editor(tmp_path), answer)
    assert None is taken
