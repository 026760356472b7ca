"""A bank whose schema is not ours, as a repository can bring: set aside before anything in it is used."""

import io
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.banks import PYTHON, lesson
from tests.banks import path as path

from quickstudy.bank import Bank, exchange, migrations
from quickstudy.bank.rows import COLUMNS, row_of
from quickstudy.errors import BankError
from quickstudy.languages import language_named

ENDLESS = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c"
WORK = "length(hex(zeroblob(100000000)))"

FOREIGN = {
    "a view that never ends for the lessons": [
        "DROP TABLE lessons",
        f"CREATE VIEW lessons AS SELECT x AS id, '' AS text, 'faster' AS outcome FROM ({ENDLESS})",
    ],
    "a view that never ends for the index of terms": [
        "DROP TABLE marked",
        f"CREATE VIEW marked (rowid, marks) AS SELECT x, x FROM ({ENDLESS})",
    ],
    "a view beside ours": [f"CREATE VIEW more AS {ENDLESS}"],
    "a table of another": ["CREATE TABLE recipes (name)"],
    "a virtual table of another": ["CREATE VIRTUAL TABLE near USING rtree (id, low, high)"],
    "statistics for the planner": ["ANALYZE"],
    "a trigger that never ends, on a new lesson": [
        f"CREATE TRIGGER slow AFTER INSERT ON lessons BEGIN SELECT max(x) FROM ({ENDLESS}); END"
    ],
    "a trigger that deletes": [
        "CREATE TRIGGER lessons_mark AFTER INSERT ON lessons BEGIN DELETE FROM lessons; END"
    ],
    "an index that is missing": ["DROP INDEX idx_lessons_sha256"],
    "an index on an expression": [f"CREATE INDEX slow ON lessons ({WORK})"],
    "an index on a part that is dear to tell": [f"CREATE INDEX slow ON lessons (id) WHERE {WORK} > id"],
    "a column of ours that is computed": [
        *("DROP INDEX idx_lessons_run", "ALTER TABLE lessons DROP COLUMN platform"),
        f"ALTER TABLE lessons ADD COLUMN platform TEXT AS (hex({WORK}))",
        "CREATE INDEX idx_lessons_run ON lessons (run)",
    ],
    "a check that is dear": [
        "PRAGMA writable_schema = ON",
        f"UPDATE sqlite_master SET sql = replace(sql, 'vector BLOB', 'vector BLOB CHECK ({WORK} > 0)')",
    ],
    "a column of the full-text search's own table that is computed": [
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, 'block BLOB', 'block AS (zeroblob(900000000))') "
        "WHERE name = 'marked_data'",
    ],
    "an older version with a trigger for the table to come": [
        "PRAGMA user_version = 0",
        f"CREATE TRIGGER slow AFTER INSERT ON columns BEGIN SELECT max(x) FROM ({ENDLESS}); END",
    ],
    "a version before the first": ["PRAGMA user_version = -1"],
    "no numbers left for new lessons": ["UPDATE sqlite_sequence SET seq = 9223372036854775807"],
    "a lesson with the last number": ["UPDATE lessons SET id = 9223372036854775807"],
    "a database of something else": ["PRAGMA application_id = 7"],
}
"""What is done to a bank of ours. The endless ones would not come back; the others cost 200 MB a row."""


async def foreign(path: Path, statements: Sequence[str]) -> None:
    """A bank with one lesson, and then changed by these statements."""
    with Bank.open(path, language_named) as bank:
        await bank.add(lesson())
    change(path, statements)


def change(path: Path, statements: Sequence[str]) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize("statements", FOREIGN.values(), ids=FOREIGN)
async def test_a_bank_of_a_project_with_another_schema_is_set_aside(
    path: Path, statements: Sequence[str]
) -> None:
    """It is kept byte for byte, the user is told in one sentence, and a fresh one works."""
    await foreign(path, statements)
    before = path.read_bytes()
    with Bank.open(path, language_named) as bank:
        (aside,) = path.parent.glob("lessons.db.corrupt-*Z")
        assert before == aside.read_bytes()
        assert bank.notice is not None
        assert (1, True) == (bank.notice.count(". ") + 1, str(aside) in bank.notice)
        assert 1 == (await bank.add(lesson())).id
        assert [1] == [one.id for one in bank.list()]


