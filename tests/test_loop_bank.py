"""A run whose bank fails in the middle of it: it goes on, its winner counts, and no lesson is lost."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from tests.test_loop import ScriptedLab, code, of, run, speedup

from quickstudy import events
from quickstudy.bank import Bank, database
from quickstudy.errors import BankError
from quickstudy.languages import language_named
from quickstudy.machine import Machine
from quickstudy.records import Candidate, Judgement, Limits
from quickstudy.report import Report, as_json


class SpoilingLab(ScriptedLab):
    """Does something to the bank's file once the first candidate is judged."""

    def __init__(self, spoil: str, path: Path) -> None:
        super().__init__({"quick": speedup(3.0), "slow": speedup(0.5, "slower")})
        self.other = sqlite3.connect(path, isolation_level=None)
        self.spoil = spoil

    async def judge(self, candidate: Candidate) -> Judgement:
        if self.spoil:
            for statement in self.spoil.split(";"):
                self.other.execute(statement)
            self.spoil = ""
        return await super().judge(candidate)


REPLIES = {"x/a": [code("quick"), "Use a set.", code("slow"), "Sorting costs."]}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".quickstudy" / "lessons.db"


async def spoilt(
    path: Path, spoil: str, replies: Mapping[str, Sequence[str]] = REPLIES
) -> list[events.Event]:
    """The events of a run of two rounds; afterwards nothing is in the way any more."""
    with Bank.open(path, language_named) as bank:
        lab = SpoilingLab(spoil, path)
        with closing(lab.other):
            seen, _ = await run(bank, replies, {}, Limits(rounds=2), lab=lab)
    return seen


async def test_a_bank_that_is_locked_ends_no_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both rounds are made, the winner is a winner, the user is told once, and both lessons come in later."""
    monkeypatch.setattr(database, "PATIENCE_S", 0.3)
    seen = await spoilt(path, "BEGIN EXCLUSIVE")
    assert events.Finished("faster", None) == seen[-1]
    assert [0, 0] == [event.lesson.id for event in of(events.Learnt, seen)]
    (failed,) = of(events.BankFailed, seen)
    assert ("locked" in failed.reason, "lessons.db.spool" in failed.reason) == (True, True)
    with Bank.open(path, language_named) as bank:
        assert ["Sorting costs.", "Use a set."] == sorted(lesson.text for lesson in bank.list())


async def test_a_bank_that_is_locked_from_the_beginning_ends_no_run(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run is made without its lessons, which are told of once; what it learns comes in later."""
    monkeypatch.setattr(database, "PATIENCE_S", 0.3)
    await spoilt(path, "")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")  # else who only reads is let in
        other.execute("BEGIN EXCLUSIVE")
        bank = await Bank.aopen(path, language_named)
        seen, _ = await run(bank, REPLIES, {"quick": speedup(3.0), "slow": speedup(0.5, "slower")}, Limits(2))
        await bank.aclose()
    assert events.Finished("faster", None) == seen[-1]
    assert [(), ()] == [event.lessons for event in of(events.RoundBegan, seen)]
    assert [True, True] == ["keeps it locked" in event.reason for event in of(events.BankFailed, seen)]
    with Bank.open(path, language_named) as opened:
        assert 4 == opened.stats().lessons


async def test_a_bank_that_is_no_bank_ends_a_run_before_it_begins(path: Path) -> None:
    """That will not pass: the user has to name another file."""
    other = path.parent.parent / "notes.db"
    other.write_text("Not a database.")
    with pytest.raises(BankError, match="is not a lesson bank"):
        await Bank.aopen(other, language_named)


async def test_a_bank_that_is_spoilt_by_another_costs_no_lesson(path: Path) -> None:
    """As when a tool drops what searches need: it is set aside, and the lessons go into a fresh one."""
    seen = await spoilt(path, "DROP TABLE marked")
    assert events.Finished("faster", None) == seen[-1]
    assert [1, 2] == [event.lesson.id for event in of(events.Learnt, seen)]


async def test_a_bank_that_answers_nothing_at_all_ends_no_run(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Selecting, crediting and adding fail, each in its way: the run has no lessons, and its verdicts."""
    with Bank.open(path, language_named) as bank:
        await run(bank, REPLIES, {"quick": speedup(3.0), "slow": speedup(0.5, "slower")}, Limits(rounds=2))

        def refuse(*_: object) -> None:
            raise sqlite3.OperationalError("something new")

        monkeypatch.setattr("quickstudy.bank.store.nominate", refuse)
        monkeypatch.setattr("quickstudy.bank.store.put", refuse)
        seen, _ = await run(bank, REPLIES, {"quick": speedup(3.0), "slow": speedup(0.5, "slower")}, Limits(2))
    assert events.Finished("faster", None) == seen[-1]
    assert [(), ()] == [event.lessons for event in of(events.RoundBegan, seen)]
    assert 2 == len(of(events.BankFailed, seen))


async def test_credit_that_cannot_be_kept_ends_no_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lessons that can still be read are used; what they were worth this time is not known later."""
    monkeypatch.setattr(database, "PATIENCE_S", 0.3)
    await spoilt(path, "")
    seen = await spoilt(path, "BEGIN IMMEDIATE")
    assert events.Finished("faster", None) == seen[-1]
    assert len(of(events.RoundBegan, seen)[1].lessons) > 0
    assert 1 <= len(of(events.BankFailed, seen)) <= 2


def test_a_cancelled_run_leaves_no_question_behind(path: Path) -> None:
    """Its bank can be closed at once, also while it waits for a lock."""

    async def cancelled() -> None:
        with (
            Bank.open(path, language_named) as bank,
            closing(sqlite3.connect(path, isolation_level=None)) as other,
        ):
            other.execute("BEGIN EXCLUSIVE")
            async with asyncio.timeout(0.2):
                await run(bank, REPLIES, {"quick": speedup(3.0)}, Limits(rounds=1))

    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(cancelled(), 5))


async def test_the_report_says_what_the_bank_did_not_do(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The lesson is in it, without a number; the sentence is in the JSON."""
    monkeypatch.setattr(database, "PATIENCE_S", 0.1)
    seen = await spoilt(path, "BEGIN EXCLUSIVE")
    prepared = of(events.Prepared, seen)[0]
    report = Report(prepared.target, Path("/project"), Machine("3", "Linux", "cpu"))
    for event in seen:
        report = report.after(event)
    json = as_json(report, 1.0)
    assert [(0, "Use a set."), (0, "Sorting costs.")] == [(row["id"], row["text"]) for row in json["lessons"]]
    assert [True] == ["kept in" in reason for reason in json["bank_failures"]]
    assert "faster" == json["verdict"]
