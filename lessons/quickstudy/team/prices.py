"""What a model takes, uses and costs: by litellm's table for its name, and by what a server counted."""

from typing import Any

Table = dict[str, dict[str, Any]]
"""litellm's, as `library.models` gives it."""

THINKING_TOKENS = 12_000
"""Room for a reasoning model's hidden thoughts, which count as tokens of the answer."""

_MOST_TOKENS = 10**9
"""No server counts more for one call."""


def price(table: Table, model: str, prompt_tokens: int, completion_tokens: int) -> float | None:
    """US dollars for so many tokens; None for a model whose price is not known."""
    facts = _facts(table, model)
    inward, outward = facts.get("input_cost_per_token"), facts.get("output_cost_per_token")
    if inward is None or (outward is None and completion_tokens):
        return None
    return prompt_tokens * inward + completion_tokens * (outward or 0.0)


def answer_tokens(table: Table, model: str, max_tokens: int) -> int:
    """The most that an answer of `max_tokens` may count, hidden thoughts included."""
    return max_tokens + (THINKING_TOKENS if _facts(table, model).get("supports_reasoning") else 0)


def answers_chats(table: Table, model: str) -> bool:
    """Whether a model can be asked as we ask; one that has only OpenAI's Responses API cannot."""
    return _facts(table, model).get("mode") != "responses"


def tokens(text: str) -> int:
    """A guess on the high side: code has three to four bytes to a token."""
    return len(text.encode()) // 2 + 8


def counted(count: object, text: str) -> int:
    """The server's count of a text's tokens; our guess where it gave none, so that the caps still hold."""
    return count if type(count) is int and 0 < count <= _MOST_TOKENS else tokens(text)


def _facts(table: Table, model: str) -> dict[str, Any]:
    """What the table says of a model; nothing for one it does not list."""
    return table.get(model) or table.get(model.partition("/")[2]) or {}
