"""The shell command with a bank that is hostile, locked, full or not to be written."""

import asyncio
import json
import resource
import signal
import sqlite3
import subprocess
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from tests.banks import lesson
from tests.openai_server import Behaviour, OpenAIServer, Request, ok
from tests.test_cli import REPLY, SCRIPTED, command, environment, hosted, optimize, quickstudy
from tests.test_cli import project as project

from quickstudy.bank import Bank
from quickstudy.languages import language_named

ENDLESS = "WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 'x' AS text FROM n"


def bank_of(project: Path) -> Path:
    return project / ".quickstudy" / "lessons.db"


def kept(project: Path) -> list[str]:
    """The lessons that a later command shows."""
    shown = quickstudy("lessons", "list", "--json", cwd=project)
    assert 0 == shown.returncode, shown.stderr
    return [row["text"] for row in json.loads(shown.stdout)["lessons"]]


def endless(project: Path) -> None:
    """Leave a bank whose lessons never end."""
    Bank.open(bank_of(project), language_named).close()
    with closing(sqlite3.connect(bank_of(project))) as connection:
        connection.execute("DROP TABLE lessons")
        connection.execute(f"CREATE VIEW lessons AS {ENDLESS}")


@pytest.mark.parametrize(
    "arguments",
    [["list"], ["search", "x"], ["show", "1"], ["stats"], ["export"], ["pin", "1"], ["forget", "1"]],
    ids=lambda arguments: arguments[0],
)
def test_a_hostile_bank_keeps_no_command_busy(project: Path, arguments: list[str]) -> None:
    """Within seconds, with a sentence that says where it is now, and without a traceback."""
    endless(project)
    began = time.monotonic()
    result = quickstudy("lessons", *arguments, cwd=project)
    assert result.returncode in (0, 2)
    assert ("it is kept as" in result.stderr, "Traceback" in result.stderr) == (True, False)
    assert time.monotonic() - began < 10


def test_the_doctor_only_looks_at_a_hostile_bank(project: Path) -> None:
    """It is named, and lies there as before."""
    endless(project)
    before = bank_of(project).read_bytes()
    result = quickstudy("doctor", cwd=project)
    assert "is not one of Quickstudy's" in " ".join(result.stdout.split())
    assert (before, ["lessons.db", "lessons.db.lock"]) == (
        bank_of(project).read_bytes(),
        sorted(path.name for path in bank_of(project).parent.iterdir() if path.name != ".gitignore"),
    )


def test_a_run_with_a_hostile_bank_has_a_winner(project: Path) -> None:
    """It begins a fresh one, and what it learns is in there."""
    endless(project)
    with OpenAIServer(ok(REPLY)) as server:
        result = optimize(project, server, "--json")
    assert (0, True) == (result.returncode, "it is kept as" in result.stderr), result.stderr
    assert 1 == len(kept(project))


def test_rows_that_are_no_lessons_are_counted(project: Path) -> None:
    """The others are shown, and it is said how many were left out."""
    with Bank.open(bank_of(project), language_named) as bank:
        asyncio.run(bank.add(lesson()))
        asyncio.run(bank.add(lesson("Another.", round=2)))
    with closing(sqlite3.connect(bank_of(project))) as connection, connection:
        connection.execute("UPDATE lessons SET outcome = 'splendid' WHERE id = 2")
    result = quickstudy("lessons", "list", cwd=project)
    assert (0, 1, True) == (
        result.returncode,
        len(result.stdout.splitlines()),
        "no lessons: 1 row of" in result.stderr,
    )


def test_a_bank_that_is_locked_after_the_winner_costs_nothing(project: Path) -> None:
    """The winner is applied, one sentence says where the lesson is, and later it is in the bank."""
    locks: list[sqlite3.Connection] = []

    def lock(request: Request) -> Behaviour:
        if not locks:
            locks.append(sqlite3.connect(bank_of(project), isolation_level=None, check_same_thread=False))
            locks[0].execute("BEGIN EXCLUSIVE")
        return ok(REPLY)

    with OpenAIServer(choose=lock) as server:
        result = optimize(project, server, "--apply", "--json")
    locks[0].close()
    report = json.loads(result.stdout)
    assert (0, "faster", True) == (result.returncode, report["verdict"], report["applied"]), result.stderr
    assert ([0], 1) == ([row["id"] for row in report["lessons"]], result.stderr.count("keeps it locked"))
    assert [row["text"] for row in report["lessons"]] == kept(project)


def test_a_bank_that_is_locked_before_the_run_costs_its_lessons_only(project: Path) -> None:
    """The winner is found all the same, and the lesson of it is in the bank later."""
    Bank.open(bank_of(project), language_named).close()
    with closing(sqlite3.connect(bank_of(project), isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")  # else who only reads is let in
        other.execute("BEGIN EXCLUSIVE")
        with OpenAIServer(ok(REPLY)) as server:
            result = optimize(project, server, "--json")
    report = json.loads(result.stdout)
    assert (0, "faster", True) == (
        result.returncode,
        report["verdict"],
        "keeps it locked" in result.stderr,
    ), result.stderr
    assert [row["text"] for row in report["lessons"]] == kept(project)


def test_a_disk_that_takes_nothing_more_ends_no_run(project: Path) -> None:
    """The report has the winner and the lesson, and says that nothing else has."""
    asked: list[Request] = []

    def limit(request: Request) -> Behaviour:
        asked.append(request)
        if len(asked) == 2:  # now the agent explains its attempt, and nothing is to be written but the lesson
            resource.prlimit(child.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        return ok(REPLY)

    with OpenAIServer(choose=limit) as server:
        arguments = ("ledger.py::balances", "--team", SCRIPTED, "--rounds", "1", "--json")
        child = subprocess.Popen(
            command("optimize", *arguments),
            cwd=project,
            env=environment(hosted(server)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        out, err = child.communicate(timeout=120)
    report = json.loads(out)
    assert (0, "faster", 1) == (child.returncode, report["verdict"], len(report["lessons"])), err
    (failure,) = report["bank_failures"]
    assert ("only the report has it" in failure, "Traceback" in err) == (True, False)
    assert [] == kept(project)


def test_what_is_in_the_way_of_an_export_is_a_sentence(project: Path) -> None:
    """The bank is well; the disk that the file was to be on is not."""
    with Bank.open(bank_of(project), language_named) as bank:
        asyncio.run(bank.add(lesson()))
    result = quickstudy("lessons", "export", "/dev/full", cwd=project)
    assert (2, 1) == (result.returncode, len(result.stderr.splitlines())), result.stderr


def test_an_interrupted_run_does_not_wait_for_a_lock(project: Path) -> None:
    """It ends as fast as any other, with what it has."""
    locks: list[sqlite3.Connection] = []
    explained = threading.Event()

    def lock(request: Request) -> Behaviour:
        if locks:
            explained.set()
        else:
            locks.append(sqlite3.connect(bank_of(project), isolation_level=None, check_same_thread=False))
            locks[0].execute("BEGIN EXCLUSIVE")
        return ok(REPLY)

    with OpenAIServer(choose=lock) as server:
        arguments = ("ledger.py::balances", "--team", SCRIPTED, "--rounds", "1", "--json")
        child = subprocess.Popen(
            command("optimize", *arguments),
            cwd=project,
            env=environment(hosted(server)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert explained.wait(120)
        child.send_signal(signal.SIGINT)
        began = time.monotonic()
        out, err = child.communicate(timeout=60)
    locks[0].close()
    assert (130, "faster") == (child.returncode, json.loads(out)["candidates"][0]["verdict"]), err
    assert time.monotonic() - began < 4
