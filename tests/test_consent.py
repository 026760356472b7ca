"""A team that a project recommends: nothing is sent before the user's word, and never the user's key."""

import os
import pty
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.openai_server import OpenAIServer, ok
from tests.test_cli import REPLY, command, environment

from quickstudy.configuration import configure
from quickstudy.demo import TARGET, write_demo

KEYS = {
    "OPENAI_API_KEY": "sk-the-user-s",
    "ANTHROPIC_API_KEY": "sk-the-user-s",
    "OPENAI_ORGANIZATION": "org-the-user-s",
}


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    """A stranger's host, on loopback."""
    with OpenAIServer(ok(REPLY)) as server:
        yield server


@pytest.fixture
def project(tmp_path: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project that recommends a model at that host, and a user who was never asked."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "project"
    write_demo().rename(folder)
    team = f'team = [{{ model = "openai/coder", api_base = "{server.url}" }}]'
    (folder / "pyproject.toml").write_text(f"[tool.quickstudy]\n{team}\n")
    return folder


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments),
        cwd=folder,
        env=environment(KEYS),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def on_a_terminal(folder: Path, answer: str, *arguments: str) -> str:
    """What the command writes to a person who gives one answer."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command(*arguments), cwd=folder, env=environment(KEYS), stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        os.write(ours, answer.encode() + b"\n")
        written = b""
        try:
            while part := os.read(ours, 1 << 16):
                written += part
        except OSError:  # how Linux says that the last writer has gone
            pass
        process.wait()
    os.close(ours)
    return written.decode()


def test_where_nobody_can_be_asked_nothing_is_sent(project: Path, server: OpenAIServer) -> None:
    """Exit 2, with one sentence that names models and host and says how to agree."""
    done = run(project, "optimize", TARGET, "--rounds", "1")
    assert (2, "", []) == (done.returncode, done.stdout, server.requests)
    (line,) = done.stderr.splitlines()
    assert f"openai/coder at {server.url}" in line
    assert f"quickstudy agree --yes {project}" in line


def test_once_agreed_the_team_is_used_without_the_user_s_keys(project: Path, server: OpenAIServer) -> None:
    """The report says that it is the project's; only the user's own file could give it a key."""
    agreed = run(project, "agree", "--yes")
    assert (0, True) == (agreed.returncode, server.url in agreed.stdout)
    done = run(project, "optimize", TARGET, "--rounds", "1", "--lessons", "0", "--json")
    assert 0 == done.returncode, done.stderr
    assert '"team": {"value": [{"model": "openai/coder"' in done.stdout
    assert '"from": "recommended"' in done.stdout
    assert server.requests
    sent = repr([(request.headers, request.body) for request in server.requests])
    assert "the-user-s" not in sent


def test_a_key_of_the_user_s_file_goes_to_its_host(
    project: Path, server: OpenAIServer, tmp_path: Path
) -> None:
    """And no other key."""
    file = tmp_path / "config" / "quickstudy" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text(f'[hosts."{server.url}"]\nkey = "for-this-host"\n')
    run(project, "agree", "--yes")
    run(project, "optimize", TARGET, "--rounds", "1", "--lessons", "0")
    sent = [{name.lower(): value for name, value in request.headers.items()} for request in server.requests]
    assert {"Bearer for-this-host"} == {headers["authorization"] for headers in sent}


def test_a_person_is_asked_once(project: Path, server: OpenAIServer) -> None:
    """The question names each model and host; the answer is kept."""
    shown = on_a_terminal(project, "y", "agree")
    assert f"openai/coder at {server.url}" in shown
    assert "recommended" == configure(project, {}).sources["team"]
    declined = on_a_terminal(project, "n", "agree")
    assert "is not used" in declined
    found = configure(project, {})
    assert ("default", ()) == (found.sources["team"], found.recommended)


def test_optimize_asks_on_a_terminal(project: Path, server: OpenAIServer) -> None:
    """The run goes on after a yes."""
    shown = on_a_terminal(project, "y", "optimize", TARGET, "--rounds", "1", "--lessons", "0")
    assert "recommends these models" in shown
    assert server.requests


def test_a_project_without_a_team_has_nothing_to_agree_to(tmp_path: Path) -> None:
    """In one sentence."""
    (tmp_path / "pyproject.toml").touch()
    done = run(tmp_path, "agree", "--yes")
    assert (2, True) == (done.returncode, "recommends no team" in done.stderr)
