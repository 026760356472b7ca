"""What SQLite and the disk say when a bank cannot be used, told apart and in words."""

import errno
import sqlite3

_ELSEWHERE = "or name another file with --bank FILE"

_ADVICE = {
    sqlite3.SQLITE_BUSY: "another process keeps it locked; try again when that is done",
    sqlite3.SQLITE_LOCKED: "another process keeps it locked; try again when that is done",
    sqlite3.SQLITE_PROTOCOL: "other processes keep it locked; try again when they are done",
    sqlite3.SQLITE_READONLY: "it cannot be written here; name another place with --bank FILE",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened for writing here; name another place with --bank FILE",
    sqlite3.SQLITE_PERM: "it may not be opened; name another place with --bank FILE",
    sqlite3.SQLITE_FULL: "the disk is full; free some space or name another place with --bank FILE",
    sqlite3.SQLITE_IOERR: "the disk refused to read or write; see to its space and health, "
    "or name another place with --bank FILE",
    sqlite3.SQLITE_INTERRUPT: f"it is too large or too damaged to answer in time; move it away, {_ELSEWHERE}",
}

BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)

PASSING = (*BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR)
"""Codes of what another process or the disk does to a bank, and not the bank."""

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG)
"""Codes for what no bank of ours can hold."""

UNREADY = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
"""Codes of a bank that cannot be written, and maybe can be read."""


def is_damage(error: BaseException) -> bool:
    """Whether the file holds what no bank does; names that are not even text end up in SQLite's message."""
    if isinstance(error, sqlite3.Error):
        return code_of(error) in _DAMAGE or "invalid fts5 file format" in str(error)
    return isinstance(error, UnicodeDecodeError)


def code_of(error: BaseException) -> int:
    """SQLite's primary result code; 0 for an error of the module's own."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def advice_on(code: int, error: BaseException) -> str:
    """What happened and what to do, as the end of a sentence about a bank."""
    return _ADVICE.get(code, f"SQLite says {str(error)!r}; move it away, {_ELSEWHERE}")
