"""One run, driven in one place: a request in, messages out, whatever comes of it."""

import ast
from pathlib import Path

import pytest
from tests.openai_server import OpenAIServer, ok
from tests.test_cli import FASTER, REPLY, WRONG
from tests.test_cli import project as project

from quickstudy import events
from quickstudy.records import Agent
from quickstudy.run import run
from quickstudy.settings import Settings
from quickstudy.wire import MeasureRequest, Message, Opened, OptimizeRequest, Refused, Request

ROOT = Path(__file__).parents[1]


async def answered(request: Request) -> list[Message]:
    """The messages of a run; nothing is ever to be fetched."""
    messages: list[Message] = []

    async def agreed() -> None:
        raise AssertionError

    await run(request, messages.append, agreed)
    return messages


def measuring(project: Path, *sources: str, qualname: str = "balances") -> MeasureRequest:
    path = project / "ledger.py"
    return MeasureRequest(path, path.read_text("utf-8"), qualname, project, Settings(), sources)


async def test_variants_by_hand_are_judged_one_by_one(project: Path) -> None:
    """As those of a team are, in the same messages."""
    messages = await answered(measuring(project, WRONG, FASTER))
    kinds = ["Opened", "Prepared", *(["Proposed", "Judging", "Judged"] * 2), "Finished"]
    assert kinds == [type(message).__name__ for message in messages]
    assert ["wrong", "faster"] == [each.verdict.kind for each in messages if isinstance(each, events.Judged)]
    assert events.Finished("faster", None) == messages[-1]


async def test_what_is_not_there_is_refused_with_the_shells_status(project: Path) -> None:
    """Nothing is opened for it."""
    (refused,) = await answered(measuring(project, qualname="nothing"))
    assert isinstance(refused, Refused)
    assert ("nothing" in refused.reason, refused.status) == (True, 2)


async def test_what_cannot_be_measured_is_a_verdict(project: Path) -> None:
    """The run did begin: there is a report of it."""
    (project / "ledger.py").write_text("def lonely(thing):\n    return thing.whatever()\n", "utf-8")
    opened, finished = await answered(measuring(project, qualname="lonely"))
    assert isinstance(opened, Opened)
    assert isinstance(finished, events.Finished)
    assert "unmeasurable" == finished.verdict


async def test_a_team_says_who_reads_the_code_before_anybody_does(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first message has the models and where they are asked."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    path = project / "ledger.py"
    with OpenAIServer(ok(REPLY)) as server:
        settings = Settings(team=(Agent("openai/scripted", server.url),), rounds=1)
        request = OptimizeRequest(path, path.read_text("utf-8"), "balances", project, settings)
        opened, *_, finished = await answered(request)
        assert isinstance(opened, Opened)
        assert ((), (f"openai/scripted at {server.url}",)) == (opened.hosts, opened.may_pass)
    assert events.Finished("faster", None) == finished


def test_nobody_else_drives_a_run() -> None:
    """The method, and the lab alone, are begun in one file; shell and server take its messages."""
    drivers = {
        file.name
        for folder in ("lessons", "server")
        for file in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module, {each.name for each in node.names} & {"optimize", "measure"})
        in (("quickstudy.loop", {"optimize"}), ("quickstudy.measure", {"measure"}))
    }
    assert {"run.py"} == drivers
