"""Keeps distinct calls, spread over their sizes. Stdlib only, CPython 3.9 and newer."""

from __future__ import annotations

from quickstudy.lab.python.child import payload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Literal

    Origin = Literal["declared", "tests", "doctest"]

LOOKED_AT = 20_000
"""Later calls are only counted: looking at each costs the tests their time."""


class CallStore:
    """Calls by payload, with their origins. `origin` is that of the calls that are being made.

    `most` is how many, `size` how many bytes those of about the same size may take together.
    """

    def __init__(self, most: int, size: int) -> None:
        self.most, self.size = most, size
        self.calls: dict[bytes, Origin] = {}
        self.sizes: dict[int, list[bytes]] = {}
        """The payloads of about the same size, by its power of two."""
        self.fresh: list[bytes] = []
        """What the test that runs has added."""
        self.seen = self.lost = 0
        self.origin: Origin = "tests"

    def keep(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> payload.Arguments:
        """Keep a call that is about to be made; returns the arguments to make it with."""
        self.seen += 1
        if self.seen <= LOOKED_AT:
            args, kwargs = payload.replayable(args, kwargs)
            try:
                self._add(payload.dumps(args, kwargs))
            except Exception:
                self.lost += 1
        return args, kwargs

    def _add(self, call: bytes) -> None:
        if call in self.calls:
            return
        if len(call) > self.size:
            self.lost += 1
            return
        alike = self.sizes.setdefault(len(call).bit_length(), [])
        if sum(map(len, alike)) + len(call) > self.size:
            return
        if len(self.calls) >= self.most:
            # Room is made among the most frequent sizes, as long as there is a more frequent one.
            crowded = max(self.sizes.values(), key=len)
            if len(crowded) <= len(alike) + 1:
                return
            self.drop(crowded[-1])
        alike.append(call)
        self.calls[call] = self.origin
        self.fresh.append(call)

    def drop(self, call: bytes) -> None:
        if self.calls.pop(call, None):
            self.sizes[len(call).bit_length()].remove(call)
