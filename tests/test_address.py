"""Where agents are asked: decided without litellm, and held against the litellm that is installed."""

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import openai
import pytest
import yarl
from hypothesis import given
from hypothesis import strategies as st
from tests.network import only_here
from tests.openai_server import OpenAIServer, status, vectors

from quickstudy.assemble import hosts
from quickstudy.errors import AgentError
from quickstudy.records import Agent
from quickstudy.settings import Settings
from quickstudy.team import completion
from quickstudy.team.address import destination, exposure, is_loopback, is_sealed, refusal
from quickstudy.team.library import litellm
from quickstudy.team.providers import PROVIDERS
from quickstudy.wire import OptimizeRequest, dump, read_request

LOOPBACK = "http://127.0.0.1:9/v1"
AWAY = "http://models.invalid/v1"
SERVERS = sorted(name for name, provider in PROVIDERS.items() if provider.default)
HOMES = sorted(name for name, provider in PROVIDERS.items() if provider.home)
NAMED = [(name, variable) for name, provider in PROVIDERS.items() for variable in provider.variables]


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No address, key or proxy of the developer's."""
    for name in list(os.environ):
        if name.upper().endswith(("_API_BASE", "_BASE_URL", "_API_KEY", "S_PROXY", "P_PROXY", "L_PROXY")):
            monkeypatch.delenv(name)


async def ask(agent: Agent) -> None:
    """One question, whatever comes of it."""
    with pytest.raises(AgentError):
        await completion.complete(
            [{"role": "user", "content": "def common(): ..."}], agent=agent, max_tokens=9, first_wait_s=0.0
        )


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (Agent("local/qwen2.5-coder-0.5b"), "stays"),
        *((Agent(f"{name}/x"), "stays") for name in SERVERS),
        *((Agent(f"{name}/x", LOOPBACK), "stays") for name in SERVERS),
        *((Agent(f"{name}/x", AWAY), "leaves") for name in SERVERS),
        (Agent("openai/x", "http://[::1]:1234/v1"), "may_pass"),
        (Agent("litellm_proxy/x", "https://localhost/"), "may_pass"),
        (Agent("anthropic/x", LOOPBACK), "may_pass"),
        (Agent("openai/x", LOOPBACK, local=True), "stays"),
        (Agent("openai/x", AWAY, local=True), "stays"),
        (Agent("ollama/gpt-oss:120b-cloud"), "may_pass"),
        (Agent("ollama_chat/kimi-k2:CLOUD", LOOPBACK), "may_pass"),
        (Agent("ollama/glm:cloud", AWAY, local=True), "may_pass"),
        (Agent("ollama/glm:cloud", AWAY), "leaves"),
        # A project cannot vouch for what listens at an address that it named.
        (Agent("lm_studio/x", LOOPBACK, from_project=True), "may_pass"),
        (Agent("lm_studio/x", from_project=True), "stays"),
        (Agent("openai/gpt-4o"), "leaves"),
        (Agent("openai/gpt-4o", local=True), "leaves"),
        (Agent("openai/x", "http://127.0.0.9/v1"), "leaves"),
        *(
            (Agent(f"{name}/x", LOOPBACK, local=True), "leaves")
            for name in ("replicate", "sagemaker", "huggingface", "bedrock", "vertex_ai", "azure", "OpenAI")
        ),
    ],
)
def test_what_becomes_of_code(agent: Agent, expected: str) -> None:
    """It stays, may be passed on, or leaves; when in doubt, it leaves."""
    assert expected == exposure(agent)


@pytest.mark.parametrize(("name", "variable"), NAMED)
def test_an_address_of_the_environment_counts(
    monkeypatch: pytest.MonkeyPatch, name: str, variable: str
) -> None:
    """A variable can send a local server's prompts away, and a hosted model's to this machine."""
    monkeypatch.setenv(variable, "https://models.invalid/v1")
    assert ("leaves", "https://models.invalid/v1") == (
        exposure(Agent(f"{name}/x")),
        destination(Agent(f"{name}/x")),
    )
    monkeypatch.setenv(variable, LOOPBACK)
    here = "stays" if PROVIDERS[name].computes else "may_pass"
    assert here == exposure(Agent(f"{name}/x"))


@pytest.mark.parametrize(
    ("agent", "expected"),
    [
        (Agent("local/x"), "this machine"),
        (Agent("ollama/x"), "http://localhost:11434"),
        (Agent("openai/gpt-4o"), "https://api.openai.com"),
        (Agent("openai/x", AWAY), AWAY),
        (Agent("openai/x", "https://me:secret@models.invalid/v1?key=secret#x"), "https://models.invalid/v1"),
        (Agent("openai/x", "http://models.invalid/\x1b]0;title\x07\nv1"), "http://models.invalid/]0;titlev1"),
        (Agent("openai/x", "http://[broken"), "an address that cannot be read"),
        (Agent("bedrock/x"), "an address that bedrock chooses"),
        (Agent("litellm_proxy/x"), "an address that litellm_proxy chooses"),
        (Agent("replicate/x", LOOPBACK), f"{LOOPBACK}, or an address that replicate chooses"),
        (Agent("\x1b[2Jx/y"), "an address that [2Jx chooses"),
    ],
)
def test_a_destination_is_plain_text_without_secrets(agent: Agent, expected: str) -> None:
    """Where the code would go, as far as that is known."""
    assert expected == destination(agent)


