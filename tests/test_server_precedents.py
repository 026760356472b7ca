"""What the server knows of a bank for its suggestions: read beside the event loop, whatever lies there."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from threading import Event

import pytest
from tests.banks import lesson

from quickstudy.bank import Bank
from quickstudy.errors import BankError, InputError
from quickstudy.languages import language_named
from quickstudy.project import Project
from quickstudy_server.lessons import address
from quickstudy_server.precedents import PrecedentCache


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "project").mkdir()
    return Project(tmp_path / "project")


@pytest.fixture
def cache(project: Project) -> PrecedentCache:
    """Of a bank with one gain."""
    with Bank.open(project.bank, language_named) as bank:
        asyncio.run(bank.add(lesson()))
    return PrecedentCache(project.bank, project)


async def test_a_bank_that_is_not_there_is_not_made(project: Project) -> None:
    """Nor is anything else."""
    cache = PrecedentCache(project.bank, project)
    await cache.read()
    assert ((), frozenset()) == (cache.precedents, await cache.worked_on("m.py", []))
    assert [] == list(project.root.iterdir())


async def test_precedents_are_read_again_when_the_bank_changes(
    cache: PrecedentCache, project: Project
) -> None:
    """And are the same object until then."""
    await cache.read()
    before = cache.precedents
    await cache.read()
    assert (1, True) == (len(before), cache.precedents is before)
    with Bank.open(project.bank, language_named) as bank:
        await bank.add(lesson(sha256="other", round=2))
    await cache.read()
    assert 2 == len(cache.precedents)


async def test_a_hostile_bank_is_named_once_and_gives_no_suggestions(
    cache: PrecedentCache, project: Project
) -> None:
    """It is set aside, and the next look finds the fresh one."""
    with closing(sqlite3.connect(project.bank)) as connection:
        connection.execute("CREATE TRIGGER odd AFTER DELETE ON lessons BEGIN SELECT 1; END")
    await cache.read()
    assert ((), True) == (cache.precedents, "it is kept as" in (cache.notice or ""))
    assert frozenset() == await cache.worked_on("m.py", [])


async def test_a_bank_that_cannot_be_read_is_not_tried_at_each_key(
    cache: PrecedentCache, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But when it has changed."""
    tried: list[str] = []

    def refuse(bank: Bank, *_: object) -> None:
        tried.append("gains")
        raise BankError("It is too slow.")

    monkeypatch.setattr(Bank, "gains", refuse)
    for _ in range(3):
        with pytest.raises(BankError, match="too slow"):
            await cache.read()
    assert ["gains"] == tried
    monkeypatch.undo()
    with Bank.open(project.bank, language_named) as bank:
        await bank.add(lesson(round=2))
    await cache.read()
    assert 1 == len(cache.precedents)


async def test_a_question_that_fails_is_not_asked_at_each_key(
    cache: PrecedentCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is anything else of that bank."""
    await cache.read()

    def refuse(bank: Bank, *_: object) -> None:
        raise BankError("It is too slow.")

    monkeypatch.setattr(Bank, "worked_on", refuse)
    with pytest.raises(BankError, match="too slow"):
        await cache.worked_on("m.py", [])
    with pytest.raises(BankError, match="too slow"):
        await cache.read()


async def test_a_look_that_is_not_waited_for_goes_on(
    cache: PrecedentCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys end a look at a document; the bank is read once all the same, and not once for each."""
    begun, go = asyncio.Event(), Event()
    loop = asyncio.get_running_loop()
    gains, calls = Bank.gains, []

    def slow(bank: Bank) -> object:
        calls.append(1)
        loop.call_soon_threadsafe(begun.set)
        go.wait()
        return gains(bank)

    monkeypatch.setattr(Bank, "gains", slow)
    for _ in range(3):
        look = asyncio.create_task(cache.read())
        await begun.wait()
        look.cancel()
        with pytest.raises(asyncio.CancelledError):
            await look
    go.set()
    await cache.read()
    assert (1, 1) == (len(cache.precedents), len(calls))


async def test_a_dismissal_is_kept_in_the_project(cache: PrecedentCache, project: Project) -> None:
    """One line each; the others stay."""
    for function in ("m.py::f", "m.py::C.g", "n.py::f"):
        cache.dismiss(function)
    assert {"f", "C.g"} == await cache.worked_on("m.py", [])
    assert b"m.py::f\nm.py::C.g\nn.py::f\n" == project.read("dismissed")


@pytest.mark.parametrize("kind", ["link", "pipe", "folder", "huge"])
async def test_what_lies_in_place_of_the_dismissals_is_not_followed(
    cache: PrecedentCache, project: Project, tmp_path: Path, kind: str
) -> None:
    """It is as if there were none, and nothing outside is changed."""
    outside, place = tmp_path / "precious", project.path("dismissed")
    outside.write_text("m.py::f\n")
    match kind:
        case "link":
            place.symlink_to(outside)
        case "pipe":
            os.mkfifo(place)
        case "folder":
            place.mkdir()
        case _:
            place.touch()
            os.truncate(place, 10 << 30)
    assert frozenset() == await cache.worked_on("m.py", [])
    try:
        cache.dismiss("m.py::g")
    except InputError as error:
        assert "dismissed" in str(error)
    assert "m.py::f\n" == outside.read_text()


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("m.py", True),
        ("pkg/inner.py", True),
        ("gone.py", False),
        ("/etc/passwd", False),
        ("../outside.py", False),
        ("pkg/../../outside.py", False),
        ("link.py", False),
        ("linked/outside.py", False),
        ("loop/m.py", False),
        ("pkg", False),
        ("m\0.py", False),
        ("x" * 5000, False),
    ],
)
def test_a_lesson_leads_to_a_file_of_its_project_only(tmp_path: Path, path: str, found: bool) -> None:
    """A path in a bank is a stranger's: an editor is not sent out of the project by it."""
    root = tmp_path / "project"
    (root / "pkg").mkdir(parents=True)
    for file in (root / "m.py", root / "pkg" / "inner.py", tmp_path / "outside.py"):
        file.touch()
    (root / "link.py").symlink_to(tmp_path / "outside.py")
    (root / "linked").symlink_to(tmp_path)
    (root / "loop").symlink_to(root / "loop")
    assert ((root / path).as_uri() if found else None) == address(root, path)
    assert (root / "m.py").as_uri() == address(root, str(root / "m.py"))
