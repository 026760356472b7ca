"""The shell command as a child process: what it prints, what it writes, and how it ends."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.openai_server import Behaviour, OpenAIServer, Request, hang, ok, status

from quickstudy.cli import cli
from quickstudy.demo import write_demo
from quickstudy.settings import TABLE

FASTER = """\
def balances(bookings):
    balance = 0
    result = []
    for booking in bookings:
        balance += booking
        result.append(balance)
    return result
"""
WRONG = "def balances(bookings):\n    return sorted(bookings)\n"
REPLY = f"Carry the balance along.\n\n```python\n{FASTER}```\n"
SIMILAR_REPLY = """Carry the highest along.

```python
from itertools import accumulate

def highest_so_far(bookings):
    return list(accumulate(bookings, max))
```
"""


def quickstudy(
    *arguments: str | Path, cwd: Path, env: Mapping[str, str] = {}
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=cwd, env=environment(env), capture_output=True, text=True, check=False
    )


def command(*arguments: str | Path) -> Sequence[str]:
    return [sys.executable, "-m", "quickstudy.cli", *map(str, arguments)]


def environment(more: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    return {**inherited, **more}


def hosted(server: OpenAIServer) -> dict[str, str]:
    return {"OPENAI_API_KEY": "sk-test", "OPENAI_API_BASE": server.url, "HOSTED_VLLM_API_BASE": server.url}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The demo's project, in a folder with a space and an umlaut in its name."""
    return shutil.move(write_demo(), tmp_path / "my pröject")


@dataclass(frozen=True)
class Run:
    """A run that found a faster variant and left a lesson."""

    project: Path
    before: bytes
    """The function's file, when it had not begun."""
    ended: subprocess.CompletedProcess[str]

    @property
    def report(self) -> dict[str, Any]:
        return json.loads(self.ended.stdout)

    def copy(self, folder: Path) -> Path:
        """The project as the run left it, to go on with."""
        return shutil.copytree(self.project, folder / "my pröject")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """One for all tests of what comes after it."""
    project = Path(shutil.move(write_demo(), tmp_path_factory.mktemp("run") / "my pröject"))
    before = (project / "ledger.py").read_bytes()
    with OpenAIServer(ok(REPLY)) as server:
        return Run(project, before, optimize(project, server, "--json", model="openai/scripted"))


def test_every_setting_is_an_option_of_optimize() -> None:
    """The table of settings is what --help shows."""
    shown = CliRunner().invoke(cli, ["optimize", "--help"], terminal_width=100).output
    assert [setting.key for setting in TABLE if f"--{setting.key} " not in shown] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--rounds", "0"],
        ["--rounds", "many"],
        ["--lessons", "-1"],
        ["--sandbox", "maybe"],
        ["--team", "gpt-4o"],
        ["--team", ","],
        ["--max-cost", "nan"],
        ["--least-gain", "0.5"],
        ["--workload", "gone.py"],
        ["--python", "no-such-python"],
        ["--diff", "--apply"],
        ["--no-such-option"],
    ],
)
def test_a_wrong_option_is_bad_input(arguments: list[str]) -> None:
    """Exit status 2 and the option's name, before any work."""
    result = CliRunner().invoke(cli, ["optimize", "m.py::f", *arguments])
    assert (result.exit_code, arguments[0] in result.stderr) == (2, True)


@pytest.mark.parametrize("option", ["--model", "--models"])
def test_the_option_for_models_is_told(option: str) -> None:
    """Its name is a word of the method's, that a newcomer does not know."""
    result = CliRunner().invoke(cli, ["optimize", "m.py::f", option, "openai/gpt"])
    assert (2, True) == (result.exit_code, "Did you mean '--team'?" in result.stderr)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("ledger.py", "names no function"),
        ("ledger.py::", "names no function"),
        ("::balances", "names no file"),
        ("gone.py::balances", "gone.py"),
        ("ledger.py::nothing", "nothing"),
        ("pyproject.toml::balances", "pyproject.toml"),
        ("test_ledger.py::Balances", "class"),
        (".::balances", ""),
    ],
)
def test_a_wrong_target_is_one_sentence(project: Path, target: str, said: str) -> None:
    """Exit status 2, one line on stderr, nothing on stdout, no traceback."""
    for name in ("optimize", "measure"):
        more = [] if name == "optimize" else ["--variant", "ledger.py"]
        result = quickstudy(name, target, "--json", *more, cwd=project)
        assert (
            result.returncode,
            result.stdout,
            len(result.stderr.splitlines()),
            said in result.stderr,
        ) == (2, "", 1, True), result.stderr