def test_everybody_who_reads_code_elsewhere_is_named_once() -> None:
    """The embedding model too; an agent that is refused reads nothing."""
    refused = Agent("bedrock/x", from_project=True)
    team = (Agent("local/x"), Agent("openai/x"), Agent("openai/x"), Agent("openai/y", LOOPBACK), refused)
    named = [(str(each), each.exposure) for each in hosts(Settings(team=team, embedding="mistral/embed"))]
    assert [
        ("openai/x at https://api.openai.com", "leaves"),
        (f"openai/y at {LOOPBACK}", "may_pass"),
        ("mistral/embed at https://api.mistral.ai", "leaves"),
    ] == named


def test_a_key_goes_to_the_engine_and_is_never_shown() -> None:
    """Neither an agent nor what holds one can be printed with it; the engine's request has it."""
    settings = Settings(team=(Agent("openai/x", AWAY, key="k-e-y"),))
    request = OptimizeRequest(Path("a.py"), "", "f", Path(), settings)
    assert "k-e-y" not in f"{settings!r} {request!r} {hosts(settings)!r}"
    assert request == read_request(dump(request))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1.evil.com",
        "http://127.1",
        "http://0.0.0.0",
        "http://0x7f000001",
        "http://2130706433",
        "http://127.0.0.2",
        "http://[::ffff:127.0.0.1]",
        "http://[::1%25eth0]",
        "http://localhost.",
        "http://localhost.evil.com",
        "http://user@evil.com",
        "http://localhost@evil.com",
        "http://evil.com#@127.0.0.1",
        "http://evil.com?@127.0.0.1",
        "http://127.0.0.1:80@evil.com",
        "http://127.0.0.1\\@evil.com",
        "http://evil.com\\@127.0.0.1",
        "http://127.0.0.1:\n80",
        "http://127.0.0.1\n",
        "http://127。0。0。1",
        "http://１２７.0.0.1",
        "http://localhost:١",
        "http:/127.0.0.1",
        "http:127.0.0.1",
        "//127.0.0.1",
        "localhost:1234",
        "ftp://localhost",
        "",
        None,
    ],
)
def test_what_only_looks_like_this_machine_is_not(url: str | None) -> None:
    """No other host, no other spelling, nothing that parsers of addresses read in different ways."""
    assert not is_loopback(url)


PIECES = ["http://", "https://", "127.0.0.1", "localhost", "[::1]", "evil.com", "@", ":", "/", "\\", "?", "#"]
PIECES += [
    "80",
    ".",
    "%40",
    "%2f",
    "\t",
    "\n",
    " ",
    "。",
    "\x00",
    "v1",
    "//",
    "[",
    "]",
    ";",
    "HTTP://LOCALHOST",
]


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=8).map("".join))
def test_every_parser_reads_a_loopback_address_as_one(url: str) -> None:
    """httpx and aiohttp's yarl make the connections; what they would connect to is this machine."""
    if is_loopback(url):
        read = {httpx.URL(url).host, yarl.URL(url).host, urlsplit(url).hostname}
        assert len(read) == 1
        assert read <= {"localhost", "127.0.0.1", "::1"}


@pytest.mark.parametrize(
    ("agent", "reason"),
    [
        (Agent("bedrock/x", LOOPBACK), "A project may not say where bedrock/x is asked"),
        (Agent("anthropic/x", AWAY), "A project may not say where anthropic/x is asked"),
        (Agent("azure/gpt-4o", "https://x.openai.azure.com"), "A project may not say where azure/gpt-4o"),
        (Agent("replicate/meta/llama"), "It is not known where replicate/meta/llama"),
        (Agent("litellm_proxy/x"), "It is not known where litellm_proxy/x"),
        (Agent("openai/x", "http://user:word@models.invalid"), "The project names an address for openai/x"),
        (Agent("openai/x", "http://models.invalid/?a=b"), "The project names an address for openai/x"),
        (Agent("openai/x", "http://models.invalid\r\nX: y"), "The project names an address for openai/x"),
        (Agent("openai/https://models.invalid/x"), "The project names the model"),
        (Agent("gemini/../../x"), "The project names the model"),
        (Agent("openai/x\r\ny: z"), "The project names the model"),
        (Agent("openai/x?key=y"), "The project names the model"),
        (Agent("openai/"), "The project names the model"),
    ],
)
def test_what_a_project_may_not_name(agent: Agent, reason: str) -> None:
    """One line that says why and what to do; the user may name the same."""
    named = Agent(agent.model, agent.api_base, from_project=True)
    assert (refusal(named) or "").startswith(reason)
    assert "\n" not in (refusal(named) or "")
    assert refusal(agent) is None


