"""The bank itself: lessons in, lessons out, for the loop and for the user [LessonL §3.1, §3.3]."""

import json
import re
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, TextIO

from quickstudy.bank import exchange, selection
from quickstudy.bank.database import PROJECT_FOLDER, Database
from quickstudy.bank.relevance import (
    PINNED_RELEVANT,
    RELEVANT,
    bag,
    cosine,
    marks,
    pack,
    relevance,
    unpack,
)
from quickstudy.bank.retrieval import nominate
from quickstudy.bank.rows import SELECT, lesson_of, put, row_of
from quickstudy.bank.selection import LEAST, MOST, Scored
from quickstudy.errors import AgentError, InputError
from quickstudy.machine import this_machine
from quickstudy.records import Lesson, Target, VerdictKind

_STEP = 500
"""Lessons of an import that are written in one transaction."""

Embed = Callable[[str], Awaitable[Sequence[float]]]
"""An embedding model: a text's vector. Raises AgentError."""


@dataclass(frozen=True, slots=True)
class Stats:
    """The bank in figures."""

    lessons: int
    functions: int
    runs: int
    pinned: int
    uses: int
    outcomes: Mapping[str, int]
    """Lessons by outcome, the most frequent first."""
    agents: Mapping[str, int]
    """Lessons by agent, the most frequent first."""
    bytes: int
    """Size of the file."""


