"""What both editors believe of the server is so: no field is hoped for that is not there, nor a command."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from tests import editor_types
from tests.editor_types import EDITORS, Shape, literals
from tests.servers import JOB, Editor
from tests.test_report import fold, judged, lesson, prepared

from quickstudy import events
from quickstudy.records import RunVerdict, Usage
from quickstudy.report import Phase, as_json
from quickstudy.verdicts import VerdictTone
from quickstudy.wire import to_json
from quickstudy_server import commands
from quickstudy_server.arguments import ARGUMENTS
from quickstudy_server.commands import COMMANDS
from quickstudy_server.words import of_lesson, of_speedup, of_verdict, worded


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
    "Lesson": {**to_json(lesson()), "words": of_lesson(to_json(lesson())), "uri": None, "root": ""},
    "Words": of_speedup({}),
    "VerdictWords": of_verdict("faster"),
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


@pytest.mark.parametrize(("name", "kind"), [("tone", VerdictTone), ("phase", Phase), ("verdict", RunVerdict)])
def test_each_word_is_known(name: str, kind: Any) -> None:
    """Of how a verdict is meant, of a run's verdict and of a phase."""
    assert set(get_args(kind)) == literals(name)


UNREAD = {"low", "high"}
"""For editors of others; ours read them in words."""


async def test_what_only_editors_are_answered_is_known_to_one(tmp_path: Path) -> None:
    """A job and a preview, both ways; a report and a lesson are the shell's as well."""
    editor = Editor(tmp_path)
    editor.offer(report=as_json(fold(tmp_path, [prepared(tmp_path)]), 1.0))
    (job,) = commands.jobs(editor.server)
    for name, answer in (("Job", job), ("Preview", commands.preview(editor.server, {"job": JOB}))):
        believed = [getattr(editor_types, each)(name).keys() for each in ("typescript", "lua")]
        assert all(each <= answer.keys() for each in believed), name
        assert answer.keys() <= set[str]().union(*believed, UNREAD), name


def braced(text: str) -> str:
    """What stands between the brace that a text begins with and its partner."""
    depth = 0
    for at, sign in enumerate(text):
        depth += (sign == "{") - (sign == "}")
        if not depth:
            return text[1:at]
    raise ValueError(text)


@pytest.mark.parametrize(
    ("folder", "call"),
    [
        ("vscode/src", r"\.ask(?:<[^>]*>)?\(\s*\"(\w+)\"(?:, (?=\{))?"),
        ("neovim/lua/quickstudy", r"server\.(?:ask|call)\(client, '(\w+)'(?:, (?=\{))?"),
    ],
)
def test_editors_call_commands_that_there_are(folder: str, call: str) -> None:
    """With arguments that they take."""
    text = "".join(file.read_text("utf-8") for file in sorted((EDITORS / folder).iterdir()) if file.is_file())
    calls = list(re.finditer(call, text))
    assert len(calls) > 5
    for found in calls:
        assert f"quickstudy.{found[1]}" in COMMANDS
        given = braced(text[found.end() :]) if text[found.end()] == "{" else ""
        fields = re.sub(r"\{.*\}", "", given, flags=re.DOTALL).split(",")
        assert {re.split("[:=]", field)[0].strip() for field in fields} <= {*ARGUMENTS, ""}, found[1]
