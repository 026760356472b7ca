"""The bank of lessons, on a real file: what the loop and the user ask of it, other processes, damage."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from sqlite_utils import Database

from quickstudy.bank import Bank, migrations
from quickstudy.bank.migrations import document
from quickstudy.errors import AgentError, BankError, InputError
from quickstudy.machine import this_machine
from quickstudy.records import Lesson, Target

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
        sha256=sha256(source.encode()).hexdigest(),
        original=source,
        candidate="def find_common(a, b):\n    return sorted(frozenset(a) & frozenset(b))\n",
        run="an earlier run",
        python=this_machine().python,
        platform="Linux",
        created="2026-01-02T03:04:05+00:00",
    )
    return replace(new, **changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "my project ü" / ".quickstudy" / "lessons.db"


@pytest.fixture
def bank(path: Path) -> Iterator[Bank]:
    with Bank.open(path) as bank:
        yield bank


async def test_a_lesson_comes_back_whole(bank: Bank, path: Path):
    """Every field is kept, the id is new, and the path is relative to the project."""
    given = lesson(path=str(path.parent.parent / "src" / "m.py"))
    kept = await bank.add(given)
    assert kept == replace(given, id=1, path="src/m.py")
    assert bank.get(1) == kept
    assert (await bank.add(lesson(path="/elsewhere/m.py"))).path == "/elsewhere/m.py"


async def test_a_new_folder_hides_itself_from_version_control(bank: Bank, path: Path):
    assert (path.parent / ".gitignore").read_text() == "*\n"


async def test_a_bank_elsewhere_adds_no_gitignore(tmp_path: Path):
    Bank.open(tmp_path / "shared.db").close()
    assert not (tmp_path / ".gitignore").exists()


async def test_the_very_same_lesson_is_kept_once(bank: Bank):
    """Adding it again gives it back under its first id."""
    assert (await bank.add(lesson())).id == (await bank.add(lesson())).id == 1
    assert (await bank.add(lesson(round=2))).id == 2


async def test_the_first_round_of_a_similar_function_gets_the_lesson(bank: Bank):
    """A bank that lasts: found by what the code does; an unrelated function gets none."""
    kept = await bank.add(lesson())
    assert await bank.select(target(MISSING_IDS), "a new run", 4) == (kept,)
    assert await bank.select(target(PARSE_DATE), "a new run", 4) == ()
    assert await bank.select(target(MISSING_IDS), "a new run", 0) == ()


async def test_large_gains_of_unrelated_functions_do_not_crowd_in(bank: Bank):
    """They are outside the pool however large; lessons of this run and this function are always inside."""
    await bank.add(lesson("Use datetime.fromisoformat.", PARSE_DATE, speedup=300.0))
    own = await bank.add(lesson("Nothing was gained.", MISSING_IDS, outcome="same", speedup=1.0))
    this_run = await bank.add(lesson("It crashed.", "x = 1", outcome="crashed", speedup=None, run="now"))
    assert {one.id for one in await bank.select(target(MISSING_IDS), "now", 4)} == {own.id, this_run.id}


async def test_pinned_lessons_need_little_relevance(bank: Bank):
    """A pinned lesson is in the pool from a lower relevance on, not where it has none."""
    kept = await bank.add(lesson("Collect first and remove later.", REMOVE_CELLS))
    nested = target(SUM_CELLS)
    assert await bank.select(nested, "a new run", 4) == ()
    bank.pin(kept.id)
    assert await bank.select(nested, "a new run", 4) == (replace(kept, pinned=True),)
    assert await bank.select(target(PARSE_DATE), "a new run", 4) == ()


async def test_credit_accumulates_within_bounds(bank: Bank):
    """Each use multiplies the factor by c/n; uses count the attempts."""
    first, second = await bank.add(lesson()), await bank.add(lesson(round=2))
    await bank.credit([first, second], [[True, True], [True, False]])
    await bank.credit([first], [[True, True]])
    assert bank.get(1).credit == pytest.approx(1.21)
    assert (bank.get(1).uses, bank.get(2).credit, bank.get(2).uses) == (4, 1.0, 2)
    for _ in range(40):
        await bank.credit([first, second], [[True], [False]])
    assert (bank.get(1).credit, bank.get(2).credit) == (10.0, 0.1)


async def test_an_embedding_model_orders_the_pool(path: Path):
    """With vectors, their cosine decides which relevant lesson is taken."""

    async def embed(text: str) -> Sequence[float]:
        return (1.0, 0.0) if "order" in text or "missing_ids" in text else (0.0, 1.0)

    with Bank.open(path, embed=embed) as bank:
        near = await bank.add(lesson("The order was lost.", outcome="wrong", speedup=None))
        await bank.add(lesson("Membership with a set raised an error.", outcome="wrong", speedup=None))
        assert await bank.select(target(MISSING_IDS), "a new run", 1) == (near,)


async def test_a_failing_embedding_model_loses_nothing(path: Path):
    """The lesson is kept without a vector and found by its marks."""

    async def embed(text: str) -> Sequence[float]:
        raise AgentError("The server is down.")

    with Bank.open(path, embed=embed) as bank:
        kept = await bank.add(lesson())
        assert await bank.select(target(MISSING_IDS), "a new run", 4) == (kept,)


async def test_search_finds_text_names_and_code(bank: Bank):
    """All words must occur, inflected or begun; punctuation is not a query language."""
    kept = await bank.add(lesson())
    await bank.add(lesson("Join strings.", "def g(): pass", qualname="Text.g", candidate=""))
    for query in ("sets", "membership fast", "find_common", "frozenset", "memb", "set -", "_ set _", '"set'):
        assert bank.search(query) == [kept], query
    for query in ("membership strings", "", "***", "_", "AND", "NEAR(a b)", "ß" * 500):
        assert list(bank.search(query)) == [], query


async def test_list_is_newest_first_and_filters(bank: Bank):
    for number in range(3):
        await bank.add(lesson(round=number, outcome="wrong" if number else "faster"))
    assert [one.id for one in bank.list()] == [3, 2, 1]
    assert [one.id for one in bank.list(limit=1)] == [3]
    assert [one.id for one in bank.list(outcome="faster")] == [1]
    assert [one.id for one in bank.list(path="/elsewhere/m.py", qualname="find_common")] == [3, 2, 1]
    assert list(bank.list(qualname="other")) == []


async def test_a_forgotten_lesson_is_gone_and_its_id_not_reused(bank: Bank):
    await bank.add(lesson())
    bank.forget(1)
    assert list(bank.search("membership")) == []
    assert await bank.select(target(MISSING_IDS), "a new run", 4) == ()
    assert (await bank.add(lesson())).id == 2


@pytest.mark.parametrize("act", ["get", "pin", "forget"])
def test_an_unknown_id_is_named(bank: Bank, act: str):
    with pytest.raises(InputError, match="no lesson 7"):
        getattr(bank, act)(7)
    with pytest.raises(InputError, match="no lesson"):
        getattr(bank, act)(10**30)


async def test_stats_count(bank: Bank):
    await bank.add(lesson())
    await bank.add(lesson(outcome="wrong", round=2))
    bank.pin(1)
    stats = bank.stats()
    assert (stats.lessons, stats.functions, stats.runs, stats.pinned, stats.uses) == (2, 1, 1, 1, 0)
    assert stats.outcomes == {"faster": 1, "wrong": 1}
    assert stats.agents == {"local/one": 2}
    assert stats.bytes > 0


def test_every_column_is_documented_in_the_file(bank: Bank, path: Path):
    """Any SQLite tool shows what a column means."""
    with sqlite3.connect(path) as connection:
        columns = {row[1] for row in connection.execute("PRAGMA table_info(lessons)")}
        documented = {
            row[0] for row in connection.execute('SELECT "column" FROM columns WHERE "table" = \'lessons\'')
        }
    connection.close()
    assert documented == columns


# Other processes

ADD = """
import asyncio, sys, time
from pathlib import Path
from quickstudy.bank import Bank
from quickstudy.records import Lesson
async def main(path, name, count):
    bank = Bank.open(Path(path))
    for number in range(int(count)):
        lesson = Lesson(0, f"{name} {number}", "faster", 2.0, 1.9, 2.1, name, 1, "m.py", "f", "00", "", "",
                        name, "3.11.2", "Linux", "2026-01-02T03:04:05+00:00")
        kept = await bank.add(lesson)
        print(kept.id, flush=True)
    sys.stdin.read()
