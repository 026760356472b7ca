"""Keeps the real calls that a command of the user makes to a target, and finds them again as a workload.

They lie in the project's `.quickstudy/recorded/`, one file a function, as records that `child/record.py`
describes. Nothing here unpickles one: only a sandboxed child does.
"""

import asyncio
import contextlib
import errno
import hashlib
import json
import os
import shutil
import signal
import struct
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quickstudy.errors import InputError
from quickstudy.lab.process import MEMORY, PROCESSES
from quickstudy.lab.python.asking import NO_BYTE_CODE
from quickstudy.lab.python.interpreter import find_interpreter, place_of
from quickstudy.lab.python.program import CHILDREN, RunContext
from quickstudy.lab.sandbox import START, Mode, find_sandbox
from quickstudy.project import Project, read_regular
from quickstudy.records import Call, Target
from quickstudy.tether import tethered

MOST_OF_A_SIZE = 64
BYTES_OF_A_SIZE = 16 << 20
"""What is kept of calls of about the same size: so many, and so many bytes. Late large calls have room."""
CPU_SECONDS, SCRATCH = 24 * 3600, 1 << 30
"""Limits of a recorded command in the sandbox; it may run for as long as the user lets it."""
INTERRUPTED = 130
CONFINED = (
    "In the sandbox it has no network and none of your environment, and writes only to a scratch folder; "
    "--sandbox off runs it as you would."
)
MOST_BYTES = 256 << 20
"""More than all of them take together: a larger file is none of ours."""
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
    return Project(project).path(_place(project, target))


def recorded(project: Path, target: Target) -> Recording:
    """The calls kept for a target; none if nothing was recorded. A record that was cut off is left out.

    Raises InputError if what lies there is no recording of ours, as a link, or a file that is too large.
    """
    file = Project(project).check(_place(project, target))
    try:
        data = read_regular(file, MOST_BYTES)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise InputError(f"{file} is larger than any recording; remove it.") from error
        data = b""
    return _recording(file, _counts(data))


def _place(project: Path, target: Target) -> str:
    """Its name below the project's folder that is ours."""
    place = Path(os.path.relpath(target.path, project)).as_posix()
    digest = hashlib.sha256(f"{place}::{target.qualname}".encode()).hexdigest()[:16]
    return f"recorded/{digest}.calls"


async def record(
    project: Path,
    target: Target,
    command: Sequence[str],
    *,
    python: Path | None = None,
    sandbox: Mode = "auto",
    hidden: tuple[str, ...] = (),
) -> tuple[Recording, int]:
    """Run a command in the sandbox, and keep the calls it makes to the target; with its exit status.

    An interrupt ends the command, and what it did until then counts: 130. An earlier recording is replaced
    only by one that holds calls. Raises InputError if the command cannot be started, if it never calls the
    target, or if the folder cannot be written, and NoSandbox.
    """
    confined = find_sandbox(sandbox)
    interpreter = await find_interpreter(project, python, confined)
    place = place_of(target.path, project)
    context = RunContext(target, project, interpreter, place, confined, hidden=hidden)
    ours, file = Project(project), recorded_file(project, target)
    try:
        ours.prepare()
        with tempfile.NamedTemporaryFile(prefix="quickstudy-") as fresh:
            status = await _run(context, command, Path(fresh.name))
            counts = _counts(fresh.read(MOST_BYTES))
        found = _recording(file, counts)
        if found.calls:
            records = (_HEAD.pack(len(payload), count) + payload for payload, count in counts.items())
            ours.write(_place(project, target), b"".join(records))
            return found, INTERRUPTED if status is None else status
    except OSError as error:
        raise InputError(f"Nothing can be kept in {file.parent}: {error.strerror}.") from error
    if status is None:
        raise asyncio.CancelledError
    raise InputError(
        f"The command made no call to `{target.qualname}` that could be kept (exit status {status}). "
        f"Give a command that imports {target.path.name} in a Python of its own and calls the function."
        + (f" {CONFINED}" if context.sandbox.name != "off" else "")
    )


