"""Long work on the server's own loop, cut into slices too short to be felt."""

import asyncio
import time

SLICE_S = 0.002
"""So long one may work before others have their turn."""


class Pause:
    """Called between small pieces of work, lets others have their turn when it is time."""

    def __init__(self) -> None:
        self._since = time.perf_counter()

    async def __call__(self) -> None:
        if time.perf_counter() - self._since > SLICE_S:
            await asyncio.sleep(0)
            self._since = time.perf_counter()