@pytest.mark.parametrize(
    "agent",
    [
        Agent("local/qwen2.5-coder-0.5b"),
        Agent("openai/ft:gpt-4o-mini:acme::id"),
        Agent("openrouter/meta-llama/llama-3.1-8b-instruct:free"),
        *(Agent(f"{name}/x", AWAY) for name, provider in PROVIDERS.items() if provider.compatible),
        *(Agent(f"{name}/x") for name in (*SERVERS, *HOMES)),
    ],
)
def test_what_a_project_may_name(agent: Agent) -> None:
    """Where the host is known, or gets nothing but one key."""
    named = Agent(agent.model, agent.api_base, from_project=True)
    assert refusal(named) is None
    assert is_sealed(named) == bool(agent.api_base or agent.model.startswith("local/"))


async def test_every_provider_that_is_listed_is_one_of_litellms() -> None:
    """And all that it knows besides are taken to send code away."""
    known = {str(getattr(each, "value", each)) for each in (await litellm()).provider_list}
    assert set() == set(PROVIDERS) - known
    assert {"leaves"} == {exposure(Agent(f"{name}/x", LOOPBACK)) for name in known - set(PROVIDERS)}


@pytest.mark.parametrize("name", PROVIDERS)
async def test_a_listed_provider_is_asked_where_it_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """In one request. One that ignored the address would make `stays` and `may_pass` a lie."""
    with OpenAIServer(status(400)) as server, only_here(monkeypatch, server.port) as refused:
        await ask(Agent(f"{name}/x", server.url, key="none"))
    assert [True] == ["def common" in str(request.body) for request in server.requests]
    assert set() == refused


MODELS = (
    "gpt-3.5-turbo-instruct",
    "gpt-5-codex",
    "o1-pro",
    "responses/x",
    "davinci-002",
    "ft:gpt-4o:a::b",
    "a/b",
)


@pytest.mark.parametrize("model", MODELS)
async def test_no_name_of_a_model_leads_elsewhere(monkeypatch: pytest.MonkeyPatch, model: str) -> None:
    """litellm asks some by another protocol, but not at another address."""
    with OpenAIServer(status(400)) as server, only_here(monkeypatch, server.port) as refused:
        await ask(Agent(f"openai/{model}", server.url))
    assert set() == refused


@pytest.mark.parametrize("name", SERVERS)
async def test_embeddings_go_where_they_are_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """There or nowhere, as not every server has them."""
    with (
        OpenAIServer(vectors([1.0])) as server,
        only_here(monkeypatch, server.port) as refused,
        suppress(AgentError),
    ):
        await completion.embed(Agent(f"{name}/x", server.url), ["def common"], first_wait_s=0.0)
    assert set() == refused


@pytest.mark.parametrize("name", HOMES)
async def test_litellm_asks_a_provider_at_home(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The host that the user is shown is the one that is asked, and no other."""
    with only_here(monkeypatch) as refused:
        await ask(Agent(f"{name}/x", key="sk-test"))
    assert {f"{urlsplit(PROVIDERS[name].home or '').hostname}:443"} == refused


@pytest.mark.parametrize("name", SERVERS)
async def test_a_server_without_an_address_is_asked_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """litellm alone would ask OpenAI for some of them."""
    url = urlsplit(PROVIDERS[name].default or "")
    with only_here(monkeypatch) as refused:
        await ask(Agent(f"{name}/x"))
    assert {url.port} == {int(place.rpartition(":")[2]) for place in refused}
    assert {place.rpartition(":")[0] for place in refused} <= {"127.0.0.1", "::1"}


@pytest.mark.parametrize("name", sorted({name for name, _ in NAMED if name not in SERVERS}))
async def test_variables_have_litellms_order(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whoever set some for litellm finds them heeded as there."""
    library, variables = await litellm(), PROVIDERS[name].variables
    with OpenAIServer(status(400)) as server, only_here(monkeypatch, server.port):
        for variable in variables:
            monkeypatch.setenv(variable, f"{server.url}/{variable}")
        for variable in variables:
            with suppress(openai.OpenAIError):
                message = {"role": "user", "content": "x"}
                await library.acompletion(f"{name}/x", messages=[message], api_key="none", max_retries=0)
            monkeypatch.delenv(variable)
    assert list(variables) == [request.path.split("/")[2] for request in server.requests]


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "ALL_PROXY"])
@pytest.mark.parametrize("model", ["ollama/x", "openai/x"])
async def test_no_proxy_is_asked_for_this_machine(
    monkeypatch: pytest.MonkeyPatch, variable: str, model: str
) -> None:
    """However it is called, and in both of litellm's transports."""
    with OpenAIServer(status(400)) as server, OpenAIServer(status(400)) as proxy:
        monkeypatch.setenv(variable, proxy.url.removesuffix("/v1"))
        monkeypatch.setenv(variable.lower(), proxy.url.removesuffix("/v1"))
        for host in ("127.0.0.1", "localhost"):
            await ask(Agent(model, f"http://{host}:{server.port}/v1"))
    assert (2, 0) == (len(server.requests), len(proxy.requests))
