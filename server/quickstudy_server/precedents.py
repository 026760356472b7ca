"""A cache of a bank's precedents, for suggestions: read again only when the bank has changed."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from quickstudy.errors import BankError, InputError
from quickstudy.languages import language_named
from quickstudy.project import Project

if TYPE_CHECKING:
    from quickstudy.bank import Bank, Precedent

DISMISSED = "dismissed"
"""The project's file that names the functions nobody wants a suggestion on: `path::qualname`, one a line."""

_MOST = 1 << 20
"""Bytes of it that are read: ten thousand functions, and nobody dismisses so many."""


class PrecedentCache:
    """Of one bank. Files are touched in threads only, and a bank that is not there is not made."""

    def __init__(self, path: Path, project: Project) -> None:
        self.notice: str | None = None
        """What the bank wants the user to know."""
        self.precedents: Sequence[Precedent] = ()
        """What functions may resemble; another object whenever it is not the same."""
        self._path = path
        self._project = project
        self._stamp: object = None
        """Times and sizes of the bank's files when they were last read."""
        self._problem: BankError | None = None
        """Why that failed."""
        self._reading: asyncio.Task[None] | None = None
        """The reading that is under way, or was the last."""
        self._read: dict[int, Precedent | None] = {}
        """By lesson, what it is a precedent for; its codes never change."""
        self._answers: dict[str, tuple[object, frozenset[str]]] = {}
        """By module, what was last asked about it, when, and the answer."""

    async def read(self) -> None:
        """Bring the precedents up to date. Raises BankError, the same until the bank has changed."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._refresh())
        # Keys end the pass that waits here; a bank that takes long is not read anew for each.
        await asyncio.shield(self._reading)
        if self._problem:
            raise self._problem

    async def _refresh(self) -> None:
        from quickstudy.bank import Bank

        stamp = self._now()
        if stamp == self._stamp:
            return
        self._problem = None
        try:
            if _stamp(self._path):
                self._read = await Bank.visit(
                    self._path, language_named, self._latest, project=self._project.root
                )
            else:
                self._read = {}
        except BankError as error:
            self._read, self._problem = {}, error
        self._stamp = stamp
        self.precedents = tuple(found for found in self._read.values() if found)

    def _now(self) -> object:
        """Changes whenever the bank does."""
        return [_stamp(self._path.with_name(self._path.name + suffix)) for suffix in ("", "-wal")]

    def _latest(self, bank: "Bank") -> "dict[int, Precedent | None]":
        from quickstudy.bank import precedent

        lessons = bank.gains()
        self.notice = bank.notice
        now: dict[int, Precedent | None] = {}
        for lesson in lessons:
            if lesson.id in self._read:
                known = self._read[lesson.id]
            else:
                known = precedent(lesson, language_named(lesson.language))
            now[lesson.id] = known and replace(known, lesson=lesson)
        return now

    async def worked_on(self, path: str, identities: Sequence[str]) -> frozenset[str]:
        """The functions of a module that the team worked on or the user dismissed, by name or identity.

        Raises BankError.
        """
        question = self._now(), _stamp(self._project.path(DISMISSED)), identities
        before, answer = self._answers.get(path, (None, frozenset()))
        if before != question:
            answer = await asyncio.to_thread(self._dismissed, path)
            if _stamp(self._path):
                answer |= await self._worked_on(path, identities)
            self._answers[path] = question, answer
        return answer

    async def _worked_on(self, path: str, identities: Sequence[str]) -> frozenset[str]:
        from quickstudy.bank import Bank

        try:
            return await Bank.visit(
                self._path,
                language_named,
                lambda bank: bank.worked_on(path, identities),
                project=self._project.root,
            )
        except BankError as error:
            self._problem = error  # for `read`, so that this is not tried again either
            raise

    def _dismissed(self, path: str) -> frozenset[str]:
        rows = (line.partition("::") for line in self._dismissals().decode(errors="replace").splitlines())
        return frozenset(qualname for module, _, qualname in rows if module == path)

    def dismiss(self, function: str) -> None:
        """Keep for good that a function shall have no suggestion. Raises InputError."""
        try:
            self._project.write(DISMISSED, self._dismissals() + f"{function}\n".encode(errors="replace"))
        except OSError as error:
            file = self._project.path(DISMISSED)
            raise InputError(f"{file} cannot be written ({error.strerror}), so the hint stays.") from error

    def _dismissals(self) -> bytes:
        """The file as it is; nothing of what is not ours to follow, or far too long."""
        with suppress(OSError, InputError):
            data = self._project.read(DISMISSED)
            return data if len(data) <= _MOST else b""
        return b""


def _stamp(file: Path) -> object:
    try:
        found = file.lstat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
