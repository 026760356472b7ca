"""A lesson as a row of the `lessons` table, and back. A row that is no lesson is left out, not an error."""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from quickstudy.bank.language import Language
from quickstudy.bank.released import identity
from quickstudy.bank.relevance import terms, words
from quickstudy.bank.validation import CHECKS
from quickstudy.records import Lesson

FIELDS = tuple(field.name for field in fields(Lesson))
"""A lesson's columns, in the order of its fields."""

SELECT = f"SELECT {', '.join(FIELDS)} FROM lessons"


def _places(values: Sequence[Any]) -> str:
    """A question mark for each of the values of a statement."""
    return ", ".join("?" * len(values))


_STORED = tuple(name for name in FIELDS if name != "id")
_FITS = tuple(CHECKS[name][0] for name in _STORED)
"""For each of them, whether a value may stand there."""

COLUMNS = (*_STORED, "digest", "marks", "identifiers", "vector")

_INSERT = f"INSERT INTO lessons ({', '.join(COLUMNS)}) VALUES ({_places(COLUMNS)}) RETURNING id"

_INDEXES = {
    "lessons_fts": ("text", "qualname", "identifiers"),
    "marked": ("marks",),
}
"""The full-text indexes, and the columns that each is of."""

Row = tuple[Any, ...]
"""Values of all columns but the id."""

_CHANGING = frozenset({"id", "uses", "credit", "pinned"})


@dataclass(frozen=True, slots=True)
class Known:
    """A lesson of the bank with what its relevance is computed from."""

    lesson: Lesson
    terms: str
    vector: bytes | None


class Sieve:
    """Reads rows as lessons, and remembers those that are none."""

    def __init__(self) -> None:
        self.left_out: set[int] = set()
        """Their ids."""

    def lesson(self, row: Sequence[Any]) -> Lesson | None:
        """Read a row of `SELECT`; None if it is no lesson."""
        fields: Row = (*row[1:-1], bool(row[-1]) if row[-1] in (0, 1) else None)
        if all(fits(value) for fits, value in zip(_FITS, fields, strict=True)):
            return Lesson(row[0], *fields)
        self.left_out.add(row[0])
        return None

    def lessons(self, rows: Iterable[Sequence[Any]]) -> list[Lesson]:
        """Read rows of `SELECT`."""
        return [lesson for row in rows if (lesson := self.lesson(row))]


def within(rows: Iterable[Sequence[Any]], size: int) -> Iterator[Sequence[Any]]:
    """The first rows, until their texts together have so many characters: what is read must fit in memory."""
    for row in rows:
        size -= sum([len(value) for value in row if isinstance(value, (str, bytes))])
        if size < 0:
            return
        yield row


def row_of(lesson: Lesson, language: Language, vector: bytes | None) -> Row:
    """The lesson as `put` takes it: the slow part, done before the bank is locked."""
    stored = [_storable(getattr(lesson, name)) for name in _STORED]
    found = sorted(words(lesson.original, language) | words(lesson.candidate, language))
    indexed = terms(lesson.original, language, lesson.text)
    return (*stored, digest(lesson), indexed, " ".join(found), vector)


def put(connection: sqlite3.Connection, row: Row) -> tuple[int, bool]:
    """Store a row, in a transaction, unless it is there already. Returns its id and whether it is new."""
    values = dict(zip(COLUMNS, row, strict=True))
    known = connection.execute("SELECT id FROM lessons WHERE digest = ?", (values["digest"],)).fetchone()
    if known is not None:
        return known[0], False
    id: int = connection.execute(_INSERT, row).fetchone()[0]
    for index, columns in _INDEXES.items():
        indexed = (id, *(values[column] for column in columns))
        query = f"INSERT INTO {index} (rowid, {', '.join(columns)}) VALUES ({_places(indexed)})"
        connection.execute(query, indexed)
    return id, True


def remove(connection: sqlite3.Connection, id: int) -> bool:
    """Delete a row, in a transaction. Returns whether there was one."""
    for index, columns in _INDEXES.items():
        query = f"SELECT id, {', '.join(columns)} FROM lessons WHERE id = ?"
        for indexed in connection.execute(query, (id,)).fetchall():
            # How a row leaves an index that has no copy of the text: it is told what it was.
            gone = ("delete", *indexed)
            query = f"INSERT INTO {index} ({index}, rowid, {', '.join(columns)}) VALUES ({_places(gone)})"
            connection.execute(query, gone)
    return connection.execute("DELETE FROM lessons WHERE id = ?", (id,)).rowcount > 0


def digest(lesson: Lesson) -> str:
    """Identity of what was learnt, the same in every bank: all that never changes once it is written."""
    fixed = dict(
        identity({name: _storable(getattr(lesson, name)) for name in FIELDS if name not in _CHANGING})
    )
    fixed |= {name: float(value) for name, value in fixed.items() if isinstance(value, int)}  # 2 is 2.0
    return hashlib.sha256(json.dumps(fixed, sort_keys=True).encode()).hexdigest()


def _storable(value: Any) -> Any:
    """Half a surrogate pair, which a model's reply or a damaged file may hold, has no place in UTF-8."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
