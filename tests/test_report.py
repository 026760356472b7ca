"""The fold from events to the report, and its JSON."""

import json
import subprocess
from dataclasses import replace
from functools import reduce
from pathlib import Path

import pytest

from quickstudy import events
from quickstudy.machine import Machine
from quickstudy.patch import unified_diff
from quickstudy.reasons import Code, reason
from quickstudy.records import (
    Call,
    Candidate,
    Lesson,
    Measurement,
    Target,
    Usage,
    Verdict,
    VerdictKind,
    Workload,
)
from quickstudy.report import EXIT_STATUS, Report, as_json
from quickstudy.shell.progress import Progress

TEXT = "import sys\n\ndef f(x):\n    return x + 0\n"
FASTER = "import sys\n\ndef f(x):\n    return x\n"


def target(folder: Path) -> Target:
    return Target(folder / "src" / "m.py", "f", "python", TEXT, "def f(x):\n    return x + 0\n", "", "ab12")


def start(folder: Path) -> Report:
    return Report(target(folder), folder, Machine("3.11.2", "Linux", "cpu"), "bubblewrap")


def candidate(id: str, text: str | None = FASTER) -> Candidate:
    return Candidate(id, "a/b", 1, "def f(x): ...", text, lessons_used=(3,), usage=Usage(100, 10, 0.25))


def judged(id: str, kind: VerdictKind, speedup: float | None = None) -> list[events.Event]:
    measured = Measurement(speedup, speedup * 0.9, speedup * 1.1, 20, 1.0, 1.0) if speedup else None
    attempt = candidate(id)
    verdict = Verdict(kind, None if measured else reason(Code.OTHER_WARNINGS), measured)
    return [
        events.Proposed(attempt, 2.0),
        events.Judging(attempt),
        events.Judged(attempt, verdict, 0.5, 1.5),
    ]


def lesson() -> Lesson:
    return Lesson(
        *(7, "Add nothing.", "faster", 2.0, 1.8, 2.2, "a/b", 1, "src/m.py", "f", "python", "ab12"),
        *("", "", "run", "CPython 3.11.2", "Linux", "2026-01-01T00:00:00+00:00"),
    )


def prepared(folder: Path) -> events.Prepared:
    calls = (Call(b"1", "tests"), Call(b"2", "doctest"))
    return events.Prepared(target(folder), Workload(calls, (Call(b"3", "tests"),), 9, "CPython 3.10.1"), 0.25)


def fold(folder: Path, happened: list[events.Event]) -> Report:
    return reduce(Report.after, happened, start(folder))


def test_the_json_of_a_whole_run_is_the_contracts(tmp_path: Path) -> None:
    """Every key of the contract is there, with what the events said."""
    happened: list[events.Event] = [
        prepared(tmp_path),
        events.RoundBegan(1, ()),
        *judged("r1a1", "wrong"),
        *judged("r1a2", "faster", 2.0),
        events.Learnt(lesson(), Usage(50, 5, 0.5), 1.0),
        events.Finished("faster", None),
    ]
    report = fold(tmp_path, happened)
    row = {
        "agent": "a/b",
        "round": 1,
        "lessons_used": [3],
        "prompt_tokens": 100,
        "completion_tokens": 10,
        "cost_usd": 0.25,
        "source": "def f(x): ...",
    }
    figures = {"speedup": 2.0, "low": 1.8, "high": 2.2}
    expected = {
        "schema": 1,
        "settings": {},
        "verdict": "faster",
        "reason": None,
        "target": {
            "path": "src/m.py",
            "qualname": "f",
            "language": "python",
            "sha256": "ab12",
            "project": str(tmp_path),
        },
        "best": {"candidate": "r1a2", **figures, "source": "def f(x): ...", "diff": report.diff},
        "applied": False,
        "candidates": [
            {
                "id": "r1a1",
                "verdict": "wrong",
                "reason": "It warns in another way.",
                "code": "other_warnings",
                "speedup": None,
                "low": None,
                "high": None,
            }
            | row,
            {"id": "r1a2", "verdict": "faster", "reason": None, "code": None, **figures} | row,
        ],
        "lessons": [
            {"id": 7, "agent": "a/b", "round": 1, "outcome": "faster", "speedup": 2.0, "text": "Add nothing."}
        ],
        "failures": [],
        "bank_failures": [],
        "workload": {"origins": ["tests", "doctest"], "calls": 9, "distinct": 3, "holdout": 1},
        "usage": {
            "prompt_tokens": 250,
            "completion_tokens": 25,
            "cost_usd": 1.0,
            "prepare_s": 0.25,
            "generate_s": 5.0,
            "check_s": 1.0,
            "time_s": 3.0,
            "total_s": 12.346,
        },
        "machine": {
            "python": "3.10.1",
            "toolchain": "CPython 3.10.1",
            "platform": "Linux",
            "cpu": "cpu",
            "sandbox": "bubblewrap",
            "noise": 0.0,
        },
    }
    assert expected == json.loads(json.dumps(as_json(report, 12.3456), allow_nan=False))


def test_a_run_that_did_not_finish_is_interrupted_with_the_best_so_far(tmp_path: Path) -> None:
    """What came before the interruption is the report."""
    report = fold(tmp_path, [prepared(tmp_path), events.RoundBegan(1, ()), *judged("r1a1", "faster", 3.0)])
    found = as_json(report, 1.0)
    assert (found["verdict"], found["best"]["candidate"]) == ("interrupted", "r1a1")


