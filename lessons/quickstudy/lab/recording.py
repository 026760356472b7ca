"""Keeps the real calls that a command of the user makes to a target, and finds them again as a workload.

They lie in the project's `.quickstudy/recorded/`, one file a function, as records that `runner/record.py`
describes. Nothing here unpickles one: only a sandboxed child does.
"""

import asyncio
import hashlib
import json
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quickstudy.errors import InputError
from quickstudy.lab.child import RUNNER
from quickstudy.records import Call, Target

MOST_OF_A_SIZE = 64
BYTES_OF_A_SIZE = 16 << 20
"""What is kept of calls of about the same size: so many, and so many bytes. Late large calls have room."""
_HEAD = struct.Struct("!QQ")


@dataclass(frozen=True, slots=True)
class Recording:
    """What was kept of a function's calls."""

    file: Path
    calls: tuple[Call, ...]
    seen: int
    """How many calls were made, doubles and those included that were not kept."""


def recorded_file(project: Path, target: Target) -> Path:
    """Where a function's calls lie: by its file and name, so that they outlive a change of its body."""
    place = Path(os.path.relpath(target.path, project)).as_posix()
    digest = hashlib.sha256(f"{place}::{target.qualname}".encode()).hexdigest()[:16]
    return project / ".quickstudy" / "recorded" / f"{digest}.calls"


def recorded(project: Path, target: Target) -> Recording:
    """The calls kept for a target; none if nothing was recorded. A record that was cut off is left out."""
    file = recorded_file(project, target)
    return _read(file)


async def record(project: Path, target: Target, command: Sequence[str]) -> tuple[Recording, int]:
    """Run a command as the user would, and keep the calls it makes to the target; with its exit status.

    An earlier recording is replaced only by one that holds calls. Raises InputError if the command cannot
    be started, if it never calls the target, or if the folder cannot be written.
    """
    file = recorded_file(project, target)
    fresh = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        ignore = file.parent.parent / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"Nothing can be kept in {file.parent}: {error.strerror}.") from error
    order = {
        "path": str(target.path),
        "qualname": target.qualname,
        "file": str(fresh),
        "most": MOST_OF_A_SIZE,
        "bytes": BYTES_OF_A_SIZE,
    }
    path = os.pathsep.join(filter(None, [str(RUNNER / "startup"), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "QUICKSTUDY_RECORD": json.dumps(order), "PYTHONPATH": path}
    try:
        process = await asyncio.create_subprocess_exec(*command, env=environment)
    except OSError as error:
        raise InputError(f"The command {command[0]} cannot be started: {error.strerror}.") from error
    status = await process.wait()
    found = _read(fresh)
    if not found.calls:
        fresh.unlink(missing_ok=True)
        raise InputError(
            f"The command made no call to `{target.qualname}` that could be kept (exit status {status}). "
            f"Give a command that imports {target.path.name} in a Python of its own and calls the function."
        )
    fresh.replace(file)
    return Recording(file, found.calls, found.seen), status


def _read(file: Path) -> Recording:
    """Distinct calls in the order of their first appearance."""
    try:
        data = file.read_bytes()
    except OSError:
        return Recording(file, (), 0)
    counts: dict[bytes, int] = {}
    place = 0
    while place + _HEAD.size <= len(data):
        size, count = _HEAD.unpack_from(data, place)
        payload = data[place + _HEAD.size : place + _HEAD.size + size]
        if len(payload) < size:
            break  # the process was ended in the middle of a write
        counts[payload] = counts.get(payload, 0) + count
        place += _HEAD.size + size
    calls = tuple(Call(payload, "recorded") for payload in counts if payload)
    return Recording(file, calls, sum(counts.values()))
