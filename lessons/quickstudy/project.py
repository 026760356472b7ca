"""The project around a file, and the one way to the files that are ours in it.

A cloned repository may bring a `.quickstudy` of its own, so nothing there is followed: no link, neither as a
folder nor as a file, and no device or pipe. What is written is a new file that is renamed into its place.
What is read is data from a stranger to whoever asks for it.
"""

import errno
import os
import secrets
import stat
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from quickstudy.errors import InputError

FOLDER = ".quickstudy"
"""The folder in a project that is ours, and that version control shall not see."""

MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", FOLDER)

LARGEST = 64 << 20
"""Bytes of a file that is read whole; what we write there is far smaller."""


class UnsafePath(InputError):
    """What lies at a path is a link, a device or a pipe where only a plain file or folder is opened."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"{path} is a link, a device or a pipe where a plain file or folder is wanted, and is not "
            "followed; remove it."
        )


_READ = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC
"""Without O_NONBLOCK a pipe would keep us waiting for a writer."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project, by its root. Places are names below its `.quickstudy`, such as `offers/1.json`."""

    root: Path

    @classmethod
    def holding(cls, path: Path) -> "Project | None":
        """The project of whose own files this is one; None for a file elsewhere, and for one further down."""
        return cls(path.parent.parent) if path.parent.name == FOLDER else None

    @property
    def folder(self) -> Path:
        """Where our files lie."""
        return self.root / FOLDER

    @property
    def bank(self) -> Path:
        """Where the project's lessons lie unless the user named another file."""
        return self.folder / "lessons.db"

    def path(self, place: str) -> Path:
        """A place as the user reads it. To open it by this path, `check` it first."""
        return self.folder / place

    def prepare(self) -> None:
        """Make the folder, and keep version control out of it. Raises UnsafePath or OSError."""
        with (
            self._folder("", make=True) as folder,
            suppress(FileExistsError),
            _new(".gitignore", folder) as file,
        ):
            file.write(b"*\n")

    def read(self, place: str, most: int = LARGEST) -> bytes:
        """A file's content. Raises UnsafePath, or OSError, as for a file that is not there or too large."""
        above, name = _split(place)
        with self._folder(above) as folder:
            try:
                descriptor = os.open(name, _READ | os.O_NOFOLLOW, dir_fd=folder)
            except OSError as error:
                if error.errno == errno.ELOOP:
                    raise UnsafePath(self.path(place)) from error
                raise
        try:
            return _content(descriptor, self.path(place), most)
        except IsADirectoryError as error:
            raise UnsafePath(self.path(place)) from error

    def write(self, place: str, data: bytes) -> Path:
        """Put a file into its place, whole or not at all; a link that lay there is replaced, not followed.

        Raises UnsafePath or OSError.
        """
        self.prepare()
        above, name = _split(place)
        with self._folder(above, make=True) as folder:
            fresh = f".{name}.{secrets.token_hex(8)}"
            try:
                with _new(fresh, folder) as file:
                    file.write(data)
                os.rename(fresh, name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:
                with suppress(OSError):
                    os.unlink(fresh, dir_fd=folder)
                raise
        return self.path(place)

    def remove(self, place: str) -> None:
        """Remove a file, or the link that lies in its place; nothing if there is none."""
        above, name = _split(place)
        with suppress(FileNotFoundError), self._folder(above) as folder:
            os.unlink(name, dir_fd=folder)

    def names(self, place: str) -> list[str]:
        """What a folder holds; nothing if it is not there. Raises UnsafePath or OSError."""
        try:
            with self._folder(place) as folder:
                return sorted(os.listdir(folder))  # noqa: PTH208 a descriptor is no path
        except FileNotFoundError:
            return []

    def check(self, place: str) -> Path:
        """The path of a plain file, or of none yet, for what must open it by its path. Raises UnsafePath."""
        return check(self.root, self.path(place))

    @contextmanager
    def _folder(self, place: str, *, make: bool = False) -> Generator[int]:
        """A descriptor of a folder in ours, that no link led to."""
        path, parts = self.root, [FOLDER, *filter(None, place.split("/"))]
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            for name in parts:
                path /= name
                if make:
                    with suppress(FileExistsError):
                        os.mkdir(name, dir_fd=folder)
                above = folder
                flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                try:
                    folder = os.open(name, flags, dir_fd=above)
                except OSError as error:
                    if error.errno in (errno.ELOOP, errno.ENOTDIR):
                        raise UnsafePath(path) from error
                    raise
                os.close(above)
            yield folder
        finally:
            os.close(folder)


def check(root: Path, path: Path) -> Path:
    """A path below a root without a link on it, and a plain file or nothing at its end. Raises UnsafePath."""
    inner = path.relative_to(root)
    for place in (*reversed(inner.parents[:-1]), inner):
        try:
            mode = (root / place).lstat().st_mode
        except FileNotFoundError:
            break
        if not (stat.S_ISREG(mode) if place == inner else stat.S_ISDIR(mode)):
            raise UnsafePath(root / place)
    return path


def read_regular(path: Path, most: int = LARGEST) -> bytes:
    """The content of a plain file of at most so many bytes, also behind a link: never of a device or a pipe.

    Raises UnsafePath or OSError.
    """
    return _content(os.open(path, _READ), path, most)


def _content(descriptor: int, path: Path, most: int) -> bytes:
    """What an open file holds; closes it."""
    try:
        found = os.fstat(descriptor)
        if stat.S_ISDIR(found.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        if not stat.S_ISREG(found.st_mode):
            raise UnsafePath(path)
        if found.st_size > most:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(path))
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(most)
    finally:
        os.close(descriptor)


def project_root(path: Path) -> Path:
    """The nearest folder at or above `path` that holds a marker; else the file's own folder."""
    path = path.absolute()
    folder = path if path.is_dir() else path.parent
    for parent in (folder, *folder.parents):
        if any((parent / marker).exists() for marker in MARKERS):
            return parent
    return folder


def relative(path: Path, root: Path) -> str:
    """The path as shown and kept: from the project's root, with `/`; absolute when it lies outside."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def _new(name: str, folder: int) -> BinaryIO:
    """A file that was not there, in a folder by its descriptor. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    return os.fdopen(os.open(name, flags, 0o666, dir_fd=folder), "wb")


def _split(place: str) -> tuple[str, str]:
    above, _, name = place.rpartition("/")
    return above, name
