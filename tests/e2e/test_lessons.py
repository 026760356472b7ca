"""The commands on lessons: searched, listed, pinned and forgotten through the real server process."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from tests.banks import lesson
from tests.e2e.conftest import Editor

from quickstudy.bank import Bank
from quickstudy.project import Project

CARRY = "Carrying the balance along turned a nested loop into one pass."
SUM = "Calling sum on each slice was as slow."


def keep(root: Path, *texts: str) -> None:
    """Leave lessons about the demo's function in a project's bank."""
    with Bank.open(Project(root).bank) as bank:
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