@pytest.mark.parametrize("statements", FOREIGN.values(), ids=FOREIGN)
async def test_a_file_that_the_user_named_is_refused_instead(
    tmp_path: Path, statements: Sequence[str]
) -> None:
    """It may be somebody's work, so it stays where it is, as it is."""
    path = tmp_path / "mine.db"
    await foreign(path, statements)
    before = path.read_bytes()
    with pytest.raises(BankError, match="--bank FILE"):
        Bank.open(path, language_named)
    assert (before, ["mine.db", "mine.db.lock"]) == (
        path.read_bytes(),
        sorted(part.name for part in tmp_path.iterdir()),
    )


async def test_a_schema_that_changes_under_an_open_bank_is_noticed(path: Path) -> None:
    """As when another branch is checked out while a server runs."""
    with Bank.open(path, language_named) as bank:
        await bank.add(lesson())
        change(path, FOREIGN["a trigger that never ends, on a new lesson"])
        kept = await bank.add(lesson(round=2))
        assert ([kept], True) == (bank.list(), bank.notice is not None)


async def test_what_differs_is_named(path: Path) -> None:
    """So that who changed it by hand can change it back."""
    await foreign(path, ["CREATE INDEX by_agent ON lessons (agent)"])
    with Bank.open(path, language_named) as bank:
        assert bank.notice is not None
        assert "by_agent" in bank.notice


async def test_a_bank_that_a_tool_has_vacuumed_is_still_ours(path: Path) -> None:
    """What keeps the schema as it is keeps the bank."""
    await foreign(path, ["PRAGMA journal_mode = DELETE", "PRAGMA page_size = 8192", "VACUUM"])
    with Bank.open(path, language_named) as bank:
        assert (None, 1) == (bank.notice, bank.stats().lessons)


def old(path: Path, monkeypatch: pytest.MonkeyPatch, *statements: str, version: int = 1) -> None:
    """A bank of an old version, the first with triggers, and then changed by these statements."""
    path.parent.mkdir(parents=True)
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "STEPS", migrations.STEPS[:version])
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            migrations.migrate(connection)
            row = dict(zip(COLUMNS, row_of(lesson(), PYTHON, None), strict=True))
            assert "python" == row.pop("language")
            row["python"] = row.pop("toolchain").removeprefix("CPython ")
            insert = f"INSERT INTO lessons ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})"
            connection.execute(insert, tuple(row.values()))
    change(path, statements)


def test_an_older_bank_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lessons are found as before, and can be forgotten."""
    old(path, monkeypatch)
    with Bank.open(path, language_named) as bank:
        assert (None, [1]) == (bank.notice, [one.id for one in bank.search("membership")])
        bank.forget(1)
        assert [] == list(bank.search("membership"))


@pytest.mark.parametrize("version", [1, 2])
def test_lessons_from_before_there_were_languages_are_about_python(
    path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    """With the interpreter they were measured on; the very same lesson is known when it comes again."""
    old(path, monkeypatch, version=version)
    with Bank.open(path, language_named) as bank:
        assert [replace(lesson(), id=1)] == bank.list()
        assert (0, 1) == bank.import_(io.StringIO(exchange.line_of(lesson())))


def test_a_bank_that_another_process_begins_meanwhile_is_not_taken_for_a_stranger(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its version and its schema are read as of one moment."""
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    read = migrations.version
    others = [path]

    def version(connection: sqlite3.Connection) -> int:
        found = read(connection)
        while others:
            with closing(sqlite3.connect(others.pop(), isolation_level=None)) as other:
                migrations.migrate(other)
        return found

    monkeypatch.setattr(migrations, "version", version)
    with Bank.open(path, language_named) as bank:
        assert (None, []) == (bank.notice, bank.list())


def test_an_older_bank_with_another_trigger_is_set_aside(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before any step of ours could run it."""
    old(
        path,
        monkeypatch,
        "DROP TRIGGER lessons_ad",
        "CREATE TRIGGER lessons_ad AFTER DELETE ON lessons BEGIN "
        "INSERT INTO columns VALUES ('ran', 'ran', 'ran'); END",
    )
    with Bank.open(path, language_named) as bank:
        assert bank.notice is not None
        assert "lessons_ad" in bank.notice