async def _run(context: RunContext, command: Sequence[str], fresh: Path) -> int | None:
    """Run a command whose Pythons append the calls they make to this file; None if it was interrupted."""
    sandbox, interpreter = context.sandbox, context.interpreter
    path = os.pathsep.join([str(interpreter.executable.parent), os.environ.get("PATH", os.defpath)])
    program = shutil.which(command[0], path=path)
    if program is None:
        raise InputError(f"The command {command[0]} cannot be started: there is no such program.")
    confined = sandbox.name != "off"
    file = f"{sandbox.scratch}/calls" if confined else str(fresh)
    order = {
        "path": str(context.target.path),
        "qualname": context.target.qualname,
        "file": file,
        "most": MOST_OF_A_SIZE,
        "bytes": BYTES_OF_A_SIZE,
    }
    startup = os.pathsep.join(filter(None, [str(CHILDREN[1] / "startup"), os.environ.get("PYTHONPATH")]))
    environment = {"QUICKSTUDY_RECORD": json.dumps(order), "PYTHONPATH": startup, "PATH": path}
    argv = [str(Path.cwd() / program), *command[1:]]
    if not confined:
        process = await asyncio.create_subprocess_exec(
            *tethered(argv, leave=True), env={**os.environ, **environment}
        )
        return await _end(process, interrupted=True)  # by the terminal, as well as we are
    alive, held = os.pipe()
    try:
        with fresh.open("ab") as out:
            process = await asyncio.create_subprocess_exec(
                *_confined(context, argv, file, out.fileno(), alive),
                env=sandbox.environment({**NO_BYTE_CODE, **environment}),
                pass_fds=[out.fileno(), alive],
                start_new_session=True,
            )
        return await _end(process, interrupted=False)
    finally:
        os.close(alive)
        os.close(held)


async def _end(process: asyncio.subprocess.Process, *, interrupted: bool) -> int | None:
    """The exit status of a command; None once it has ended after an interrupt of ours.

    One that was interrupted as well ends as it likes, unless that takes too long for whoever waits.
    """
    try:
        return await process.wait()
    except asyncio.CancelledError:
        if not interrupted:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        try:
            await process.wait()
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
        return None


def _confined(context: RunContext, argv: Sequence[str], file: str, out: int, alive: int) -> list[str]:
    """The command line that runs this in the sandbox, in the same folder, and carries `file` to `out`."""
    here, project = Path.cwd(), context.project.resolve()
    if not here.is_relative_to(project) and not project.is_relative_to(here):
        raise InputError(
            f"The command starts in {here}, which the sandbox does not show. Start it in {project}."
        )
    secrets = context.secrets()
    start = [str(context.interpreter.executable), "-I", "-S", str(START), "supervisor.carry"]
    carry = [*start, str(out), str(here), file, "--", *argv]
    return context.sandbox.command(
        carry,
        readable=[
            context.project,
            *context.place.roots,
            *context.interpreter.readable,
            *CHILDREN,
            Path(argv[0]),
        ],
        hidden=secrets.empty,
        refused=secrets.refused,
        memory=MEMORY,
        cpu_seconds=CPU_SECONDS,
        processes=PROCESSES,
        scratch_bytes=SCRATCH,
        lifeline=alive,
    )


def _counts(data: bytes) -> dict[bytes, int]:
    """Distinct calls in the order of their first appearance, and how often each was made.

    Under an empty payload stands how many were not kept.
    """
    counts: dict[bytes, int] = {}
    place = 0
    while place + _HEAD.size <= len(data):
        size, count = _HEAD.unpack_from(data, place)
        payload = data[place + _HEAD.size : place + _HEAD.size + size]
        if len(payload) < size:
            break  # the process was ended in the middle of a write
        counts[payload] = counts.get(payload, 0) + count
        place += _HEAD.size + size
    return counts


def _recording(file: Path, counts: Mapping[bytes, int]) -> Recording:
    calls = tuple(Call(payload, "recorded") for payload in counts if payload)
    return Recording(file, calls, sum(counts.values()))
