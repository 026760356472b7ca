"""A connection to a file that a stranger may have made: nothing in it runs, and nothing in it takes for ever.

What SQLite's own page "Defense Against The Dark Arts" asks for. Every statement has a deadline, which SQLite
asks about between its steps; every value and statement has a largest size.
"""

import sqlite3
import sys
import time
from pathlib import Path
from typing import Literal

Mode = Literal["rwc", "ro", "immutable"]
"""Made if it is not there; only read; or only read, as nobody writes, so that it needs no file beside it."""

LARGEST = 16 << 20
"""Bytes of a value or a row: some times what the longest lesson that `validation.py` lets through needs."""

_STEPS = 20_000
"""Instructions of SQLite's machine between two looks at the deadline: less than a millisecond."""

_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LARGEST,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 5,
    sqlite3.SQLITE_LIMIT_VDBE_OP: 25_000,
    sqlite3.SQLITE_LIMIT_FUNCTION_ARG: 10,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER: 100,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 10,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}

_PRAGMAS = (
    "trusted_schema = OFF",  # what the schema says may call no function with effects, and no strange table
    "cell_size_check = ON",
    "mmap_size = 0",  # or a file that is cut short under us ends the process
)


class Deadline:
    """When the work at hand must be done. Any thread may end it early."""

    def __init__(self) -> None:
        self._at = 0.0

    def begin(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def shorten(self, seconds: float) -> None:
        """So long from now, if that is earlier."""
        self._at = min(self._at, time.monotonic() + seconds)

    def end(self) -> None:
        """Let what is at work end at its next step."""
        self._at = 0.0

    def passed(self) -> bool:
        return time.monotonic() >= self._at


def connect(path: Path, mode: Mode, deadline: Deadline) -> sqlite3.Connection:
    """Open a file, used by one thread at a time. Raises sqlite3.Error."""
    how = "mode=ro&immutable=1" if mode == "immutable" else f"mode={mode}"
    connection = sqlite3.connect(
        f"{path.as_uri()}?{how}", uri=True, isolation_level=None, check_same_thread=False
    )
    try:
        connection.set_progress_handler(deadline.passed, _STEPS)
        connection.text_factory = _text
        for limit, most in _LIMITS.items():
            connection.setlimit(limit, most)
        if sys.version_info >= (3, 12):
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _text(data: bytes) -> str:
    """A text of the file, which need not be UTF-8."""
    return data.decode("utf-8", "replace")
