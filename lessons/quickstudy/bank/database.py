"""The bank's file: opening it, transactions, and what to do when SQLite says no.

Commits are synchronous=FULL: a lesson costs a model's answer and a measurement, so seconds; making it outlast
even a power cut costs an fsync, so milliseconds. (NORMAL would do for `kill -9`, not for the power cut.)

Every piece of work is one transaction, in which the schema is still the one that was found to be ours, and
has a deadline. Nothing of this is for the event loop; `access.py` gives it a thread.
"""

import sqlite3
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import TypeVar

from quickstudy.bank import migrations, schema
from quickstudy.bank.connection import Deadline, Mode, connect
from quickstudy.bank.faults import BUSY, NO_ROOM, PASSING, UNREADY, advice_on, code_of, is_damage
from quickstudy.bank.files import Place
from quickstudy.errors import BankError, BankUnavailable
from quickstudy.project import UnsafePath

T = TypeVar("T")

OPENING_S = 5.0
"""How long opening a bank may take; and as long again, bringing one of ours up to date."""

PATIENCE_S = 5.0
"""How long to wait for another process's transaction; ours take milliseconds."""

_IMPATIENCE_S = 0.2
"""The same right after a wait that was in vain, so that a run does not wait at every step."""

_LARGEST_ID = 2**53
"""The last number that every reader of JSON tells from the next."""

_DAMAGED = "it is damaged"


class _Foreign(Exception):
    """The file holds what Quickstudy did not make; says what."""


