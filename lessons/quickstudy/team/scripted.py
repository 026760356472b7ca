"""A model that answers by script: for tests of the logic, and for trying a team without any model."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from quickstudy.errors import AgentError
from quickstudy.records import Agent, Usage
from quickstudy.team.completion import Message, Quote

_USAGE = Usage(prompt_tokens=100, completion_tokens=20)


@dataclass(frozen=True, slots=True)
class Asked:
    """One call that was made."""

    model: str
    prompt: str
    """The text of all messages."""
    max_tokens: int


class ScriptedModel:
    """Takes the place of `completion` in a Team; each model has its own queue of replies.

    A reply is a text, or the error to raise. An empty queue is an AgentError too.
    """

    def __init__(self, replies: Mapping[str, Iterable[str | AgentError]], usage: Usage = _USAGE) -> None:
        self.asked: list[Asked] = []
        """All calls in order."""
        self._replies = {model: deque(queue) for model, queue in replies.items()}
        self._usage = usage

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        agent: Agent,
        max_tokens: int,
        frequency_penalty: float = 0.0,
        timeout_s: float = 120.0,
    ) -> tuple[str, Usage]:
        """The model's next reply."""
        prompt = "\n".join(message["content"] for message in messages)
        self.asked.append(Asked(agent.model, prompt, max_tokens))
        queue = self._replies.get(agent.model)
        if not queue:
            raise AgentError(f"The script has no more replies for {agent.model}; add one.")
        answer = queue.popleft()
        if isinstance(answer, AgentError):
            raise answer
        return answer, self._usage

    async def quote(self, agent: Agent, messages: Sequence[Message], max_tokens: int) -> Quote:
        """Exactly what each reply will be said to have used."""
        return Quote(self._usage.prompt_tokens, self._usage.completion_tokens, self._usage.cost_usd)
