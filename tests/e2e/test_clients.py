"""What clients differ in: what they can, and what they tell the server to go by."""

import asyncio
from pathlib import Path

import pytest
from lsprotocol import types
from tests.e2e.conftest import Editor
from tests.e2e.test_offer import hints, offer
from tests.e2e.wire import initialised, started

from quickstudy_server.offers import Offer

__all__ = ["offer"]


@pytest.fixture
def no_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no model was fetched yet."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


async def test_a_model_is_fetched_only_after_a_yes(no_models: None, editor: Editor) -> None:
    """The first use asks, with size and licence; without a yes it ends with what to do instead."""
    await editor.start({"team": ["local/qwen2.5-coder-0.5b"]})
    await editor.optimize(editor.open())
    question = await editor.question()
    assert (
        "Qwen2.5-Coder 0.5B Instruct, Q4_K_M (491 MB, Apache-2.0), once for all projects" in question.message
    )
    assert ["Fetch", "Not now"] == [each.title for each in question.actions or ()]
    editor.answers.put_nowait("Not now")
    await editor.says("The models were not fetched; name others in the setting quickstudy.team.")


async def test_a_hosted_model_is_named_before_anything_is_sent(editor: Editor) -> None:
    """In the progress, with where it is."""
    await editor.start({"team": [{"model": "openai/x", "apiBase": "http://models.invalid/v1"}]})
    job = await editor.optimize(editor.open())
    await editor.logs("your code is sent to openai/x at http://models.invalid/v1")
    await editor.command("cancel", {"job": job})
    (bar,) = editor.client.progress_reports.values()
    said = [each.message or "" for each in bar if isinstance(each, types.WorkDoneProgressReport)]
    assert any("models.invalid" in each for each in said)


async def test_lenses_are_refreshed_where_the_client_has_that(editor: Editor, offer: Offer) -> None:
    """Neovim 0.11 has no handler for it and does not advertise it, so it is never asked."""
    refreshed = asyncio.Event()

    @editor.client.feature(types.WORKSPACE_CODE_LENS_REFRESH)
    def refresh(_: None) -> None:
        refreshed.set()

    await editor.start()
    uri = editor.open()
    await hints(editor, uri)
    await editor.command("dismiss", {"job": offer.job})
    await editor.command("jobs")
    assert (editor.name == "visual_studio_code") == refreshed.is_set()


async def test_trace_and_other_notes_of_the_protocol_harm_nothing(project: Path) -> None:
    """They need no answer, a request of such a name gets one, and the server goes on."""
    async with started(cwd=project) as wire:
        await initialised(wire, project)
        for value in ("verbose", "off", "nonsense"):
            wire.notify("$/setTrace", {"value": value})
        wire.notify("$/cancelRequest", {"id": 99})
        wire.notify("$/progress", {"token": "none", "value": {}})
        wire.notify("window/workDoneProgress/cancel", {"token": "none"})
        wire.request(1, "$/setTrace", {"value": "off"})
        assert -32600 == (await wire.answer(1))["error"]["code"]
        wire.request(2, "$/unheard", {})
        assert -32601 == (await wire.answer(2))["error"]["code"]
        wire.command(3, "jobs")
        assert [] == (await wire.answer(3))["result"]