def test_a_variant_that_is_not_there_is_bad_input(project: Path) -> None:
    """measure needs the files it is given."""
    result = quickstudy("measure", "ledger.py::balances", "--variant", "gone.py", cwd=project)
    assert (result.returncode, "gone.py" in result.stderr) == (2, True)


def measured(project: Path, *sources: str) -> tuple[int, dict[str, Any]]:
    variants: list[str] = []
    for number, source in enumerate(sources):
        (project.parent / f"v{number}.py").write_text(source, encoding="utf-8")
        variants += ["--variant", f"../v{number}.py"]
    result = quickstudy("measure", "ledger.py::balances", *variants, "--json", cwd=project)
    return result.returncode, json.loads(result.stdout)


def test_measure_tells_the_faster_from_the_wrong(project: Path) -> None:
    """Several variants in one run, each with its verdict; the best is the faster one."""
    exit_status, report = measured(project, WRONG, FASTER, "def balances(:\n", "x = 1\n")
    verdicts = [(row["id"], row["agent"], row["round"], row["verdict"]) for row in report["candidates"]]
    expected = [
        ("v1", "you", 0, "wrong"),
        ("v2", "you", 0, "faster"),
        ("v3", "you", 0, "unloadable"),
        ("v4", "you", 0, "unloadable"),
    ]
    assert (0, expected, "v2") == (exit_status, verdicts, report["best"]["candidate"])
    assert report["target"]["path"] == "ledger.py"
    assert "+        balance += booking" in report["best"]["diff"]


def test_measure_without_a_faster_variant_says_none(project: Path) -> None:
    """Exit status 1, no best, and the reason."""
    exit_status, report = measured(project, WRONG)
    assert (exit_status, report["verdict"], report["best"]) == (1, "none", None)


def test_a_function_without_calls_cannot_be_measured(tmp_path: Path) -> None:
    """Exit status 3, the reason in the JSON, and nothing fetched or asked."""
    (tmp_path / "m.py").write_text("def f(x):\n    return x\n", encoding="utf-8")
    (tmp_path / "v.py").write_text("def f(x):\n    return x\n", encoding="utf-8")
    result = quickstudy("measure", "m.py::f", "--variant", "v.py", "--json", cwd=tmp_path)
    report = json.loads(result.stdout)
    assert (result.returncode, report["verdict"], bool(report["reason"])) == (3, "unmeasurable", True)


SCRIPTED = "hosted_vllm/scripted"
"""It is asked without litellm, which takes seconds to load."""


def optimize(
    project: Path, server: OpenAIServer, *flags: str, function: str = "balances", model: str = SCRIPTED
) -> subprocess.CompletedProcess[str]:
    target = f"ledger.py::{function}"
    team = ("--team", model, "--rounds", "1")
    return quickstudy("optimize", target, *team, *flags, cwd=project, env=hosted(server))


def test_optimize_finds_a_faster_variant_and_keeps_the_lesson(run: Run) -> None:
    """The whole way: agent, lab, bank, report; the file is not touched."""
    report = run.report
    assert (0, "faster", run.before) == (
        run.ended.returncode,
        report["verdict"],
        (run.project / "ledger.py").read_bytes(),
    ), run.ended.stderr
    (lesson,) = report["lessons"]
    listed = json.loads(quickstudy("lessons", "list", "--json", cwd=run.project).stdout)["lessons"]
    assert [(lesson["id"], lesson["text"])] == [(row["id"], row["text"]) for row in listed]
    assert report["usage"]["prompt_tokens"] == 200


def test_a_similar_function_begins_with_the_lessons_of_the_first(run: Run, tmp_path: Path) -> None:
    """The bank lasts: round 1 of the second run uses what the first one taught."""
    with OpenAIServer(ok(SIMILAR_REPLY)) as server:
        ended = optimize(run.copy(tmp_path), server, "--json", function="highest_so_far")
    (first,) = json.loads(ended.stdout)["candidates"]
    assert [row["id"] for row in run.report["lessons"]] == first["lessons_used"] != []


