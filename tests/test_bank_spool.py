"""A lesson that its bank cannot take: it is kept beside, the user is told, and it is taken in later, once."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.banks import bank as bank
from tests.banks import lesson
from tests.banks import path as path

from quickstudy.bank import Bank, database, exchange
from quickstudy.bank.rows import digest
from quickstudy.errors import BankError
from quickstudy.languages import language_named
from quickstudy.machine import state_folder


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that is not let go is waited for as briefly as can be told."""
    monkeypatch.setattr(database, "PATIENCE_S", 0.3)


@contextmanager
def locked(path: Path, mode: str = "NORMAL") -> Generator[None]:
    """Another connection keeps the bank for itself."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute(f"PRAGMA locking_mode = {mode}")
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("COMMIT")


def spool(path: Path) -> Path:
    return path.with_name("lessons.db.spool")


def texts(bank: Bank) -> list[str]:
    return sorted(one.text for one in bank.list())


@pytest.mark.parametrize("mode", ["NORMAL", "EXCLUSIVE"])
async def test_a_lesson_waits_while_the_bank_is_locked(path: Path, mode: str) -> None:
    """One sentence says where; the next who opens the bank finds it there."""
    Bank.open(path, language_named).close()
    with Bank.open(path, language_named) as bank:
        bank.close()
        with locked(path, mode):
            with pytest.raises(BankError, match="keeps it locked") as caught:
                await bank.add(lesson("The first."))
            assert str(spool(path)) in str(caught.value)
            assert 1 == len(list(spool(path).iterdir()))
    with Bank.open(path, language_named) as bank:
        assert ["The first."] == texts(bank)
        assert [1] == [one.id for one in bank.search("first")]
    assert [] == list(spool(path).iterdir())


async def test_the_next_lesson_that_gets_in_takes_the_others_along(bank: Bank, path: Path) -> None:
    """Within the same run."""
    with locked(path), pytest.raises(BankError):
        await bank.add(lesson("The first."))
    await bank.add(lesson("The second."))
    assert ["The first.", "The second."] == texts(bank)


async def test_only_the_first_wait_is_long(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that meets a lock at every step loses seconds in all, not at each."""
    monkeypatch.setattr(database, "PATIENCE_S", 2.0)
    bank = Bank.open(path, language_named)
    with locked(path):
        began = time.monotonic()
        for number in range(6):
            with pytest.raises(BankError):
                await bank.add(lesson(round=number))
        assert 2.0 < time.monotonic() - began < 6.0
    await bank.add(lesson("The last."))
    assert 7 == len(bank.list())
    bank.close()


async def test_a_lesson_that_is_known_already_is_not_kept_twice(bank: Bank, path: Path) -> None:
    """As one that got in at the last moment, or was taken in by two at once."""
    with locked(path), pytest.raises(BankError):
        await bank.add(lesson())
    (file,) = spool(path).iterdir()
    line = file.read_bytes()
    await bank.add(lesson())
    for _ in range(2):
        file.write_bytes(line)
        with Bank.open(path, language_named) as again:
            assert 1 == len(again.list())


async def test_a_bank_that_the_user_named_has_its_lessons_kept_for_them(tmp_path: Path) -> None:
    """Beside a file that is somebody's choice nothing is made; each has a place of its own."""
    one, two = tmp_path / "one.db", tmp_path / "two.db"
    for file in (one, two):
        with Bank.open(file, language_named) as bank, locked(file), pytest.raises(BankError) as caught:
            await bank.add(lesson(f"For {file.stem}."))
        assert str(state_folder()) in str(caught.value)
    for file in (one, two):
        with Bank.open(file, language_named) as bank:
            assert [f"For {file.stem}."] == texts(bank)


def test_a_reader_does_not_wait_for_a_lock_to_take_lessons_in(path: Path) -> None:
    """They stay where they are."""
    Bank.open(path, language_named).close()
    forged(path, exchange.line_of(lesson()))
    with locked(path):
        began = time.monotonic()
        with Bank.open(path, language_named) as bank:
            assert ([], True) == (bank.list(), time.monotonic() - began < 2)
    with Bank.open(path, language_named) as bank:
        assert 1 == len(bank.list())


# What a stranger may have put there


def forged(path: Path, line: str, name: str | None = None) -> Path:
    spool(path).mkdir(parents=True, exist_ok=True)
    file = spool(path) / (name or f"{digest(lesson())}.jsonl")
    file.write_text(line, encoding="utf-8")
    return file


GOOD = exchange.line_of(lesson())


@pytest.mark.parametrize(
    "line",
    ["", "{", "[" * 100_000, "null", GOOD.replace("faster", "splendid"), GOOD.replace("A set", "Another")],
)
def test_what_is_no_lesson_is_not_taken_in(path: Path, line: str) -> None:
    """Nor is one that is not what its name says. It is gone, and costs nothing again."""
    file = forged(path, line)
    with Bank.open(path, language_named) as bank:
        assert ([], False) == (bank.list(), file.exists())


def test_what_waits_since_before_there_were_languages_is_taken_in(path: Path) -> None:
    """Its name is still the digest of what it says."""
    fields = json.loads(GOOD)
    old = {name: value for name, value in fields.items() if name not in ("language", "toolchain")}
    file = forged(path, json.dumps(old))
    with Bank.open(path, language_named) as bank:
        assert ([replace(lesson(), id=1)], False) == (bank.list(), file.exists())


