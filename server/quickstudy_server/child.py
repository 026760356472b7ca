"""An engine's process as the server sees it: a request in, messages out, and an end within a second."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from quickstudy.search_path import environment
from quickstudy.wire import LONGEST, STOPPED, Message, OptimizeRequest, dump, read_message

PATIENCE_S = 0.8
"""How long an engine that is to end may take before it is killed."""


class Crashed(Exception):
    """The engine ended without saying how the run ended; its last words are in the server's log."""


class Engine:
    """One engine at work. Open it with `engine`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    async def read(self) -> Message | None:
        """The next message; None at the end. Raises Crashed if that is not where a run ends."""
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        if line:
            return read_message(line)
        status = await self._process.wait()
        if status not in (0, STOPPED):
            raise Crashed(f"The engine ended with status {status}; the server's log has its last words.")
        return None

    def agree(self) -> None:
        """Let it fetch the models that it wants."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")

    def dismiss(self) -> None:
        """Let it end."""
        assert self._process.stdin is not None
        self._process.stdin.close()


@asynccontextmanager
async def engine(request: OptimizeRequest) -> AsyncGenerator[Engine]:
    """Start an engine on a request; leaving the block ends it with all its children."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", "quickstudy.engine"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST,
        env=environment(),
        cwd=os.sep,
        start_new_session=True,  # Ctrl-C where the server was started is the server's to handle
    )
    try:
        assert process.stdin is not None
        process.stdin.write(dump(request))
        yield Engine(process)
    finally:
        await asyncio.shield(_end(process))


async def _end(process: asyncio.subprocess.Process) -> None:
    assert process.stdin is not None
    process.stdin.close()
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(PATIENCE_S):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