def test_text_output_holds_verdicts_lessons_and_the_patch(project: Path) -> None:
    """A person reads what came out, what was learnt and what to do next."""
    with OpenAIServer(ok(REPLY)) as server:
        result = optimize(project, server)
    for said in (
        "r1a1",
        "faster",
        "+        balance += booking",
        "lessons.db",
        "git apply",
    ):
        assert said in result.stdout
    subprocess.run(["git", "apply", ".quickstudy/faster.diff"], cwd=project, check=True)
    assert "    for booking in bookings:\n        balance += booking" in (project / "ledger.py").read_text(
        encoding="utf-8"
    )


def test_a_bank_elsewhere_takes_nothing_else_with_it(project: Path, tmp_path: Path) -> None:
    """Only the lessons lie where the flag says: the recording is found, and the patch is, in the project."""
    calling = [sys.executable, "-c", "import ledger; [ledger.balances(list(range(n))) for n in range(9)]"]
    recorded = quickstudy("record", "ledger.py::balances", "--", *calling, cwd=project)
    assert 0 == recorded.returncode, recorded.stderr
    bank = tmp_path / "elsewhere" / "lessons.db"
    with OpenAIServer(ok(REPLY)) as server:
        result = optimize(project, server, "--bank", str(bank))
    assert 0 == result.returncode, result.stderr
    assert "recorded, " in result.stderr
    assert (True, True, False) == (
        bank.is_file(),
        (project / ".quickstudy" / "faster.diff").is_file(),
        (project / ".quickstudy" / "lessons.db").exists(),
    )
    assert ["elsewhere", "my pröject"] == sorted(each.name for each in tmp_path.iterdir())


def test_diff_prints_nothing_but_a_patch(project: Path) -> None:
    """stdout can be piped into git apply."""
    with OpenAIServer(ok(REPLY)) as server:
        result = optimize(project, server, "--diff")
    subprocess.run(["git", "apply", "-"], input=result.stdout, text=True, cwd=project, check=True)
    assert "    for booking in bookings:\n        balance += booking" in (project / "ledger.py").read_text(
        encoding="utf-8"
    )


def test_apply_writes_the_winner(project: Path) -> None:
    """Only then is the user's file written; the rest of it stays."""
    with OpenAIServer(ok(REPLY)) as server:
        result = optimize(project, server, "--apply", "--json")
    text = (project / "ledger.py").read_text(encoding="utf-8")
    assert (result.returncode, json.loads(result.stdout)["applied"]) == (0, True)
    assert "    for booking in bookings:\n        balance += booking" in text
    assert "            if booking > highest:\n" in text


def test_apply_leaves_a_file_alone_that_changed_meanwhile(project: Path) -> None:
    """A stale winner is refused with a sentence; the user's newer text stays."""
    newer = '"""Changed by hand."""\n'

    def change(request: Request) -> Behaviour:
        (project / "ledger.py").write_text(newer, encoding="utf-8")
        return ok(REPLY)

    with OpenAIServer(choose=change) as server:
        result = optimize(project, server, "--apply", "--json")
    assert (2, newer) == (result.returncode, (project / "ledger.py").read_text(encoding="utf-8"))
    assert (json.loads(result.stdout)["applied"], "was changed" in result.stderr) == (False, True)


def test_no_answer_at_all_is_exit_status_4(project: Path) -> None:
    """A refused key ends the run with the reason, and the key is printed nowhere."""
    with OpenAIServer(status(401)) as server:
        result = optimize(project, server, "--json", model="openai/scripted")
    report = json.loads(result.stdout)
    assert (result.returncode, report["verdict"]) == (4, "no_agents")
    assert "sk-test" not in result.stdout + result.stderr
    assert report["failures"]
    assert f"May pass your code on: openai/scripted at {server.url}\n" in result.stderr


def test_a_hosted_model_is_named_before_anything_is_sent(project: Path) -> None:
    """Without a key nothing goes anywhere, and the user reads where it would have gone."""
    target = ("ledger.py::balances", "--team", "openai/gpt-4o", "--rounds", "1")
    result = quickstudy("optimize", *target, cwd=project)
    assert (result.returncode, "OPENAI_API_KEY" in result.stderr) == (4, True)
    said = "Your code will be sent to: openai/gpt-4o at https://api.openai.com\n"
    assert 0 <= result.stderr.find(said) < result.stderr.find("Round 1")


