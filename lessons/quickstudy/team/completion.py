"""A call to a model: how it is made, what it used and cost, and each way it fails in one sentence."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypedDict, TypeVar

from quickstudy.errors import AgentError
from quickstudy.machine import config_folder
from quickstudy.records import Agent, Usage
from quickstudy.team import address, direct, prices
from quickstudy.team.failure import TOO_LONG, Failure, NoAnswer, Refused, diagnose
from quickstudy.team.library import litellm, load, models

__all__ = ["Message", "Quote", "complete", "embed", "load", "quote"]

TRIES = 3
"""How often a call is made in all, where trying again may help."""


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
    agent: Agent,
    max_tokens: int,
    frequency_penalty: float = 0.0,
    timeout_s: float = 120.0,
    first_wait_s: float = 1.0,
) -> tuple[str, Usage]:
    """Ask an agent's model, and return its answer and what it cost.

    An embedded model needs the `api_base` of its server. `timeout_s` bounds all tries together; the waits
    between them double from `first_wait_s`. Cancelling closes the request. Raises AgentError; Refused where
    it is known that nothing was generated.
    """
    way = _ask_directly if address.is_direct(agent) else _ask_litellm
    ask = await way(messages, agent, max_tokens, frequency_penalty, timeout_s)
    answer = await _persist(agent, timeout_s, first_wait_s, ask)
    if not answer.text or not answer.text.strip():
        raise AgentError(f"{agent.model} gave an empty reply; try again, or name another model.")
    text = answer.text.encode(errors="replace").decode()  # JSON may hold halves of characters
    prompt_tokens = prices.counted(answer.prompt_tokens, _joined(messages))
    completion_tokens = prices.counted(answer.completion_tokens, text)
    cost = await _cost(agent, prompt_tokens, completion_tokens)
    return text, Usage(prompt_tokens, completion_tokens, cost or 0.0)


async def quote(agent: Agent, messages: Sequence[Message], max_tokens: int) -> Quote:
    """The most that `complete` with these can use, by litellm's bundled prices. No request is made."""
    prompt_tokens = sum(prices.tokens(message["content"]) for message in messages)
    completion_tokens = await _room(agent, max_tokens)
    return Quote(prompt_tokens, completion_tokens, await _cost(agent, prompt_tokens, completion_tokens))


async def embed(
    agent: Agent, texts: Sequence[str], *, timeout_s: float = 60.0, first_wait_s: float = 1.0
) -> tuple[list[list[float]], Usage]:
    """One vector for each text from an embedding model, and what they cost. Raises AgentError."""
    library = await litellm()
    key = _key(library, agent)

    async def ask() -> Any:
        with _translated(library):
            return await library.aembedding(
                model=agent.model,
                input=list(texts),
                api_base=address.base(agent),
                api_key=key,
                timeout=timeout_s,
                max_retries=0,
            )

    reply = await _persist(agent, timeout_s, first_wait_s, ask)
    used = prices.counted(getattr(reply.usage, "prompt_tokens", None), "\n".join(texts))
    usage = Usage(used, 0, await _cost(agent, used, 0) or 0.0)
    try:
        vectors = [
            [float(number) for number in row["embedding"]] for _, row in zip(texts, reply.data, strict=True)
        ]
    except (KeyError, TypeError, ValueError):
        raise AgentError(
            f"The server of {agent.model} sent what are no vectors; check its address."
        ) from None
    return vectors, usage


Ask = Callable[[], Awaitable[direct.Answer]]
T = TypeVar("T")


async def _ask_directly(
    messages: Sequence[Message], agent: Agent, max_tokens: int, frequency_penalty: float, timeout_s: float
) -> Ask:
    room = await _room(agent, max_tokens)
    return lambda: direct.complete(messages, agent, max_tokens=room, frequency_penalty=frequency_penalty)


