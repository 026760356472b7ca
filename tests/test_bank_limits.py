"""A bank that is huge, poisoned or stuck: bounded in time and memory, and nobody waits for it."""

import asyncio
import io
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from tests.banks import MISSING_IDS, PYTHON, TOOLCHAIN, lesson, target
from tests.banks import path as path

from quickstudy.bank import Bank, store
from quickstudy.bank.rows import put, row_of
from quickstudy.errors import BankError
from quickstudy.languages import language_named

NUMBERS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {0}) "
FILL = (
    "INSERT INTO lessons (text, outcome, agent, round, path, qualname, sha256, original, candidate, run, "
    "toolchain, platform, created, digest, marks, identifiers, pinned) SELECT {text}, 'faster', 'a', 1, "
    "'m.py', 'f', '{sha256}', {code}, '', 'r', '3.11', 'Linux', '2026-01-02', x, {marks}, '', 1 FROM n"
)


def made(path: Path, *statements: str) -> None:
    """A bank with one lesson, and then changed by these statements, which need no index of terms."""
    Bank.open(path, language_named).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        put(connection, row_of(lesson(), PYTHON, None))
        for statement in statements:
            connection.execute(statement)


def filled(path: Path, count: int, text: str = "'t'", code: str = "''", marks: str = "'+scan'") -> None:
    """Very many rows, all pinned and about the same function."""
    values = FILL.format(text=text, code=code, marks=marks, sha256=target(MISSING_IDS).sha256)
    made(path, NUMBERS.format(count) + values)


def memory_kb() -> int:
    """What this process has in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * (os.sysconf("SC_PAGE_SIZE") // 1024)


async def test_a_hundred_thousand_lessons_about_one_function_slow_no_round(path: Path) -> None:
    """All pinned, all of this very function: so many are looked at, and no more."""
    filled(path, 100_000)
    with Bank.open(path, language_named) as bank:
        began = time.monotonic()
        chosen = await bank.select(target(MISSING_IDS), TOOLCHAIN, "now", 4)
        assert (True, True) == (0 < len(chosen) <= 4, time.monotonic() - began < 2)


async def test_large_lessons_do_not_fill_the_memory(path: Path) -> None:
    """Each is as large as a lesson may be; together they are 75 MB, and what is read of them is not."""
    filled(path, 400, code="printf('%.*c', 190000, 'x')")
    with Bank.open(path, language_named) as bank:
        before = memory_kb()
        await bank.select(target(MISSING_IDS), TOOLCHAIN, "now", 4)
        assert memory_kb() - before < 64 << 10
        bank.export(io.StringIO())
        assert len(bank.list(limit=10**9)) < 400
        assert memory_kb() - before < 512 << 10


async def test_what_is_larger_than_any_lesson_of_ours_is_left_out(path: Path) -> None:
    """The others are still there, and how many were left out is known."""
    filled(path, 3, text="printf('%.*c', 3000000, 'x')")
    with Bank.open(path, language_named) as bank:
        assert ([1], 3) == ([one.id for one in bank.list()], bank.left_out)
        assert [] == [
            one.id for one in await bank.select(target(MISSING_IDS), TOOLCHAIN, "now", 4) if one.id > 1
        ]


async def test_a_value_that_is_too_large_to_read_is_damage(path: Path) -> None:
    """Nothing that we write comes near it; the file is kept aside."""
    filled(path, 1, text="printf('%.*c', 40000000, 'x')")
    with Bank.open(path, language_named) as bank:
        assert ([], True) == (bank.list(), bank.notice is not None)


def test_a_file_of_ten_gigabytes_of_nothing_costs_nothing(path: Path) -> None:
    """A hole at its end is not read."""
    made(path)
    os.truncate(path, 10 << 30)
    began = time.monotonic()
    with Bank.open(path, language_named) as bank:
        bank.stats()
        assert [1] == [one.id for one in bank.search("membership")]
    assert time.monotonic() - began < 3


def test_a_log_that_is_larger_than_any_of_ours_is_not_read(path: Path) -> None:
    """SQLite would read it whole before it could be interrupted."""
    made(path)
    with path.with_name("lessons.db-wal").open("wb") as file:
        file.truncate(3 << 30)
    with Bank.open(path, language_named) as bank:
        assert bank.notice is not None
        assert "wal" in bank.notice
    assert 1 == len(list(path.parent.glob("lessons.db.corrupt-*Z-wal")))


async def test_marks_of_lessons_that_are_not_there_find_nothing(path: Path) -> None:
    """An index that names a hundred thousand of them costs no more than another."""
    made(
        path,
        NUMBERS.format(100_000) + "INSERT INTO marked (rowid, marks) SELECT x + 10, '+scan +loop ids' FROM n",
    )
    with Bank.open(path, language_named) as bank:
        began = time.monotonic()
        assert [] == list(await bank.select(target(MISSING_IDS), TOOLCHAIN, "now", 4))
        assert time.monotonic() - began < 2


@pytest.mark.parametrize("table", ["marked_data", "marked_idx", "lessons_fts_data", "lessons_fts_config"])
async def test_a_poisoned_index_ends_in_a_sentence_or_a_fresh_bank(path: Path, table: str) -> None:
    """Whatever stands in the tables of the full-text search."""
    column = {"marked_data": "block", "lessons_fts_data": "block", "marked_idx": "pgno"}.get(table, "v")
    made(path, f"UPDATE {table} SET {column} = CAST(randomblob(4000) AS BLOB)")
    with Bank.open(path, language_named) as bank:
        for use in (bank.add(lesson(round=2)), bank.select(target(MISSING_IDS), TOOLCHAIN, "now", 4)):
            try:
                await use
            except BankError as error:
                assert "--bank FILE" in str(error)
        assert len(bank.list()) <= 2


# What does not come back by itself

ENDLESS = "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"


def endless(bank: sqlite3.Connection, *_: object) -> Sequence[Any]:
    """A question that SQLite never ends to answer, but can be interrupted in."""
    return bank.execute(ENDLESS).fetchall()


def test_a_question_ends_at_its_deadline(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a sentence, and the bank goes on."""
    made(path)
    monkeypatch.setattr(store, "_RUN_S", 0.1)
    monkeypatch.setattr(store.queries, "gains", endless)
    with Bank.open(path, language_named) as bank:
        with pytest.raises(BankError, match="too large or too damaged to answer in time"):
            bank.gains()
        assert [1] == [one.id for one in bank.list()]


