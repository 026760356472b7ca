"""What editors read of our answers is there: their types, in TypeScript and Lua, compared with the code."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests import test_report
from tests.banks import lesson
from tests.servers import JOB, Editor

from quickstudy.bank import Bank
from quickstudy.project import Project
from quickstudy.report import as_json
from quickstudy_server import commands
from quickstudy_server.arguments import ARGUMENTS
from quickstudy_server.commands import COMMANDS

EDITORS = Path(__file__).parents[1] / "editors"
TYPESCRIPT = EDITORS / "vscode" / "src"
LUA = EDITORS / "neovim" / "lua" / "quickstudy"

ADDED = {"lua": {"Job.client"}}
"""What an editor adds to an answer by itself."""

_GENERIC = re.compile(r"<[^>]*>")
"""As in `Record<string, string>`, of whose fields nothing is said."""

Fields = set[str]
"""Names of fields, those within others after a dot: `best.speedup`. Lists are as what they hold."""


@cache
def interfaces() -> dict[str, str]:
    """The bodies of the TypeScript interfaces of our answers."""
    text = re.sub(r"/\*\*.*?\*/|//[^\n]*", "", (TYPESCRIPT / "wire.ts").read_text("utf-8"), flags=re.DOTALL)
    text = _GENERIC.sub("", text)
    found = re.finditer(r"interface (\w+) ", text)
    return {each[1]: _braced(text, each.end()) for each in found}


@cache
def classes() -> dict[str, str]:
    """The bodies of the Lua classes of our answers, each field as TypeScript would have it."""
    text = _GENERIC.sub("", (LUA / "types.lua").read_text("utf-8"))
    found: dict[str, str] = {}
    for name, body in re.findall(r"---@class quickstudy\.(\w+)[^\n]*\n((?:---@field[^\n]*\n)*)", text):
        rows = re.findall(r"---@field (\w+)\?? (\{.*\}(?:\[\])?|\S+)", body)
        found[name] = "".join(f"{field}: {kind};" for field, kind in rows).replace("quickstudy.", "")
    return found


def _braced(text: str, start: int) -> str:
    """What stands between the brace at a place and its partner."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[start + 1 : at]
    raise ValueError(text[start:])


def declared(kinds: dict[str, str], body: str, above: str = "") -> Fields:
    """The fields of a type, and of those that it names."""
    found: Fields = set()
    at = 0
    while match := re.compile(r"[\s;,]*(\w+)\??:\s*(?:null \| )?").match(body, at):
        field = f"{above}{match[1]}"
        found.add(field)
        at = match.end()
        if body.startswith("{", at):
            inner = _braced(body, at)
            found |= declared(kinds, inner, f"{field}.")
            at += len(inner) + 2
        kind = re.compile(r"[^;,]*").match(body, at)
        assert kind
        for named in kinds.keys() & set(re.findall(r"\w+", kind[0])):
            found |= declared(kinds, kinds[named], f"{field}.")
        at = kind.end()
    return found


def answered(answer: Any, above: str = "") -> Fields:
    """The fields of an answer."""
    if isinstance(answer, list):
        return set().union(*(answered(each, above) for each in answer))
    if not isinstance(answer, dict):
        return set()
    return {f"{above}{name}" for name in answer}.union(
        *(answered(each, f"{above}{name}.") for name, each in answer.items())
    )


@pytest.fixture
async def answers(tmp_path: Path) -> dict[str, Any]:
    """One answer of each kind, with nothing left out that it can have."""
    editor = Editor(tmp_path)
    happened = [
        test_report.prepared(tmp_path),
        test_report.events.RoundBegan(1, ()),
        test_report.events.AgentFailed("a/b", 1, "It was busy.", 1.0),
        *test_report.judged("r1a1", "faster", 2.0),
        test_report.events.Learnt(test_report.lesson(), test_report.Usage(), 1.0),
    ]
    editor.offer(report=as_json(test_report.fold(tmp_path, happened), 1.0))
    with Bank.open(Project(tmp_path).bank) as bank:
        await bank.add(lesson())
    server, job = editor.server, {"job": JOB}
    return {
        "Job": commands.jobs(server),
        "Preview": commands.preview(server, job),
        "Report": commands.report(server, job),
        "Lesson": await COMMANDS["quickstudy.lessons"](server, {"query": ""}),
    }


@pytest.mark.parametrize("editor", ["typescript", "lua"])
async def test_editors_read_no_field_that_is_not_answered(answers: dict[str, Any], editor: str) -> None:
    """Of any answer, however deep."""
    kinds = interfaces() if editor == "typescript" else classes()
    for name, answer in answers.items():
        fields = {f"{name}.{field}" for field in declared(kinds, kinds[name])}
        known = {f"{name}.{field}" for field in answered(answer)} | ADDED.get(editor, set())
        assert set() == fields - known, name


async def test_what_is_answered_to_editors_alone_is_declared(answers: dict[str, Any]) -> None:
    """A report and a lesson are the shell's as well, and have more than an editor shows."""
    for name in ("Job", "Preview"):
        assert answered(answers[name]) == declared(interfaces(), interfaces()[name]), name


@pytest.mark.parametrize(
    ("folder", "call"),
    [
        (TYPESCRIPT, r"\.ask(?:<[^>]*>)?\(\s*\"(\w+)\"(?:, (?=\{))?"),
        (LUA, r"server\.(?:ask|call)\(client, '(\w+)'(?:, (?=\{))?"),
    ],
)
def test_editors_call_commands_that_there_are(folder: Path, call: str) -> None:
    """With arguments that they take."""
    text = "".join(file.read_text("utf-8") for file in sorted(folder.iterdir()) if file.is_file())
    calls = list(re.finditer(call, text))
    assert len(calls) > 5
    for found in calls:
        assert f"quickstudy.{found[1]}" in COMMANDS
        given = _braced(text, found.end()) if text[found.end()] == "{" else ""
        fields = re.sub(r"\{.*\}", "", given, flags=re.DOTALL).split(",")
        assert {re.split("[:=]", field)[0].strip() for field in fields} <= {*ARGUMENTS, ""}, found[1]
