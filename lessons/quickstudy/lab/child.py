"""The lab's end of a child process: start it in the sandbox, ask it, and end it with everything it began."""

import asyncio
import contextlib
import os
import signal
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self, TypeVar

from quickstudy.lab.holding import below, holds_more
from quickstudy.lab.python.child.messages import TargetModule
from quickstudy.lab.python.interpreter import Interpreter, Place
from quickstudy.lab.rig import ChildFailed, Killed
from quickstudy.lab.sandbox import Sandbox
from quickstudy.lab.secret_files import Secrets, Shown, find_secrets
from quickstudy.lab.supervisor import channel
from quickstudy.lab.supervisor.records import Record
from quickstudy.reasons import Code, reason
from quickstudy.records import Target

_HERE = Path(__file__).parent
CHILDREN = (_HERE / "supervisor", _HERE / "python" / "child")
"""The folders with all that a child runs of ours."""
START = CHILDREN[0] / "start.py"
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

R = TypeVar("R", bound=Record)


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

    @property
    def target_module(self) -> TargetModule:
        """What every child is told about the target."""
        return TargetModule(
            path=str(self.target.path),
            module=self.place.module,
            package=self.place.package,
            roots=[str(root) for root in self.place.roots],
            qualname=self.target.qualname,
            project=str(self.project),
        )

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
        program: str,
        *,
        hash_seed: int = 0,
        readable: Sequence[Path] = (),
    ) -> None:
        self.bench = bench
        self.readable = readable
        self.program = program
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
                [
                    str(bench.interpreter.executable),
                    *("-s", "-B", str(START), f"python.child.{self.program}", str(theirs.fileno())),
                ],
                readable=[
                    bench.project,
                    *bench.place.roots,
                    *bench.interpreter.readable,
                    *CHILDREN,
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


@cache
def _compile() -> None:
    """Make byte code of what children run for our own Python, as children may write none."""
    import compileall

    for folder in CHILDREN:
        compileall.compile_dir(folder, quiet=2)


def encoded(text: str) -> bytes:
    """A module's text as the import system reads it, whatever encoding its file declares."""
    return text.encode("utf-8", "surrogatepass")
