"""The team: who is asked where, what it may cost, and that one agent's failure is only its own."""

import asyncio
import json
from pathlib import Path

import pytest
from tests.openai_server import OpenAIServer, ok, raw, vectors

from quickstudy import machine
from quickstudy.errors import AgentError, BudgetSpent, InputError
from quickstudy.languages import language_for
from quickstudy.records import Agent, Candidate, Proposal, Target, Usage, Verdict
from quickstudy.team import ScriptedModel, Team

TARGET = Target(Path("/project/bag.py"), "common", "python", "", "def common(a):\n    return a\n", "", "1")
PYTHON = language_for(Path("bag.py"))
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
    team = Team([Agent("hosted/a"), Agent("hosted/b"), Agent("hosted/a"), Agent("hosted/a")], PYTHON)
    assert team.agents == ("hosted/a", "hosted/b", "hosted/a#2", "hosted/a#3")


def test_what_becomes_of_the_code_is_known_for_each_agent() -> None:
    """By the agents' names, of which none is lost."""
    team = Team(
        [Agent("ollama/x"), Agent("openai/y", "http://localhost:1/v1"), Agent("openai/gpt-4o")], PYTHON
    )
    assert {"ollama/x": "stays", "openai/y": "may_pass", "openai/gpt-4o": "leaves"} == team.exposures


async def test_a_reply_becomes_a_proposal() -> None:
    """The code is taken out of the reply, and what it cost is with it."""
    model = scripted(REPLY)
    team = Team([Agent("hosted/a")], PYTHON, model=model)
    assert Proposal(CODE, None, USED) == await team.propose("hosted/a", TARGET, [])
    (asked,) = model.asked
    assert "def common(a):\n    return a\n" in asked.prompt


async def test_a_reply_without_code_is_a_proposal_with_a_problem() -> None:
    """It is an attempt that failed, not an agent that did."""
    team = Team([Agent("hosted/a")], PYTHON, model=scripted("I am sorry."))
    assert Proposal("", "The reply holds no code.", USED) == await team.propose("hosted/a", TARGET, [])


async def test_the_lesson_is_the_cleaned_explanation() -> None:
    """One line, without code."""
    team = Team([Agent("hosted/a")], PYTHON, model=scripted("Lesson: Sets\nhelp.\n```python\nx = 1\n```"))
    assert await team.explain("hosted/a", TARGET, CANDIDATE, Verdict("same")) == ("Sets help.", USED)


async def test_an_explanation_without_words_is_an_error() -> None:
    """An empty lesson would only take the place of another."""
    team = Team([Agent("hosted/a")], PYTHON, model=scripted("```python\nx = 1\n```"))
    with pytest.raises(AgentError) as caught:
        await team.explain("hosted/a", TARGET, CANDIDATE, Verdict("same"))
    assert str(caught.value) == "hosted/a explained its attempt with nothing but code; no lesson was kept."


async def test_one_agents_failure_is_its_own() -> None:
    """The other's answer is there all the same."""
    model = ScriptedModel({"hosted/a": [AgentError("The server is down.")], "hosted/b": [REPLY]})
    team = Team([Agent("hosted/a"), Agent("hosted/b")], PYTHON, model=model)
    failed, proposal = await asyncio.gather(
        *(team.propose(agent, TARGET, []) for agent in team.agents), return_exceptions=True
    )
    assert str(failed) == "The server is down."
    assert Proposal(CODE, None, USED) == proposal


async def test_tokens_are_capped_before_the_call() -> None:
    """The call that would not fit is never made."""
    model = scripted(REPLY, REPLY, REPLY)
    team = Team([Agent("hosted/a")], PYTHON, max_tokens=250, model=model)
    await team.propose("hosted/a", TARGET, [])
    await team.propose("hosted/a", TARGET, [])
    with pytest.raises(BudgetSpent):
        await team.propose("hosted/a", TARGET, [])
    assert (2, Usage(200, 40)) == (len(model.asked), team.spent)


@pytest.mark.parametrize(
    ("agent", "ways"),
    [
        (Agent("openai/unlisted"), "use --max-tokens"),
        (Agent("unlisted/x", "http://127.0.0.1:1/v1"), "use --max-tokens"),
        (
            Agent("openai/unlisted", "http://127.0.0.1:1/v1"),
            "use --max-tokens, or set local = true for its address if it passes nothing on",
        ),
    ],
)
async def test_money_cannot_be_capped_without_a_price(agent: Agent, ways: str) -> None:
    """A model that litellm does not list is refused when there is a cap, behind a proxy here too."""
    team = Team([agent], PYTHON, max_cost=1.0)
    with pytest.raises(AgentError) as caught:
        await team.propose(agent.name, TARGET, [])
    expected = f"The price of {agent.name} is not known and --max-cost cannot be kept; {ways}."
    assert expected == str(caught.value)


@pytest.mark.parametrize("max_cost", [0.000001, None])
async def test_money_is_counted_behind_a_server_that_may_pass_code_on(max_cost: float | None) -> None:
    """By the model's name: a proxy on this machine spends as well as its provider."""
    with OpenAIServer(ok(REPLY, prompt_tokens=1000, completion_tokens=100)) as server:
        team = Team([Agent("openai/gpt-4o", server.url)], PYTHON, max_cost=max_cost)
        if max_cost is None:
            await team.propose("openai/gpt-4o", TARGET, [])
        else:
            with pytest.raises(BudgetSpent, match="over --max-cost 1e-06"):
                await team.propose("openai/gpt-4o", TARGET, [])
    spent = Usage(1000, 100, 0.0035) if max_cost is None else Usage()
    assert (spent, max_cost is None) == (team.spent, bool(server.requests))


