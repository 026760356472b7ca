"""One chat completion by OpenAI's protocol, in which everything that is sent stands in this file.

litellm and the client beneath it add what they find in the environment: keys, organisations, headers, proxies
and their passwords. An address that a project named must get none of it, and our own server needs none. And
a server that computes here must be the only one that reads what it is asked. So these are asked from here:
one request, one key, no redirect, no proxy but for another machine that the user named.
"""

import json
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from quickstudy.records import Agent
from quickstudy.team import address
from quickstudy.team.failure import NoAnswer, Refused

_LARGEST = 8 << 20
"""Bytes of an answer; a rewrite has some thousand."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said, unchecked: counts are None where it gave none that make sense."""

    text: str | None
    prompt_tokens: object
    completion_tokens: object


async def complete(
    messages: Sequence[Mapping[str, object]],
    agent: Agent,
    *,
    max_tokens: int,
    frequency_penalty: float,
) -> Answer:
    """Ask once, without a limit of time. Raises NoAnswer or Refused."""
    import httpx

    body = {
        "model": agent.model.partition("/")[2],
        "messages": list(messages),
        "temperature": agent.temperature,
        "top_p": 0.95,
        "frequency_penalty": frequency_penalty,
        "max_tokens": max_tokens,
    }
    key = (address.key(agent) or "none").strip()
    headers = {b"Authorization": f"Bearer {key}".encode(), b"User-Agent": b"quickstudy"}
    proxies = not address.is_sealed(agent) and not address.is_loopback(address.base(agent))
    certificates = _certificates(agent)
    async with httpx.AsyncClient(
        headers=headers, timeout=None, verify=certificates, trust_env=proxies
    ) as client:
        try:
            async with client.stream("POST", _endpoint(agent), json=body) as response:
                content = await _read(response)
        except httpx.RequestError as error:
            raise NoAnswer() from error
        except (httpx.InvalidURL, UnicodeError):  # the latter from names that no resolver can take
            raise Refused(f"The address of {agent.model} is none that can be asked; correct it.") from None
    return _answer(response.status_code, response.headers, content)


def _endpoint(agent: Agent) -> str:
    base = (address.base(agent) or "").rstrip("/")
    if agent.model.startswith("ollama") and not base.endswith("/v1"):
        base += "/v1"  # where Ollama speaks this protocol
    return f"{base}/chat/completions"


def _certificates(agent: Agent) -> ssl.SSLContext | bool:
    """What a server is known by: the machine's, also where the environment names them. Raises Refused."""
    import httpx

    if not (address.base(agent) or "").lower().startswith("https:"):
        return True
    try:
        return httpx.create_ssl_context()
    except OSError:
        raise Refused("The certificates cannot be read; mend SSL_CERT_FILE or SSL_CERT_DIR.") from None


async def _read(response: Any) -> bytes:
    content = bytearray()
    async for chunk in response.aiter_bytes():
        content += chunk
        if len(content) > _LARGEST:
            raise NoAnswer()
    return bytes(content)


def _answer(status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    data = _parse(content)
    if status != 200:
        raise NoAnswer(status, headers, _at(data, "error", "code"))
    if _at(data, "choices") is None:
        raise NoAnswer()
    text = _at(data, "choices", 0, "message", "content")
    return Answer(
        text if isinstance(text, str) else None,
        _at(data, "usage", "prompt_tokens"),
        _at(data, "usage", "completion_tokens"),
    )


def _parse(content: bytes) -> object:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _at(data: object, *path: str | int) -> object:
    """What lies at a path in parsed JSON, if anything does."""
    for step in path:
        try:
            data = cast("Any", data)[step]
        except (LookupError, TypeError):
            return None
    return data
