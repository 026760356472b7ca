"""The lock that keeps the machine quiet while something is timed."""

import asyncio

from filelock import FileLock

from quickstudy.machine import cache_folder, quiet, waits_for_others

MOST = 30
"""So often the greedy one holds it at most."""


async def test_who_waits_is_not_overtaken_for_ever() -> None:
    """One lets go and asks again at once, all the time; another still has its turn."""
    held = 0

    async def wait() -> int:
        async with quiet():
            return held

    async with quiet():
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0.1)  # now it stands in the queue
    while held < MOST and not waiting.done():
        async with quiet():
            held += 1
            await asyncio.sleep(0.05)
    assert await waiting < 3


async def test_a_wait_for_another_process_is_known() -> None:
    """A wait for another part of the same run is none that a user has to know of."""

    async def hold() -> None:
        async with quiet():
            assert not waits_for_others()

    assert not waits_for_others()
    async with quiet():
        inside = asyncio.create_task(hold())
        await asyncio.sleep(0.1)
        assert not waits_for_others()
    await inside
    with FileLock(cache_folder() / "quiet.lock"):
        waiting = asyncio.create_task(hold())
        await asyncio.sleep(0.1)
        assert waits_for_others()
    await waiting
    assert not waits_for_others()
