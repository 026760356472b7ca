"""The bank's file: opening it, transactions, and what to do when SQLite says no.

Commits are synchronous=FULL: a lesson costs a model's answer and a measurement, so seconds; making it outlast
even a power cut costs an fsync, so milliseconds. (NORMAL would do for `kill -9`, not for the power cut.)
"""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from quickstudy.bank import migrations
from quickstudy.errors import BankError

if TYPE_CHECKING:
    from filelock import BaseFileLock

T = TypeVar("T")

PROJECT_FOLDER = ".quickstudy"
"""The folder in a project that is ours, and that version control shall not see."""

_PATIENCE_S = 10.0
"""How long to wait for another process's transaction; ours take milliseconds."""

_ADVICE = {
    sqlite3.SQLITE_BUSY: "another process keeps it locked; try again when that is done",
    sqlite3.SQLITE_READONLY: "it cannot be written here; name another place with --bank FILE",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened for writing here; name another place with --bank FILE",
    sqlite3.SQLITE_PERM: "it may not be opened; name another place with --bank FILE",
    sqlite3.SQLITE_FULL: "the disk is full; free some space or name another place with --bank FILE",
    sqlite3.SQLITE_IOERR: "the disk refused to read or write; see to its space and health, "
    "or name another place with --bank FILE",
}


class Database:
    """One bank file and its connection. A corrupt file is set aside, never deleted, and a fresh one begun."""

    def __init__(self, path: Path) -> None:
        self.path = path
        """Where the bank lies."""
        self.notice: str | None = None
        """What the user should know: that a corrupt bank was set aside, and where."""
        self._connection: sqlite3.Connection | None = None
        """None while closed."""
        self._identity: tuple[int, int] | None = None
        """Device and inode of the file that is or was open; it may have been moved or deleted since."""
        self.read(lambda connection: connection.execute("SELECT max(id) FROM lessons").fetchone())

    def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do something that only reads. Raises BankError."""
        try:
            return self._try(work)
        except sqlite3.DatabaseError as error:
            if not _is_damage(error):
                raise
        self._set_aside()
        return self._try(work)

    def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do something in one transaction, which is safely on disk when this returns. Raises BankError."""

        def transaction(connection: sqlite3.Connection) -> T:
            connection.execute("BEGIN IMMEDIATE")
            try:
                result = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise
            return result

        return self.read(transaction)

    def close(self) -> None:
        """Let go of the file. The next use opens it again."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _try(self, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            return work(self._current())
        except sqlite3.DatabaseError as error:
            advice = _ADVICE.get(_code(error))
            if advice is None:
                raise
            raise BankError(f"The lesson bank {self.path} cannot be used: {advice}.") from error

    def _current(self) -> sqlite3.Connection:
        """The connection to the file that lies there now, opened if need be."""
        if self._connection is not None and self._identity != _identity(self.path):
            self.close()  # or lessons would go into a file that nobody will find again
        return self._connection or self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            _prepare_folder(self.path.parent)
        except OSError as error:
            raise BankError(
                f"The folder of the lesson bank {self.path} cannot be made or written ({error.strerror}); "
                "name another place with --bank FILE."
            ) from error
        self._identity = _identity(self.path)
        self._connection = connection = sqlite3.connect(self.path, timeout=_PATIENCE_S, isolation_level=None)
        try:
            connection.execute("PRAGMA synchronous = FULL")
            self._bring_up_to_date(connection)
        except BaseException as error:
            if not _is_damage(error):  # closing would do away with a damaged file's journal
                self.close()
            raise
        self._identity = _identity(self.path)
        return connection

    def _bring_up_to_date(self, connection: sqlite3.Connection) -> None:
        newest = len(migrations.STEPS)
        now = migrations.version(connection)
        application = connection.execute("PRAGMA application_id").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if tables and application != migrations.APPLICATION_ID:
            raise BankError(
                f"{self.path} is a database of something else; name another file with --bank FILE."
            )
        if now > newest:
            raise BankError(
                f"The lesson bank {self.path} was written by a newer Quickstudy; update Quickstudy, "
                "or name another file with --bank FILE."
            )
        if now < newest:
            with self._alone():  # two processes may not change the journal mode at once
                connection.execute("PRAGMA journal_mode = WAL")
                migrations.migrate(connection)

    def _set_aside(self) -> None:
        """Move a corrupt bank and its journal out of the way, once, whoever finds it first."""
        if not _is_ours(self.path):
            self.close()
            raise BankError(f"{self.path} is not a lesson bank; name another file with --bank FILE.")
        try:
            with self._alone():
                if self._identity == _identity(self.path):
                    self._move()
        except OSError as error:
            self.close()
            raise BankError(
                f"The lesson bank {self.path} is damaged and cannot be set aside ({error.strerror}); "
                "move it away, or name another file with --bank FILE."
            ) from error
        # Only now: SQLite leaves the journal of a moved file alone, and so nothing of it is lost.
        self.close()

    def _move(self) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        aside = self.path.with_name(f"{self.path.name}.corrupt-{stamp}")
        while aside.exists():
            aside = aside.with_name(aside.name + "x")
        for suffix in ("", "-wal", "-shm"):
            part = self.path.with_name(self.path.name + suffix)
            if part.exists():
                part.rename(aside.with_name(aside.name + suffix))
        self.notice = f"The lesson bank was damaged; it is kept as {aside}, and a fresh one was begun."

    def _alone(self) -> "BaseFileLock":
        """Hold off other processes that open the same bank."""
        from filelock import FileLock

        return FileLock(f"{self.path}.lock")


def _prepare_folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if folder.name == PROJECT_FOLDER and not ignore.exists():
        ignore.write_text("*\n", encoding="utf-8")


def _is_ours(path: Path) -> bool:
    """Whether a damaged file is a bank, and not something the user named by mistake."""
    if path.parent.name == PROJECT_FOLDER:
        return True
    with path.open("rb") as file:
        header = file.read(100)
    return header[:6] == b"SQLite" and header[68:72] == migrations.APPLICATION_ID.to_bytes(4)


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _is_damage(error: BaseException) -> bool:
    corrupt = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return isinstance(error, sqlite3.DatabaseError) and _code(error) in corrupt


def _code(error: sqlite3.DatabaseError) -> int:
    """SQLite's primary result code; 0 for an error of the module's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
