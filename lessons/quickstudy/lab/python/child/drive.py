"""Calls the function on test and makes it finish, whatever kind it is.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import types

from quickstudy.lab.python.child.kinds import ITEMS_OF_AN_ITERATOR, ITERATORS

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
    from typing import Any

    from quickstudy.lab.python.child.payload import Arguments

_type: Any = type
_loops: list[Callable[[], asyncio.AbstractEventLoop]] = []
"""What makes an event loop, once it is imported: most functions need none, and it takes a child long."""
_ASYNCHRONOUS = 0x80 | 0x200
"""The flags of the code of coroutines and of asynchronous generators."""


def prepare() -> None:
    """Import what coroutines need, before a text is loaded that could replace it."""
    import asyncio

    _loops.append(asyncio.new_event_loop)


def _is_asynchronous(function: Any) -> bool:
    for _ in range(100):
        if not hasattr(function, "__wrapped__"):
            break
        function = function.__wrapped__
    return bool(getattr(getattr(function, "__code__", None), "co_flags", 0) & _ASYNCHRONOUS)


class DrivenCall:
    """Calls the function and makes it finish: coroutines are awaited, iterators drained."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.limit = ITEMS_OF_AN_ITERATOR
        self.loop: asyncio.AbstractEventLoop | None = None
        self.asynchronous = _is_asynchronous(function)
        # By the type of what a call returns: a plain function may return a coroutine as well.
        self.awaited: dict[type, Callable[[Any], Any]] = {
            types.CoroutineType: self._await,
            types.AsyncGeneratorType: self._gather,
        }
        self.finished: dict[type, Callable[[Any], Any]] = {
            **dict.fromkeys(ITERATORS, self._drain),
            **self.awaited,
        }

    def begin(self) -> None:
        """Make what a process must not share with the one it was forked from."""
        if self.asynchronous:
            self._looping()

    def run(self, calls: Sequence[Arguments], results: list[Any], finishing: bool = True) -> tuple[int, ...]:
        """Make all calls; each result, or what was raised, goes to its place in a list that is long enough.

        Adds next to nothing to a call: the list does not grow, for memory that is touched first costs time.
        An iterator is not drained unless it is to be finished. The places where something was raised come
        back.
        """
        function, finished = self.function, self.finished if finishing else self.awaited
        raised: tuple[int, ...] = ()
        for place, (args, kwargs) in enumerate(calls):
            try:
                result = function(*args, **kwargs)
                finish = finished.get(_type(result))
                results[place] = result if finish is None else finish(result)
            except BaseException as error:
                results[place] = error
                raised += (place,)
        return raised

    def exhaust(self, result: Any) -> Any:
        """The items of an iterator, up to the cap; anything else as it is."""
        finish = self.finished.get(_type(result))
        return result if finish is None else finish(result)

    def _drain(self, result: Iterable[Any]) -> list[Any]:
        items: list[Any] = []
        for item in result:
            items.append(item)
            if len(items) == self.limit:
                break
        return items

    def _await(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return self._looping().run_until_complete(coroutine)

    def _gather(self, stream: AsyncGenerator[Any, Any]) -> Any:
        return self._looping().run_until_complete(self._items(stream))

    def _looping(self) -> asyncio.AbstractEventLoop:
        if self.loop is None:
            if not _loops:
                prepare()
            self.loop = _loops[0]()
        return self.loop

    async def _items(self, stream: AsyncGenerator[Any, Any]) -> tuple[str, list[Any]]:
        items: list[Any] = []
        async for item in stream:
            items.append(item)
            if len(items) == self.limit:
                break
        return ("async generator", items)
