"""The protocol between the lab and its children: of what a child writes only the record comes that is due."""

import asyncio
import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.labs import COMMON, TESTS, prepared, project
from tests.observations import QUIET, observation, retained

from quickstudy.errors import Unmeasurable
from quickstudy.lab.compare import EXACT, USUAL, Tolerances, compare
from quickstudy.lab.process import Child, Command
from quickstudy.lab.python.child import messages as python
from quickstudy.lab.python.child import shapes
from quickstudy.lab.rig import ChildFailed
from quickstudy.lab.supervisor import channel, messages, records, start
from quickstudy.lab.supervisor.records import Invalid, Record
from quickstudy.reasons import Code

TARGET = python.TargetModule("/p/shop.py", "shop", False, ["/p"], "Desk.count", "/p")
RAISED = messages.Raised(["KeyError"], [3], None, "KeyError: 1")
EXAMPLES: list[Record] = [
    messages.Single(),
    messages.Timed(original=True, modules=0, retained=False),
    messages.Verify("results"),
    messages.Verify(None),
    messages.Observe(),
    messages.Pace(),
    messages.Time(3),
    messages.LoadModules(4),
    messages.Loaded({"locale": "C"}, ["code"]),
    messages.Ready(),
    messages.Ended(9),
    messages.Failed(RAISED),
    observation(value=["q", 1, "builtins.list", [1, None]], warnings=[("builtins.UserWarning", "old")]),
    observation(outcome="raise", early=messages.Early([], {"seen": 1}, [0, 0]), held=None),
    messages.Lost("no"),
    messages.Paces([(3, 2, 1)]),
    messages.Results(QUIET),
    retained(5, {"shop.known": -(1 << 63)}),
    messages.Started(0, 0),
    messages.Answered(1),
    messages.NotTimed(),
    messages.PassTimes(-5, None, 1, 2, 3, 4, None, 0, 0, {"name": "python", "open files": 4}, True),
    messages.Forgery(),
    messages.Flooded(),
    python.Load(TARGET, 0, True, ["json"]),
    python.Collect(TARGET, None, ["/p/test_shop.py"], 9, 1 << 20, 1.5, []),
    python.Collected(["tests"], 1, 0, None, ["a"], [("b", "no")], [], [], ["/p"], [".env"]),
    python.Augment(TARGET, 0),
    python.Groups(shapes.groups([((1, 2.5, "a", [b"x"], (1, None)), {"more": {1: {2}}})], 1)),
    python.Drafts(3, 1, 1000, 10.0),
    python.Augmented(["edge", "grown"]),
]
KINDS = list(dict.fromkeys(type(one) for one in EXAMPLES))
NUMBERS = st.one_of(st.integers(), st.floats())
TAGS = [*"qumgonsifcpbxr@?-", "<d", "each", "seen", "int", "least"]
WORDS = st.one_of(st.text(max_size=4), st.sampled_from(TAGS))
JSON: Any = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, WORDS),
    lambda of: st.one_of(st.lists(of, max_size=5), st.dictionaries(WORDS, of, max_size=4)),
)
DESCRIBED: Any = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), WORDS),
    lambda of: st.one_of(st.lists(of, max_size=5), st.dictionaries(WORDS, of, max_size=2)),
)


@pytest.mark.parametrize("record", EXAMPLES, ids=lambda one: type(one).__name__)
def test_what_is_sent_is_what_comes(record: Record) -> None:
    """Of each kind of message, with kinds that are told apart."""
    assert record == records.decode(type(record), records.encode(record))
    assert [type(record)] == [kind for kind in KINDS if kind.KIND == record.KIND]


@given(st.sampled_from(KINDS), JSON)
def test_any_json_is_the_record_that_is_due_or_invalid(kind: type[Record], data: Any) -> None:
    """A child may write anything."""
    try:
        record = records.decode(kind, json.dumps(data).encode())
    except Invalid:
        return
    assert type(record) is kind and vars(record).keys() == kind.fields.keys()


@given(st.sampled_from(EXAMPLES), st.data())
def test_a_field_of_another_kind_is_invalid_or_what_it_should_be(record: Record, data: st.DataObject) -> None:
    """What is read can be written again, and is read as the same then."""
    told = json.loads(records.encode(record))
    if told:
        told[data.draw(st.sampled_from(sorted(told)))] = data.draw(JSON)
    try:
        read = records.decode(type(record), json.dumps(told).encode())
    except Invalid:
        return
    assert read == records.decode(type(record), records.encode(read))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"nan",
        b"\xff",
        b"[" * 100_000,
        b'{"status": 1e9}',
        b'{"status": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda payload: repr(payload[:12]),
)
def test_what_is_no_json_of_ours_is_invalid(payload: bytes) -> None:
    """Nor is what is nested too deep, or a number without end."""
    with pytest.raises(Invalid):
        records.decode(messages.Ended, payload)


