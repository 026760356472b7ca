"""Functions, lessons and a real bank for the tests."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from quickstudy.bank import Bank
from quickstudy.languages import language_for, language_named
from quickstudy.records import Lesson, Target

PYTHON = language_for(Path("m.py"))
TOOLCHAIN = "CPython 3.12.1"
"""What the projects of these tests run on, which need not be ours."""

FIND_COMMON = """
def find_common(a, b):
    return [x for x in a if x in b]
"""
MISSING_IDS = """
def missing_ids(xs, ys):
    missing = []
    for x in xs:
        if x not in ys:
            missing.append(x)
    return missing
"""
PARSE_DATE = """
def parse_date(text):
    year, month, day = text.strip().split("-")
    return datetime.date(int(year), int(month), int(day))
"""
REMOVE_CELLS = """
def remove_cells(rows):
    for row in rows:
        for cell in row:
            if cell in rows:
                rows.remove(cell)
"""
SUM_CELLS = """
def sum_cells(rows):
    total = 0
    for row in rows:
        for cell in row:
            total += max(cell, total)
    return total
"""


def target(source: str) -> Target:
    digest = sha256(source.encode()).hexdigest()
    return Target(Path("/project/m.py"), "f", "python", source, source, "", digest)


def lesson(
    text: str = "A set makes membership fast.", source: str = FIND_COMMON, **changes: object
) -> Lesson:
    new = Lesson(
        id=0,
        text=text,
        outcome="faster",
        speedup=12.5,
        low=11.0,
        high=14.0,
        agent="local/one",
        round=1,
        path="/elsewhere/m.py",
        qualname="find_common",
        language="python",
        sha256=sha256(source.encode()).hexdigest(),
        original=source,
        candidate="def find_common(a, b):\n    return sorted(frozenset(a) & frozenset(b))\n",
        run="an earlier run",
        toolchain=TOOLCHAIN,
        platform="Linux",
        created="2026-01-02T03:04:05+00:00",
    )
    return replace(new, **changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "my project ü" / ".quickstudy" / "lessons.db"


@pytest.fixture
def bank(path: Path) -> Iterator[Bank]:
    with Bank.open(path, language_named) as bank:
        yield bank
