"""The lock that keeps the machine quiet while something is timed."""

import asyncio

from quickstudy.machine import quiet

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
