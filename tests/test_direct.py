"""What goes to an address that a project named, or to a server that computes here: one request, one key."""

import asyncio
import gzip
import importlib.util
import json
import os
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from tests.network import only_here
from tests.openai_server import Behaviour, Exchange, OpenAIServer, endless, hang, hang_up, ok, status

from quickstudy.errors import AgentError
from quickstudy.records import Agent, Usage
from quickstudy.team import completion
from quickstudy.team.completion import Message
from quickstudy.team.library import litellm, models
from quickstudy.team.providers import PROVIDERS

HI: list[Message] = [{"role": "user", "content": "def common(): ..."}]
COMPATIBLE = sorted(name for name, provider in PROVIDERS.items() if provider.compatible)
SERVERS = sorted(name for name, provider in PROVIDERS.items() if provider.computes)
CREDENTIAL = re.compile(
    r"[\"']([A-Z][A-Z0-9_]*(?:KEY|TOKEN|SECRET|PASSWORD|_ID|ORGANIZATION|PROJECT|HEADERS|USER_AGENT))[\"']"
)


async def ask(agent: Agent, **more: Any) -> tuple[str, Usage]:
    return await completion.complete(HI, agent=agent, max_tokens=9, first_wait_s=0.0, **more)


async def refused(agent: Agent, **more: Any) -> str:
    with pytest.raises(AgentError) as caught:
        await ask(agent, **more)
    return str(caught.value)


@pytest.fixture(scope="module")
def credentials() -> list[str]:
    """Every variable that litellm and OpenAI's client may take a credential from."""
    library, client = (Path(importlib.util.find_spec(name).origin).parent for name in ("litellm", "openai"))
    files = (*library.glob("*.py"), *library.glob("llms/**/*.py"), *client.glob("*.py"))
    found = {name for file in files for name in CREDENTIAL.findall(file.read_text("utf-8", "replace"))}
    assert {"OPENAI_ORG_ID", "OPENAI_ORGANIZATION", "OPENAI_CUSTOM_HEADERS", "AWS_SECRET_ACCESS_KEY"} <= found
    return sorted(found)


@pytest.mark.parametrize("key", [None, "the-users-for-this-host"])
@pytest.mark.parametrize("name", COMPATIBLE)
async def test_an_address_that_a_project_named_gets_one_key_of_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, credentials: list[str], name: str, key: str | None
) -> None:
    """The one for this very address, or none; and nothing else that the environment or a netrc holds."""
    await litellm()  # which reads numbers from some of these, once
    for variable in credentials:
        monkeypatch.setenv(variable, "X-Header: secret" if "HEADERS" in variable else "secret")
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login secret password secret\ndefault login secret password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))
    with OpenAIServer(ok("Hello.")) as server, only_here(monkeypatch, server.port) as elsewhere:
        for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(variable, "http://secret:secret@proxy.invalid")
        assert "Hello." == (await ask(Agent(f"{name}/tiny", server.url, from_project=True, key=key)))[0]
    (request,) = server.requests
    expected = {
        "host": f"127.0.0.1:{server.port}",
        "authorization": f"Bearer {key or 'none'}",
        "user-agent": "quickstudy",
        "content-type": "application/json",
        "accept": "*/*",
        "accept-encoding": request.headers["accept-encoding"],
        "connection": "keep-alive",
        "content-length": request.headers["content-length"],
    }
    assert expected == request.headers
    assert {"model", "messages", "temperature", "top_p", "frequency_penalty", "max_tokens"} == set(
        request.body
    )
    assert "/v1/chat/completions" == request.path
    assert "secret" not in json.dumps([request.path, request.headers, request.body])
    assert set() == elsewhere


@pytest.mark.parametrize("name", SERVERS)
async def test_a_server_that_the_user_named_gets_its_own_key(
    monkeypatch: pytest.MonkeyPatch, credentials: list[str], name: str
) -> None:
    """As litellm would send it; or the one of the user's file for this address."""
    for variable in credentials:
        monkeypatch.setenv(variable, f"value-of-{variable}")
    with OpenAIServer(ok("Hello.")) as server:
        await ask(Agent(f"{name}/tiny", server.url))
        await ask(Agent(f"{name}/tiny", server.url, key="from-the-file"))
    sent = [request.headers["authorization"] for request in server.requests]
    assert [f"Bearer value-of-{PROVIDERS[name].key}", "Bearer from-the-file"] == sent


def redirect(code: int, url: str) -> Behaviour:
    return lambda exchange: exchange.send(code, b"", {"Location": url})


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("agent", [Agent("openai/tiny", from_project=True), Agent("ollama/tiny")])
async def test_no_redirect_is_followed(agent: Agent, code: int) -> None:
    """The user was told one host, and the other gets neither the code nor a key."""
    with OpenAIServer(ok("Stolen.")) as other, OpenAIServer(redirect(code, other.url)) as server:
        named = Agent(agent.model, server.url, from_project=agent.from_project, key="k")
        expected = f"The server of {agent.model} sends requests on to another; name that one's address."
        assert expected == await refused(named)
    assert (1, 0) == (len(server.requests), len(other.requests))


