"""The engine as the child of an editor's server: `python -m quickstudy.engine` does one run (`run.py`).

It reads a request from stdin and writes messages to stdout, one line each (`wire.py`). Models, litellm and
the lab live here, so that nothing they do can harm the server. When stdin ends the server is gone, and so is
the engine within a second, with every child it has.
"""

import asyncio
import os
import signal
import sys
import traceback
from typing import BinaryIO

from quickstudy.run import run
from quickstudy.wire import LONGEST, STOPPED, Message, dump, read_request

GRACE_S = 0.6
"""How long a run that is ended may take to close its rooms."""

BUG = 70
"""Exit status of an engine with a bug, as the shell has it."""


def main() -> None:
    """Do one run to its end, or to that of the server."""
    # Whatever a library prints goes to the server's log: the channel is ours alone.
    channel = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.exit(asyncio.run(_serve(channel)))


async def _serve(channel: BinaryIO) -> int:
    loop = asyncio.get_running_loop()
    requests = asyncio.StreamReader(limit=LONGEST)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(requests), sys.stdin.buffer)
    line = await requests.readline()
    if not line:
        return STOPPED

    def post(message: Message) -> None:
        channel.write(dump(message))
        channel.flush()

    agreed = asyncio.Event()
    work = loop.create_task(run(read_request(line), post, agreed.wait))
    gone = loop.create_task(_listen(requests, agreed))
    loop.add_signal_handler(signal.SIGTERM, gone.cancel)
    await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
    if not work.done():
        work.cancel()
        await asyncio.wait((work,), timeout=GRACE_S)
        # Not sys.exit: that waits for threads, as one that imports a library for seconds.
        os._exit(STOPPED)
    error = work.exception()
    if error is None or isinstance(error, BrokenPipeError):
        return 0
    traceback.print_exception(error)
    sys.stderr.flush()
    return BUG


async def _listen(requests: asyncio.StreamReader, agreed: asyncio.Event) -> None:
    """A line says that models may be fetched; the end of the stream, that nobody listens any more."""
    while await requests.readline():
        agreed.set()


if __name__ == "__main__":
    main()
