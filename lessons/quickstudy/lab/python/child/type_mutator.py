"""Makes calls with a value of another type than those seen, which the original may accept as well.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import inspect
import random

from quickstudy.lab.python.child import payload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from quickstudy.lab.python.child.drafts import SeenCalls

_type: Any = type


class TypeMutator:
    """Makes calls like those seen with one value of a neighbour type, where no type hint forbids it.

    Only what honest code does not depend on is changed. An int argument stays one: it may be a count. The
    first item stays: a sum or a search starts with it. A tuple stays one: a list cannot be hashed.
    """

    def __init__(self, function: Callable[..., Any], calls: SeenCalls, count: int, seed: int) -> None:
        self.calls, self.count = calls, count
        self.chance = random.Random(seed)
        self.parameters: Mapping[str, inspect.Parameter]
        try:
            self.parameters = inspect.signature(function).parameters
        except (TypeError, ValueError):
            self.parameters = {}  # nothing is known about its hints

    def payload(self) -> bytes | None:
        """One such call; None if this attempt leads to none."""
        try:
            made = self._made()
            return made and payload.dumps(*made)
        except Exception:  # as an infinite float that has no int beside it
            return None

    def _made(self) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
        seen, named = self.calls[self.chance.randrange(self.count)]
        args, kwargs = list(seen), dict(named)
        free = [place for place in (*range(len(args)), *kwargs) if self._free(place)]
        if not free:
            return None
        place = self.chance.choice(free)
        holder: Any = kwargs if isinstance(place, str) else args
        other = self._changed(holder[place])
        if other is holder[place]:
            return None
        holder[place] = other
        return tuple(args), kwargs

    def _free(self, place: int | str) -> bool:
        """Whether a place of a call belongs to one parameter, which has no type hint."""
        names = list(self.parameters)
        name = place if isinstance(place, str) else names[place] if place < len(names) else ""
        one = self.parameters.get(name)
        return (
            one is not None
            and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
            and one.annotation is one.empty
        )

    def _changed(self, value: Any) -> Any:
        kind = _type(value)
        if kind is float:
            return int(value)
        if kind is list and (len(value) < 2 or self.chance.random() < 0.25):
            return tuple(value)
        if kind in (list, dict) and len(value) > 1:
            place = self.chance.randrange(1, len(value))
            key = place if kind is list else list(value)[place]
            changed = value.copy()
            changed[key] = self._neighbour(value[key])
            return changed
        return value

    def _neighbour(self, item: Any) -> Any:
        """A value of another type for an item; texts are drawn empty and beyond ASCII anyway."""
        kind = _type(item)
        if kind is int:
            return self.chance.choice([float(item), item + 0.5, item % 2 == 1, None])
        if kind is float:
            return self.chance.choice([int(item), None])
        return None if kind is str else item
