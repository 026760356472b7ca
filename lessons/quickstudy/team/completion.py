"""The one file that knows litellm: a call to a model, its price, and each way it fails in one sentence."""

import asyncio
import importlib
import logging
import os
import random
import threading
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from typing import Any, TypedDict

from quickstudy.errors import AgentError
from quickstudy.machine import no_garbage
from quickstudy.records import Usage
from quickstudy.team.address import LOCAL, is_loopback
from quickstudy.team.failure import Failure, Refused, diagnose

TRIES = 3
"""How often a call is made in all, where trying again may help."""
_THINKING_TOKENS = 12_000
"""Room for a reasoning model's hidden thoughts, which count as tokens of the answer."""


class Message(TypedDict):
    """One message of a chat."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Quote:
    """The most that one call can use. The cost is None where no price is known."""

    prompt_tokens: int
    completion_tokens: int
    cost_usd: float | None


async def complete(
    messages: Sequence[Message],
    *,
    model: str,
    api_base: str | None,
    temperature: float,
    max_tokens: int,
    frequency_penalty: float = 0.0,
    timeout_s: float = 120.0,
    first_wait_s: float = 1.0,
) -> tuple[str, Usage]:
    """Ask a model, and return its answer and what it cost.

    `model` is `local/<model>` with the `api_base` of its server, or as litellm names it. `timeout_s` bounds
    all tries together; the waits between them double from `first_wait_s`. Cancelling closes the request.
    Raises AgentError; Refused where it is known that nothing was generated.
    """
    litellm = await _litellm()
    key = _key(litellm, model, api_base)

    def ask() -> Awaitable[Any]:
        return litellm.acompletion(
            model=_litellm_name(model),
            messages=list(messages),
            api_base=api_base,
            api_key=key,
            temperature=temperature,
            top_p=0.95,
            frequency_penalty=frequency_penalty,
            max_tokens=_answer_tokens(litellm, model, max_tokens),
            timeout=timeout_s,
            max_retries=0,
            num_retries=0,
            drop_params=True,
        )

    reply = await _persist(litellm, model, api_base, timeout_s, first_wait_s, ask)
    text: str | None = reply.choices[0].message.content if reply.choices else None
    if not text or not text.strip():
        raise AgentError(f"{model} gave an empty reply; try again, or name another model.")
    return text, _usage(litellm, model, api_base, messages, text, reply)


async def quote(model: str, api_base: str | None, messages: Sequence[Message], max_tokens: int) -> Quote:
    """The most that `complete` with these can use, by litellm's bundled prices. No request is made."""
    prompt = sum(_tokens(message["content"]) for message in messages)
    if _is_free(model, api_base):
        return Quote(prompt, max_tokens, 0.0)
    litellm = await _litellm()
    answer = _answer_tokens(litellm, model, max_tokens)
    return Quote(prompt, answer, _price(litellm, model, prompt, answer))


async def embed(
    model: str,
    texts: Sequence[str],
    *,
    api_base: str | None = None,
    timeout_s: float = 60.0,
    first_wait_s: float = 1.0,
) -> list[list[float]]:
    """One vector for each text, from an embedding model as litellm names it. Raises AgentError."""
    litellm = await _litellm()
    key = _key(litellm, model, api_base)

    def ask() -> Awaitable[Any]:
        return litellm.aembedding(
            model=model, input=list(texts), api_base=api_base, api_key=key, timeout=timeout_s, max_retries=0
        )

    reply = await _persist(litellm, model, api_base, timeout_s, first_wait_s, ask)
    return [list(row["embedding"]) for row in reply.data]


@cache
def load() -> Future[Any]:
    """Begin to import litellm, once, in a thread: it takes seconds. Its types are too loose to check: Any."""
    loaded: Future[Any] = Future()
    loaded.set_running_or_notify_cancel()  # nobody who waits may cancel it for the others

    def run() -> None:
        try:
            loaded.set_result(_import())
        except ImportError as error:
            loaded.set_exception(error)

    # A daemon, where asyncio's own threads would be waited for: Ctrl-C must not wait for an import.
    threading.Thread(target=run, name="litellm", daemon=True).start()
    return loaded


def _import() -> Any:
    """litellm, with every switch set before anything uses it."""
    # It would fetch prices from the network and read a `.env` of the folder it is started in.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ["LITELLM_MODE"] = "PRODUCTION"
    # A proxy is for the network: what is meant for this machine must not be sent to it.
    kept = os.environ.get("no_proxy") or os.environ.get("NO_PROXY")
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(
        filter(None, [kept, "localhost,127.0.0.1,::1"])
    )
    with no_garbage():
        import litellm

        # Both would come with the first call, and hold up the event loop for most of a second.
        importlib.import_module("openai.resources")
        litellm.ModelResponse()
    litellm.suppress_debug_info = True
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).disabled = True
    return litellm


