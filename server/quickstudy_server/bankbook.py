"""What of a bank is in memory for hints: its precedents, read again only when the bank has changed."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from quickstudy.errors import InputError
from quickstudy.records import Lesson
from quickstudy_server.pause import Pause

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

    async def read(self) -> None:
        """Bring the precedents up to date. Raises BankError."""
        lessons = await asyncio.to_thread(self._gains)
        if lessons is None:
            return
        from quickstudy.bank import precedent

        pause = Pause()
        now: dict[int, Precedent | None] = {}
        for lesson in lessons:
            await pause()
            known = self._read.get(lesson.id) if lesson.id in self._read else precedent(lesson)
            now[lesson.id] = known and replace(known, lesson=lesson)
        self._read = now
        self.precedents = tuple(found for found in now.values() if found)

    def worked_on(self, path: str, identities: Sequence[str]) -> frozenset[str]:
        """The functions of a module that the team worked on or the user dismissed, by name or identity."""
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

    def _gains(self) -> Sequence[Lesson] | None:
        """The lessons with gains; None if the bank is as it was."""
        from quickstudy.bank import Bank

        stamp = [_stamp(self._path.with_name(self._path.name + suffix)) for suffix in ("", "-wal")]
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        if stamp[0] is None:
            return ()
        with Bank.open(self._path) as bank:
            return bank.gains()


def _stamp(file: Path) -> object:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
