"""The team: who is asked where, what it may cost, and that one agent's failure is only its own."""

import asyncio
from pathlib import Path

import pytest
from tests.openai_server import OpenAIServer, ok

from quickstudy import machine
from quickstudy.errors import AgentError, BudgetSpent, InputError
from quickstudy.records import Agent, Candidate, Proposal, Target, Usage, Verdict
from quickstudy.team import ScriptedModel, Team

TARGET = Target(Path("/project/bag.py"), "common", "python", "", "def common(a):\n    return a\n", "", "1")
CODE = "def common(a):\n    return list(a)\n"
REPLY = f"Sure.\n```python\n{CODE}```"
CANDIDATE = Candidate("r1a1", "hosted/a", 1, CODE, CODE)
USED = Usage(100, 20)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No address or key of the developer's, and a machine lock of the test's own."""
    for name in ("OPENAI_API_BASE", "OPENAI_BASE_URL", "OPENAI_API_KEY", "OLLAMA_API_BASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


class Served:
    """A runtime whose models are all one server."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[str] = []

    async def serve(self, name: str) -> str:
        self.asked.append(name)
        return self.url


def scripted(*replies: str | AgentError, model: str = "hosted/a") -> ScriptedModel:
    return ScriptedModel({model: replies})


def test_each_agent_has_a_name_of_its_own() -> None:
    """The same model twice is two agents."""
    team = Team([Agent("hosted/a"), Agent("hosted/b"), Agent("hosted/a"), Agent("hosted/a")])
    assert team.agents == ("hosted/a", "hosted/b", "hosted/a#2", "hosted/a#3")


def test_agents_whose_prompts_leave_the_machine_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Embedded models and servers on loopback stay here; everything else leaves, also when in doubt."""
    here = [
        Agent("local/qwen2.5-coder-0.5b"),
        Agent("ollama/qwen2.5-coder:7b"),
        Agent("openai/x", api_base="http://localhost:1234/v1"),
        Agent("openai/x", api_base="http://[::1]:1234/v1"),
        Agent("openai/x", api_base="http://127.0.0.9/v1"),
    ]
    away = [
        Agent("openai/gpt-4o"),
        Agent("gpt-4o"),
        Agent("ollama/big", api_base="http://192.168.1.5:11434"),
        Agent("openai/y", api_base="http://localhost.example.org/v1"),
        Agent("hosted_vllm/y"),
    ]
    expected = ("openai/gpt-4o", "gpt-4o", "ollama/big", "openai/y", "hosted_vllm/y")
    assert expected == Team([*here, *away]).hosted
    monkeypatch.setenv("OLLAMA_API_BASE", "https://ollama.example.org")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:8080/v1")
    assert Team([Agent("ollama/x"), Agent("openai/x")]).hosted == ("ollama/x",)


async def test_a_reply_becomes_a_proposal() -> None:
    """The code is taken out of the reply, and what it cost is with it."""
    model = scripted(REPLY)
    team = Team([Agent("hosted/a")], model=model)
    assert Proposal(CODE, None, USED) == await team.propose("hosted/a", TARGET, [])
    (asked,) = model.asked
    assert "def common(a):\n    return a\n" in asked.prompt


async def test_a_reply_without_code_is_a_proposal_with_a_problem() -> None:
    """It is an attempt that failed, not an agent that did."""
    team = Team([Agent("hosted/a")], model=scripted("I am sorry."))
    assert Proposal("", "The reply holds no code.", USED) == await team.propose("hosted/a", TARGET, [])


async def test_the_lesson_is_the_cleaned_explanation() -> None:
    """One line, without code."""
    team = Team([Agent("hosted/a")], model=scripted("Lesson: Sets\nhelp.\n```python\nx = 1\n```"))
    assert await team.explain("hosted/a", TARGET, CANDIDATE, Verdict("same", "")) == ("Sets help.", USED)


async def test_an_explanation_without_words_is_an_error() -> None:
    """An empty lesson would only take the place of another."""
    team = Team([Agent("hosted/a")], model=scripted("```python\nx = 1\n```"))
    with pytest.raises(AgentError) as caught:
        await team.explain("hosted/a", TARGET, CANDIDATE, Verdict("same", ""))
    assert str(caught.value) == "hosted/a explained its attempt with nothing but code; no lesson was kept."


async def test_one_agents_failure_is_its_own() -> None:
    """The other's answer is there all the same."""
    model = ScriptedModel({"hosted/a": [AgentError("The server is down.")], "hosted/b": [REPLY]})
    team = Team([Agent("hosted/a"), Agent("hosted/b")], model=model)
    failed, proposal = await asyncio.gather(
        *(team.propose(agent, TARGET, []) for agent in team.agents), return_exceptions=True
    )
    assert str(failed) == "The server is down."
    assert Proposal(CODE, None, USED) == proposal


async def test_tokens_are_capped_before_the_call() -> None:
    """The call that would not fit is never made."""
    model = scripted(REPLY, REPLY, REPLY)
    team = Team([Agent("hosted/a")], max_tokens=250, model=model)
    await team.propose("hosted/a", TARGET, [])
    await team.propose("hosted/a", TARGET, [])
    with pytest.raises(BudgetSpent):
        await team.propose("hosted/a", TARGET, [])
    assert (2, Usage(200, 40)) == (len(model.asked), team.spent)


async def test_money_cannot_be_capped_without_a_price() -> None:
    """A hosted model that litellm does not list is refused when there is a cap."""
    team = Team([Agent("openai/unlisted")], max_cost=1.0)
    with pytest.raises(AgentError) as caught:
        await team.propose("openai/unlisted", TARGET, [])
    expected = "The price of openai/unlisted is not known and --max-cost cannot be kept; use --max-tokens."
    assert expected == str(caught.value)


async def test_money_is_capped_by_the_bundled_prices() -> None:
    """One call of a listed model may cost more than this; no key is needed to find that out."""
    team = Team([Agent("openai/gpt-4o")], max_cost=0.000001)
    with pytest.raises(BudgetSpent, match="over --max-cost 1e-06"):
        await team.propose("openai/gpt-4o", TARGET, [])


async def test_a_call_that_nobody_took_costs_nothing() -> None:
    """No key, so no request and no charge."""
    team = Team([Agent("openai/gpt-4o")])
    with pytest.raises(AgentError, match="OPENAI_API_KEY"):
        await team.propose("openai/gpt-4o", TARGET, [])
    assert Usage() == team.spent


async def test_an_embedded_model_is_asked_at_its_runtime() -> None:
    """By its bare name, and while this machine is kept quiet."""
    with OpenAIServer(ok(REPLY, prompt_tokens=9, completion_tokens=5)) as server:
        runtime = Served(server.url)
        team = Team([Agent("local/qwen2.5-coder-0.5b")], runtime=runtime)
        async with machine.quiet():
            proposing = asyncio.create_task(team.propose("local/qwen2.5-coder-0.5b", TARGET, []))
            await asyncio.wait([proposing], timeout=0.2)
            assert runtime.asked == []
        assert Proposal(CODE, None, Usage(9, 5)) == await proposing
    assert runtime.asked == ["qwen2.5-coder-0.5b"]


async def test_an_embedded_model_without_a_runtime_is_bad_input() -> None:
    """Said in a sentence, not by a traceback."""
    team = Team([Agent("local/qwen2.5-coder-0.5b")])
    with pytest.raises(InputError, match="needs the embedded runtime"):
        await team.propose("local/qwen2.5-coder-0.5b", TARGET, [])