def test_a_candidate_that_was_never_judged_has_no_row_but_its_tokens_count(tmp_path: Path) -> None:
    """A verdict is one of eight; an attempt without one is not listed, yet it was paid for."""
    found = as_json(fold(tmp_path, [events.Proposed(candidate("r1a1"), 1.0)]), 1.0)
    assert (found["candidates"], found["usage"]["prompt_tokens"]) == ([], 100)


def test_nothing_measured_is_an_answer(tmp_path: Path) -> None:
    """Before there is a workload, the report says so without inventing one."""
    found = as_json(fold(tmp_path, [events.Finished("unmeasurable", "No calls.")]), 1.0)
    nothing = {"origins": [], "calls": 0, "distinct": 0, "holdout": 0}
    assert (found["verdict"], found["reason"], found["best"]) == ("unmeasurable", "No calls.", None)
    assert ("3.11.2", None) == (found["machine"]["python"], found["machine"]["toolchain"])
    assert nothing == found["workload"]


def test_the_best_is_the_fastest_of_the_proven(tmp_path: Path) -> None:
    """A bigger figure without the verdict `faster` is no best."""
    happened = [*judged("a", "faster", 2.0), *judged("b", "faster", 4.0), *judged("c", "same", 9.0)]
    best = fold(tmp_path, happened).best
    assert best is not None
    assert best[0].id == "b"


def test_agents_that_answer_at_once_are_not_counted_twice(tmp_path: Path) -> None:
    """generate_s is wall-clock time: the slowest answer of each phase."""
    happened: list[events.Event] = [
        events.RoundBegan(1, ()),
        events.Proposed(candidate("a"), 2.0),
        events.Proposed(candidate("b"), 5.0),
        events.Judging(candidate("a")),
        events.Learnt(lesson(), Usage(), 1.0),
        events.Learnt(lesson(), Usage(), 3.0),
    ]
    assert fold(tmp_path, happened).generate_s == 8.0


def test_failures_are_listed(tmp_path: Path) -> None:
    """An agent that could not answer is named with its reason."""
    found = as_json(fold(tmp_path, [events.AgentFailed("a/b", 2, "No key.")]), 1.0)
    assert found["failures"] == [{"agent": "a/b", "round": 2, "reason": "No key."}]


def test_a_candidate_without_a_verdict_is_a_failure(tmp_path: Path) -> None:
    """It is listed with its reason, and is no candidate with a verdict."""
    happened: list[events.Event] = [
        events.Proposed(candidate("a"), 2.0),
        events.NotJudged(candidate("a"), "It could not be judged."),
    ]
    found = as_json(fold(tmp_path, happened), 1.0)
    one = candidate("a")
    failure = {"agent": one.agent, "round": one.round, "reason": "It could not be judged.", "candidate": "a"}
    assert ([failure], []) == (found["failures"], found["candidates"])


def test_every_ending_has_its_exit_status() -> None:
    """The contract's numbers."""
    expected = {"faster": 0, "none": 1, "unmeasurable": 3, "no_agents": 4, "interrupted": 130}
    assert expected == EXIT_STATUS


def test_a_module_outside_the_project_is_shown_by_its_whole_path(tmp_path: Path) -> None:
    """Nothing is made relative by force."""
    report = replace(start(tmp_path), root=tmp_path / "elsewhere")
    assert f"{tmp_path}/src/m.py" == as_json(report, 0.0)["target"]["path"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a\nb\nc\n", "a\nB\nc\n"),
        ("a\nb", "a\nB"),
        ("a\nb", "a\nb\n"),
        ("a\nb\n", "a\nb"),
        ("a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
        ("\ufeffa\nb\n", "\ufeffa\nB\n"),
        ("a\f\n\x1cb\u2028c\nd\n", "a\f\n\x1cb\u2028c\nD\n"),
        ("\ta\n", "\tä 🙂\n"),
    ],
)
def test_the_diff_is_a_patch_that_git_applies_exactly(tmp_path: Path, old: str, new: str) -> None:
    """Whatever the line ends and the last line, the patched file is the new text byte for byte."""
    file = tmp_path / "a b" / "m.py"
    file.parent.mkdir()
    file.write_bytes(old.encode())
    patch = unified_diff(old, new, "a b/m.py").encode()
    command = ["git", "apply", "--unsafe-paths", "-"]
    subprocess.run(command, input=patch, cwd=tmp_path, check=True, capture_output=True)
    assert new.encode() == file.read_bytes()


def test_the_same_text_has_an_empty_diff() -> None:
    """No change, no patch."""
    assert unified_diff("a\n", "a\n", "m.py") == ""


@pytest.mark.parametrize(("noise", "warned"), [(0.03, False), (1.07, True)])
def test_a_noise_that_hides_all_but_large_gains_is_explained(
    noise: float, warned: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A bare figure of 107 % tells nobody what to do."""
    event = prepared(tmp_path)
    event = replace(event, workload=replace(event.workload, noise=noise))
    Progress(None).show(event, start(tmp_path).after(event))
    said = " ".join(capsys.readouterr().err.split())
    assert f"Noise of the timing: {noise:.0%}." in said
    assert warned == ("only a large gain can be told: its calls are few or short" in said)
