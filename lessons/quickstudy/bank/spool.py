"""Lessons that their bank cannot take at the moment: kept beside it as JSON lines, and taken in later.

One file a lesson, named after the digest of its content. So it is there whole or not at all, two runs are not
in each other's way, and what is taken in twice is kept once. In a project a stranger may have put files here,
as they may have put lessons into the bank: they are checked as those of an import.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from quickstudy.bank import exchange
from quickstudy.bank.files import Place
from quickstudy.bank.rows import digest
from quickstudy.errors import BankError, InputError
from quickstudy.machine import state_folder
from quickstudy.project import Project
from quickstudy.records import Lesson

_NAME = re.compile(r"[0-9a-f]{64}\.jsonl")

_LARGEST = 4 << 20
"""Bytes of a file, some more than the longest lesson takes."""

_MOST = 200
"""So many lessons are taken in at once; the rest waits for the next time."""


class _Folder(Protocol):
    """Where lessons can wait. Everything may raise OSError, or InputError for what is not followed."""

    @property
    def path(self) -> Path: ...
    def names(self) -> Sequence[str]: ...
    def read(self, name: str) -> bytes: ...
    def write(self, name: str, data: bytes) -> object: ...
    def remove(self, name: str) -> None: ...


class Spool:
    """The lessons that wait for one bank."""

    def __init__(self, place: Place) -> None:
        elsewhere = hashlib.sha256(os.fsencode(place.path)).hexdigest()[:16]
        self._folders: list[_Folder] = [_Own(state_folder() / "spool" / elsewhere)]
        """Where they may lie, the best first: a project's disk may be full, or not to be written."""
        if place.project is not None:
            self._folders.insert(0, _Beside(Project(place.project), f"{place.path.name}.spool"))

    def keep(self, lesson: Lesson) -> Path | None:
        """Keep a lesson, and return the folder that has it now; None if there is none that can."""
        line = exchange.line_of(lesson).encode("utf-8", "replace")
        for folder in self._folders:
            with suppress(OSError, InputError):
                folder.write(f"{digest(lesson)}.jsonl", line)
                return folder.path
        return None

    def take_in(self, put: Callable[[Sequence[Lesson]], object]) -> None:
        """Hand over the lessons that wait, and let them go. What `put` raises leaves them where they are."""
        for folder in self._folders:
            found: dict[str, Lesson | None] = {}
            with suppress(OSError, InputError):
                names = [name for name in folder.names() if _NAME.fullmatch(name)][:_MOST]
                for name in names:
                    found[name] = _read(folder, name)
            lessons = [lesson for lesson in found.values() if lesson]
            if lessons:
                put(lessons)
            for name in found:
                with suppress(OSError):
                    folder.remove(name)


def kept_in(folder: Path | None, error: BankError) -> BankError:
    """Why a bank could not take a lesson, and what becomes of it."""
    reason = str(error).removesuffix(".")
    if folder is None:
        return BankError(f"{reason}; nor can the lesson be kept elsewhere, so only the report has it.")
    return BankError(f"{reason}; until then its lessons are kept in {folder}.")


def _read(folder: _Folder, name: str) -> Lesson | None:
    """The lesson of a file; None if it holds none, or another than its name says."""
    try:
        lesson = exchange.lesson_of(folder.read(name).decode("utf-8"))
    except (ValueError, InputError):
        return None
    return lesson if name == f"{digest(lesson)}.jsonl" else None


@dataclass(frozen=True, slots=True)
class _Beside:
    """A folder beside the bank of a project, where nothing is followed."""

    project: Project
    place: str

    @property
    def path(self) -> Path:
        return self.project.path(self.place)

    def names(self) -> Sequence[str]:
        return self.project.names(self.place)

    def read(self, name: str) -> bytes:
        file = self.project.check(f"{self.place}/{name}")
        return self.project.read(f"{self.place}/{name}") if file.stat().st_size <= _LARGEST else b""

    def write(self, name: str, data: bytes) -> object:
        return self.project.write(f"{self.place}/{name}", data)

    def remove(self, name: str) -> None:
        self.project.remove(f"{self.place}/{name}")


@dataclass(frozen=True, slots=True)
class _Own:
    """A folder of the user's own, which no stranger writes to."""

    path: Path

    def names(self) -> Sequence[str]:
        return sorted(os.listdir(self.path)) if self.path.is_dir() else []  # noqa: PTH208 names are enough

    def read(self, name: str) -> bytes:
        return (self.path / name).read_bytes()

    def write(self, name: str, data: bytes) -> object:
        self.path.mkdir(parents=True, exist_ok=True)
        fresh = self.path / f".{name}.{secrets.token_hex(8)}"
        try:
            fresh.write_bytes(data)
            return fresh.replace(self.path / name)
        finally:
            fresh.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        (self.path / name).unlink(missing_ok=True)
