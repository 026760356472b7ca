"""The lab's end of a child process: start it in the sandbox, ask it, and end it with everything it began."""

import asyncio
import contextlib
import os
import signal
import socket
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from quickstudy.lab.holding import below, holds_more
from quickstudy.lab.rig import ChildFailed, Killed
from quickstudy.lab.sandbox import Sandbox
from quickstudy.lab.supervisor import channel
from quickstudy.lab.supervisor.records import Record
from quickstudy.reasons import Code, reason

FRAME = 256 << 20
"""Bytes that a child may answer at once; more is a flood."""
MEMORY = 4 << 30
"""Bytes of memory for one process."""
TOGETHER = MEMORY
"""The same for all processes of a child."""
SCRATCH = 64 << 20
PROCESSES = 64
CPU_SECONDS = 600

WATCH_SECONDS = 0.25
ENDING_SECONDS = 5.0
"""How long a process that closed its channel may take to end."""

R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Command:
    """What a child runs, and what it is shown of this machine."""

    argv: tuple[str, ...]
    """It begins with an absolute path. The number of the channel's descriptor is added at the end."""
    folder: Path
    """Where it starts; with a sandbox that is for the program to change to."""
    readable: tuple[Path, ...]
    hidden: tuple[Path, ...]
    refused: tuple[Path, ...]
    environment: Mapping[str, str]
    """Besides what the sandbox gives it."""


class Child(ABC):
    """One child process and its private channel. Use as an async context manager."""

    timed = False
    """Whether it is kept on one core and from the network, even its own, as `Sandbox.command` says."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.process: asyncio.subprocess.Process | None = None
        """The outermost process: killing it ends everything inside."""
        self.swollen = False
        """Whether it was ended because of what it held."""
        self.watch: asyncio.Task[None]
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    @abstractmethod
    async def command(self) -> Command:
        """What it runs."""

    async def __aenter__(self) -> Self:
        command = await self.command()
        ours, theirs = socket.socketpair()
        with theirs:
            argv = self.sandbox.command(
                [*command.argv, str(theirs.fileno())],
                readable=command.readable,
                hidden=command.hidden,
                refused=command.refused,
                memory=MEMORY,
                cpu_seconds=CPU_SECONDS,
                processes=PROCESSES,
                scratch_bytes=SCRATCH,
                timed=self.timed,
                lifeline=theirs.fileno(),
            )
            self.process = await asyncio.create_subprocess_exec(
                *argv,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=self.sandbox.environment(command.environment),
                cwd=command.folder,
                start_new_session=True,
            )
        ours.setblocking(False)
        self.reader, self.writer = await asyncio.open_connection(sock=ours, limit=1 << 20)
        self.watch = asyncio.create_task(self._watch(self.process.pid))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.watch.cancel()
        await self.kill()  # first: it would end by itself when this closes, and its daemons be nobody's
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()

    async def _watch(self, pid: int) -> None:
        """End all its processes if they hold too much: the kernel limits each only by itself."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            if holds_more(pid, TOGETHER, confined=self.sandbox.name != "off"):
                self.swollen = True
                await self.kill()
                return

    async def _is_killed(self) -> bool:
        """Whether it ended by SIGKILL, as the process around it says in its exit status."""
        assert self.process is not None
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(ENDING_SECONDS):
                return await self.process.wait() in (-signal.SIGKILL, 128 + signal.SIGKILL)
        return False

    async def kill(self) -> None:
        """End the process and everything it started, at once."""
        if self.process is None:
            return
        if self.sandbox.name == "off":
            # Without a namespace of its own a daemon would go on, once nobody is left that inherited it.
            for pid in below(self.process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        # Not `process.kill()`: it may reap a process that has just ended, which asyncio waits for as well.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()

    def send(self, message: Record, parts: Sequence[bytes] = ()) -> None:
        """Queue one frame."""
        self.writer.write(channel.frame(message, parts))

    async def receive(self, seconds: float, *due: type[R]) -> tuple[R, list[bytes]]:
        """One frame, which must hold a record that is due.

        Raises ChildFailed if it does not come in time, is cut off or is another; Killed.
        """
        try:
            async with asyncio.timeout(seconds):
                kind, count = channel.read_head(await self.reader.readexactly(channel.HEAD))
                sizes = channel.read_sizes(await self.reader.readexactly(8 * count))
                if sum(sizes) > FRAME:
                    raise ChildFailed(reason(Code.TOO_LARGE_RESULTS))
                payload, *parts = [await self.reader.readexactly(size) for size in sizes]
            return channel.read_record(kind, payload, *due), parts
        except TimeoutError:
            await self.kill()
            raise ChildFailed(reason(Code.TIMED_OUT, seconds=f"{seconds:.1f}")) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            if self.swollen:
                raise ChildFailed(reason(Code.TOO_MUCH_MEMORY)) from None
            if await self._is_killed():
                raise Killed from None
            raise ChildFailed(reason(Code.NO_ANSWER)) from None
        except channel.Forged:
            raise ChildFailed(reason(Code.FORGED)) from None