asyncio.run(main(*sys.argv[1:]))
"""


def adding(path: Path, name: str, count: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", ADD, str(path), name, str(count)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_killed_process_loses_no_lesson_it_reported(path: Path):
    """`kill -9` right after the id was printed: the lesson is there, and the bank works."""
    with adding(path, "one", 1) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "1\n"
        child.send_signal(signal.SIGKILL)
    with Bank.open(path) as bank:
        assert bank.notice is None
        assert bank.get(1).text == "one 0"


def test_two_processes_at_once_lose_nothing(path: Path):
    """Both begin on a bank that does not exist yet."""
    with adding(path, "one", 200) as one, adding(path, "two", 200) as two:
        ids = [*map(int, one.communicate()[0].split()), *map(int, two.communicate()[0].split())]
    assert sorted(ids) == list(range(1, 401))
    with Bank.open(path) as bank:
        assert bank.stats().agents == {"one": 200, "two": 200}


async def test_credit_from_two_runs_counts_twice(path: Path):
    with Bank.open(path) as one, Bank.open(path) as two:
        kept = await one.add(lesson())
        await asyncio.gather(one.credit([kept], [[True]]), two.credit([kept], [[True]]))
        assert one.get(1).credit == pytest.approx(1.21)


# Damage and refusal


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each step is a transaction: those before it stay, its own beginnings do not."""

    def fail(database: Database) -> None:
        document(database, "lessons", {"mood": "how it felt"})
        database.conn.execute("CREATE TABLE nonsense (")

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, fail))
    connection = sqlite3.connect(tmp_path / "lessons.db", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        migrations.migrate(connection)
    assert migrations.version(connection) == 1
    assert connection.execute("SELECT count(*) FROM columns WHERE \"column\" = 'mood'").fetchone() == (0,)
    connection.close()


async def test_a_bank_from_a_newer_version_is_left_alone(path: Path):
    with Bank.open(path) as bank:
        await bank.add(lesson())
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(BankError, match="newer Quickstudy"):
        Bank.open(path)
    assert path.read_bytes() == before


def test_a_database_of_something_else_is_left_alone(tmp_path: Path):
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(BankError, match="something else"):
        Bank.open(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path):
    """A slip in --bank moves nobody's file."""
    path = tmp_path / "notes.txt"
    path.write_text("my notes " * 1000)
    with pytest.raises(BankError, match="is not a lesson bank"):
        Bank.open(path)
    assert path.read_text() == "my notes " * 1000
    assert list(tmp_path.iterdir()) == [path]


async def test_a_damaged_bank_is_set_aside_and_a_fresh_one_begun(path: Path):
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all" * 500)
    Path(f"{path}-wal").write_bytes(b"journal")
    with Bank.open(path) as bank:
        (aside,) = path.parent.glob("lessons.db.corrupt-*Z")
        assert bank.notice is not None
        assert str(aside) in bank.notice
        assert aside.read_bytes() == b"no database at all" * 500
        assert Path(f"{aside}-wal").read_bytes() == b"journal"
        assert (await bank.add(lesson())).id == 1


async def test_damage_found_in_the_middle_of_a_run_costs_no_new_lesson(path: Path):
    """The lesson at hand goes into the fresh bank."""
    with Bank.open(path) as bank:
        for number in range(50):
            await bank.add(lesson(round=number, original="x" * 3000))
    damaged = bytearray(path.read_bytes())
    damaged[8192:] = os.urandom(len(damaged) - 8192)
    with Bank.open(path) as bank:
        bank.close()
        path.write_bytes(damaged)
        kept = await bank.add(lesson())
        assert bank.notice is not None
        assert bank.list() == [kept]
    (aside,) = path.parent.glob("lessons.db.corrupt-*Z")
    assert aside.read_bytes() == damaged


async def test_a_bank_deleted_under_an_open_one_is_made_again(path: Path):
    """A server that runs for days does not write into a file that nobody can find."""
    with Bank.open(path) as bank:
        for part in list(path.parent.iterdir()):
            part.unlink()
        kept = await bank.add(lesson())
        with Bank.open(path) as other:
            assert other.get(kept.id) == kept


@pytest.mark.parametrize("place", ["file/lessons.db", "file/.quickstudy/lessons.db"])
def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path, place: str):
    (tmp_path / "file").touch()
    with pytest.raises(BankError, match="--bank FILE"):
        Bank.open(tmp_path / place)