class Database:
    """One bank file and its connection, used by one thread at a time.

    In a project's own folder a file that is corrupt or not a bank is set aside, never deleted, and a fresh
    one begun. One that the user named is refused unless it was a bank.
    """

    def __init__(self, place: Place, *, read_only: bool = False) -> None:
        self.place = place
        """Where the bank lies."""
        self.notice: str | None = None
        """What the user should know: that a bank was set aside, why, and where."""
        self.deadline = Deadline()
        """When the work at hand must be done; another thread may end it."""
        self.read_only = read_only
        """Whether the file is only looked at: not made, changed, or set aside."""
        self._patience_s = PATIENCE_S
        self._connection: sqlite3.Connection | None = None
        """None while closed."""
        self._identity: tuple[int, int] | None = None
        """Device and inode of the file that is or was open; it may have been moved or deleted since."""
        self._exact = True
        """Whether what is read is what lies there, and not what another process is about to change."""
        self._schema_version = 0
        """Changes with the schema that was last found to be ours."""

    def read(self, work: Callable[[sqlite3.Connection], T], seconds: float) -> T:
        """Do something that only reads, within so many seconds. Raises BankError."""
        return self._do(work, "BEGIN", seconds)

    def write(self, work: Callable[[sqlite3.Connection], T], seconds: float) -> T:
        """Do something in one transaction, which is safely on disk when this returns. Raises BankError."""
        return self._do(work, "BEGIN IMMEDIATE", seconds)

    def hurry(self) -> None:
        """Wait for no other process in what comes next, and as long as that fails."""
        self._patience_s = _IMPATIENCE_S

    def close(self) -> None:
        """Let go of the file. The next use opens it again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _do(self, work: Callable[[sqlite3.Connection], T], begin: str, seconds: float) -> T:
        def transaction() -> T:
            connection = self._current()
            self.deadline.begin(self._patience_s + seconds)
            connection.execute(begin)
            try:
                self._verify(connection)
                self.deadline.shorten(seconds)  # nobody is waited for any more
                result = work(connection)
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.rollback()
                raise
            self._patience_s = PATIENCE_S
            return result

        try:
            return self._explained(transaction)
        except _Foreign as error:
            self._set_aside(str(error))
        return self._explained(transaction, again=True)

    def _explained(self, work: Callable[[], T], *, again: bool = False) -> T:
        """Do it, and make a sentence of what goes wrong; _Foreign is the caller's, unless it comes again."""
        path = self.place.path
        try:
            return work()
        except UnsafePath as error:
            raise BankError(str(error)) from error
        except OSError as error:
            kind = BankUnavailable if error.errno in NO_ROOM else BankError
            raise kind(
                f"The folder of the lesson bank {path} cannot be made or written ({error.strerror}); "
                "name another place with --bank FILE."
            ) from error
        except _Foreign as error:
            if not again:
                raise
            self.close()
            raise BankError(f"The lesson bank {path} cannot be used: {error}.") from error
        except (sqlite3.Error, UnicodeDecodeError) as error:
            code = code_of(error)
            if is_damage(error) and not again:
                raise _Foreign(_DAMAGED) from error
            if code in BUSY:
                self.hurry()
            elif code != sqlite3.SQLITE_INTERRUPT:
                self.close()  # what it holds in memory is not to be relied on
            advice = advice_on(code, error)
            kind = BankUnavailable if code in PASSING else BankError
            raise kind(f"The lesson bank {path} cannot be used: {advice}.") from error

    def _current(self) -> sqlite3.Connection:
        """The connection to the file that lies there now, opened if need be."""
        if self._connection is not None and self._identity != self.place.identity():
            self.close()  # or lessons would go into a file that nobody will find again
        connection = self._connection or self._open()
        connection.execute(f"PRAGMA busy_timeout = {round(self._patience_s * 1000)}")
        return connection

    def _open(self) -> sqlite3.Connection:
        self._identity = self.place.identity()
        self.place.check()
        if reason := self.place.suspicion():
            raise _Foreign(reason)
        modes = self._modes()
        for number, mode in enumerate(modes, 1):
            try:
                return self._opened(mode)
            except sqlite3.OperationalError as error:
                if code_of(error) not in UNREADY or number == len(modes):
                    raise
        raise BankError(f"No lessons are kept at {self.place.path} yet.")

    def _modes(self) -> list[Mode]:
        """How to try to open the file, the best first. One that cannot be written can still be read."""
        modes: list[Mode] = []
        if self._identity is not None:
            # A read-only connection makes the files of a log beside the bank, and leaves them.
            if self.place.has("-shm") or self.place.has("-wal"):
                modes.append("ro")
            if not self.place.has("-wal"):
                modes.append("immutable")
        if not self.read_only:
            with suppress(OSError) if modes else nullcontext():
                self.place.prepare()
            modes.insert(0, "rwc")
        return modes

    def _opened(self, mode: Mode) -> sqlite3.Connection:
        self.deadline.begin(OPENING_S)
        self._exact = mode != "immutable"
        self._connection = connection = connect(self.place.path, mode, self.deadline)
        try:
            connection.execute(f"PRAGMA busy_timeout = {round(self._patience_s * 1000)}")
            connection.execute("PRAGMA synchronous = FULL")
            if self._examine(connection) < len(migrations.STEPS):
                self._bring_up_to_date(connection)
            numbers = connection.execute("SELECT max(id) FROM lessons UNION SELECT seq FROM sqlite_sequence")
            if any(isinstance(number, int) and number > _LARGEST_ID for (number,) in numbers):
                raise _Foreign("it has used up its numbers")  # each further lesson would find it full
        except BaseException as error:
            if not isinstance(error, _Foreign) and not is_damage(error):
                self.close()  # which would do away with the journal of a damaged file
            raise
        self._identity = self.place.identity()
        return connection

    def _examine(self, connection: sqlite3.Connection) -> int:
        """The version of the file's schema, all read as of one moment: another process may be at work."""
        connection.execute("BEGIN")
        try:
            return self._check(connection)
        finally:
            connection.rollback()

    def _check(self, connection: sqlite3.Connection) -> int:
        """The version of the file's schema, which is ours. Raises _Foreign, or BankError for a newer one."""
        schema_version: int = connection.execute("PRAGMA schema_version").fetchone()[0]
        version = migrations.version(connection)
        application: int = connection.execute("PRAGMA application_id").fetchone()[0]
        if application != migrations.APPLICATION_ID and not schema.is_empty(connection):
            raise _Foreign("it is a database of something else")
        if version > len(migrations.STEPS):
            raise BankError(
                f"The lesson bank {self.place.path} was written by a newer Quickstudy; update Quickstudy, "
                "or name another file with --bank FILE."
            )
        if reason := schema.difference(connection, version):
            raise _Foreign(reason)
        self._schema_version = schema_version
        return version

    def _verify(self, connection: sqlite3.Connection) -> None:
        """See, in a transaction, that the schema is the one that was checked."""
        if connection.execute("PRAGMA schema_version").fetchone()[0] != self._schema_version:
            self._check(connection)

    def _bring_up_to_date(self, connection: sqlite3.Connection) -> None:
        if self.read_only:
            raise BankError(f"The lesson bank {self.place.path} is empty or old; the next run sees to that.")
        with self.place.alone(self._patience_s):  # two processes may not change the journal mode at once
            self.deadline.begin(OPENING_S)  # a step may write each lesson anew
            connection.execute("PRAGMA journal_mode = WAL")
            migrations.migrate(connection)
        self._examine(connection)

    def _set_aside(self, reason: str) -> None:
        """Move what is no bank, or no more, out of the way, once, whoever finds it first."""
        path, damaged = self.place.path, reason == _DAMAGED
        what = "is damaged" if damaged else f"is not one of Quickstudy's ({reason})"
        try:
            if not (self.place.ours or (damaged and self.place.was_bank(migrations.APPLICATION_ID))):
                what = "is not a lesson bank" if damaged else f"is not one of Quickstudy's: {reason}"
                raise BankError(f"{path} {what}; name another file with --bank FILE.")
            if self.read_only:
                raise BankError(f"The lesson bank {path} {what}; the next run moves it aside.")
            if not self._exact:
                raise BankError(f"The lesson bank {path} {what}, as far as it can be read here.")
            with self.place.alone(self._patience_s):
                if self._identity == self.place.identity():
                    aside = self.place.move_aside()
                    self.notice = (
                        f"The lesson bank {what}; it is kept as {aside} now, and a fresh one was begun."
                    )
        except OSError as error:
            raise BankError(
                f"The lesson bank {path} {what} and cannot be moved aside ({error.strerror}); "
                "move it away, or name another file with --bank FILE."
            ) from error
        finally:
            # Only now: SQLite leaves the journal of a moved file alone, and so nothing of it is lost.
            self.close()
