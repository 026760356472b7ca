"""The types of both editors hold against what the server answers: no field is hoped for that is not there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from tests import editor_types
from tests.editor_types import Shape, literals
from tests.test_report import fold, judged, lesson, prepared

from quickstudy import events
from quickstudy.records import RunVerdict, Usage, VerdictKind
from quickstudy.report import Phase, as_json
from quickstudy.wire import to_json
from quickstudy_server.words import of_speedup, worded


def report() -> dict[str, Any]:
    """A report with something of everything."""
    happened: list[events.Event] = [
        prepared(Path("/project")),
        events.RoundBegan(1, ()),
        *judged("r1a1", "faster", 2.0),
        events.AgentFailed("a/b", 1, "No key."),
        events.Learnt(lesson(), Usage(50, 5, 0.5), 1.0),
    ]
    return worded(as_json(fold(Path("/project"), happened), 1.0))


def shape(answer: Mapping[str, Any]) -> Shape:
    """The fields of an answer, each with the names of all fields below it."""
    return {key: below(value) for key, value in answer.items()}


def below(value: object) -> set[str]:
    if isinstance(value, list):
        return set[str]().union(*map(below, cast("list[object]", value)))
    if isinstance(value, dict):
        table = cast("dict[str, object]", value)
        return set(table).union(*map(below, table.values()))
    return set()


ANSWERS: dict[str, Mapping[str, Any]] = {
    "Report": report(),
    "Candidate": report()["candidates"][0],
    "Lesson": {**to_json(lesson()), "words": of_speedup({}), "uri": None, "root": ""},
    "Words": of_speedup({}),
}


@pytest.mark.parametrize("editor", ["typescript", "lua"])
@pytest.mark.parametrize("name", ANSWERS)
def test_each_field_is_answered(editor: str, name: str) -> None:
    """Also those of a record within a record."""
    believed: Shape = getattr(editor_types, editor)(name)
    answered = shape(ANSWERS[name])
    assert believed
    assert set() == believed.keys() - answered.keys()
    for field, inner in believed.items():
        assert set() == inner - answered[field], field


@pytest.mark.parametrize(
    ("name", "kind"), [("Verdict", VerdictKind), ("phase", Phase), ("verdict", RunVerdict)]
)
def test_each_word_is_known(name: str, kind: Any) -> None:
    """Of a verdict, of a run's and of a phase."""
    assert set(get_args(kind)) == literals(name)