class Bank:
    """Lessons of a project, kept in one SQLite file. Every method may raise BankError."""

    def __init__(self, path: Path, embed: Embed | None = None) -> None:
        """Use `Bank.open`."""
        self._database = Database(path)
        self._embed = embed
        self._project = path.parent.parent if path.parent.name == PROJECT_FOLDER else None

    @classmethod
    def open(cls, path: Path, *, embed: Embed | None = None) -> Self:
        """The bank at this path, made if it is not there.

        With an embedding model, lessons are compared by their vectors rather than by their marks. Vectors of
        another length are passed over; those of another model of the same length would mislead.
        Raises BankError if the bank is from a newer version, is something else, or cannot be written.
        """
        return cls(path.absolute(), embed)

    @property
    def path(self) -> Path:
        return self._database.path

    @property
    def notice(self) -> str | None:
        """What the user should be told: that a damaged bank was set aside, and where."""
        return self._database.notice

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # For the loop

    async def select(self, target: Target, run: str, k: int) -> Sequence[Lesson]:
        """At most k lessons that may help with this target, best first [LessonL Algorithm 4].

        The pool: all lessons of this run and of this very function, and those about other functions that are
        relevant to it, so that large gains of unrelated functions do not crowd in.
        """
        if k <= 0:
            return ()
        wanted = bag(marks(target.source))
        known = self._database.read(lambda bank: nominate(bank, wanted, target.sha256, run))
        vector = await self._vector(target.source) if known else None
        pool: list[Scored] = []
        for one in known:
            by_marks = relevance(wanted, bag(one.marks))
            least = PINNED_RELEVANT if one.lesson.pinned else RELEVANT
            if by_marks >= least or one.lesson.run == run or one.lesson.sha256 == target.sha256:
                pool.append(Scored(one.lesson, _by_vector(vector, one.vector, by_marks)))
        return selection.choose(pool, k, this_machine().python)

    async def add(self, lesson: Lesson) -> Lesson:
        """Keep a lesson for good, then return it with its id. The very same lesson is kept once."""
        lesson = replace(lesson, path=self._relative(lesson.path))
        vector = await self._vector(f"{lesson.text}\n\n{lesson.original}")
        row = row_of(lesson, None if vector is None else pack(vector))
        id, _ = self._database.write(lambda bank: put(bank, row))
        return replace(lesson, id=id)

    async def credit(self, lessons: Sequence[Lesson], wins: Sequence[Sequence[bool]]) -> None:
        """Adjust each lesson used: a row of flags a lesson, whether an agent's attempt did better than it.

        The factor is multiplied where it lies, so that two runs at once both count (`selection.adjustment`).
        """
        rows = [
            (LEAST, MOST, selection.adjustment(flags), len(flags), lesson.id)
            for lesson, flags in zip(lessons, wins, strict=True)
        ]
        update = "UPDATE lessons SET credit = max(?, min(?, credit * ?)), uses = uses + ? WHERE id = ?"
        self._database.write(lambda bank: bank.executemany(update, rows))

    # For the user

    def list(
        self,
        *,
        outcome: VerdictKind | None = None,
        path: str | None = None,
        qualname: str | None = None,
        limit: int = 50,
    ) -> Sequence[Lesson]:
        """The newest lessons, all of them or those of an outcome, of a module, of a function."""
        filters = {"outcome": outcome, "path": path and self._relative(path), "qualname": qualname}
        given = {column: value for column, value in filters.items() if value is not None}
        where = " AND ".join(f"{column} = ?" for column in given) or "1"
        return self._lessons(
            f"{SELECT} WHERE {where} ORDER BY id DESC LIMIT ?", *given.values(), _sized(limit)
        )

    def get(self, id: int) -> Lesson:
        """One lesson. Raises InputError if there is none of this id."""
        for lesson in self._lessons(f"{SELECT} WHERE id = ?", _sized(id)):
            return lesson
        raise self._unknown(id)

    def search(self, text: str, limit: int = 20) -> Sequence[Lesson]:
        """Lessons whose text, function or code has all these words, the last maybe begun only; best first."""
        terms = [f'"{term}"' for term in re.findall(r"\w+", text)]
        if not terms:
            return ()
        query = (
            f"{SELECT} JOIN (SELECT rowid AS found, rank FROM lessons_fts WHERE lessons_fts MATCH ? "
            "ORDER BY rank LIMIT ?) ON id = found ORDER BY rank"
        )
        return self._lessons(query, " ".join(terms) + "*", _sized(limit))

    def pin(self, id: int, on: bool = True) -> None:
        """Prefer a lesson wherever it is relevant at all, or no more. Raises InputError if there is none."""
        self._change("UPDATE lessons SET pinned = ? WHERE id = ?", on, _sized(id))

    def forget(self, id: int) -> None:
        """Delete a lesson for good. Raises InputError if there is none."""
        self._change("DELETE FROM lessons WHERE id = ?", _sized(id))

    def gains(self, limit: int = 500) -> Sequence[Lesson]:
        """The lessons with the largest confirmed gains, one for each function."""
        query = (
            f"{SELECT} WHERE id IN (SELECT id FROM (SELECT id, max(coalesce(low, 0) * credit) AS worth "
            "FROM lessons WHERE outcome = 'faster' GROUP BY sha256 ORDER BY worth DESC LIMIT ?))"
        )
        return self._lessons(query, _sized(limit))

    def worked_on(self, path: str, identities: Sequence[str]) -> frozenset[str]:
        """Functions with lessons: the names of those of a module, and which of these digests have any."""
        query = (
            "SELECT qualname FROM lessons WHERE path = ? UNION "
            "SELECT sha256 FROM lessons WHERE sha256 IN (SELECT value FROM json_each(?))"
        )
        values = self._relative(path), json.dumps(identities)
        return self._database.read(lambda bank: frozenset(row[0] for row in bank.execute(query, values)))

    def stats(self) -> Stats:
        """The bank in figures."""

        def count(bank: sqlite3.Connection) -> Stats:
            totals = (
                "SELECT count(*), count(DISTINCT sha256), count(DISTINCT run), "
                "coalesce(sum(pinned), 0), coalesce(sum(uses), 0) FROM lessons"
            )
            by = "SELECT {0}, count(*) FROM lessons GROUP BY {0} ORDER BY 2 DESC, 1"
            size = "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
            return Stats(
                *bank.execute(totals).fetchone(),
                outcomes=dict(bank.execute(by.format("outcome"))),
                agents=dict(bank.execute(by.format("agent"))),
                bytes=bank.execute(size).fetchone()[0],
            )

        return self._database.read(count)

    def export(self, stream: TextIO) -> None:
        """Write all lessons as JSON lines, oldest first."""
        self._database.read(
            lambda bank: exchange.write(map(lesson_of, bank.execute(f"{SELECT} ORDER BY id")), stream)
        )

    def import_(self, stream: TextIO) -> tuple[int, int]:
        """Add lessons from JSON lines. Returns how many were new and how many known.

        Raises InputError, which names the line, if one is not a lesson; then none is added.
        """
        # All is read before anything is written, and written in steps, so that runs at work never wait long.
        rows = [row_of(lesson, None) for lesson in exchange.read(stream)]
        added = 0
        for start in range(0, len(rows), _STEP):
            step = rows[start : start + _STEP]
            added += self._database.write(
                lambda bank, step=step: sum(new for _, new in (put(bank, row) for row in step))
            )
        return added, len(rows) - added

    def _lessons(self, query: str, *values: Any) -> Sequence[Lesson]:
        return self._database.read(lambda bank: [lesson_of(row) for row in bank.execute(query, values)])

    def _change(self, statement: str, *values: int) -> None:
        if not self._database.write(lambda bank: bank.execute(statement, values).rowcount):
            raise self._unknown(values[-1])

    def _unknown(self, id: int) -> InputError:
        return InputError(f"There is no lesson {id} in {self.path}; see `quickstudy lessons list`.")

    async def _vector(self, text: str) -> Sequence[float] | None:
        if self._embed is None:
            return None
        try:
            return await self._embed(text)
        except AgentError:
            return None  # relevance by marks is always there; a lesson is not lost for want of a vector

    def _relative(self, path: str) -> str:
        """A path as the bank keeps it: relative to the project where it lies inside."""
        if self._project is not None and Path(path).is_relative_to(self._project):
            return Path(path).relative_to(self._project).as_posix()
        return path


def _sized(number: int) -> int:
    """A number as SQLite can take it; there are no ids or counts beyond."""
    return max(-(2**63), min(number, 2**63 - 1))


def _by_vector(target: Sequence[float] | None, blob: bytes | None, otherwise: float) -> float:
    if target is None or blob is None:
        return otherwise
    vector = unpack(blob)
    return cosine(target, vector) if len(vector) == len(target) else otherwise