async def _litellm() -> Any:
    return await asyncio.wrap_future(load())


def _litellm_name(model: str) -> str:
    """An embedded model speaks OpenAI's protocol."""
    return f"openai/{model.removeprefix(LOCAL)}" if model.startswith(LOCAL) else model


def _facts(litellm: Any, model: str) -> dict[str, Any]:
    """What litellm's table says of a model; nothing for one it does not list."""
    table: dict[str, dict[str, Any]] = litellm.model_cost
    return table.get(model) or table.get(model.partition("/")[2]) or {}


def _answer_tokens(litellm: Any, model: str, max_tokens: int) -> int:
    hidden = _THINKING_TOKENS if _facts(litellm, model).get("supports_reasoning") else 0
    return max_tokens + hidden


def _is_free(model: str, api_base: str | None) -> bool:
    return model.startswith(LOCAL) or is_loopback(api_base)


def _price(litellm: Any, model: str, prompt_tokens: int, completion_tokens: int) -> float | None:
    facts = _facts(litellm, model)
    inward, outward = facts.get("input_cost_per_token"), facts.get("output_cost_per_token")
    if inward is None or outward is None:
        return None
    return prompt_tokens * inward + completion_tokens * outward


def _usage(
    litellm: Any, model: str, api_base: str | None, messages: Sequence[Message], text: str, reply: Any
) -> Usage:
    """What the server counted; where it counted nothing, our estimate, so that the caps still hold."""
    counted = getattr(reply, "usage", None)
    prompt = getattr(counted, "prompt_tokens", 0) or sum(_tokens(message["content"]) for message in messages)
    answer = getattr(counted, "completion_tokens", 0) or _tokens(text)
    cost = 0.0 if _is_free(model, api_base) else _price(litellm, model, prompt, answer)
    return Usage(prompt, answer, cost or 0.0)


def _tokens(text: str) -> int:
    """A guess on the high side: code has three to four bytes to a token."""
    return len(text.encode()) // 2 + 8


def _missing_keys(litellm: Any, model: str) -> list[str]:
    """The provider's variables for a key, where none is set. Raises Refused for an unknown provider."""
    if model.startswith(LOCAL):
        return []
    try:
        litellm.get_llm_provider(model)
    except litellm.BadRequestError:
        raise Refused(
            f"{model} names no provider that is known; write provider/model, such as ollama/qwen2.5-coder:7b."
        ) from None
    missing: list[str] = litellm.validate_environment(model)["missing_keys"]
    return [name for name in missing if name.endswith("_API_KEY")]


def _key(litellm: Any, model: str, api_base: str | None) -> str | None:
    """The key to send; None lets litellm take the provider's variable. Raises Refused if there is none."""
    missing = _missing_keys(litellm, model)
    if missing and not api_base:
        raise Refused(f"{model} needs a key; set {' or '.join(missing)} in the environment.")
    # A server that the user named may need none, but litellm asks for one; and ours needs no one else's.
    return "none" if missing or model.startswith(LOCAL) else None


async def _persist(
    litellm: Any,
    model: str,
    api_base: str | None,
    timeout_s: float,
    first_wait_s: float,
    ask: Callable[[], Awaitable[Any]],
) -> Any:
    """Ask until it succeeds, in at most TRIES tries, with waits that double, within `timeout_s` in all."""
    import openai

    failure: Failure | None = None
    try:
        async with asyncio.timeout(timeout_s):
            for number in range(TRIES):
                if failure is not None:
                    wait = first_wait_s * 2 ** (number - 1) * random.uniform(0.5, 1.0)
                    await asyncio.sleep(wait if failure.after_s is None else failure.after_s)
                try:
                    return await ask()
                except openai.OpenAIError as error:  # the base of litellm's own
                    failure = diagnose(
                        error,
                        model=model,
                        api_base=api_base,
                        variable=_variable(litellm, model),
                        too_long=isinstance(error, litellm.ContextWindowExceededError),
                    )
                if not failure.again:
                    break
    except TimeoutError:
        failure = failure or Failure(
            AgentError(
                f"{model} gave no full answer within {timeout_s:g} s; try again, or name a faster one."
            )
        )
    assert failure is not None
    # Not chained: the provider's message may hold a part of the key.
    raise failure.error from None


def _variable(litellm: Any, model: str) -> str:
    """The provider's variable for a key, whether it is set or not."""
    provider: str = litellm.get_llm_provider(_litellm_name(model))[1]
    return f"{provider.upper()}_API_KEY"
