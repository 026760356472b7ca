"""The commands on lessons: searched, listed, pinned and forgotten through the real server process."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.banks import lesson
from tests.e2e.conftest import Editor

from quickstudy.bank import Bank
from quickstudy.languages import language_named
from quickstudy.project import Project

CARRY = "Carrying the balance along turned a nested loop into one pass."
SUM = "Calling sum on each slice was as slow."


def keep(root: Path, *texts: str) -> None:
    """Leave lessons about the demo's function in a project's bank."""
    with Bank.open(Project(root).bank, language_named) as bank:
        for number, text in enumerate(texts):
            made = lesson(text, path=str(root / "ledger.py"), qualname="balances")
            asyncio.run(bank.add(replace(made, created=f"2026-01-0{number + 1}T00:00:00+00:00")))


@pytest.fixture
def bank(project: Path) -> Path:
    """A project's bank with two lessons."""
    keep(project, CARRY, SUM)
    return Project(project).bank


async def test_lessons_are_searched_and_listed(editor: Editor, bank: Path) -> None:
    """By words, or all with the newest first; each tells where its function is."""
    await editor.start()
    uri = editor.open()
    (found,) = await editor.command("lessons", {"query": "nested loop", "uri": uri})
    place = (found["text"], found["uri"], found["root"], found["path"], found["pinned"])
    assert (CARRY, uri, editor.root.as_uri(), "ledger.py", False) == place
    assert [SUM, CARRY] == [each["text"] for each in await editor.command("lessons", {"query": ""})]
    (editor.root / "ledger.py").unlink()
    assert {None} == {each["uri"] for each in await editor.command("lessons", {"query": ""})}
    with pytest.raises(Exception, match="neither an open Python document nor a file or folder"):
        await editor.command("lessons", {"query": "", "uri": "untitled:nowhere"})


async def test_a_lesson_is_pinned_and_forgotten(editor: Editor, bank: Path) -> None:
    """In the bank itself; one that is not there is an answer, and so is a wrong type."""
    await editor.start()
    assert {"lesson": 1, "pinned": True} == await editor.command("pin", {"lesson": 1})
    assert [2] == [
        each["id"] for each in await editor.command("lessons", {"query": ""}) if not each["pinned"]
    ]
    assert {"lesson": 1, "pinned": False} == await editor.command("pin", {"lesson": 1, "pinned": False})
    gone = await editor.command("forget", {"lesson": 1, "uri": editor.uri("test_ledger.py")})
    assert {"lesson": 1, "forgotten": True} == gone
    assert [2] == [each["id"] for each in await editor.command("lessons", {"query": ""})]
    with pytest.raises(Exception, match="There is no lesson 1"):
        await editor.command("pin", {"lesson": 1})
    with pytest.raises(Exception, match="a whole number named lesson"):
        await editor.command("forget", {"lesson": "1"})


async def test_each_root_has_its_own_lessons(editor: Editor, bank: Path, tmp_path: Path) -> None:
    """With several banks, the address says which is meant; a folder's does too."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "ledger.py").touch()
    await editor.start(folders=(editor.root, other))
    assert {"lesson": 1, "pinned": True} == await editor.command("pin", {"lesson": 1})
    await asyncio.to_thread(keep, other, "Elsewhere.")
    assert {CARRY, SUM, "Elsewhere."} == {
        each["text"] for each in await editor.command("lessons", {"query": ""})
    }
    with pytest.raises(Exception, match="several banks"):
        await editor.command("forget", {"lesson": 1})
    await editor.command("forget", {"lesson": 1, "uri": other.as_uri()})
    assert {CARRY, SUM} == {each["text"] for each in await editor.command("lessons", {"query": ""})}


async def test_a_hostile_bank_slows_no_editor(editor: Editor) -> None:
    """Opening a file is enough to meet it: the user is told, and all requests are answered as ever."""
    file = Project(editor.root).bank
    await asyncio.to_thread(keep, editor.root, CARRY)
    endless = (
        "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x AS id, x AS text FROM n"
    )
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("DROP TABLE lessons")
        connection.execute(f"CREATE VIEW lessons AS {endless}")
    await editor.start()
    editor.open()
    await editor.says("is not as Quickstudy makes it")
    assert [] == await editor.command("lessons", {"query": ""})


async def test_a_bank_that_is_a_link_is_a_sentence(editor: Editor, tmp_path: Path) -> None:
    """Of a bank that a repository says is the user's."""
    outside = tmp_path / "outside.db"
    outside.write_bytes(b"precious")
    Project(editor.root).prepare()
    Project(editor.root).bank.symlink_to(outside)
    await editor.start()
    editor.open()
    await editor.says("not followed; remove it")
    with pytest.raises(Exception, match="not followed"):
        await editor.command("lessons", {"query": ""})
    assert b"precious" == outside.read_bytes()


async def test_a_lesson_sends_nobody_out_of_the_project(editor: Editor, tmp_path: Path) -> None:
    """A path in a bank may be a stranger's; such a lesson has no address."""
    (tmp_path / "outside.py").touch()
    with Bank.open(Project(editor.root).bank, language_named) as bank:
        await bank.add(lesson(path=str(tmp_path / "outside.py")))
    await editor.start()
    editor.open()
    assert [None] == [each["uri"] for each in await editor.command("lessons", {"query": ""})]