async def _ask_litellm(
    messages: Sequence[Message], agent: Agent, max_tokens: int, frequency_penalty: float, timeout_s: float
) -> Ask:
    library = await litellm()
    if not prices.answers_chats(await models(), agent.model):
        raise Refused(
            f"{agent.model} has only OpenAI's Responses API, in which Quickstudy cannot ask; "
            "name a model that answers chat completions."
        )
    key, room = _key(library, agent), await _room(agent, max_tokens)

    async def ask() -> direct.Answer:
        with _translated(library):
            reply: Any = await library.acompletion(
                model=agent.model,
                messages=list(messages),
                api_base=address.base(agent),
                api_key=key,
                temperature=agent.temperature,
                top_p=0.95,
                frequency_penalty=frequency_penalty,
                max_tokens=room,
                timeout=timeout_s,
                max_retries=0,
                num_retries=0,
                drop_params=True,
            )
        text: object = reply.choices[0].message.content if reply.choices else None
        usage = getattr(reply, "usage", None)
        return direct.Answer(
            text if isinstance(text, str) else None,
            getattr(usage, "prompt_tokens", None),
            getattr(usage, "completion_tokens", None),
        )

    return ask


@contextmanager
def _translated(library: Any) -> Generator[None]:
    """What litellm raises, as NoAnswer with the same facts."""
    import openai

    try:
        yield
    except library.ContextWindowExceededError as error:
        raise NoAnswer(code=TOO_LONG[0]) from error
    except openai.OpenAIError as error:  # the base of litellm's own
        status: int = getattr(error, "status_code", None) or 0
        headers: Mapping[str, str] | None = getattr(error, "litellm_response_headers", None)
        raise NoAnswer(status, headers, getattr(error, "code", None)) from error


async def _room(agent: Agent, max_tokens: int) -> int:
    """Tokens for an answer. An embedded model hides no thoughts."""
    if agent.model.startswith(address.LOCAL):
        return max_tokens
    return prices.answer_tokens(await models(), agent.model, max_tokens)


async def _cost(agent: Agent, prompt_tokens: int, completion_tokens: int) -> float | None:
    """By the model's name, wherever it is asked, unless the answer is surely computed in house."""
    if address.exposure(agent) == "stays":
        return 0.0
    return prices.price(await models(), agent.model, prompt_tokens, completion_tokens)


def _joined(messages: Sequence[Message]) -> str:
    return "\n".join(message["content"] for message in messages)


def _key(library: Any, agent: Agent) -> str | None:
    """The key to send; None lets litellm take the provider's variable. Raises Refused if there is none."""
    try:
        library.get_llm_provider(agent.model)
    except library.BadRequestError:
        raise Refused(
            f"{agent.model} names no provider that is known; "
            "write provider/model, such as ollama/qwen2.5-coder:7b."
        ) from None
    if agent.key:
        return agent.key
    variables: list[str] = library.validate_environment(agent.model)["missing_keys"]
    missing = [name for name in variables if name.endswith("_API_KEY")]
    if missing and not address.base(agent):
        raise Refused(f"{agent.model} needs a key; set {' or '.join(missing)} in the environment.")
    # A server that the user named may need none, but litellm asks for one.
    return "none" if missing else None


def _remedy(agent: Agent) -> str:
    """Where the user puts a key that is good."""
    if agent.key or address.is_sealed(agent):
        return f"put the one for its address under [hosts] in {config_folder() / 'config.toml'}"
    return f"set {agent.model.partition('/')[0].upper()}_API_KEY to a valid one"


async def _persist(agent: Agent, timeout_s: float, first_wait_s: float, ask: Callable[[], Awaitable[T]]) -> T:
    """Ask until it succeeds, in at most TRIES tries, with waits that double, within `timeout_s` in all."""
    failure: Failure | None = None
    try:
        async with asyncio.timeout(timeout_s):
            for number in range(TRIES):
                if failure is not None:
                    wait = first_wait_s * 2 ** (number - 1) * random.uniform(0.5, 1.0)
                    await asyncio.sleep(wait if failure.after_s is None else failure.after_s)
                try:
                    return await ask()
                except NoAnswer as error:
                    failure = diagnose(error, agent, remedy=_remedy(agent))
                if not failure.again:
                    break
    except TimeoutError:
        failure = failure or Failure(
            AgentError(
                f"{agent.model} gave no full answer within {timeout_s:g} s; try again, or name a faster one."
            )
        )
    assert failure is not None
    # Not chained: the provider's message may hold a part of the key.
    raise failure.error from None
