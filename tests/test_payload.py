"""Calls as bytes: what pickle takes, and what it does not, comes back as it was."""

import threading
import types
from collections.abc import Iterator
from typing import Any

import pytest

from quickstudy.lab.python.child import payload

FACTOR = 3


def returned(*args: Any) -> Any:
    """The arguments after the way to bytes and back."""
    return payload.loads(payload.dumps(args, {}))[0]


def counted(upto: int) -> Iterator[int]:
    yield from range(upto)


def test_a_lambda_keeps_its_code_its_globals_and_what_it_closes_over() -> None:
    """A callback of a test is rebuilt where the test's module cannot be imported."""
    step = 10
    (callback,) = returned(lambda x, y=2: x * FACTOR + step + y)
    assert 1 * FACTOR + 10 + 2 == callback(1)
    assert callback.__name__ == "<lambda>"


def test_inner_functions_call_each_other() -> None:
    """A closure over a closure."""

    def double(x: int) -> int:
        return 2 * x

    def twice(x: int) -> int:
        return double(double(x))

    assert 12 == returned(twice)[0](3)


def test_equal_calls_have_equal_bytes() -> None:
    """So that doubles are seen to be such."""
    first, second = [lambda x: x + 1 for _ in range(2)]
    extra = [first] * 3  # another count of references
    assert payload.dumps((first,), {}) == payload.dumps((second,), {})
    assert extra


def test_a_generator_is_replayed() -> None:
    """The call that is kept still gets all items, and so does the one made of it."""
    args, kwargs = payload.replayable((counted(4),), {"more": counted(2)})
    kept = payload.dumps(args, kwargs)
    assert [0, 1, 2, 3] == list(args[0])
    again, more = payload.loads(kept)
    assert isinstance(again[0], types.GeneratorType)
    assert ([0, 1, 2, 3], [0, 1]) == (list(again[0]), list(more["more"]))


def test_an_endless_generator_is_not_kept_but_still_usable() -> None:
    """Nothing is drained that has no end."""

    def endless() -> Iterator[int]:
        number = 0
        while True:
            yield number
            number += 1

    (args,), _ = payload.replayable((endless(),), {})
    with pytest.raises(Exception, match="generator"):
        payload.dumps((args,), {})
    assert [0, 1, 2] == [next(args) for _ in range(3)]


def test_views_locks_modules_and_proxies() -> None:
    """What pickle refuses and a call may well hold."""
    known = {"a": 1, "b": 2}
    keys, values, items = returned(known.keys(), known.values(), known.items())
    assert (list(keys), list(values), list(items)) == (["a", "b"], [1, 2], [("a", 1), ("b", 2)])
    lock, module, proxy = returned(threading.Lock(), threading, types.MappingProxyType(known))
    assert lock.acquire(blocking=False)
    assert module is threading
    assert proxy == known and isinstance(proxy, types.MappingProxyType)


def test_byte_code_of_another_python_is_refused() -> None:
    """It would crash, or worse, do something else."""
    kept = payload.dumps((lambda: 1,), {})
    magic = payload.importlib.util.MAGIC_NUMBER
    with pytest.raises(ValueError, match="another version of Python"):
        payload.loads(kept.replace(magic, b"\x00" * len(magic)))
