"""Asks an interpreter what it is, in the sandbox: its start runs what `.pth` files of its packages say."""

import asyncio
import contextlib
import json
import os
import signal
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard, cast

from quickstudy.errors import InputError
from quickstudy.lab.sandbox import Sandbox

ANSWER = 1 << 20
"""Bytes of what it may print."""
ANSWER_SECONDS = 30.0
MEMORY, CPU_SECONDS, PROCESSES, SCRATCH = 4 << 30, 30, 16, 16 << 20
LINE = 300
"""Characters of its last words that are shown."""
NO_BYTE_CODE = {"PYTHONDONTWRITEBYTECODE": "1"}
"""No child leaves byte code where it runs."""

_ASK = r"""
import glob, json, os, platform, sys, sysconfig
paths = sysconfig.get_paths()
folders = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib") if name in paths]
named = []
for folder in sorted(set(folders + sys.path)):
    for file in sorted(glob.glob(os.path.join(folder, "*.pth"))):
        with open(file, "rb") as lines:
            for line in lines.read().decode("utf-8", "replace").splitlines():
                if line.strip() and not line.startswith(("#", "import ", "import\t")):
                    named.append(os.path.join(folder, line.rstrip()))
for name, module in list(sys.modules.items()):
    if name.startswith("__editable__"):
        named.extend(map(os.path.dirname, getattr(module, "MAPPING", {}).values()))
print(json.dumps({
    "version": list(sys.version_info[:3]),
    "implementation": platform.python_implementation(),
    "folders": folders + sys.path + named,
}))
"""
"""In words that Python 2 knows as well: it is one that a user may name.

What `.pth` files and the finders of editable installs name is read there: where this runs those folders are
not in view, and so not on the path.
"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What an interpreter says of itself. It may say anything."""

    version: tuple[int, ...]
    implementation: str
    folders: tuple[Path, ...]
    """Where it imports from: its own library, its packages, and what these name."""


async def ask(executable: Path, readable: Sequence[Path], sandbox: Sandbox) -> Facts:
    """What an interpreter says, that is shown these files and folders alone. Raises InputError."""
    alive, held = os.pipe()
    try:
        command = sandbox.command(
            [str(executable), "-s", "-c", _ASK],
            readable=readable,
            memory=MEMORY,
            cpu_seconds=CPU_SECONDS,
            processes=PROCESSES,
            scratch_bytes=SCRATCH,
            lifeline=alive,
        )
        printed = await _output(command, sandbox.environment(NO_BYTE_CODE), alive)
    finally:
        os.close(alive)
        os.close(held)
    for line in reversed(printed.splitlines()):  # its start and its end may print something themselves
        facts = _facts(line)
        if facts is not None:
            return facts
    lines = printed.strip().splitlines() or ["it printed nothing"]
    # Such as pyenv's, which needs more than the sandbox shows.
    advice = " It is a script: name the interpreter that it starts." if _is_script(executable) else ""
    raise InputError(f"{executable} is not a working Python: {lines[-1][:LINE].rstrip('.')}.{advice}")


def _is_script(executable: Path) -> bool:
    with executable.open("rb") as file:
        return file.read(2) == b"#!"


def _facts(line: str) -> Facts | None:
    """The facts that a line holds, if it has the form that `_ASK` gives it."""
    try:
        answer: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(answer, dict):
        return None
    told = cast("dict[str, Any]", answer)
    version, implementation, folders = map(told.get, ("version", "implementation", "folders"))
    if not isinstance(version, list) or not isinstance(folders, list) or not isinstance(implementation, str):
        return None
    if not all(type(part) is int for part in cast("list[object]", version)):
        return None
    places = dict.fromkeys(Path(name) for name in cast("list[object]", folders) if _is_path(name))
    return Facts(tuple(cast("list[int]", version)), implementation, tuple(places))


def _is_path(name: object) -> TypeGuard[str]:
    """Whether it is an absolute path that the system can be asked for."""
    try:
        return isinstance(name, str) and name.startswith(os.sep) and b"\0" not in os.fsencode(name)
    except UnicodeEncodeError:
        return False


async def _output(command: Sequence[str], environment: Mapping[str, str], alive: int) -> str:
    """What a command prints that inherits a descriptor, on either stream, up to `ANSWER` bytes."""
    with (
        tempfile.TemporaryFile() as file
    ):  # no pipe: a flood, or a process that holds its end, would block it
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=file,
            stderr=asyncio.subprocess.STDOUT,
            env=environment,
            cwd=os.sep,
            pass_fds=[alive],
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await process.wait()
        except TimeoutError:
            return f"it does not answer within {ANSWER_SECONDS:.0f} seconds"
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        file.seek(0)
        return file.read(ANSWER).decode(errors="replace")
