"""Lessons as JSON lines: what leaves one bank arrives in another, once, or is refused with its line."""

import io
import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from quickstudy.bank import Bank
from quickstudy.bank.rows import digest
from quickstudy.errors import InputError
from quickstudy.languages import language_named
from quickstudy.records import Lesson

LESSON = Lesson(
    id=0,
    text="Use a set — membership is then O(1) ✓.",
    outcome="faster",
    speedup=12.5,
    low=11.0,
    high=14.0,
    agent="local/one",
    round=1,
    path="pkg/naïve module.py",
    qualname="Shop.find_common",
    language="python",
    sha256="ab" * 32,
    original="def find_common(a, b):\n    return [x for x in a if x in b]\n",
    candidate="def find_common(a, b):\n    known = set(b)\n    return [x for x in a if x in known]\n",
    run="run",
    toolchain="CPython 3.11.2",
    platform="Linux",
    created="2026-01-02T03:04:05+00:00",
)
FAILURE = replace(
    LESSON, text="It loses the order.", outcome="wrong", speedup=None, low=None, high=None, round=2
)


async def filled(path: Path) -> Bank:
    bank = Bank.open(path, language_named)
    for lesson in (LESSON, FAILURE):
        await bank.add(lesson)
    return bank


def exported(bank: Bank) -> io.StringIO:
    stream = io.StringIO()
    bank.export(stream)
    stream.seek(0)
    return stream


async def test_a_round_trip_changes_nothing(tmp_path: Path):
    """Exported and imported, every field is as it was: credit, uses and pins too."""
    with await filled(tmp_path / "one.db") as one, Bank.open(tmp_path / "two.db", language_named) as two:
        one.pin(1)
        await one.credit(one.list(), [[True, True], [False, True]])
        assert two.import_(exported(one)) == (2, 0)
        assert two.list() == one.list()
        assert exported(two).read() == exported(one).read()


async def test_importing_twice_makes_no_doubles(tmp_path: Path):
    """A lesson is known by its content, whatever happened to its credit since."""
    with await filled(tmp_path / "one.db") as bank:
        lines = exported(bank).read()
        await bank.credit(bank.list(), [[True], [True]])
        assert bank.import_(io.StringIO(lines)) == (0, 2)
        assert bank.import_(io.StringIO(lines + lines)) == (0, 4)
        assert bank.stats().lessons == 2


async def test_an_imported_lesson_is_found(tmp_path: Path):
    """What relevance and search need is made anew on import."""
    with await filled(tmp_path / "one.db") as one, Bank.open(tmp_path / "two.db", language_named) as two:
        two.import_(exported(one))
        assert [lesson.text for lesson in two.search("membership")] == [LESSON.text]


RELEASED = {
    name: value for name, value in asdict(LESSON).items() if name not in ("id", "language", "toolchain")
} | {"python": "3.11.2"}
"""The same lesson as it was exported when all lessons were about Python."""


def test_a_file_from_before_there_were_languages_is_read(tmp_path: Path):
    """Its lessons are about Python, and are the very same as when they are exported now."""
    with Bank.open(tmp_path / "lessons.db", language_named) as bank:
        assert (1, 0) == bank.import_(io.StringIO(json.dumps(RELEASED)))
        assert replace(LESSON, id=1) == bank.get(1)
        line = exported(bank).read()
        assert RELEASED | {"language": "python", "toolchain": "CPython 3.11.2"} == json.loads(line)
        assert (0, 2) == bank.import_(io.StringIO(line + json.dumps(RELEASED)))


def test_a_lesson_has_the_identity_that_it_was_released_with():
    """Banks and spools have it on disk; one about another language has its own."""
    assert "bb4267b38fd51ea501dc927eda8b00ebce2548b418c3d3c243fd57b70cd20d6b" == digest(LESSON)
    others = (
        replace(LESSON, toolchain="CPython 3.11.3"),
        replace(LESSON, language="c"),
        replace(LESSON, language="c", toolchain="gcc 14.2.0 -O2"),
    )
    assert 4 == len({digest(LESSON), *map(digest, others)})


async def test_lessons_of_any_language_are_exchanged(tmp_path: Path):
    """With what they were measured with; only those about Python have the field of old."""
    lesson = replace(LESSON, language="c", toolchain="gcc 14.2.0 -O2")
    with (
        Bank.open(tmp_path / "one.db", language_named) as one,
        Bank.open(tmp_path / "two.db", language_named) as two,
    ):
        await one.add(lesson)
        line = exported(one).read()
        assert "python" not in json.loads(line)
        assert (1, 0) == two.import_(io.StringIO(line))
        assert [replace(lesson, id=1)] == two.list()


FIELDS = {name: value for name, value in asdict(LESSON).items() if name != "id"}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "Line 2"),
        (json.dumps({**FIELDS, "colour": 1}), "'colour'"),
        (
            json.dumps({name: value for name, value in FIELDS.items() if name != "agent"}),
            "'agent' is missing",
        ),
        (json.dumps({**FIELDS, "speedup": float("nan")}), "NaN"),
        (json.dumps({**FIELDS, "speedup": 10**400}), "'speedup'"),
        (json.dumps({**FIELDS, "speedup": True}), "'speedup'"),
        (json.dumps({**FIELDS, "speedup": -1}), "'speedup'"),
        (json.dumps({**FIELDS, "credit": 1e9}), "'credit'"),
        (json.dumps({**FIELDS, "uses": 2**63}), "'uses'"),
        (json.dumps({**FIELDS, "round": 1.5}), "'round'"),
        (json.dumps({**FIELDS, "outcome": "great"}), "'outcome'"),
        (json.dumps({**FIELDS, "outcome": ["faster"]}), "'outcome'"),
        (json.dumps({**FIELDS, "text": "  "}), "'text'"),
        (json.dumps({**FIELDS, "created": "yesterday"}), "'created'"),
        (json.dumps({**FIELDS, "pinned": 1}), "'pinned'"),
        (json.dumps({**FIELDS, "speedup": 1e300}), "'speedup'"),
        (json.dumps({**FIELDS, "text": "long " * 10_000}), "'text'"),
        (json.dumps({**FIELDS, "original": "x" * 10**6}), "'original'"),
        (json.dumps({**FIELDS, "agent": "a" * 10**5}), "'agent'"),
        (json.dumps({**FIELDS, "path": "../../.bashrc"}), "'path'"),
        (json.dumps({**FIELDS, "path": "m\0.py"}), "'path'"),
        (json.dumps({**FIELDS, "language": None}), "'language'"),
        (json.dumps({**RELEASED, "python": 3.11}), "'language' is missing"),
        (json.dumps({**RELEASED, "language": "python"}), "'toolchain' is missing"),
        ('{"round": ' + "9" * 10_000 + "}", "Line 2"),
    ],
)
def test_a_bad_line_is_named_and_nothing_imported(tmp_path: Path, line: str, words: str):
    """The good line before it is not imported either."""
    with Bank.open(tmp_path / "lessons.db", language_named) as bank:
        with pytest.raises(InputError, match="Line 2") as caught:
            bank.import_(io.StringIO(f"{json.dumps(FIELDS)}\n{line}\n"))
        assert words in str(caught.value)
        assert bank.stats().lessons == 0


def test_half_a_surrogate_pair_is_kept_as_a_question_mark(tmp_path: Path):
    """JSON can say what UTF-8 cannot store."""
    with Bank.open(tmp_path / "lessons.db", language_named) as bank:
        bank.import_(io.StringIO(json.dumps({**FIELDS, "text": "odd \ud800"})))
        assert bank.get(1).text == "odd ?"
