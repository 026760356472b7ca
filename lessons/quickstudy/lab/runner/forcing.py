"""Calls the function on test and makes it finish, whatever kind it is.

Stdlib only, CPython 3.9 and newer.
"""

import asyncio
import inspect

_type = type


class Forced:
    """Calls the function and makes it finish: coroutines are awaited, iterators drained."""

    def __init__(self, function, describe):
        self.function = function
        self.iterators = describe.ITERATORS
        self.limit = describe.ITEMS_OF_AN_ITERATOR
        self.loop = None
        code = inspect.unwrap(function) if callable(function) else function
        self.asynchronous = inspect.iscoroutinefunction(code) or inspect.isasyncgenfunction(code)
        self.finish = function
        if inspect.iscoroutinefunction(code):
            self.finish = self._await
        elif inspect.isasyncgenfunction(code):
            self.finish = self._gather

    def begin(self):
        """Make what a process must not share with the one it was forked from."""
        if self.asynchronous:
            self.loop = asyncio.new_event_loop()

    def __call__(self, args, kwargs):
        return self.finish(*args, **kwargs)

    def run(self, calls, results):
        """Make all calls; each result, or what was raised, goes to its place in a list that is long enough.

        Adds next to nothing to a call: the list does not grow, for memory that is touched first costs time.
        """
        finish, iterators, exhaust = self.finish, self.iterators, self.exhaust
        for place, (args, kwargs) in enumerate(calls):
            try:
                result = finish(*args, **kwargs)
                results[place] = exhaust(result) if _type(result) in iterators else result
            except BaseException as error:
                results[place] = error

    def exhaust(self, result):
        """The items of an iterator, up to the cap; anything else as it is."""
        if _type(result) not in self.iterators:
            return result
        items = []
        for item in result:
            items.append(item)
            if len(items) == self.limit:
                break
        return items

    def _await(self, *args, **kwargs):
        return self.loop.run_until_complete(self.function(*args, **kwargs))

    def _gather(self, *args, **kwargs):
        return self.loop.run_until_complete(self._items(self.function(*args, **kwargs)))

    async def _items(self, stream):
        items = []
        async for item in stream:
            items.append(item)
            if len(items) == self.limit:
                break
        return ("async generator", items)
