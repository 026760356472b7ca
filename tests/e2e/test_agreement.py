"""A team that a project recommends, in an editor: the user is asked once, and nothing is sent before."""

from pathlib import Path

import pytest
from tests.e2e.conftest import Editor
from tests.openai_server import OpenAIServer

from quickstudy.configuration import configure


@pytest.fixture
def recommended(project: Path, team: OpenAIServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's project with a team of its own; a user who was never asked."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    line = f'team = [{{ model = "openai/coder", api_base = "{team.url}" }}]'
    (project / "pyproject.toml").write_text(f"[tool.quickstudy]\n{line}\n")
    return project


async def test_the_user_is_asked_once(recommended: Path, editor: Editor, team: OpenAIServer) -> None:
    """The question names model and host; after a yes the job goes on with them, without a key."""
    await editor.start({"rounds": 1})
    job = await editor.optimize(editor.open())
    question = await editor.question()
    assert f"openai/coder at {team.url}" in question.message
    assert ["Use them", "Use my own team"] == [each.title for each in question.actions or ()]
    assert [] == team.requests
    editor.answers.put_nowait("Use them")
    assert "balances can be" in (await editor.question()).message
    editor.answers.put_nowait(None)
    report = await editor.command("report", {"job": job})
    assert "recommended" == report["settings"]["team"]["from"]
    assert "sk-test" not in repr([request.headers for request in team.requests])


async def test_without_an_answer_nothing_is_sent(
    recommended: Path, editor: Editor, team: OpenAIServer
) -> None:
    """One sentence says how to agree; the next job asks again."""
    await editor.start({"rounds": 1})
    await editor.optimize(editor.open())
    await editor.question()
    editor.answers.put_nowait(None)
    assert "quickstudy agree" in await editor.says("recommends")
    assert ([], True) == (team.requests, bool(configure(recommended, {}).recommended))
