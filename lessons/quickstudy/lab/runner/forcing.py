"""Calls the function on test and makes it finish, whatever kind it is.

Stdlib only, CPython 3.9 and newer.
"""

import asyncio
import inspect


class Forced:
    """Calls the function and makes it finish: coroutines are awaited, iterators drained."""

    def __init__(self, function, describe):
        self.function = function
        self.is_iterator = describe.is_iterator
        self.limit = describe.ITEMS_OF_AN_ITERATOR
        code = inspect.unwrap(function) if callable(function) else function
        self.awaits = inspect.iscoroutinefunction(code)
        self.drains = inspect.isasyncgenfunction(code)
        self.loop = None

    def begin(self):
        """Make what a process must not share with the one it was forked from."""
        if self.awaits or self.drains:
            self.loop = asyncio.new_event_loop()

    def __call__(self, args, kwargs):
        result = self.function(*args, **kwargs)
        if self.awaits:
            return self.loop.run_until_complete(result)
        if self.drains:
            return self.loop.run_until_complete(self._gather(result))
        return result

    async def _gather(self, stream):
        items = []
        async for item in stream:
            items.append(item)
            if len(items) == self.limit:
                break
        return ("async generator", items)

    def exhaust(self, result):
        """The items of an iterator, up to the cap; anything else as it is."""
        if not self.is_iterator(result):
            return result
        items = []
        for item in result:
            items.append(item)
            if len(items) == self.limit:
                break
        return items
