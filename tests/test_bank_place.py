"""Where a bank's files lie: in a project nothing leads out of it, and elsewhere the user's word counts."""

import asyncio
import os
import shutil
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import pytest
from tests.banks import lesson
from tests.banks import path as path

from quickstudy.bank import Bank
from quickstudy.errors import BankError
from quickstudy.languages import language_named

PARTS = ("lessons.db", "lessons.db-wal", "lessons.db-shm", "lessons.db-journal", "lessons.db.lock")


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file of the user's that is not the project's."""
    file = tmp_path / "home" / "precious"
    file.parent.mkdir()
    file.write_bytes(b"precious " * 1000)
    return file


def kept(path: Path) -> None:
    """A bank with one lesson."""
    with Bank.open(path, language_named) as bank:
        asyncio.run(bank.add(lesson()))


def refused(path: Path, outside: Path) -> None:
    """Opening the bank ends in a sentence, and nothing outside of the project is made or changed."""
    before = outside.read_bytes()
    with pytest.raises(BankError, match="not followed; remove it"):
        Bank.open(path, language_named)
    assert (before, [outside]) == (outside.read_bytes(), list(outside.parent.iterdir()))


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("there", [True, False])
def test_a_link_is_not_followed(path: Path, outside: Path, part: str, there: bool) -> None:
    """Whichever of the bank's files it stands for, and whether its target is there or would be made."""
    kept(path)
    path.with_name(part).unlink(missing_ok=True)
    path.with_name(part).symlink_to(outside if there else outside.with_name("made"))
    refused(path, outside)


@pytest.mark.parametrize("part", PARTS)
def test_a_hard_link_is_not_written_through(path: Path, outside: Path, part: str) -> None:
    """It is the user's file under another name."""
    path.parent.mkdir(parents=True)
    path.with_name(part).hardlink_to(outside)
    refused(path, outside)


@pytest.mark.parametrize("part", PARTS)
def test_a_pipe_keeps_nobody_waiting(path: Path, outside: Path, part: str) -> None:
    """Nor does any other thing that is no plain file."""
    path.parent.mkdir(parents=True)
    os.mkfifo(path.with_name(part))
    refused(path, outside)


@pytest.mark.parametrize("part", PARTS)
def test_a_folder_in_the_place_of_a_file_is_refused(path: Path, outside: Path, part: str) -> None:
    path.with_name(part).mkdir(parents=True)
    refused(path, outside)


def test_the_folder_may_not_be_a_link(path: Path, outside: Path) -> None:
    """Not even one to a folder that has a bank of ours."""
    kept(outside.parent / ".quickstudy" / "lessons.db")
    shutil.move(outside.parent / ".quickstudy", outside.parent.with_name("elsewhere"))
    path.parent.parent.mkdir(parents=True)
    path.parent.symlink_to(outside.parent.with_name("elsewhere"))
    refused(path, outside)


def test_a_bank_elsewhere_in_a_project_is_held_to_the_same(tmp_path: Path, outside: Path) -> None:
    """With a folder on its way that is a link."""
    project = tmp_path / "project"
    project.mkdir()
    (project / "data").symlink_to(outside.parent)
    with pytest.raises(BankError, match="not followed"):
        Bank.open(project / "data" / "lessons.db", language_named, project=project)
    with pytest.raises(BankError, match="not followed"):
        Bank.open(project / "x" / ".." / "data" / "lessons.db", language_named, project=project)
    assert [outside] == list(outside.parent.iterdir())


def test_a_bank_that_the_user_named_may_be_a_link(tmp_path: Path) -> None:
    """As to another disk."""
    kept(tmp_path / "disk" / "real.db")
    (tmp_path / "mine.db").symlink_to(tmp_path / "disk" / "real.db")
    with Bank.open(tmp_path / "mine.db", language_named, project=tmp_path / "project") as bank:
        assert [1] == [one.id for one in bank.list()]


def test_a_damaged_bank_under_a_link_stays_where_it_is(tmp_path: Path) -> None:
    """What would be moved is the link, without the journal beside the file."""
    kept(tmp_path / "disk" / "real.db")
    with (tmp_path / "disk" / "real.db").open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(200_000))
    (tmp_path / "mine.db").symlink_to(tmp_path / "disk" / "real.db")
    with pytest.raises(BankError, match="is not a lesson bank"):
        Bank.open(tmp_path / "mine.db", language_named)
    assert (tmp_path / "mine.db").is_symlink()


def journal(names: Path) -> bytes:
    """A rollback journal that claims to be one of several, which `names` is the list of.

    SQLite deletes that list once the last of them is rolled back: https://sqlite.org/fileformat.html#the_rollback_journal
    """
    magic = bytes.fromhex("d9d505f920a163d7")
    head = magic + struct.pack(">IIIII", 0, 0, 1000, 512, 4096)
    name = os.fsencode(names)
    tail = struct.pack(">I", 0x40000000 // 4096 + 1) + name + struct.pack(">II", len(name), sum(name)) + magic
    return head.ljust(512, b"\0") + tail


def test_a_journal_that_names_a_file_of_the_users_deletes_nothing(path: Path, outside: Path) -> None:
    """SQLite alone would delete it, as is seen on a copy."""
    kept(path)
    copy, victim = path.with_name("copy.db"), outside.with_name("victim")
    shutil.copy(path, copy)
    victim.write_text("precious")
    copy.with_name("copy.db-journal").write_bytes(journal(victim))
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    assert not victim.exists()
    path.with_name("lessons.db-journal").write_bytes(journal(outside))
    with Bank.open(path, language_named) as bank:
        assert (True, []) == (outside.exists(), bank.list())
        assert bank.notice is not None
        assert "journal" in bank.notice


def test_what_is_set_aside_overwrites_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even twice within a second, nor where a link waits."""
    for number in range(3):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"no database" * 100 + bytes([number]))
        with Bank.open(path, language_named) as bank:
            assert bank.notice is not None
    assert 3 == len({file.read_bytes() for file in path.parent.glob("lessons.db.corrupt-*")})
