"""The describer of `describe.py` as its parts know it, which it hands itself to: a type, and no code."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Protocol

    from quickstudy.lab.supervisor.records import Data

    class Describing(Protocol):
        left: int
        memory: list[tuple[int, int, int, int]]

        def describe(self, value: Any) -> Data: ...
        def pairs(self, own: dict[str, Any]) -> Data: ...
        def packs(self, number: int) -> bool: ...
