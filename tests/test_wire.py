"""Records as lines, and back."""

from pathlib import Path

import pytest

from quickstudy import events
from quickstudy.reasons import Code, reason
from quickstudy.records import Agent, Call, Candidate, Lesson, Measurement, Target, Usage, Verdict, Workload
from quickstudy.settings import Settings
from quickstudy.wire import (
    Download,
    Fetching,
    MeasureRequest,
    Message,
    Opened,
    OptimizeRequest,
    Refused,
    Wanted,
    dump,
    read_message,
    read_request,
)

TARGET = Target(Path("/p/ä.py"), "C.f", "python", "x\r\n\ud800", "x", "", "00")
LESSON = Lesson(
    1, "t", "faster", 2.0, 1.5, 3.0, "a", 1, "m.py", "f", "python", "00", "x", "y", "r", "3", "Linux", "",
    pinned=True,
)  # fmt: skip
CANDIDATE = Candidate("r1a1", "a", 1, "x", None, "broken", True, (1, 2), Usage(1, 2, 0.5))


@pytest.mark.parametrize(
    "message",
    [
        events.RoundBegan(1, (LESSON,)),
        events.Proposed(CANDIDATE, 0.5),
        events.AgentFailed("a", 1, "no key", final=True),
        events.Judging(CANDIDATE),
        events.Judged(CANDIDATE, Verdict("same", None, Measurement(1.0, 0.9, 1.1, 7, 0.1, 0.1)), 0.1, 0.2),
        events.Judged(
            CANDIDATE,
            Verdict("wrong", reason(Code.OTHER_GLOBAL, reason(Code.OTHER_PARTS), name="a").under("drawn")),
            0.1,
            0.0,
        ),
        events.Judged(CANDIDATE, Verdict("crashed", reason(Code.LOST_ARGUMENTS, words="'x'")), 0.1, 0.0),
        events.NotJudged(CANDIDATE, "It was ended."),
        events.Learnt(LESSON, Usage(), 0.1),
        events.BankFailed("It is locked."),
        events.Finished("none", None),
        Opened("bubblewrap", ("openai/x at http://h",), None),
        Wanted((Download("Qwen", 10, "Apache-2.0"),)),
        Fetching("Qwen", "checking", 1, 10),
        Refused("No.", 5),
    ],
    ids=lambda message: type(message).__name__,
)
def test_a_message_comes_back_as_it_was(message: Message) -> None:
    """All types and values; one line each."""
    line = dump(message)
    assert (b"\n", 1) == (line[-1:], line.count(b"\n"))
    assert message == read_message(line)


def test_calls_travel_without_their_payload() -> None:
    """What a report needs of a workload comes across; pickles stay where they are."""
    workload = Workload((Call(b"secret", "tests"),), (Call(b"secret", "generated"),), 7)
    line = dump(events.Prepared(TARGET, workload, 0.5))
    assert b"secret" not in line
    read = read_message(line)
    assert isinstance(read, events.Prepared)
    assert (TARGET, ("tests", "generated"), 2, 7) == (
        read.target,
        read.workload.origins,
        read.workload.distinct,
        read.workload.seen,
    )


def test_a_request_comes_back_as_it_was() -> None:
    """With settings of every kind, and a text that is not valid Unicode."""
    settings = Settings(
        team=(Agent("openai/x", "http://h", 0.7),), budget=2.5, max_tokens=9, python=Path("/bin/python")
    )
    request = OptimizeRequest(TARGET.path, TARGET.text, "C.f", Path("/p"), settings, lesson=3)
    assert request == read_request(dump(request))
    measuring = MeasureRequest(TARGET.path, TARGET.text, "C.f", Path("/p"), settings, ("x", "y"))
    assert measuring == read_request(dump(measuring))
