"""The bank's file: other processes, migrations, damage, folders that cannot be written."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from tests.banks import bank as bank
from tests.banks import lesson
from tests.banks import path as path

from quickstudy.bank import Bank, migrations
from quickstudy.bank.migrations import document
from quickstudy.errors import BankError
from quickstudy.languages import language_named


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
from quickstudy.languages import language_named
from quickstudy.records import Lesson
async def main(path, name, count):
    bank = Bank.open(Path(path), language_named)
    for number in range(int(count)):
        lesson = Lesson(0, f"{name} {number}", "faster", 2.0, 1.9, 2.1, name, 1, "m.py", "f", "python",
                        "00", "", "", name, "CPython 3.11.2", "Linux", "2026-01-02T03:04:05+00:00")
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
    with Bank.open(path, language_named) as bank:
        assert bank.notice is None
        assert bank.get(1).text == "one 0"


KILL = """
import asyncio, os, signal, sys
from pathlib import Path
from quickstudy.bank import Bank, store
from quickstudy.languages import language_named
from tests.banks import lesson
put = store.put
def put_and_die(bank, row):
    put(bank, row)
    os.kill(os.getpid(), signal.SIGKILL)
bank = Bank.open(Path(sys.argv[1]), language_named)
asyncio.run(bank.add(lesson("Before.")))
store.put = put_and_die
asyncio.run(bank.add(lesson("Never reported.")))
"""


def test_a_kill_between_a_lesson_and_its_commit_leaves_a_bank_that_works(path: Path):
    """What was reported is there, what was not is not, and the next lesson is kept."""
    root = str(Path(__file__).parent.parent)
    command = [sys.executable, "-c", KILL, str(path)]
    assert -signal.SIGKILL == subprocess.run(command, env={**os.environ, "PYTHONPATH": root}).returncode
    with Bank.open(path, language_named) as bank:
        assert (None, ["Before."]) == (bank.notice, [one.text for one in bank.list()])
        assert 2 == asyncio.run(bank.add(lesson("After."))).id


REPORT = """
import asyncio, sys
from pathlib import Path
from quickstudy.bank import Bank, database
from quickstudy.languages import language_named
from quickstudy.errors import BankError
from tests.banks import lesson
bank = Bank.open(Path(sys.argv[1]), language_named)
database.PATIENCE_S = 0.001
for number in range(10_000):
    try:
        asyncio.run(bank.add(lesson(f"{sys.argv[2]} {number}")))
    except BankError:
        pass
    print(sys.argv[2], number, flush=True)
"""


def test_kills_at_any_moment_lose_no_lesson_that_was_reported(path: Path):
    """Two at once, their lessons now in the bank, now beside it as the other has it; both are killed."""
    reported: set[str] = set()
    root = str(Path(__file__).parent.parent)
    for turn in range(6):
        names = [f"{turn}a", f"{turn}b"]
        children = [
            subprocess.Popen(
                [sys.executable, "-c", REPORT, str(path), name],
                env={**os.environ, "PYTHONPATH": root},
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in names
        ]
        for child in children:
            assert child.stdout is not None
            reported.update(child.stdout.readline().strip() for _ in range(3 + 5 * turn))
        for child in children:
            child.kill()
            reported.update(
                line.strip() for line in child.communicate()[0].splitlines(True) if line[-1:] == "\n"
            )
    for _ in range(20):  # some are taken in at a time
        Bank.open(path, language_named).close()
    with Bank.open(path, language_named) as bank:
        assert bank.notice is None
        assert set() == reported - {one.text for one in bank.list(limit=10**6)}


def test_two_processes_at_once_lose_nothing(path: Path):
    """Both begin on a bank that does not exist yet."""
    with adding(path, "one", 200) as one, adding(path, "two", 200) as two:
        ids = [*map(int, one.communicate()[0].split()), *map(int, two.communicate()[0].split())]
    assert sorted(ids) == list(range(1, 401))
    with Bank.open(path, language_named) as bank:
        assert bank.stats().agents == {"one": 200, "two": 200}


async def test_credit_from_two_runs_counts_twice(path: Path):
    with Bank.open(path, language_named) as one, Bank.open(path, language_named) as two:
        kept = await one.add(lesson())
        await asyncio.gather(one.credit([kept], [[True]]), two.credit([kept], [[True]]))
        assert one.get(1).credit == pytest.approx(1.21)


# Damage and refusal


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each step is a transaction: those before it stay, its own beginnings do not."""

    def fail(connection: sqlite3.Connection) -> None:
        document(connection, "lessons", {"mood": "how it felt"})
        connection.execute("CREATE TABLE nonsense (")

    before = len(migrations.STEPS)
    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, fail))
    connection = sqlite3.connect(tmp_path / "lessons.db", isolation_level=None)
    with pytest.raises(sqlite3.OperationalError):
        migrations.migrate(connection)
    assert migrations.version(connection) == before
    assert connection.execute("SELECT count(*) FROM columns WHERE \"column\" = 'mood'").fetchone() == (0,)
    connection.close()


