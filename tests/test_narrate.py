"""What happens in a run, in words: the same for a terminal, a progress bar and a log."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.test_report import candidate, judged, lesson, prepared, start

from quickstudy import events
from quickstudy.narrate import doing, exposure, lines, status
from quickstudy.records import Usage
from quickstudy.report import Report
from quickstudy.wire import Download, Fetching, Message, Opened, Refused, Wanted

ROOT = Path("/project")
PREPARED = prepared(ROOT)
BEGAN = events.RoundBegan(2, (lesson(),))
PROPOSED, JUDGING, FASTER = judged("r2a1", "faster", 3.2)
UNTIMED = judged("r2a1", "wrong")[2]
OPENED = Opened(
    "bubblewrap", ("openai/x at https://api.openai.com",), None, ("openai/y at http://localhost:1",)
)


def told(*messages: Message) -> Report:
    """The report of a run of four rounds after these."""
    report = replace(start(ROOT), rounds=4)
    for message in messages:
        if not isinstance(message, Opened | Wanted | Fetching | Refused):
            report = report.after(message)
    return report


@pytest.mark.parametrize(
    ("happened", "terminal", "bar"),
    [
        (
            [OPENED],
            [],
            "looking for calls to check and time it with, sandbox bubblewrap; your code is sent to "
            "openai/x at https://api.openai.com; your code may be passed on by openai/y at http://localhost:1",
        ),
        (
            [PREPARED],
            [
                "Measured on 3 distinct calls from tests, doctest, 1 of them held out. Sandbox: bubblewrap. "
                "Noise of the timing: 0%."
            ],
            "Measured on 3 distinct calls from tests, doctest, 1 of them held out. Sandbox: bubblewrap. "
            "Noise of the timing: 0%.",
        ),
        ([Wanted((Download("Qwen", 491_400_064, "MIT"),))], ["Fetching Qwen, 491 MB, licence MIT."], None),
        (
            [Fetching("Qwen", "downloading", 100_000_000, 491_400_064)],
            [],
            "downloading Qwen: 100 MB of 491 MB",
        ),
        (
            [BEGAN],
            ["Round 2 of 4, with 1 lesson", "read: Add nothing."],
            "round 2 of 4: the team is at work, with 1 lesson",
        ),
        ([BEGAN, PROPOSED], [], "round 2 of 4: a/b proposed a variant"),
        ([BEGAN, PROPOSED, JUDGING], [], "round 2 of 4: checking and timing a/b's variant r2a1"),
        (
            [BEGAN, PROPOSED, JUDGING, FASTER],
            ["a/b: faster 3.2x (2.9x to 3.5x)"],
            "round 2 of 4: a/b: faster 3.2x (2.9x to 3.5x)",
        ),
        (
            [BEGAN, PROPOSED, JUDGING, UNTIMED],
            ["a/b: wrong: It warns in another way."],
            "round 2 of 4: a/b: wrong: It warns in another way.",
        ),
        ([BEGAN, events.AgentFailed("a/b", 2, "No\nkey.")], ["a/b: No key."], "round 2 of 4: a/b: No key."),
        (
            [BEGAN, events.NotJudged(candidate("r2a1"), "It was ended.")],
            ["a/b: It was ended."],
            "round 2 of 4: a/b: It was ended.",
        ),
        (
            [BEGAN, events.Learnt(lesson(), Usage(), 0.1)],
            ["learnt: Add nothing."],
            "round 2 of 4: learnt: Add nothing.",
        ),
        ([BEGAN, events.BankFailed("It is locked.")], ["It is locked."], "It is locked."),
        ([BEGAN, events.Finished("none", "No.")], [], None),
        ([Refused("No.")], [], None),
    ],
    ids=lambda value: type(value[-1]).__name__ if isinstance(value, list) and value else "",
)
def test_each_message_has_its_words(happened: list[Message], terminal: list[str], bar: str | None) -> None:
    """Lines to keep, and one sentence with its place in the run."""
    report = told(*happened)
    assert (terminal, bar) == (
        [line.text for line in lines(happened[-1], report)],
        status(happened[-1], report),
    )


def test_what_goes_on_once_all_are_judged() -> None:
    """The lab is done, and the agents are asked why; while one waits, the lab goes on."""
    other = events.Proposed(candidate("r2a2"), 1.0)
    assert "asking why it came out so" == doing(FASTER, told(BEGAN, PROPOSED, JUDGING, FASTER))
    assert doing(FASTER, told(BEGAN, PROPOSED, other, JUDGING, FASTER)) is None


def test_the_phase_is_a_fact() -> None:
    """For those who draw it, and need not read a sentence."""
    steps: list[Message] = [PREPARED, BEGAN, PROPOSED, JUDGING, FASTER, events.Finished("faster", None)]
    phases = [told(*steps[:number]).phase for number in range(len(steps) + 1)]
    assert ["preparing", "preparing", "proposing", "proposing", "judging", "explaining", "over"] == phases


def test_who_reads_the_code_is_said_before_they_do() -> None:
    """One line for those it is sent to, one for those that may pass it on."""
    assert [
        "Your code will be sent to: openai/x at https://api.openai.com",
        "May pass your code on: openai/y at http://localhost:1",
    ] == [line.text for line in exposure(OPENED)]
    assert () == exposure(Opened("off", (), None))