def test_a_huge_file_is_not_read(path: Path) -> None:
    file = forged(path, "")
    os.truncate(file, 10 << 30)
    with Bank.open(path, language_named) as bank:
        assert ([], False) == (bank.list(), file.exists())


def test_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    """Neither a file's nor the folder's, and a pipe keeps nobody waiting."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / f"{digest(lesson())}.jsonl").write_text(GOOD)
    file = forged(path, "")
    file.unlink()
    file.symlink_to(outside / file.name)
    os.mkfifo(spool(path) / f"{'0' * 64}.jsonl")
    with Bank.open(path, language_named) as bank:
        assert [] == bank.list()
    for rest in spool(path).iterdir():
        rest.unlink()
    spool(path).rmdir()
    spool(path).symlink_to(outside)
    with Bank.open(path, language_named) as bank:
        assert [] == bank.list()
    assert [file.name] == [each.name for each in outside.iterdir()]


async def test_where_the_folder_is_a_link_lessons_are_kept_for_the_user(bank: Bank, path: Path) -> None:
    """A run loses nothing by what a repository brought."""
    spool(path).symlink_to(path.parent.parent)
    with locked(path), pytest.raises(BankError) as caught:
        await bank.add(lesson())
    assert str(state_folder()) in str(caught.value)
    with Bank.open(path, language_named) as again:
        assert 1 == len(again.list())


def test_other_files_are_left_alone(path: Path) -> None:
    file = forged(path, GOOD, "notes.jsonl")
    with Bank.open(path, language_named) as bank:
        assert ([], True) == (bank.list(), file.exists())


def test_looking_takes_nothing_in(path: Path) -> None:
    Bank.open(path, language_named).close()
    file = forged(path, GOOD)
    with Bank.open(path, language_named, read_only=True) as bank:
        assert ([], True) == (bank.list(), file.exists())


# Disks

CHILD = """
import asyncio, os, resource, sys
from pathlib import Path
from quickstudy.bank import Bank
from quickstudy.languages import language_named
from quickstudy.errors import BankError
from tests.banks import lesson
path = Path(sys.argv[1])
bank = Bank.open(path, language_named)
asyncio.run(bank.add(lesson("Before.")))
{spoil}
for number in range(60):
    try:
        asyncio.run(bank.add(lesson("After.", round=number, candidate=str(number) * 9000)))
    except BankError as error:
        print(error)
        break
{mend}
bank.close()
with Bank.open(path, language_named) as bank:
    print(*sorted(one.text for one in bank.list(limit=1000) if one.round in (1, number)))
"""


def child(spoil: str, mend: str, path: Path, *around: str) -> list[str]:
    """What a process prints that adds lessons until its bank takes no more, and then looks again."""
    command = [*around, sys.executable, "-c", CHILD.format(spoil=spoil, mend=mend), str(path)]
    root = str(Path(__file__).parent.parent)
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": root})
    assert 0 == done.returncode, done.stderr
    return done.stdout.splitlines()


def test_a_full_disk_costs_no_lesson(tmp_path: Path) -> None:
    """A real one, of half a megabyte: the lesson is kept on another, and comes in once there is space."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = f'mount -t tmpfs -o size=700k none {disk} && exec "$0" "$@"'
    around = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount)
    if subprocess.run([*around, "true"], capture_output=True).returncode:
        pytest.skip("no user namespaces here")
    fill = f"filler = Path({str(disk)!r}) / 'filler'; filler.write_bytes(b'x' * 200_000)"
    fill += "\ntry:\n    filler.open('ab').write(b'x' * 900_000)\nexcept OSError:\n    pass"
    said, found = child(fill, "filler.unlink()", disk / ".quickstudy" / "lessons.db", *around)
    assert (True, True) == ("the disk is full" in said, str(state_folder()) in said), said
    assert "After. Before." == found


def test_where_nothing_can_be_written_the_sentence_says_so(path: Path) -> None:
    """Then the report alone has the lesson, and the bank still answers."""
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, ({}, resource.RLIM_INFINITY))"
    said, found = child(limit.format(0), limit.format("resource.RLIM_INFINITY"), path)
    assert said.endswith("nor can the lesson be kept elsewhere, so only the report has it.")
    assert "Before." == found


def test_a_folder_that_may_not_be_written_any_more_costs_no_lesson(path: Path) -> None:
    """As after a remount: the project can be read, so the lesson is kept for the user elsewhere."""
    mount = 'exec "$0" "$@"'
    around = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount)
    if subprocess.run([*around, "true"], capture_output=True).returncode:
        pytest.skip("no user namespaces here")
    path.parent.mkdir(parents=True)
    place = str(path.parent.parent)
    command = "import subprocess; subprocess.run(['mount', {}], check=True)"
    ro = command.format(f"'--bind', {place!r}, {place!r}") + "; subprocess.run(['mount', '-o', "
    ro += f"'remount,bind,ro', {place!r}], check=True); os.chdir('/'); bank.close()"
    said, found = child(ro, f"subprocess.run(['umount', {place!r}], check=True)", path, *around)
    assert str(state_folder()) in said
    assert "After. Before." == found


def test_a_kill_at_any_moment_leaves_a_whole_lesson_or_none(path: Path) -> None:
    """What is half written has another name, which nobody reads."""
    Bank.open(path, language_named).close()
    forged(path, GOOD[:50], f".{digest(lesson())}.jsonl.0123456789abcdef")
    with Bank.open(path, language_named) as bank:
        assert [] == bank.list()
