"""The litellm path against a real HTTP server on this machine, well-behaved and not."""

import asyncio
import json
import subprocess
import sys
from typing import Any

import pytest
from tests.openai_server import (
    Behaviour,
    OpenAIServer,
    endless,
    hang,
    hang_up,
    ok,
    raw,
    slow,
    status,
    vectors,
)

from quickstudy.errors import AgentError
from quickstudy.records import Agent, Usage
from quickstudy.team import completion
from quickstudy.team.completion import Message, Quote
from quickstudy.team.failure import NoAnswer, Refused, diagnose

KEY = "sk-very-secret-1234567890"
HI: list[Message] = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]
QUOTED = 21
"""Tokens that HI is taken for: half its bytes, and eight a message."""


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key is set and no other address, whatever the developer's environment has."""
    for name in ("OPENAI_API_BASE", "OPENAI_BASE_URL", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


async def ask(server: OpenAIServer, model: str = "openai/tiny", **more: Any) -> tuple[str, Usage]:
    settings = {"max_tokens": 50, "first_wait_s": 0.0, **more}
    return await completion.complete(HI, agent=Agent(model, server.url), **settings)


async def test_an_answer_comes_with_what_it_used() -> None:
    """What the server counts is what is charged; a server on this machine costs nothing."""
    with OpenAIServer(ok("Hello.", prompt_tokens=7, completion_tokens=3)) as server:
        assert ("Hello.", Usage(7, 3, 0.0)) == await ask(server, frequency_penalty=0.5)
    (request,) = server.requests
    body = {name: value for name, value in request.body.items() if name != "extra_body"}
    expected = {
        "model": "tiny",
        "messages": HI,
        "temperature": 0.2,
        "top_p": 0.95,
        "frequency_penalty": 0.5,
        "max_tokens": 50,
    }
    assert expected == body
    assert f"Bearer {KEY}" == request.headers["authorization"]


async def test_an_embedded_model_is_asked_under_its_name_without_the_users_key() -> None:
    """Our own server is not told the key of another."""
    with OpenAIServer(ok("Hello.")) as server:
        await ask(server, model="local/qwen2.5-coder-0.5b")
    (request,) = server.requests
    assert (request.body["model"], request.headers["authorization"]) == ("qwen2.5-coder-0.5b", "Bearer none")


async def test_a_server_that_counts_nothing_is_charged_by_estimate() -> None:
    """Else the caps could not hold."""
    with OpenAIServer(ok("Hello.", prompt_tokens=0, completion_tokens=0)) as server:
        _, usage = await ask(server)
    assert usage.prompt_tokens > 0 < usage.completion_tokens


async def test_a_proxy_does_not_get_what_is_meant_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves the machine unless a hosted model was named."""
    with OpenAIServer(ok("Hello.")) as server, OpenAIServer(ok("Stolen.")) as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        assert (await ask(server))[0] == "Hello."
    assert proxy.requests == []


@pytest.mark.parametrize(
    "trouble",
    [status(429, retry_after=0), status(429), status(500), status(503), hang_up(), raw(b"{"), status(408)],
    ids=["429 with Retry-After", "429", "500", "503", "hung up", "broken JSON", "408"],
)
async def test_a_passing_failure_is_tried_again(trouble: Behaviour) -> None:
    """Rate limits, servers that fail and connections that break."""
    with OpenAIServer(trouble, trouble, ok("Hello.")) as server:
        assert (await ask(server))[0] == "Hello."
    assert [len(server.requests)] == [3]


FAILURES: dict[str, tuple[Behaviour, int, str]] = {
    "rate limit": (
        status(429, retry_after=0),
        3,
        "openai/tiny has had too many requests; try again later, or name fewer agents.",
    ),
    "long wait": (
        status(429, retry_after=600),
        1,
        "openai/tiny has had too many requests and asks to wait 600 s; try again then.",
    ),
    "quota": (
        status(429, "You exceeded your current quota", "insufficient_quota"),
        1,
        "The account for openai/tiny is used up; add credit, or name another model.",
    ),
    "no credit": (
        status(402),
        1,
        "The account for openai/tiny is used up; add credit, or name another model.",
    ),
    "wrong key": (
        status(401, f"Incorrect API key provided: {KEY}", "invalid_api_key"),
        1,
        "openai/tiny: the key was refused; set OPENAI_API_KEY to a valid one.",
    ),
    "forbidden": (status(403), 1, "openai/tiny: the key was refused; set OPENAI_API_KEY to a valid one."),
    "unknown model": (
        status(404, "no such model", "model_not_found"),
        1,
        "openai/tiny is not known to its server; check the name, or pull the model there.",
    ),
    "too long": (
        status(400, "This model's maximum context length is 8192 tokens.", "context_length_exceeded"),
        1,
        "The function and its context are too long for openai/tiny; name a model that reads more.",
    ),
    "too long for llama.cpp": (
        status(400, "the request exceeds the available context size", "exceed_context_size_error"),
        1,
        "The function and its context are too long for openai/tiny; name a model that reads more.",
    ),
    "bad request": (
        status(400, KEY),
        1,
        "openai/tiny refused the request with status 400; check its name and settings.",
    ),
    "server error": (status(500), 3, "The server of openai/tiny failed with status 500; try again later."),
    "hung up": (
        hang_up(),
        3,
        "The connection to openai/tiny failed; check the network, or name another model.",
    ),
    "broken JSON": (
        raw(b'{"id": '),
        3,
        "The server of openai/tiny sent what is no answer of a model; check its address.",
    ),
    "a login page": (
        raw(b"<html>Log in</html>", "text/html"),
        3,
        "The server of openai/tiny sent what is no answer of a model; check its address.",
    ),
    "other JSON": (
        raw(b"[1]"),
        3,
        "The server of openai/tiny sent what is no answer of a model; check its address.",
    ),
    "empty": (ok(""), 1, "openai/tiny gave an empty reply; try again, or name another model."),
    "null": (ok(None), 1, "openai/tiny gave an empty reply; try again, or name another model."),
    "blank": (ok(" \n"), 1, "openai/tiny gave an empty reply; try again, or name another model."),
    "no choices": (
        raw(b'{"choices": []}'),
        1,
        "openai/tiny gave an empty reply; try again, or name another model.",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
async def test_each_failure_is_one_sentence_that_says_what_to_do(name: str) -> None:
    """The sentence, the number of requests made for it, and never a word of the key."""
    behaviour, requests, expected = FAILURES[name]
    with OpenAIServer(behaviour) as server:
        with pytest.raises(AgentError) as caught:
            await ask(server)
        assert (expected, requests) == (str(caught.value), len(server.requests))
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "behaviour", [hang(), endless(), slow(60, ok("Late."))], ids=["hang", "endless", "slow"]
)
async def test_the_time_for_an_answer_is_bounded(behaviour: Behaviour) -> None:
    """No answer, one that never ends, and one that comes too late."""
    with OpenAIServer(behaviour) as server:
        with pytest.raises(AgentError) as caught:
            await ask(server, timeout_s=0.3)
        expected = "openai/tiny gave no full answer within 0.3 s; try again, or name a faster one."
        assert expected == str(caught.value)
        assert await asyncio.to_thread(server.dropped.wait, 10)


async def test_cancelling_closes_the_request() -> None:
    """The server need not work for an answer that nobody waits for."""
    with OpenAIServer(hang()) as server:
        asking = asyncio.create_task(ask(server))
        await asyncio.to_thread(server.arrived.wait, 30)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        assert await asyncio.to_thread(server.dropped.wait, 10)


async def test_a_server_that_is_down_is_named() -> None:
    """A refused connection on this machine is not tried again."""
    with OpenAIServer(ok("Hello.")) as server:
        pass
    with pytest.raises(Refused) as caught:
        await ask(server)
    expected = f"No server answers at {server.url}; start it, or name another model than openai/tiny."
    assert expected == str(caught.value)


async def test_a_missing_key_is_said_before_any_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the variable to set."""
    monkeypatch.delenv("OPENAI_API_KEY")
    with pytest.raises(Refused) as caught:
        await completion.complete(HI, agent=Agent("openai/gpt-4o"), max_tokens=9)
    assert str(caught.value) == "openai/gpt-4o needs a key; set OPENAI_API_KEY in the environment."


async def test_a_server_the_user_named_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """LM Studio, vLLM and their like."""
    monkeypatch.delenv("OPENAI_API_KEY")
    with OpenAIServer(ok("Hello.")) as server:
        assert (await ask(server))[0] == "Hello."


async def test_a_model_without_chat_completions_is_said_before_any_request() -> None:
    """Its address is right, and so is its name: it is only asked in another way than ours."""
    with OpenAIServer(ok("Hello.")) as server:
        with pytest.raises(Refused) as caught:
            await completion.complete(HI, agent=Agent("openai/gpt-5-pro", server.url), max_tokens=9)
        assert [] == server.requests
    assert str(caught.value) == (
        "openai/gpt-5-pro has only OpenAI's Responses API, in which Quickstudy cannot ask; "
        "name a model that answers chat completions."
    )


def test_a_model_that_its_provider_does_not_know_cannot_be_pulled_there() -> None:
    """Nor need it be unknown: OpenAI says the same of one that has another API only."""
    failure = diagnose(NoAnswer(404, {}), Agent("openai/later-pro"), remedy="")
    assert str(failure.error) == (
        "openai/later-pro is not known to its provider as a model for chats; check the name."
    )


@pytest.mark.parametrize("model", ["nonsense", "nobody/nothing"])
async def test_an_unknown_provider_is_said(model: str) -> None:
    """With an example of how to write one."""
    with pytest.raises(Refused) as caught:
        await completion.complete(HI, agent=Agent(model), max_tokens=9)
    expected = (
        f"{model} names no provider that is known; write provider/model, such as ollama/qwen2.5-coder:7b."
    )
    assert expected == str(caught.value)


async def test_a_quote_knows_bundled_prices_and_hidden_thoughts() -> None:
    """Free where it is computed in house, else by the model's name; None where no price is known."""
    free = (
        Agent("local/x"),
        Agent("lm_studio/gpt-4o", "http://localhost:1/v1"),
        Agent("openai/gpt-4o", "http://gpu.local/v1", local=True),
    )
    for agent in free:
        assert Quote(QUOTED, 100, 0.0) == await completion.quote(agent, HI, 100)
    for agent in (Agent("openai/x"), Agent("openai/x", "http://localhost:1/v1")):
        assert Quote(QUOTED, 100, None) == await completion.quote(agent, HI, 100)
    for agent in (Agent("openai/gpt-4o"), Agent("openai/gpt-4o", "http://localhost:1/v1")):
        priced = await completion.quote(agent, HI, 100)
        assert (priced.prompt_tokens, priced.completion_tokens) == (QUOTED, 100)
        assert pytest.approx(QUOTED * 2.5e-6 + 100 * 1e-5) == priced.cost_usd
    assert (await completion.quote(Agent("openai/o3"), HI, 100)).completion_tokens > 10_000


async def test_embeddings_come_one_for_each_text() -> None:
    """From any server that speaks the protocol."""
    with OpenAIServer(vectors([1.0, 2.0], [3.0, 4.0])) as server:
        rows, usage = await completion.embed(Agent("openai/embedding", server.url), ["a", "b"])
    assert ([[1.0, 2.0], [3.0, 4.0]], Usage(1)) == (rows, usage)


@pytest.mark.parametrize(
    "data", [[], [{}], [{"embedding": "no"}], [{"embedding": [None]}], [{"embedding": [1]}] * 2, 7, [1]]
)
async def test_what_are_no_vectors_is_one_sentence(data: object) -> None:
    """Too few, too many, or something else."""
    with (
        OpenAIServer(raw(json.dumps({"data": data}).encode())) as server,
        pytest.raises(AgentError) as caught,
    ):
        await completion.embed(Agent("openai/embedding", server.url), ["a"], first_wait_s=0.0)
    assert str(caught.value).startswith("The server of openai/embedding sent what ")


async def test_embeddings_that_fail_say_why() -> None:
    """In the sentences of every other call."""
    with OpenAIServer(status(401)) as server, pytest.raises(AgentError) as caught:
        await completion.embed(Agent("openai/embedding", server.url), ["a"])
    assert str(caught.value) == "openai/embedding: the key was refused; set OPENAI_API_KEY to a valid one."


PROGRAM = """
import asyncio, sys
from quickstudy.records import Agent
from quickstudy.team import completion

async def main():
    asking = [
        asyncio.create_task(
            completion.complete([{"role": "user", "content": "Hi"}], agent=Agent(model, url),
                                max_tokens=9, first_wait_s=0.0)
        )
        for model, url in zip(["openai/a", "hosted_vllm/a", "openai/b"], sys.argv[1:])
    ]
    await asyncio.wait(asking[:2])
    asking[2].cancel()
    await asyncio.gather(*asking, return_exceptions=True)

asyncio.run(main())
"""


def test_a_process_that_used_it_ends_without_a_word() -> None:
    """After an answer, a failure and a cancelled call: nothing on stdout or stderr, no warning."""
    with OpenAIServer(ok("Hello.")) as good, OpenAIServer(status(500)) as bad, OpenAIServer(hang()) as stuck:
        ended = subprocess.run(
            [sys.executable, "-W", "default", "-c", PROGRAM, good.url, bad.url, stuck.url],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
