"""Rows of a bank that no Quickstudy wrote: held to what an import is held to, and else left out."""

import io
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest
from tests.banks import FIND_COMMON, MISSING_IDS, PYTHON, TOOLCHAIN, lesson, target
from tests.banks import path as path

from quickstudy.bank import Bank, precedent
from quickstudy.bank.rows import put, row_of
from quickstudy.bank.validation import LONGEST_CODE, LONGEST_TEXT
from quickstudy.errors import InputError
from quickstudy.languages import language_named

FORGED: list[tuple[str, object]] = [
    ("text", None),
    ("text", ""),
    ("text", " \n"),
    ("text", b"bytes"),
    ("text", "long " * LONGEST_TEXT),
    ("outcome", "splendid"),
    ("outcome", 1),
    ("speedup", "fast"),
    ("speedup", float("inf")),
    ("speedup", 1e300),
    ("speedup", -2.0),
    ("low", 0.0),
    ("high", float("-inf")),
    ("agent", b"7"),
    ("round", -1),
    ("round", 1.5),
    ("path", "../../.ssh/config"),
    ("path", "src/../../m.py"),
    ("path", "m\0.py"),
    ("path", "m/" * 5000),
    ("qualname", "q" * 2000),
    ("sha256", b"\0" * 32),
    ("original", "x" * (LONGEST_CODE + 1)),
    ("candidate", None),
    ("run", b"2.5"),
    ("toolchain", "3" * 2000),
    ("language", "l" * 2000),
    ("created", "yesterday"),
    ("created", 2026),
    ("uses", -5),
    ("uses", 2**62),
    ("credit", 1e9),
    ("credit", 0.0),
    ("credit", "inf"),
    ("pinned", 2),
    ("pinned", "yes"),
]


def forge(path: Path, values: Mapping[str, object], terms: object = "+scan +loop") -> None:
    """A bank with one good lesson, and a second one with these values, which no declared type keeps out."""
    Bank.open(path, language_named).close()
    good, other = lesson(), lesson("Another says something else.", round=2)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for one in (good, other):
            put(connection, row_of(one, PYTHON, None))
        connection.execute("PRAGMA writable_schema = ON")
        (sql,) = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'lessons'").fetchone()
        declare(connection, sql.replace(" STRICT", "").replace(" NOT NULL", ""))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for column, value in {**values, "marks": terms}.items():
            connection.execute(f"UPDATE lessons SET {column} = ? WHERE id = 2", (value,))
        declare(connection, sql)


def declare(connection: sqlite3.Connection, sql: str) -> None:
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'lessons'", (sql,))


@pytest.mark.parametrize(("column", "value"), FORGED)
async def test_a_row_that_is_no_lesson_is_left_out_everywhere(path: Path, column: str, value: object) -> None:
    """Of what a run, a person and an editor ask for; how many there are is known."""
    forge(path, {column: value})
    with Bank.open(path, language_named) as bank:
        assert (None, [1]) == (bank.notice, [one.id for one in bank.list()])
        assert [1] == [one.id for one in await bank.select(target(FIND_COMMON), TOOLCHAIN, "now", 4)]
        assert {1} >= {one.id for one in bank.search("something")} | {one.id for one in bank.gains()}
        stream = io.StringIO()
        bank.export(stream)
        assert [asdict(lesson())["text"]] == [
            json.loads(line)["text"] for line in stream.getvalue().splitlines()
        ]
        json.dumps(asdict(bank.stats()), allow_nan=False)
        with pytest.raises(InputError, match="no lesson 2"):
            bank.get(2)
        assert 1 == bank.left_out
        bank.worked_on("m.py", [])


async def test_text_that_is_not_utf_8_is_read_as_far_as_it_goes(path: Path) -> None:
    """A wrong byte shows as what it is."""
    forge(path, {})
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE lessons SET text = CAST(x'61ff62' AS TEXT) WHERE id = 2")
    with Bank.open(path, language_named) as bank:
        assert "a\ufffdb" == bank.get(2).text


@pytest.mark.parametrize("terms", [None, 7, b"+scan", "+ ~ +nothing ~nothing + +", "+scan " * 40_000])
async def test_terms_may_be_anything(path: Path, terms: object) -> None:
    """What relevance is computed from is a stranger's too."""
    forge(path, {}, terms)
    with Bank.open(path, language_named) as bank:
        assert 1 in {one.id for one in await bank.select(target(FIND_COMMON), TOOLCHAIN, "now", 4)}


@pytest.mark.parametrize(
    "vector", [b"123", b"", b"\xff" * 8, b"\0\0\x80\x7f" * 2, "text", 7, b"1" * 9_000_000]
)
async def test_an_embedding_may_be_anything(path: Path, vector: object) -> None:
    """Too short, not a number, endless or no embedding at all: then the terms decide."""
    forge(path, {"vector": vector})

    async def embed(text: str) -> tuple[float, float]:
        return 1.0, 0.0

    with Bank.open(path, language_named, embed=embed) as bank:
        assert {1, 2} == {one.id for one in await bank.select(target(MISSING_IDS), TOOLCHAIN, "now", 4)}


def test_code_that_takes_long_to_read_is_no_precedent() -> None:
    """A hint is for functions that people write."""
    body = "".join(f"    for x in a:\n        if x in b{n}: pass\n" for n in range(4000))
    assert precedent(lesson(source=f"def f(a, b):\n{body}", candidate="def f(a, b): pass"), PYTHON) is None


async def test_a_lesson_of_our_own_is_always_one(path: Path) -> None:
    """Whatever an agent wrote and the lab measured, what is added can be read again."""
    odd = lesson("long " * 9000, original="x" * 10**6, agent="a" * 5000, low=0.0, high=float("inf"))
    with Bank.open(path, language_named) as bank:
        kept = await bank.add(odd)
        assert ([kept], 0) == (bank.list(), bank.left_out)
        assert (LONGEST_TEXT, LONGEST_CODE, None, None) == (
            len(kept.text),
            len(kept.original),
            kept.low,
            kept.high,
        )
