"""The lab's end of a child process: start it in the sandbox, ask it, and end it with everything it began."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self, cast

from quickstudy.lab.holding import below, holds_more
from quickstudy.lab.python.interpreter import Interpreter, Place
from quickstudy.lab.rig import ChildFailed, Json, Killed
from quickstudy.lab.sandbox import Sandbox
from quickstudy.lab.secret_files import Secrets, Shown, find_secrets
from quickstudy.reasons import Code, reason
from quickstudy.records import Target

RUNNER = Path(__file__).parent / "runner"
FRAME = 256 << 20
"""Bytes that a child may answer at once; more is a flood."""
MEMORY = 4 << 30
"""Bytes of memory for one process."""
TOGETHER = MEMORY
"""The same for all processes of a child."""
SCRATCH = 64 << 20
PROCESSES = 64
CPU_SECONDS = 600

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""All is timed on one core, where a library's own threads would only disturb each other."""

WATCH_SECONDS = 0.25
ENDING_SECONDS = 5.0
"""How long a process that closed its channel may take to end."""


@dataclass(frozen=True, slots=True)
class Bench:
    """Where children run: the target's project, its interpreter, its name there, and the sandbox."""

    target: Target
    project: Path
    interpreter: Interpreter
    place: Place
    sandbox: Sandbox
    withheld: tuple[Path, ...] = ()
    """Files with the inputs in them, which code that is timed on these must not read."""
    hidden: tuple[str, ...] = ()
    """Patterns of more names of files with secrets, which no child sees."""

    def order(self, **more: object) -> Json:
        """What every child is told about the target."""
        return {
            "path": str(self.target.path),
            "module": self.place.module,
            "package": self.place.package,
            "roots": [str(root) for root in self.place.roots],
            "qualname": self.target.qualname,
            "project": str(self.project),
            **more,
        }

    def secrets(self, *others: Path) -> Secrets:
        """What is hidden of the folders that a child is shown, these among them."""
        if self.sandbox.name == "off":
            return Secrets()
        folders = (self.project, *self.place.roots, *self.interpreter.sources, *others)
        return find_secrets(Shown(folders, self.interpreter.folders, self.hidden))


class Child:
    """One child process and its private channel. Use as an async context manager."""

    timed = False
    """Whether it is kept on one core and from the network, even its own, as `Sandbox.command` says."""

    def __init__(
        self,
        bench: Bench,
        script: str,
        *,
        hash_seed: int = 0,
        readable: Sequence[Path] = (),
    ) -> None:
        self.bench = bench
        self.readable = readable
        self.script = RUNNER / script
        self.hash_seed = hash_seed
        self.process: asyncio.subprocess.Process | None = None
        """The outermost process: killing it ends everything inside."""
        self.swollen = False
        """Whether it was ended because of what it held."""
        self.secrets: Secrets
        """What it does not see of the folders it is shown."""
        self.watch: asyncio.Task[None]
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    async def __aenter__(self) -> Self:
        _compile()
        bench = self.bench
        self.secrets = secrets = await asyncio.to_thread(bench.secrets, *self.readable)
        ours, theirs = socket.socketpair()
        with theirs:
            argv = bench.sandbox.command(
                [str(bench.interpreter.executable), "-s", "-B", str(self.script), str(theirs.fileno())],
                readable=[
                    bench.project,
                    *bench.place.roots,
                    *bench.interpreter.readable,
                    RUNNER,
                    *self.readable,
                ],
                hidden=[*secrets.empty, *(bench.withheld if self.timed else ())],
                refused=secrets.refused,
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
                env=bench.sandbox.environment({"PYTHONHASHSEED": str(self.hash_seed), **ONE_THREAD}),
                cwd=bench.project,
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
            if holds_more(pid, TOGETHER, confined=self.bench.sandbox.name != "off"):
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
        if self.bench.sandbox.name == "off":
            # Without a namespace of its own a daemon would go on, once nobody is left that inherited it.
            for pid in below(self.process.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        # Not `process.kill()`: it may reap a process that has just ended, which asyncio waits for as well.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        await self.process.wait()

    def send(self, header: Json, parts: Sequence[bytes] = ()) -> None:
        """Queue one frame, as `runner/channel.py` reads it."""
        head = json.dumps(header).encode()
        sizes = [len(head), *map(len, parts)]
        lengths = struct.pack("!I", len(sizes)) + struct.pack(f"!{len(sizes)}Q", *sizes)
        self.writer.write(b"".join([lengths, head, *parts]))

    async def receive(self, seconds: float) -> tuple[Json, list[bytes]]:
        """One frame. Raises ChildFailed if it does not come in time, is cut off or is no frame; Killed."""
        try:
            async with asyncio.timeout(seconds):
                (count,) = struct.unpack("!I", await self.reader.readexactly(4))
                if count > 1 << 20:
                    raise ChildFailed(reason(Code.FORGED))
                sizes = struct.unpack(f"!{count}Q", await self.reader.readexactly(8 * count))
                if sum(sizes) > FRAME:
                    raise ChildFailed(reason(Code.TOO_LARGE_RESULTS))
                head: object = json.loads(await self.reader.readexactly(sizes[0]))
                if not isinstance(head, dict):
                    raise ChildFailed(reason(Code.FORGED))
                return cast(Json, head), [await self.reader.readexactly(size) for size in sizes[1:]]
        except TimeoutError:
            await self.kill()
            raise ChildFailed(reason(Code.TIMED_OUT, seconds=f"{seconds:.1f}")) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            if self.swollen:
                raise ChildFailed(reason(Code.TOO_MUCH_MEMORY)) from None
            if await self._is_killed():
                raise Killed from None
            raise ChildFailed(reason(Code.NO_ANSWER)) from None
        except (ValueError, struct.error, IndexError, RecursionError):
            raise ChildFailed(reason(Code.FORGED)) from None


@cache
def _compile() -> None:
    """Make byte code of the scripts for our own Python, as children may write none."""
    import compileall

    compileall.compile_dir(RUNNER, quiet=2)


def encoded(text: str) -> bytes:
    """A module's text as the import system reads it, whatever encoding its file declares."""
    return text.encode("utf-8", "surrogatepass")
