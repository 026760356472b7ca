"""Runs the embedded models: llama.cpp behind an OpenAI-compatible address, one child process a model."""

import asyncio
import contextlib
import importlib.util
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from signal import SIGKILL
from types import TracebackType
from typing import BinaryIO, Self

from quickstudy.errors import AgentError, InputError
from quickstudy.team.catalogue import find

_SCRIPT = Path(__file__).with_name("llama_server.py")
_CONTEXT = 8192
_CACHE_MIB = 256
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH")
"""All that a child sees of the environment: no keys, no `PYTHONPATH`."""
_BRIEF_SPINNING = {"GOMP_SPINCOUNT": "1000"}
"""Threads that wait for each other soon sleep. Measured: as fast as by default on idle cores, and slightly
faster beside a busy process; never spinning (OMP_WAIT_POLICY=passive) costs half the speed."""


@dataclass(frozen=True, slots=True)
class _Child:
    process: asyncio.subprocess.Process
    url: str
    log: Path


class Runtime:
    """The children of one run. They start on first use and end with the block, or with this process.

    async with Runtime() as runtime:
        url = await runtime.serve("qwen2.5-coder-1.5b")
    """

    def __init__(self, threads: int | None = None) -> None:
        self._threads = threads or physical_cores()
        """Threads of each child."""
        self._children: dict[str, _Child] = {}
        """By model name; one that has died stays until it is asked for again."""
        self._starting = asyncio.Lock()
        """Two models that load at once only wait for each other's disk and cores."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._children:
            _, child = self._children.popitem()
            await _end(child.process)

    async def serve(self, name: str) -> str:
        """The base address, `http://127.0.0.1:PORT/v1`, of a model that is loaded and ready.

        Raises InputError if the model or llama.cpp is not installed, AgentError if the child ends at once.
        """
        async with self._starting:
            child = self._children.get(name)
            if child is None or child.process.returncode is not None:
                child = self._children[name] = await _start(name, self._threads)
            return child.url

    def died(self, name: str) -> str | None:
        """In one sentence why a model's process has ended, if it has. The next `serve` starts it anew."""
        child = self._children.get(name)
        if child is None or child.process.returncode is None:
            return None
        return _obituary(name, child.process.returncode, child.log)


async def _start(name: str, threads: int) -> _Child:
    model = find(name)
    if not model.present:
        raise InputError(f"The model {name} is not on this machine; run `quickstudy models pull {name}`.")
    if importlib.util.find_spec("xllamacpp") is None:
        raise InputError("Embedded models need llama.cpp; run pip install 'quickstudy[local]'.")
    settings = {"path": str(model.path), "context": _CONTEXT, "threads": threads, "cache_mib": _CACHE_MIB}
    log = model.path.with_suffix(".log")
    process = await _spawn(json.dumps(settings), log)
    try:
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().strip()
        if url:
            return _Child(process, url, log)
        raise AgentError(_obituary(name, await process.wait(), log))
    except BaseException:
        await _end(process)
        raise


async def _spawn(settings: str, log: Path) -> asyncio.subprocess.Process:
    with _opened(log) as output:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(_SCRIPT), settings),
            env={key: os.environ[key] for key in _KEPT if key in os.environ} | _BRIEF_SPINNING,
            cwd=log.parent,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=output,
            start_new_session=True,  # Ctrl-C in the terminal is ours to handle
        )


def _opened(log: Path) -> BinaryIO:
    return log.open("wb")


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill it, for it has nothing to save."""
    if process.returncode is None:
        # Not `process.kill()`: it may reap a process that has just ended, which asyncio waits for as well.
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, SIGKILL)
    await process.wait()


def _obituary(name: str, status: int, log: Path) -> str:
    if status == -SIGKILL:
        return f"The model {name} was killed, probably for lack of memory; make room or name a smaller model."
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    last = lines[-1] if lines else "without a message"
    return f"The model {name} ended with status {status} ({last}); run `quickstudy doctor`."


def physical_cores() -> int:
    """Physical cores this process may use: a second thread on a core adds nothing to llama.cpp."""
    if not hasattr(os, "sched_getaffinity"):
        return os.cpu_count() or 1
    return len({_core(cpu) for cpu in os.sched_getaffinity(0)})


def _core(cpu: int) -> str:
    try:
        return Path(f"/sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list").read_text()
    except OSError:
        return str(cpu)
