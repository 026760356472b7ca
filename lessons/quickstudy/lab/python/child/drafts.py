"""Turns calls as `lab/drawing.py` drew them into payloads, with what only this process can give.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import importlib
import io
import pickle

from quickstudy.lab.python.child import payload, shapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any


class SeenCalls:
    """The seen calls by number, each made anew for one draft, and once for it."""

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self.payloads = payloads
        self.made: dict[int, payload.Arguments] = {}

    def __getitem__(self, number: int) -> payload.Arguments:
        if number not in self.made:
            self.made[number] = payload.loads(self.payloads[number])
        return self.made[number]


def finished(draft: bytes, payloads: Sequence[bytes]) -> bytes | None:
    """The payload of a drawn call; None if it cannot be made or kept."""
    try:
        calls = SeenCalls(payloads)
        number, changes = _Unpickler(io.BytesIO(draft), calls).load()
        if number is None:
            return payload.dumps(tuple(changes[place] for place in sorted(changes)), {})
        args, kwargs = list(calls[number][0]), dict(calls[number][1])
        for place, value in changes.items():
            if isinstance(place, str):
                kwargs[place] = value
            else:
                args[place] = value
        return payload.dumps(tuple(args), kwargs)
    except Exception:
        return None


class _Unpickler(pickle.Unpickler):
    """Gives the values that a draft only names."""

    def __init__(self, file: io.BytesIO, calls: SeenCalls) -> None:
        super().__init__(file)
        self.calls = calls

    def persistent_load(self, pid: Any) -> Any:
        kind, *rest = pid
        if kind == "seen":
            return shapes.look_up(self.calls, *rest)
        module, name, args = rest
        made: Any = importlib.import_module(module)
        for part in name.split("."):
            made = getattr(made, part)
        return made(*args)