async def test_a_server_that_the_user_vouches_for_costs_nothing() -> None:
    """No price is looked up, so that a cap on money holds."""
    with OpenAIServer(ok(REPLY, prompt_tokens=1000, completion_tokens=100)) as server:
        team = Team([Agent("openai/gpt-4o", server.url, local=True)], PYTHON, max_cost=0.000001)
        await team.propose("openai/gpt-4o", TARGET, [])
    assert Usage(1000, 100, 0.0) == team.spent


@pytest.mark.parametrize("count", [-1_000_000, 0, 10**400, True, "9", 1.5, None, [], {"a": 1}])
async def test_counts_that_make_no_sense_are_estimated(count: object) -> None:
    """No server can give tokens back, or use up a cap with a number."""
    usage = {"prompt_tokens": count, "completion_tokens": count, "total_tokens": count}
    body = {"choices": [{"message": {"role": "assistant", "content": REPLY}}], "usage": usage}
    with OpenAIServer(raw(json.dumps(body).encode())) as server:
        agent = Agent("openai/x", server.url, from_project=True)
        team = Team([agent], PYTHON, max_tokens=100_000)
        await team.propose("openai/x", TARGET, [])
    assert 100 < team.spent.prompt_tokens < 5000
    assert 10 < team.spent.completion_tokens < 500


async def test_embeddings_are_paid_from_the_same_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """They read code as well, and cost tokens and money."""
    with OpenAIServer(vectors([1.0])) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        team = Team([], PYTHON, max_cost=0.000001, max_tokens=50)
        assert [[1.0]] == await team.embed("openai/text-embedding-3-small", ["def"])
        with pytest.raises(BudgetSpent, match="--max-tokens 50"):
            await team.embed("openai/text-embedding-3-small", ["x" * 200])
        with pytest.raises(AgentError, match="The price of openai/unlisted is not known"):
            await team.embed("openai/unlisted", ["def"])
    assert (1, Usage(1, 0, 2e-8)) == (len(server.requests), team.spent)


@pytest.mark.parametrize(
    ("agent", "exclusive"),
    [
        (Agent("lm_studio/x"), True),
        (Agent("openai/x", "http://localhost:1/v1"), True),
        (Agent("openai/x", "http://models.invalid/v1", local=True), False),
        (Agent("openai/x", "http://models.invalid/v1"), False),
    ],
)
async def test_whoever_may_compute_here_is_asked_while_nothing_is_timed(
    agent: Agent, exclusive: bool
) -> None:
    """Behind a server on this machine a model may run; in house, but elsewhere, it cannot."""
    model = scripted(REPLY, model=agent.model)
    team = Team([agent], PYTHON, model=model)
    async with machine.quiet():
        proposing = asyncio.create_task(team.propose(agent.name, TARGET, []))
        await asyncio.wait([proposing], timeout=0.2)
        assert exclusive == (not model.asked)
    await proposing


async def test_what_a_project_may_not_name_is_never_asked() -> None:
    """The refusal is the agent's failure, and costs nothing."""
    model = scripted(REPLY, model="bedrock/x")
    team = Team([Agent("bedrock/x", from_project=True)], PYTHON, model=model)
    with pytest.raises(AgentError, match="It is not known where bedrock/x, which the project names"):
        await team.propose("bedrock/x", TARGET, [])
    assert ([], Usage()) == (model.asked, team.spent)


async def test_money_is_capped_by_the_bundled_prices() -> None:
    """One call of a listed model may cost more than this; no key is needed to find that out."""
    team = Team([Agent("openai/gpt-4o")], PYTHON, max_cost=0.000001)
    with pytest.raises(BudgetSpent, match="over --max-cost 1e-06"):
        await team.propose("openai/gpt-4o", TARGET, [])


async def test_a_call_that_nobody_took_costs_nothing() -> None:
    """No key, so no request and no charge."""
    team = Team([Agent("openai/gpt-4o")], PYTHON)
    with pytest.raises(AgentError, match="OPENAI_API_KEY"):
        await team.propose("openai/gpt-4o", TARGET, [])
    assert Usage() == team.spent


async def test_an_embedded_model_is_asked_at_its_runtime() -> None:
    """By its bare name, and while this machine is kept quiet."""
    with OpenAIServer(ok(REPLY, prompt_tokens=9, completion_tokens=5)) as server:
        runtime = Served(server.url)
        team = Team([Agent("local/qwen2.5-coder-0.5b")], PYTHON, runtime=runtime)
        async with machine.quiet():
            proposing = asyncio.create_task(team.propose("local/qwen2.5-coder-0.5b", TARGET, []))
            await asyncio.wait([proposing], timeout=0.2)
            assert runtime.asked == []
        assert Proposal(CODE, None, Usage(9, 5)) == await proposing
    assert runtime.asked == ["qwen2.5-coder-0.5b"]


async def test_an_embedded_model_without_a_runtime_is_bad_input() -> None:
    """Said in a sentence, not by a traceback."""
    team = Team([Agent("local/qwen2.5-coder-0.5b")], PYTHON)
    with pytest.raises(InputError, match="needs the embedded runtime"):
        await team.propose("local/qwen2.5-coder-0.5b", TARGET, [])