def test_a_folder_in_place_of_the_bank_is_a_sentence(tmp_path: Path):
    with pytest.raises(BankError, match="--bank FILE"):
        Bank.open(tmp_path)


READ_ONLY = """
import os, sys
from pathlib import Path
from quickstudy.bank import Bank
from quickstudy.errors import BankError
folder = Path(sys.argv[1])
folder.chmod(0o555)
if os.geteuid() == 0:
    os.setuid(65534)
try:
    Bank.open(folder / "lessons.db")
except BankError as error:
    print(error)
"""

FULL = """
import asyncio, resource, sys
from pathlib import Path
from quickstudy.bank import Bank
from quickstudy.errors import BankError
from quickstudy.records import Lesson
path = Path(sys.argv[1]) / "lessons.db"
bank = Bank.open(path)
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, resource.RLIM_INFINITY))
lesson = Lesson(0, "long " * 100_000, "faster", 2.0, 1.9, 2.1, "one", 1, "m.py", "f", "00", "", "", "run",
                "3.11.2", "Linux", "2026-01-02T03:04:05+00:00")
try:
    asyncio.run(bank.add(lesson))
except BankError as error:
    print(error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
print(bank.stats().lessons)
"""


def run(script: str, folder: Path) -> list[str]:
    command = [sys.executable, "-c", script, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path_factory: pytest.TempPathFactory):
    """Whether the folder or the file refuses, the advice is another place."""
    folder = tmp_path_factory.mktemp("read-only")
    (said,) = run(READ_ONLY, folder)
    assert said.endswith("name another place with --bank FILE.")


def test_a_disk_that_takes_no_more_is_a_sentence(tmp_path: Path):
    """And the bank still answers."""
    said, lessons = run(FULL, tmp_path)
    assert "--bank FILE" in said
    assert lessons == "0"