def left_alone(path: Path, problem: str) -> None:
    """Opening the file as a bank is refused with this problem, and not a byte of it changes."""
    before = path.read_bytes()
    with pytest.raises(BankError, match=problem):
        Bank.open(path, language_named)
    assert path.read_bytes() == before


async def test_a_bank_from_a_newer_version_is_left_alone(path: Path):
    with Bank.open(path, language_named) as bank:
        await bank.add(lesson())
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    left_alone(path, "newer Quickstudy")


def test_a_database_of_something_else_is_left_alone(tmp_path: Path):
    path = tmp_path / "other.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name)")
    connection.close()
    left_alone(path, "something else")


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path):
    """A slip in --bank moves nobody's file."""
    path = tmp_path / "notes.txt"
    path.write_text("my notes " * 1000)
    with pytest.raises(BankError, match="is not a lesson bank"):
        Bank.open(path, language_named)
    assert path.read_text() == "my notes " * 1000
    assert list(tmp_path.iterdir()) == [path]


async def test_a_damaged_bank_is_set_aside_and_a_fresh_one_begun(path: Path):
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database at all" * 500)
    Path(f"{path}-wal").write_bytes(b"journal")
    with Bank.open(path, language_named) as bank:
        (aside,) = path.parent.glob("lessons.db.corrupt-*Z")
        assert bank.notice is not None
        assert str(aside) in bank.notice
        assert aside.read_bytes() == b"no database at all" * 500
        assert Path(f"{aside}-wal").read_bytes() == b"journal"
        assert (await bank.add(lesson())).id == 1


async def test_damage_found_in_the_middle_of_a_run_costs_no_new_lesson(path: Path):
    """The lesson at hand goes into the fresh bank."""
    with Bank.open(path, language_named) as bank:
        for number in range(50):
            await bank.add(lesson(round=number, original="x" * 3000))
    damaged = bytearray(path.read_bytes())
    damaged[8192:] = os.urandom(len(damaged) - 8192)
    with Bank.open(path, language_named) as bank:
        bank.close()
        path.write_bytes(damaged)
        kept = await bank.add(lesson())
        assert bank.notice is not None
        assert bank.list() == [kept]
    (aside,) = path.parent.glob("lessons.db.corrupt-*Z")
    assert aside.read_bytes() == damaged


async def test_a_bank_deleted_under_an_open_one_is_made_again(path: Path):
    """A server that runs for days does not write into a file that nobody can find."""
    with Bank.open(path, language_named) as bank:
        for part in list(path.parent.iterdir()):
            part.unlink()
        kept = await bank.add(lesson())
        with Bank.open(path, language_named) as other:
            assert other.get(kept.id) == kept


@pytest.mark.parametrize("place", ["file/lessons.db", "file/.quickstudy/lessons.db"])
def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path, place: str):
    (tmp_path / "file").touch()
    with pytest.raises(BankError, match="--bank FILE"):
        Bank.open(tmp_path / place, language_named)


def test_a_folder_in_place_of_the_bank_is_a_sentence(tmp_path: Path):
    with pytest.raises(BankError, match="--bank FILE"):
        Bank.open(tmp_path, language_named)


READ_ONLY = """
import os, sys
import platformdirs.unix  # while it can be read
from pathlib import Path
from quickstudy.bank import Bank
from quickstudy.languages import language_named
from quickstudy.errors import BankError
folder = Path(sys.argv[1])
folder.chmod(0o555)
if os.geteuid() == 0:
    os.setuid(65534)
try:
    Bank.open(folder / "lessons.db", language_named)
except BankError as error:
    print(error)
"""

FULL = """
import asyncio, resource, sys
from pathlib import Path
from quickstudy.bank import Bank
from quickstudy.languages import language_named
from quickstudy.errors import BankError
from quickstudy.records import Lesson
path = Path(sys.argv[1]) / "lessons.db"
bank = Bank.open(path, language_named)
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, resource.RLIM_INFINITY))
lesson = Lesson(0, "long " * 100_000, "faster", 2.0, 1.9, 2.1, "one", 1, "m.py", "f", "python", "00", "",
                "", "run", "CPython 3.11.2", "Linux", "2026-01-02T03:04:05+00:00")
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
