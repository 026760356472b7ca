"""The team: asks each agent for a faster function, and for the lesson in what came of it [LessonL §3]."""

from collections import Counter
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Protocol

from quickstudy.errors import AgentError, InputError
from quickstudy.machine import quiet
from quickstudy.records import Agent, Candidate, Lesson, Proposal, Target, Usage, Verdict
from quickstudy.team import address, completion, prompts, reply
from quickstudy.team.address import Exposure
from quickstudy.team.budget import BudgetLedger
from quickstudy.team.completion import Message, Quote
from quickstudy.team.failure import Refused
from quickstudy.team.language import Language

LESSON_TOKENS = 160
"""The cap on an explanation; the paper has 250 [LessonL §4.1], for two sentences this is plenty."""
_HOSTED_S, _LOCAL_S = 120.0, 600.0


class Runtime(Protocol):
    """Serves the embedded models."""

    async def serve(self, name: str) -> str:
        """The address of the model's server, started if need be. Raises InputError or AgentError."""
        ...

    def died(self, name: str) -> str | None:
        """In one sentence why the model's process has ended, if it has."""
        ...


class Model(Protocol):
    """How a model is asked: `completion`, or a script in its place."""

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        agent: Agent,
        max_tokens: int,
        frequency_penalty: float = ...,
        timeout_s: float = ...,
    ) -> tuple[str, Usage]: ...

    async def quote(self, agent: Agent, messages: Sequence[Message], max_tokens: int) -> Quote: ...


class Team:
    """The agents of one run on functions of one language, who share a budget."""

    def __init__(
        self,
        agents: Sequence[Agent],
        language: Language,
        *,
        runtime: Runtime | None = None,
        max_tokens: int | None = None,
        max_cost: float | None = None,
        model: Model = completion,
    ) -> None:
        self._agents = dict(zip(_names(agents), agents, strict=True))
        self._language = language
        self._runtime = runtime
        self._ledger = BudgetLedger(max_tokens, max_cost)
        self._model = model

    @property
    def agents(self) -> tuple[str, ...]:
        """The agents' names, each once: the second of one model is `model#2`."""
        return tuple(self._agents)

    @property
    def exposures(self) -> Mapping[str, Exposure]:
        """What becomes of what each agent reads, and so of the user's code."""
        return {name: address.exposure(agent) for name, agent in self._agents.items()}

    @property
    def spent(self) -> Usage:
        """What the run has cost so far, failed calls included."""
        return self._ledger.spent

    async def propose(self, agent: str, target: Target, lessons: Sequence[Lesson]) -> Proposal:
        """Ask one agent for a faster replacement. Raises AgentError."""
        messages = prompts.propose(target, lessons, self._language)
        text, usage = await self._ask(self._agents[agent], messages, _room(target))
        source, problem = reply.read(text, target.name, self._language)
        return Proposal(source, problem, usage)

    async def explain(
        self, agent: str, target: Target, candidate: Candidate, verdict: Verdict
    ) -> tuple[str, Usage]:
        """Ask the agent that wrote the candidate for the lesson in it [LessonL §3.2]. Raises AgentError."""
        messages = prompts.explain(target, candidate, verdict, self._language)
        text, usage = await self._ask(self._agents[agent], messages, LESSON_TOKENS, frequency_penalty=0.5)
        lesson = reply.lesson(text)
        if not lesson:
            raise AgentError(f"{agent} explained its attempt with nothing but code; no lesson was kept.")
        return lesson, usage

    async def embed(self, model: str, texts: Sequence[str]) -> list[list[float]]:
        """One vector for each text, from an embedding model as litellm names it. Raises AgentError."""
        agent = Agent(model)
        messages: list[Message] = [{"role": "user", "content": text} for text in texts]
        async with self._ledger.reserve(await self._estimate(agent, messages, 0)) as reservation:
            vectors, usage = await completion.embed(agent, texts)
            reservation.settle(usage)
        return vectors

    async def _ask(
        self, agent: Agent, messages: Sequence[Message], max_tokens: int, frequency_penalty: float = 0.0
    ) -> tuple[str, Usage]:
        """One call, paid from the budget; a model on this machine generates while nothing is timed."""
        if reason := address.refusal(agent):
            raise Refused(reason)
        estimate = await self._estimate(agent, messages, max_tokens)
        async with self._ledger.reserve(estimate) as reservation, self._served(agent) as served:
            try:
                text, usage = await self._model.complete(
                    messages,
                    agent=served,
                    max_tokens=max_tokens,
                    frequency_penalty=frequency_penalty,
                    timeout_s=_HOSTED_S if address.exposure(agent) == "leaves" else _LOCAL_S,
                )
            except Refused:
                reservation.settle(Usage())
                raise
            reservation.settle(usage)
        return text, usage

    async def _estimate(self, agent: Agent, messages: Sequence[Message], max_tokens: int) -> Usage:
        """The most that a call can use. Raises AgentError where a cap could not be kept."""
        quoted = await self._model.quote(agent, messages, max_tokens)
        if quoted.cost_usd is None and self._ledger.max_cost is not None:
            raise AgentError(_unpriced(agent))
        return Usage(quoted.prompt_tokens, quoted.completion_tokens, quoted.cost_usd or 0.0)

    @asynccontextmanager
    async def _served(self, agent: Agent) -> AsyncGenerator[Agent]:
        """The agent with a server to ask; and with this machine to itself if that is where it computes."""
        if not address.computes_here(agent):
            yield agent
            return
        async with quiet():
            if not agent.model.startswith(address.LOCAL):
                yield agent
            elif self._runtime is None:
                raise InputError(f"{agent.model} needs the embedded runtime; name another model.")
            else:
                name = agent.model.removeprefix(address.LOCAL)
                url = await self._runtime.serve(name)
                try:
                    yield replace(agent, api_base=url, key=None)
                except AgentError as error:
                    raise AgentError(self._runtime.died(name) or str(error)) from error


def _unpriced(agent: Agent) -> str:
    """Why a cap on money cannot be kept for an agent, and what to do."""
    ways = "use --max-tokens"
    if address.exposure(agent) == "may_pass":
        ways = f"{ways}, or set local = true for its address if it passes nothing on"
    return f"The price of {agent.model} is not known and --max-cost cannot be kept; {ways}."


def _names(agents: Sequence[Agent]) -> list[str]:
    seen: Counter[str] = Counter()
    names: list[str] = []
    for agent in agents:
        seen[agent.name] += 1
        names.append(agent.name if seen[agent.name] == 1 else f"{agent.name}#{seen[agent.name]}")
    return names


def _room(target: Target) -> int:
    """Tokens for a rewrite: thrice the original, at three bytes a token, so that no reply is endless."""
    return min(8192, max(768, len(target.source.encode()) + 256))