@pytest.mark.parametrize("status", [-1, 1 << 16, True, None, "9"])
def test_a_wait_status_is_one(status: object) -> None:
    """Whatever else would be no number that the system knows."""
    with pytest.raises(Invalid):
        messages.Ended.read({"status": status})


def test_another_version_of_the_protocol_is_refused() -> None:
    """By the first message of all."""
    told = json.loads(records.encode(python.Load(TARGET, 0, True, [])))
    told["target"]["version"] += 1
    with pytest.raises(Invalid):
        python.Load.read(told)


class Heard(Child):
    """A child that has written this and ended."""

    def __init__(self, written: bytes) -> None:
        self.reader = asyncio.StreamReader()
        self.reader.feed_data(written)
        self.reader.feed_eof()
        self.swollen = False

    async def command(self) -> Command:
        raise AssertionError("It is not started.")

    async def _is_killed(self) -> bool:
        return False


async def heard(written: bytes, *due: type[Record]) -> Record | Code:
    """The record that the lab makes of this, or why it makes none."""
    try:
        return (await Heard(written).receive(9.0, *due))[0]
    except ChildFailed as failed:
        return failed.why.code


@settings(max_examples=300)
@given(st.sampled_from(EXAMPLES), st.lists(st.binary(max_size=9), max_size=3), st.data())
def test_a_frame_that_is_cut_off_or_spoilt_is_no_record(
    record: Record, parts: list[bytes], data: st.DataObject
) -> None:
    """It is the record, or one of three reasons; never an error."""
    whole = channel.frame(record, parts)
    assert record == asyncio.run(heard(whole, type(record)))
    end = data.draw(st.integers(0, len(whole) - 1))
    assert Code.NO_ANSWER is asyncio.run(heard(whole[:end], type(record)))
    assert Code.FORGED is asyncio.run(heard(whole, *(kind for kind in KINDS if kind is not type(record))))
    spoilt = whole[:end] + data.draw(st.binary(min_size=1, max_size=9)) + whole[end + 1 :]
    found = asyncio.run(heard(spoilt, type(record)))
    assert isinstance(found, type(record)) or found in (
        Code.FORGED,
        Code.NO_ANSWER,
        Code.TOO_LARGE_RESULTS,
    )


@given(DESCRIBED, DESCRIBED, st.sampled_from([USUAL, EXACT, Tolerances(exceptions="type")]))
def test_any_two_descriptions_can_be_compared(one: Any, other: Any, tolerances: Tolerances) -> None:
    """What is in them was written by the code on test."""
    compare(one, other, tolerances)
    compare(one, [*one, other] if isinstance(one, list) else one, tolerances)


SEALED = """
import builtins, sys
sys.path.insert(0, sys.argv[1])
import start
program = start.load("python.child.worker")
found, waiting = {}, [program]
while waiting:
    module = waiting.pop()
    if module.__name__ not in found:
        found[module.__name__] = id(module.__builtins__)
        for one in vars(module).values():
            home = sys.modules.get(getattr(one, "__module__", None), one)
            name = getattr(home, "__name__", None) or ""
            if type(home) is type(sys) and name.startswith("quickstudy"):
                waiting.append(home)
print([name for name in sys.modules if "quickstudy" in name], len(found), len(set(found.values())))
print(id(vars(builtins)) in found.values(), [one for one in sys.meta_path if "Finder" not in repr(one)])
"""


def test_a_loaded_program_is_found_by_no_name() -> None:
    """Its modules have builtins of their own, and whatever finds them is gone."""
    words = [sys.executable, "-c", SEALED, str(Path(start.__file__).parent)]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=True)
    modules, rest = done.stdout.splitlines()
    names, count, builtins = modules.rsplit(" ", 2)
    assert ("[]", count) == (names, builtins) and int(count) >= 5
    assert rest.startswith("False ")


HOSTILE = """
import os
for number in range(3, 64):
    try:
        os.write(number, bytes([KIND]) + b"\\0\\0\\0\\1" + b"\\0" * 7 + b"\\2{}" * 20)
    except OSError:
        pass
"""


@pytest.mark.parametrize("kind", [messages.Observation.KIND, messages.Loaded.KIND, python.Collected.KIND, 0])
async def test_a_project_that_writes_to_the_channel_is_told_so(kind: int, tmp_path: Path) -> None:
    """The original is not trusted either: it is a reason, and no error."""
    shop = HOSTILE.replace("KIND", str(kind)) + textwrap.dedent(COMMON)
    place = project(tmp_path, shop=shop, test_shop=TESTS)
    with pytest.raises(Unmeasurable, match=r"It wrote to the lab's channel\."):
        await prepared(place, "common")