async def test_a_refused_key_says_where_to_put_one() -> None:
    """Not into the environment, from where it would not be taken; and never a word of the key."""
    with OpenAIServer(status(401, "no: k-e-y")) as server:
        for agent in (
            Agent("openai/tiny", server.url, from_project=True),
            Agent("openai/tiny", server.url, key="k-e-y"),
        ):
            told = await refused(agent)
            assert told.startswith(
                "openai/tiny: the key was refused; put the one for its address under [hosts]"
            )
            assert "k-e-y" not in told + repr(agent)


def flood(exchange: Exchange) -> None:
    exchange.begin(200, {"Transfer-Encoding": "chunked"})
    chunk = b"10000\r\n%s\r\n" % (b"x" * 0x10000)
    with suppress(OSError):
        while True:
            exchange.handler.wfile.write(chunk)


BOMB = gzip.compress(bytes(32 << 20))


def bomb(exchange: Exchange) -> None:
    exchange.send(200, BOMB, {"Content-Encoding": "gzip"})


def not_gzip(exchange: Exchange) -> None:
    exchange.send(200, b"{}", {"Content-Encoding": "gzip"})


def body(content: bytes) -> Behaviour:
    return lambda exchange: exchange.send(200, content)


NONSENSE = {
    "flood": flood,
    "bomb": bomb,
    "not gzip": not_gzip,
    "deep": body(b"[" * 200_000),
    "a number": body(b"9" * 10_000),
    "no UTF-8": body(b"\xff\xfe"),
    "a list": body(b"[1]"),
    "null": body(b"null"),
    "nothing": body(b""),
}


@pytest.mark.parametrize("name", NONSENSE)
async def test_what_is_no_answer_is_one_sentence(name: str) -> None:
    """However large, deep or packed: nobody's memory is filled, and nothing of it is shown."""
    with OpenAIServer(NONSENSE[name]) as server:
        told = await refused(Agent("openai/tiny", server.url, from_project=True))
    assert "The server of openai/tiny sent what is no answer of a model; check its address." == told


@pytest.mark.parametrize("behaviour", [hang(), endless()], ids=["hang", "endless"])
async def test_the_time_for_an_answer_is_bounded(behaviour: Behaviour) -> None:
    """And the request is closed, as it is when the user gives up."""
    with OpenAIServer(behaviour) as server:
        agent = Agent("openai/tiny", server.url, from_project=True)
        told = await refused(agent, timeout_s=0.3)
        assert "openai/tiny gave no full answer within 0.3 s; try again, or name a faster one." == told
        assert await asyncio.to_thread(server.dropped.wait, 10)


@pytest.mark.parametrize(
    ("trouble", "tries", "expected"),
    [
        (status(500), 3, "The server of ollama/tiny failed with status 500; try again later."),
        (hang_up(), 3, "The connection to ollama/tiny failed; check the network, or name another model."),
        (
            status(429, retry_after=0),
            3,
            "ollama/tiny has had too many requests; try again later, or name fewer agents.",
        ),
        (
            status(404),
            1,
            "ollama/tiny is not known to its server; check the name, or pull the model there.",
        ),
        (
            status(400, "too long", "exceed_context_size_error"),
            1,
            "The function and its context are too long for ollama/tiny; name a model that reads more.",
        ),
        (status(401), 1, "ollama/tiny: the key was refused; set OLLAMA_API_KEY to a valid one."),
    ],
)
async def test_failures_are_told_as_those_of_litellm(trouble: Behaviour, tries: int, expected: str) -> None:
    """In the same sentences, after as many tries."""
    with OpenAIServer(trouble) as server:
        assert (expected, tries) == (await refused(Agent("ollama/tiny", server.url)), len(server.requests))


@pytest.mark.parametrize("key", ["ключ", "k\n", " k ", "a\r\nX: y"])
async def test_no_key_breaks_a_request(key: str) -> None:
    """It is sent as it is, or the request fails as any other; no header is added by it."""
    with OpenAIServer(ok("Hello.")) as server, suppress(AgentError):
        await ask(Agent("openai/tiny", server.url, from_project=True, key=key))
    assert all("x" not in request.headers for request in server.requests)


async def test_certificates_that_are_not_there_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are the user's to mend."""
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    told = await refused(Agent("openai/tiny", "https://127.0.0.1:9/v1", from_project=True))
    assert "The certificates cannot be read; mend SSL_CERT_FILE or SSL_CERT_DIR." == told


async def test_a_server_that_is_down_is_named() -> None:
    """With its address, as there is nothing to ask it for."""
    with OpenAIServer(ok("Hello.")) as server:
        pass
    told = await refused(Agent("ollama/tiny", server.url))
    assert f"No server answers at {server.url}; start it, or name another model than ollama/tiny." == told


