"""Enlarges a call step by step until the original takes as long as is wanted.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import random
import sys

from quickstudy.lab.python.child import payload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from quickstudy.lab.python.child.trial import Trial

_type: Any = type
_KINDS: Any = (list, tuple, set, frozenset)
SIZE = 200_000
"""No container is grown beyond this many items."""
BYTES = 8 << 20


class ScaleUp:
    """Makes larger values like the ones seen: of the same types, in the same order."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def grown(self, value: Any, factor: int) -> Any:
        """The value `factor` times as large; a value without a size stays as it is."""
        kind = _type(value)
        numpy = sys.modules.get("numpy")  # who has an array has loaded it
        if numpy and kind is numpy.ndarray:
            return self._repeated(numpy, value, factor)
        if kind in (str, bytes):
            return (value * factor)[: min(SIZE, len(value) * factor)]
        if kind in _KINDS and value:
            items = list(value)
            if self._nested(items):
                side = max(2, round(factor**0.5))
                items = [self.grown(item, side) for item in self._more(items, side)]
                return kind(items)
            return kind(self._more(items, factor))
        if kind is dict and value:
            keys = self._more(list(value), factor)
            values = list(value.values())
            return {key: value[key] if key in value else self._like(values) for key in keys}
        return value

    def raised(self, value: Any, factor: int) -> Any:
        """A whole number `factor` times as great; anything else as it is."""
        return value * factor if type(value) is int and value > 0 else value

    def _repeated(self, numpy: Any, array: Any, factor: int) -> Any:
        """A line or table of numbers, repeated; another array as it is."""
        if array.dtype.kind not in "iufb" or array.ndim not in (1, 2) or not array.size:
            return array
        factor = max(1, min(factor, SIZE // array.size))
        if array.ndim == 2:
            side = max(1, round(factor**0.5))
            return numpy.tile(array, (side, side))
        more = numpy.tile(array, factor)
        return numpy.sort(more) if (array[:-1] <= array[1:]).all() else more

    def _nested(self, items: Sequence[Any]) -> bool:
        """Whether this is a table: a sequence of equally long sequences."""
        first = items[0]
        return (
            _type(first) in (list, tuple)
            and len(first) > 2
            and all(_type(item) is _type(first) and len(item) == len(first) for item in items)
        )

    def _more(self, items: list[Any], factor: int) -> list[Any]:
        count = min(SIZE, len(items) * factor)
        ascending = self._ascending(items)
        more = items + [self._like(items, count) for _ in range(count - len(items))]
        return sorted(more) if ascending else more

    def _ascending(self, items: list[Any]) -> bool:
        try:
            return len(items) > 2 and all(a <= b for a, b in zip(items, items[1:]))
        except Exception:
            return False

    def _like(self, items: Sequence[Any], spread: int = 1) -> Any:
        """One more item such as these; half the time one of them."""
        item = self.chance.choice(items)
        kind = _type(item)
        if kind is int and self.chance.random() < 0.75:
            numbers = [one for one in items if _type(one) is int]
            low, high = min(numbers), max(numbers)
            room = max(high - low, spread if high - low > 1 else high - low)
            return low + self.chance.randint(0, room)
        if kind is float and self.chance.random() < 0.75:
            numbers = [one for one in items if _type(one) is float]
            return self.chance.uniform(min(numbers), max(numbers))
        if kind is str and len(item) > 1 and self.chance.random() < 0.75:
            letters = self.chance.sample(item, len(item))
            return "".join(letters) + (self.chance.choice(item) if self.chance.random() < 0.5 else "")
        if kind is tuple and item:
            columns = zip(*[one for one in items if _type(one) is tuple and len(one) == len(item)])
            return tuple(self.chance.choice(column) for column in columns)
        return item


def enlarged(start: bytes, scale_up: ScaleUp, trial: Trial, aim_ns: int) -> bytes | None:
    """A call enlarged step by step until the original takes so long; None if it cannot be."""
    args, kwargs = payload.loads(start)
    sized = any(map(_has_items, (*args, *kwargs.values())))
    # Where nothing has a size, numbers may stand for one; they are raised with more care.
    enlarge, step = (scale_up.grown, 4) if sized else (scale_up.raised, 2)
    best, factor = None, step
    while factor <= SIZE:
        args, kwargs = payload.loads(start)
        args = tuple(enlarge(value, factor) for value in args)
        kwargs = {key: enlarge(value, factor) for key, value in kwargs.items()}
        try:
            larger = payload.dumps(args, kwargs)
        except Exception:
            return best
        if larger == best or len(larger) > BYTES:
            return best
        spent = trial.spent_ns(larger)
        if spent is None:
            return best
        best = larger
        # Twice, as it may have waited for the core.
        if spent >= aim_ns and (trial.spent_ns(larger) or aim_ns) >= aim_ns:
            return best
        factor *= step
    return best


def _has_items(value: Any) -> bool:
    try:
        return len(value) > 0
    except TypeError:
        return False
