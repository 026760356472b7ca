"""The files of a bank: where they lie, which of them are not to be trusted, and moving them out of the way.

A bank is one file and three that SQLite puts beside it. In a project any of these may be a stranger's, and a
link among them would lead to a file of the user's.
"""

import fcntl
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from quickstudy.errors import BankUnavailable
from quickstudy.project import Project, UnsafePath, check

_PARTS = ("", "-wal", "-shm", "-journal")
"""What follows the bank's name in those of its files."""

_JOURNAL = bytes.fromhex("d9d505f920a163d7")
"""With this a journal ends that names another file, which SQLite would delete. One of ours never does."""

_LARGEST_LOG = 1 << 30
"""Bytes of a journal; ours end at some megabytes, and SQLite reads them whole before anything else."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bank lies."""

    path: Path
    project: Path | None
    """The project that it lies in, by its root; None for a file that the user named elsewhere."""

    @classmethod
    def of(cls, path: Path, project: Path | None = None) -> Self:
        """The place of a file: in this project, in the one whose folder it lies in, or in none."""
        path = Path(os.path.abspath(path))  # noqa: PTH100 pathlib's keeps the `..` that would lead out
        if project is not None and path.is_relative_to(project):
            return cls(path, project)
        holding = Project.holding(path)
        return cls(path, holding and holding.root)

    @property
    def ours(self) -> bool:
        """Whether everything here is ours by its place, and nobody's work."""
        return Project.holding(self.path) is not None

    def relative(self, path: str) -> str:
        """A module's path as a bank keeps it: relative to the project where it lies inside."""
        if self.project is not None and Path(path).is_relative_to(self.project):
            return Path(path).relative_to(self.project).as_posix()
        return path

    def part(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)

    def check(self) -> None:
        """Raises UnsafePath if in a project one of the files is a link, or not a plain file."""
        if self.project is not None:
            for suffix in (*_PARTS, ".lock"):
                file = check(self.project, self.part(suffix))
                if file.exists() and file.stat().st_nlink > 1:
                    raise UnsafePath(file)

    def suspicion(self) -> str | None:
        """Why SQLite should not even open the files, in words: a journal that is not one of ours."""
        for suffix in ("-wal", "-journal"):
            try:
                with self.part(suffix).open("rb") as file:
                    size = file.seek(0, os.SEEK_END)
                    file.seek(max(0, size - len(_JOURNAL)))
                    end = file.read()
            except FileNotFoundError:
                continue
            if size > _LARGEST_LOG or (suffix == "-journal" and end == _JOURNAL):
                return f"its {suffix[1:]} is not as Quickstudy makes it"
        return None

    def prepare(self) -> None:
        """Make the folder, in a project out of version control's sight. Raises UnsafePath or OSError."""
        if self.project is not None and self.ours:
            self.project.mkdir(parents=True, exist_ok=True)
            Project(self.project).prepare()
        else:
            self.path.parent.mkdir(parents=True, exist_ok=True)

    def identity(self) -> tuple[int, int] | None:
        """Device and inode of the bank's file; None if there is none."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def was_bank(self, application: int) -> bool:
        """Whether a damaged file is a bank, and not something named by mistake. Raises OSError."""
        with self.path.open("rb") as file:
            header = file.read(100)
        ours = header[:6] == b"SQLite" and header[68:72] == application.to_bytes(4)
        return ours and not self.path.is_symlink()

    def has(self, suffix: str) -> bool:
        """Whether this file is there, with something in it. Raises OSError."""
        try:
            return self.part(suffix).stat().st_size > 0
        except FileNotFoundError:
            return False

    @contextmanager
    def alone(self, seconds: float) -> Generator[None]:
        """Hold off other processes that open the same bank. Raises BankUnavailable if one holds us off."""
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(self.part(".lock"), flags, 0o666)
        try:
            end = time.monotonic() + seconds
            while not _locked(descriptor):
                if time.monotonic() > end:
                    raise BankUnavailable(
                        f"The lesson bank {self.path} cannot be used: another process keeps it locked; "
                        "try again when that is done."
                    )
                time.sleep(0.02)
            yield
        finally:
            os.close(descriptor)

    def move_aside(self) -> Path:
        """Give all files of the bank another name, and return that of the first. Raises OSError."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        aside = self.part(f".corrupt-{stamp}")
        while os.path.lexists(aside):
            aside = aside.with_name(aside.name + "x")
        for suffix in _PARTS:
            if self.part(suffix).exists():
                self.part(suffix).rename(aside.with_name(aside.name + suffix))
        return aside


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
