"""A lesson as a row of the `lessons` table, and back."""

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from quickstudy.bank.relevance import marks, words
from quickstudy.records import Lesson

FIELDS = tuple(field.name for field in fields(Lesson))
"""A lesson's columns, in the order of its fields."""

SELECT = f"SELECT {', '.join(FIELDS)} FROM lessons"

_KEPT = tuple(name for name in FIELDS if name != "id")
_COLUMNS = (*_KEPT, "digest", "marks", "identifiers", "vector")

_INSERT = (
    f"INSERT INTO lessons ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) RETURNING id"
)

_DIGEST = _COLUMNS.index("digest")

Row = tuple[Any, ...]
"""Values of all columns but the id."""

_CHANGING = frozenset({"id", "uses", "credit", "pinned"})


@dataclass(frozen=True, slots=True)
class Known:
    """A lesson of the bank with what its relevance is computed from."""

    lesson: Lesson
    marks: str
    vector: bytes | None


def lesson_of(row: Sequence[Any]) -> Lesson:
    """Read a row of `SELECT`."""
    return Lesson(*row[:-1], pinned=bool(row[-1]))


def row_of(lesson: Lesson, vector: bytes | None) -> Row:
    """The lesson as `put` takes it: the slow part, done before the bank is locked."""
    kept = [_storable(getattr(lesson, name)) for name in _KEPT]
    found = sorted(words(lesson.original) | words(lesson.candidate))
    return (*kept, digest(lesson), marks(lesson.original, lesson.text), " ".join(found), vector)


def put(connection: sqlite3.Connection, row: Row) -> tuple[int, bool]:
    """Store a row, in a transaction, unless it is there already. Returns its id and whether it is new."""
    known = connection.execute("SELECT id FROM lessons WHERE digest = ?", (row[_DIGEST],)).fetchone()
    if known is not None:
        return known[0], False
    return connection.execute(_INSERT, row).fetchone()[0], True


def digest(lesson: Lesson) -> str:
    """Identity of what was learnt, the same in every bank: all that never changes once it is written."""
    fixed = {name: _storable(getattr(lesson, name)) for name in FIELDS if name not in _CHANGING}
    fixed |= {name: float(value) for name, value in fixed.items() if isinstance(value, int)}  # 2 is 2.0
    return hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()


def _storable(value: Any) -> Any:
    """Half a surrogate pair, which a model's reply or a damaged file may hold, has no place in UTF-8."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
