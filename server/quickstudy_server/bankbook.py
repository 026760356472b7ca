"""What of a bank is in memory for hints: its precedents, read again only when the bank has changed."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from quickstudy.errors import InputError

if TYPE_CHECKING:
    from quickstudy.bank import Precedent

DISMISSED = "dismissed"
"""The file beside the bank that names the functions nobody wants a hint on: `path::qualname`, one a line."""


class Bankbook:
    """One bank's. Files are touched in threads only, and a bank that is not there is not made."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stamp: object = None
        """Times and sizes of the bank's files when they were last read."""
        self._read: dict[int, Precedent | None] = {}
        """By lesson, what it is a precedent for; its codes never change."""
        self.precedents: Sequence[Precedent] = ()
        """What functions may resemble; another object whenever it is not the same."""
        self._answers: dict[str, tuple[object, frozenset[str]]] = {}
        """By module, what was last asked about it, when, and the answer."""

    async def read(self) -> None:
        """Bring the precedents up to date. Raises BankError."""
        stamp = self._now()
        if stamp == self._stamp:
            return
        self._read = await asyncio.to_thread(self._latest)
        self._stamp = stamp
        self.precedents = tuple(found for found in self._read.values() if found)

    def _now(self) -> object:
        """Changes whenever the bank does."""
        return [_stamp(self._path.with_name(self._path.name + suffix)) for suffix in ("", "-wal")]

    def _latest(self) -> "dict[int, Precedent | None]":
        from quickstudy.bank import Bank, precedent

        if not self._path.exists():
            return {}
        with Bank.open(self._path) as bank:
            lessons = bank.gains()
        now: dict[int, Precedent | None] = {}
        for lesson in lessons:
            known = self._read[lesson.id] if lesson.id in self._read else precedent(lesson)
            now[lesson.id] = known and replace(known, lesson=lesson)
        return now

    async def worked_on(self, path: str, identities: Sequence[str]) -> frozenset[str]:
        """The functions of a module that the team worked on or the user dismissed, by name or identity."""
        question = self._now(), _stamp(self._path.parent / DISMISSED), identities
        before, answer = self._answers.get(path, (None, frozenset()))
        if before != question:
            answer = await asyncio.to_thread(self._worked_on, path, identities)
            self._answers[path] = question, answer
        return answer

    def _worked_on(self, path: str, identities: Sequence[str]) -> frozenset[str]:
        from quickstudy.bank import Bank

        try:
            text = (self._path.parent / DISMISSED).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            text = ""
        rows = (line.partition("::") for line in text.splitlines())
        dismissed = {qualname for module, _, qualname in rows if module == path}
        with Bank.open(self._path) as bank:
            return bank.worked_on(path, identities) | dismissed

    def dismiss(self, function: str) -> None:
        """Keep for good that a function shall have no hint. Raises InputError."""
        file = self._path.parent / DISMISSED
        try:
            with file.open("a", encoding="utf-8") as stream:
                stream.write(f"{function}\n")
        except OSError as error:
            raise InputError(f"{file} cannot be written ({error.strerror}), so the hint stays.") from error


def _stamp(file: Path) -> object:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
