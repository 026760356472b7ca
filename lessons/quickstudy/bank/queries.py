"""What a user asks of a bank: each a function of a connection, in a transaction that somebody else holds."""

import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from quickstudy.bank.rows import SELECT, Sieve, within
from quickstudy.records import Lesson, VerdictKind

_SIZE = 64 << 20
"""Characters that one answer may have; a thousand lessons about long functions have a tenth."""

_TALLIED = 100
"""So many agents are counted by name, the most frequent."""

_WORKED_ON = 10_000
"""So many functions of a module may have been worked on."""


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


def newest(
    bank: sqlite3.Connection, sieve: Sieve, filters: Mapping[str, str], limit: int
) -> Sequence[Lesson]:
    """The newest lessons that have these values in these columns."""
    where = " AND ".join(f"{column} = ?" for column in filters) or "1"
    query = f"{SELECT} WHERE {where} ORDER BY id DESC LIMIT ?"
    return _read(bank, sieve, query, *filters.values(), sized(limit))


def after(bank: sqlite3.Connection, sieve: Sieve, id: int, limit: int) -> tuple[Sequence[Lesson], int | None]:
    """The next lessons in the order in which they came, and the id of the last row, if there was one."""
    rows = list(within(bank.execute(f"{SELECT} WHERE id > ? ORDER BY id LIMIT ?", (id, limit)), _SIZE))
    return sieve.lessons(rows), rows[-1][0] if rows else None


def numbered(bank: sqlite3.Connection, sieve: Sieve, id: int) -> Lesson | None:
    """The lesson of this id."""
    return next(iter(_read(bank, sieve, f"{SELECT} WHERE id = ?", sized(id))), None)


def found(bank: sqlite3.Connection, sieve: Sieve, text: str, limit: int) -> Sequence[Lesson]:
    """Lessons whose text, function or code has all these words, the last maybe begun only; best first."""
    terms = [f'"{term}"' for term in re.findall(r"\w+", text)]
    if not terms:
        return ()
    query = (
        f"{SELECT} JOIN (SELECT rowid AS found, rank FROM lessons_fts WHERE lessons_fts MATCH ? "
        "ORDER BY rank LIMIT ?) ON id = found ORDER BY rank"
    )
    return _read(bank, sieve, query, " ".join(terms) + "*", sized(limit))


def gains(bank: sqlite3.Connection, sieve: Sieve, limit: int) -> Sequence[Lesson]:
    """The lessons with the largest confirmed gains, one for each function."""
    query = (
        f"{SELECT} WHERE id IN (SELECT id FROM (SELECT id, max(coalesce(low, 0) * credit) AS worth "
        "FROM lessons WHERE outcome = 'faster' GROUP BY sha256 ORDER BY worth DESC LIMIT ?))"
    )
    return _read(bank, sieve, query, sized(limit))


def worked_on(bank: sqlite3.Connection, path: str, identities: Sequence[str]) -> frozenset[str]:
    """Functions with lessons: the names of those of a module, and which of these digests have any."""
    query = (
        "SELECT qualname FROM lessons WHERE path = ? UNION "
        "SELECT sha256 FROM lessons WHERE sha256 IN (SELECT value FROM json_each(?)) LIMIT ?"
    )
    rows = bank.execute(query, (path, json.dumps(identities), _WORKED_ON))
    return frozenset(name for (name,) in within(rows, _SIZE))


def stats(bank: sqlite3.Connection) -> Stats:
    """The bank in figures."""
    lessons, pinned, uses = bank.execute(
        "SELECT count(*), count(*) FILTER (WHERE pinned = 1), "
        "total(uses) FILTER (WHERE uses BETWEEN 0 AND 1000000000) FROM lessons"
    ).fetchone()
    known = ", ".join(f"'{outcome}'" for outcome in get_args(VerdictKind))
    return Stats(
        lessons=lessons,
        functions=_number(bank, "SELECT count(DISTINCT sha256) FROM lessons"),
        runs=_number(bank, "SELECT count(DISTINCT run) FROM lessons"),
        pinned=pinned,
        uses=int(uses),
        outcomes=_tally(bank, "outcome", f"outcome IN ({known})"),
        agents=_tally(bank, "substr(agent, 1, 100)", "typeof(agent) = 'text'"),
        bytes=_number(bank, "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"),
    )


def sized(number: int) -> int:
    """A number as SQLite can take it; there are no ids or counts beyond."""
    return max(-(2**63), min(number, 2**63 - 1))


def _number(bank: sqlite3.Connection, query: str) -> int:
    return bank.execute(query).fetchone()[0]


def _tally(bank: sqlite3.Connection, value: str, where: str) -> Mapping[str, int]:
    query = f"SELECT {value}, count(*) FROM lessons WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?"
    return dict(bank.execute(query, (_TALLIED,)))


def _read(bank: sqlite3.Connection, sieve: Sieve, query: str, *values: str | int) -> Sequence[Lesson]:
    return sieve.lessons(within(bank.execute(query, values), _SIZE))