def test_nothing_is_said_to_be_sent_where_nothing_can_be_measured(project: Path) -> None:
    """A run that ends before any model is asked names no place for the code."""
    (project / "lonely.py").write_text("def lonely(thing):\n    return thing.whatever()\n", encoding="utf-8")
    result = quickstudy("optimize", "lonely.py::lonely", "--team", "openai/gpt-4o", cwd=project)
    assert (result.returncode, "sent" in result.stderr) == (3, False)


@pytest.mark.parametrize(
    ("number", "model"), [(signal.SIGINT, "openai/scripted"), (signal.SIGTERM, SCRIPTED)]
)
def test_an_interrupted_run_reports_what_it_has(project: Path, number: signal.Signals, model: str) -> None:
    """Exit status 130, one JSON object, no traceback, no child left."""
    with OpenAIServer(hang()) as server:
        target = ("ledger.py::balances", "--team", model, "--json")
        child = subprocess.Popen(
            command("optimize", *target),
            cwd=project,
            env=environment(hosted(server)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert child.stderr is not None
        said = iter(child.stderr.readline, "")
        assert any(line.startswith("Round 1") for line in said)
        child.send_signal(number)
        out, err = child.communicate(timeout=60)
    assert (child.returncode, json.loads(out)["verdict"]) == (130, "interrupted")
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.killpg(child.pid, 0)


def test_a_wrong_setting_is_named_and_the_run_goes_on(project: Path) -> None:
    """The project's table is advice that may be wrong; measuring works all the same."""
    with (project / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("[tool.quickstudy]\nleast-gain = 'x'\n")
    (project / "v.py").write_text(FASTER, encoding="utf-8")
    result = quickstudy("measure", "ledger.py::balances", "--variant", "v.py", cwd=project)
    assert (result.returncode, "least-gain must be a number" in result.stderr) == (0, True)


def test_an_unknown_embedded_model_is_bad_input(project: Path) -> None:
    """It is said before anything is run or fetched."""
    result = quickstudy("optimize", "ledger.py::balances", "--team", "local/nothing", cwd=project)
    assert (result.returncode, result.stdout, "qwen2.5-coder-0.5b" in result.stderr) == (2, "", True)


def test_lessons_can_be_read_pinned_exchanged_and_forgotten(run: Run, tmp_path: Path) -> None:
    """The group `lessons` on a bank that a run has filled."""
    project = run.copy(tmp_path)
    shown = json.loads(quickstudy("lessons", "show", "1", "--json", cwd=project).stdout)["lesson"]
    assert ("python", f"CPython {shown['python']}") == (shown["language"], shown["toolchain"])
    assert "    for booking in bookings:\n        balance += booking" in shown["candidate"]
    assert "Carry the balance" in quickstudy("lessons", "search", "carry", cwd=project).stdout
    assert "pinned" in quickstudy("lessons", "pin", "1", cwd=project).stdout
    kept = tmp_path / "kept.jsonl"
    assert quickstudy("lessons", "export", kept, cwd=project).returncode == 0
    elsewhere = ("--bank", tmp_path / "other.db")
    assert "Added 1 " in quickstudy("lessons", "import", kept, *elsewhere, cwd=project).stdout
    assert "Added 0 " in quickstudy("lessons", "import", kept, *elsewhere, cwd=project).stdout
    assert quickstudy("lessons", "stats", "--json", *elsewhere, cwd=project).returncode == 0
    assert quickstudy("lessons", "forget", "1", cwd=project).returncode == 0
    gone = quickstudy("lessons", "show", "1", cwd=project)
    assert (gone.returncode, len(gone.stderr.splitlines())) == (2, 1)


def test_reading_lessons_where_there_are_none_leaves_no_file(tmp_path: Path) -> None:
    """A sentence, exit status 2, and an untouched folder."""
    result = quickstudy("lessons", "list", cwd=tmp_path)
    assert (result.returncode, list(tmp_path.iterdir())) == (2, [])


def test_models_are_listed_with_size_and_licence(tmp_path: Path) -> None:
    """What would be fetched can be known beforehand."""
    listed = quickstudy("models", "list", cwd=tmp_path).stdout
    for said in ("local/qwen2.5-coder-0.5b", "491 MB", "Apache-2.0"):
        assert said in listed


def test_help_imports_nothing_heavy() -> None:
    """--help answers at once because it imports click and little else."""
    code = "import sys, quickstudy.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"asyncio", "rich", "litellm", "tree_sitter", "sqlite3", "hypothesis"}
    assert set() == heavy & set(loaded.stdout.split())