@pytest.mark.parametrize("text", [[], {}, 1, None, "", " "])
async def test_an_answer_without_text_is_empty(text: object) -> None:
    """Whatever stands in its place."""
    answer = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
    with OpenAIServer(body(answer)) as server:
        told = await refused(Agent("openai/tiny", server.url, from_project=True))
    assert "openai/tiny gave an empty reply; try again, or name another model." == told


async def test_halves_of_characters_are_replaced() -> None:
    """JSON can hold them, and no file of UTF-8 can."""
    answer = json.dumps({"choices": [{"message": {"content": "a\ud800b"}}]}).encode()
    with OpenAIServer(body(answer)) as server:
        assert "a?b" == (await ask(Agent("openai/tiny", server.url, from_project=True)))[0]


@pytest.mark.parametrize("host", ["a" * 64 + ".invalid", "a..b", "-", ".", "xn--", "999.1.1.1", "h:99999"])
async def test_a_host_that_cannot_be_is_one_sentence(host: str) -> None:
    """Whoever finds that out: the parser, the resolver or the network."""
    told = await refused(Agent("openai/tiny", f"http://{host}/v1", from_project=True))
    assert told.startswith(("The address of openai/tiny is none", "The connection to openai/tiny failed"))


PROJECT = {
    ".env": "OPENAI_API_KEY=sk-planted\nOPENAI_ORGANIZATION=planted\nUSE_LITELLM_PROXY=True\n",
    "litellm_config.yaml": "litellm_settings:\n  callbacks: custom_callbacks.handler\n",
    "custom_callbacks.py": "open('ran', 'w')\n",
    "custom_handler.py": "open('ran', 'w')\n",
    "model_prices_and_context_window.json": "{}",
    "litellm.py": "open('ran', 'w')\n",
    "openai.py": "open('ran', 'w')\n",
    "sitecustomize.py": "open('ran', 'w')\n",
}

PROGRAM = """
import asyncio, os, sys
before = dict(os.environ)
from quickstudy.records import Agent
from quickstudy.team import completion
from quickstudy.team.library import litellm
from tests.network import only_here
import pytest

async def main():
    with pytest.MonkeyPatch.context() as patch, only_here(patch, int(sys.argv[1])) as refused:
        library = await litellm()
        agent = Agent("openai/gpt-4o", f"http://127.0.0.1:{sys.argv[1]}/v1")
        message = {"role": "user", "content": "Hi"}
        print(await completion.complete([message], agent=agent, max_tokens=9))
        await asyncio.sleep(0.3)
        print(library.callbacks, library.success_callback, library.failure_callback, refused)
        print(sorted(name for name, value in os.environ.items() if "planted" in value))

asyncio.run(main())
"""


def test_a_folder_adds_nothing_to_litellm(tmp_path: Path) -> None:
    """No `.env`, settings or module of a project that the process stands in; and no traffic of its own."""
    for name, text in PROJECT.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    own = Path(__file__).parent.parent
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI")}
    with OpenAIServer(ok("Hello.", 7, 3)) as server:
        ended = subprocess.run(
            [sys.executable, "-P", "-c", PROGRAM, str(server.port)],
            cwd=tmp_path,
            env={**environment, "PYTHONPATH": str(own), "USE_LITELLM_PROXY": "True"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert (
        "('Hello.', Usage(prompt_tokens=7, completion_tokens=3, cost_usd=4.75e-05))\n[] [] [] set()\n[]\n",
        "",
    ) == (
        ended.stdout,
        ended.stderr,
    )
    assert ["Bearer none"] == [request.headers["authorization"] for request in server.requests]
    assert not (tmp_path / "ran").exists()


async def test_a_library_that_cannot_be_loaded_is_one_sentence() -> None:
    """And nobody waits for it for ever."""
    code = "import asyncio; from tests.test_direct import refused; from quickstudy.records import Agent\n"
    code += "print(asyncio.run(refused(Agent('openai/x'))))"
    own = {"PYTHONPATH": str(Path(__file__).parent.parent), "DEFAULT_MAX_TOKENS": "many"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, env={**os.environ, **own}, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await asyncio.wait_for(process.communicate(), 60)
    assert printed.startswith(
        b"litellm, which asks hosted models, cannot be loaded (invalid literal for int()"
    )


@pytest.mark.parametrize("model", ["local/x", "ollama/x"])
async def test_litellm_is_not_loaded_for_who_computes_here(model: str) -> None:
    """Nothing of it is needed: no key, no protocol but OpenAI's, and its table of models is a file."""
    code = "import asyncio, sys; from tests.test_direct import ask; from quickstudy.records import Agent\n"
    with OpenAIServer(ok("Hello.")) as server:
        code += f"asyncio.run(ask(Agent({model!r}, {server.url!r}))); print('litellm' in sys.modules)"
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", code, env=environment, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await process.communicate()
    assert b"False\n" == printed


async def test_what_is_known_of_models_is_what_litellm_knows() -> None:
    """Prices are those that it would tell if it were loaded."""
    library, known = await litellm(), await models()
    assert len(library.model_cost) > 1000
    assert library.model_cost == {name: known.get(name) for name in library.model_cost}
