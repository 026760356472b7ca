"""Functions and lessons as vectors, where the user configured an embedding model [LessonL §3.3]."""

import math
from array import array
from collections.abc import Awaitable, Callable, Iterable, Sequence

from quickstudy.errors import AgentError

Embed = Callable[[str], Awaitable[Sequence[float]]]
"""An embedding model: a text's vector. Raises AgentError."""


async def vector_of(text: str, embed: Embed | None) -> Sequence[float] | None:
    """The text's vector; None without a model, and where the model fails: terms are always there."""
    if embed is None:
        return None
    try:
        return await embed(text)
    except AgentError:
        return None


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    """Cosine of two embeddings of the same length."""
    norms = math.hypot(*one) * math.hypot(*other)
    return sum(map(float.__mul__, one, other)) / norms if norms else 0.0


def pack(vector: Iterable[float]) -> bytes:
    """An embedding as the bank stores it: float32, in this machine's byte order."""
    return array("f", vector).tobytes()


def unpack(blob: bytes) -> Sequence[float]:
    """Read it back. Raises ValueError if it is none."""
    return array("f", blob)
