"""Facts about this machine, the lock that keeps it quiet while something is timed, and large imports."""

import gc
import platform
from collections import Counter
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator


@dataclass(frozen=True, slots=True)
class Machine:
    """What a figure depends on, besides the code."""

    python: str
    platform: str
    cpu: str


@cache
def this_machine() -> Machine:
    """The machine and interpreter this process runs on."""
    return Machine(platform.python_version(), platform.platform(terse=True), _cpu())


def _cpu() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def cache_folder() -> Path:
    """One folder for all projects of the user: model files and the machine's lock."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("quickstudy", appauthor=False))


def config_folder() -> Path:
    """Where the user's own settings lie."""
    import platformdirs

    return Path(platformdirs.user_config_dir("quickstudy", appauthor=False))


def state_folder() -> Path:
    """What is remembered for the user across projects: what they agreed to, and the key of their offers."""
    import platformdirs

    return Path(platformdirs.user_state_dir("quickstudy", appauthor=False))


@contextmanager
def no_garbage() -> "Generator[None]":
    """Look for garbage neither within this nor, ever after, among what is alive at its end.

    For imports that make some hundred thousand objects which never die, as those of lsprotocol and litellm
    do: a fifth of their time.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


_turns = Counter[str]()
"""How many of this process have the machine, and how many wait for it."""


def waits_for_others() -> bool:
    """Whether this process waits for the machine while another process has it."""
    return _turns["waiting"] > 0 and not _turns["having"]


@asynccontextmanager
async def quiet() -> "AsyncGenerator[None]":
    """Hold the machine for one busy thing: a timing, or generation by a model on this machine.

    Two of these at once spoil each other: a timing gets noise, and llama.cpp's spinning threads fall
    to a tenth of their speed. The lock is the operating system's, so a killed process frees it. Who waits
    holds the turn, so that a process which lets go and asks again at once does not overtake it for ever.
    """
    from filelock import AsyncFileLock

    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    lock = AsyncFileLock(folder / "quiet.lock", poll_interval=0.02)
    with _counted("waiting"):
        async with AsyncFileLock(folder / "turn.lock", poll_interval=0.02):
            await lock.acquire()
    try:
        with _counted("having"):
            yield
    finally:
        await lock.release()


@contextmanager
def _counted(what: str) -> "Generator[None]":
    _turns[what] += 1
    try:
        yield
    finally:
        _turns[what] -= 1
