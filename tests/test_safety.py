"""The README's promises on safety: each stands in the threat model, with tests that exist."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.network import only_here
from tests.openai_server import OpenAIServer, ok
from tests.test_cli import REPLY, command, environment

from quickstudy.cli import cli
from quickstudy.demo import TARGET, write_demo

ROOT = Path(__file__).parents[1]
MODEL = (ROOT / "server" / "threat-model.md").read_text("utf-8")
ROWS = [line.strip("|").split(" | ") for line in MODEL.splitlines() if line.startswith("|")]
PROMISES = {row[0].strip(): row[3] for row in ROWS if len(row) == 4 and ".py::" in row[3]}


def promised() -> list[str]:
    """The sentences of the README's section, but for the last paragraph, which leads to the model."""
    section = (ROOT / "README.md").read_text("utf-8").partition("## Safety\n")[2].partition("\n## ")[0]
    paragraphs = section.strip().split("\n\n")[:-1]
    text = " ".join(" ".join(paragraphs).split())
    return re.split(r"(?<=[.]) (?=[A-Z`])", re.sub(r"\*\*.*?\*\* ", "", text))


def test_each_promise_stands_in_the_threat_model() -> None:
    """And no other: who changes a sentence, says where it is held."""
    assert promised() == list(PROMISES)


@pytest.mark.parametrize("promise", PROMISES)
def test_each_promise_has_tests(promise: str) -> None:
    """Each is named by file and function, and is there."""
    named = re.findall(r"`([\w/]+\.py)::(\w+)`", PROMISES[promise])
    assert named
    for file, function in named:
        tree = ast.parse((ROOT / "tests" / file).read_text("utf-8"))
        there = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
        assert function in there, f"{file}::{function}"


def test_a_run_writes_only_where_it_says(tmp_path: Path) -> None:
    """Not into the source, the home, or the folder it is started in."""
    project = tmp_path / "project"
    write_demo().rename(project)
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    folders = {
        f"XDG_{kind}_HOME": str(tmp_path / "xdg" / kind.lower()) for kind in ("CACHE", "CONFIG", "STATE")
    }
    with OpenAIServer(ok(REPLY)) as server:
        keys = {"OPENAI_API_KEY": "sk-test", "OPENAI_API_BASE": server.url, "HOME": str(home), **folders}
        arguments = ("optimize", f"{project / TARGET}", "--team", "openai/scripted", "--rounds", "1")
        done = subprocess.run(command(*arguments), cwd=here, env=environment(keys), capture_output=True)
    assert 0 == done.returncode, done.stderr
    assert ([], []) == (list(home.iterdir()), list(here.iterdir()))
    after = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    new = {path.relative_to(project).parts[0] for path in after.keys() - before.keys()}
    assert ({".quickstudy"}, True) == (new, before.items() <= after.items())
    assert {"cache"} >= {path.name for path in (tmp_path / "xdg").iterdir()}


def test_a_run_asks_the_named_host_and_nobody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No price list, no counter, no update check."""
    write_demo().rename(tmp_path / "project")
    with OpenAIServer(ok(REPLY)) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_API_BASE", server.url)
        port = int(server.url.rpartition(":")[2].partition("/")[0])
        with only_here(monkeypatch, port) as refused:
            arguments = ["optimize", f"{tmp_path / 'project' / TARGET}", "--team", "openai/scripted"]
            CliRunner().invoke(cli, [*arguments, "--rounds", "1"])
        assert server.requests
    assert set() == refused


def test_without_a_sandbox_nothing_is_run(tmp_path: Path) -> None:
    """Exit 5 where nobody can be asked: no bubblewrap on PATH, and no namespaces."""
    (tmp_path / "app.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')\ndef f(x: int): return x\n")
    # In a user namespace whose own limit of user namespaces is 0 no further one can be made.
    script = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
    inner = [sys.executable, "-m", "quickstudy.cli", "measure", "app.py::f", "--variant", "app.py"]
    confined = ["unshare", "-Ur", "sh", "-c", script, "sh", *inner]
    probe = subprocess.run(["unshare", "-Ur", "sh", "-c", script, "sh", "true"], capture_output=True)
    if probe.returncode:
        pytest.skip("no user namespace can be made here")
    done = subprocess.run(
        confined,
        cwd=tmp_path,
        env={**os.environ, "PATH": "/nowhere:" + os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    assert (5, False) == (done.returncode, (tmp_path / "ran").exists()), done.stderr
    assert "--sandbox off" in done.stderr