async def test_the_event_loop_goes_on_while_a_bank_is_slow(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run can be followed, and cancelled, while it waits; the question ends with it."""
    made(path)
    begun, loop = asyncio.Event(), asyncio.get_running_loop()

    def slow(bank: sqlite3.Connection, *_: object) -> Sequence[Any]:
        loop.call_soon_threadsafe(begun.set)
        return endless(bank)

    monkeypatch.setattr(store, "_RUN_S", 60.0)
    monkeypatch.setattr(store, "nominate", slow)
    with Bank.open(path, language_named) as bank:
        asked = asyncio.create_task(bank.select(target(MISSING_IDS), TOOLCHAIN, "now", 4))
        await begun.wait()
        asked.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asked
        assert [1] == [one.id for one in bank.list()]  # in the same thread, so the other is over


async def test_what_cannot_be_interrupted_is_given_up(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a disk that does not answer. No later question waits for it either."""
    made(path)
    never = Event()

    def stuck(*_: object) -> Sequence[Any]:
        never.wait()
        return ()

    monkeypatch.setattr(store.queries, "found", stuck)
    monkeypatch.setattr(store.queries, "newest", lambda *_: ())
    bank = Bank.open(path, language_named)
    monkeypatch.setattr("quickstudy.bank.access._longest", lambda seconds: 0.05)
    try:
        for ask in (lambda: bank.search("x"), bank.list):
            with pytest.raises(BankError, match="does not answer"):
                ask()
        with pytest.raises(BankError, match="does not answer"):
            await bank.add(lesson())
        bank.close()
    finally:
        never.set()


LEAVE = """
import sys, threading
from pathlib import Path
from quickstudy.bank import Bank, access, store
from quickstudy.languages import language_named
store.queries.found = lambda *_: threading.Event().wait()
bank = Bank.open(Path(sys.argv[1]), language_named)
access._longest = lambda seconds: 0.05
try:
    bank.search("x")
except Exception as error:
    print(type(error).__name__)
"""


def test_a_process_ends_although_its_bank_is_stuck(path: Path) -> None:
    """The thread is nobody's to wait for."""
    command = [sys.executable, "-c", LEAVE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    assert ("BankError\n", "") == (done.stdout, done.stderr)
