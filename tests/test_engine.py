"""The engine as a process: a request in, messages out, and an end when nobody listens any more."""

import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from tests.openai_server import OpenAIServer, ok

from quickstudy import events
from quickstudy.demo import write_demo
from quickstudy.records import Agent, Lesson
from quickstudy.settings import Settings
from quickstudy.wire import Message, Opened, OptimizeRequest, Refused, Wanted, dump, read_message

REPLY = "It sorts them.\n\n```python\ndef balances(bookings):\n    return sorted(bookings)\n```"

ENDLESS = "It waits.\n\n```python\ndef balances(bookings):\n    while True:\n        pass\n```"


@contextmanager
def engine(request: OptimizeRequest, **env: str) -> Iterator[subprocess.Popen[bytes]]:
    """An engine that has its request."""
    environment = {**os.environ, "OPENAI_API_KEY": "sk-test", **env}
    command = [sys.executable, "-P", "-m", "quickstudy.engine"]
    with subprocess.Popen(command, stdin=-1, stdout=-1, stderr=-1, env=environment, cwd="/") as process:
        assert process.stdin
        process.stdin.write(dump(request))
        process.stdin.flush()
        yield process
        process.kill()


def messages(process: subprocess.Popen[bytes]) -> Iterator[Message]:
    assert process.stdout
    return map(read_message, process.stdout)


def request(project: Path, url: str, text: str | None = None) -> OptimizeRequest:
    path = project / "ledger.py"
    settings = Settings(team=(Agent("hosted_vllm/scripted", url),), rounds=1)
    text = path.read_text(encoding="utf-8") if text is None else text
    return OptimizeRequest(path, text, "balances", project, settings)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return write_demo()


def test_a_run_is_told_as_it_happens(project: Path) -> None:
    """The module on test is the text of the request: the file is not even there."""
    text = (project / "ledger.py").read_text(encoding="utf-8")
    (project / "ledger.py").unlink()
    with OpenAIServer(ok(REPLY)) as server, engine(request(project, server.url, text)) as process:
        told = list(messages(process))
        assert 0 == process.wait()
    kinds = ["Opened", "Prepared", "RoundBegan", "Proposed", "Judging", "Judged", "Learnt", "Finished"]
    assert kinds == [type(message).__name__ for message in told]
    assert events.Finished("none", "No variant was proven both equal and faster.") == told[-1]


@pytest.mark.parametrize("how", ["gone", "terminated", "killed"])
def test_it_ends_with_its_children(project: Path, how: str) -> None:
    """When the server vanishes, when it is told to, and when it is killed: nothing is left after a second."""
    with OpenAIServer(ok(ENDLESS)) as server, engine(request(project, server.url)) as process:
        assert any(isinstance(message, events.Judging) for message in messages(process))
        below = Path(f"/proc/{process.pid}/task/{process.pid}/children")
        while not (children := below.read_text(encoding="ascii").split()):
            assert process.poll() is None
        watched = [os.pidfd_open(int(child)) for child in children]
        assert process.stdin
        if how == "gone":
            process.stdin.close()
        else:
            process.send_signal(signal.SIGTERM if how == "terminated" else signal.SIGKILL)
        assert (-9 if how == "killed" else 130) == process.wait(1.5)
        for child in watched:
            assert select.select([child], [], [], 1.5)[0]
            os.close(child)


def test_what_the_user_can_mend_is_a_message(project: Path) -> None:
    """An unknown function, a project that cannot be measured."""
    with engine(request(project, "http://127.0.0.1:1/v1", "x = 1\n")) as process:
        (refused,) = messages(process)
    assert isinstance(refused, Refused)
    assert "holds no function" in refused.reason
    with engine(request(project, "http://127.0.0.1:1/v1", "def balances(:\n    pass\n")) as process:
        (refused,) = messages(process)
    assert isinstance(refused, Refused)
    assert "does not parse" in refused.reason


def test_models_are_fetched_only_when_the_server_agrees(project: Path, tmp_path: Path) -> None:
    """It asks with title, size and licence once the function is known to be measurable, and waits."""
    path = project / "ledger.py"
    settings = Settings(team=(Agent("local/qwen2.5-coder-0.5b"),))
    asked = OptimizeRequest(path, path.read_text(encoding="utf-8"), "balances", project, settings)
    with engine(asked, XDG_CACHE_HOME=str(tmp_path)) as process:
        told = messages(process)
        assert isinstance(next(told), Opened)
        assert isinstance(next(told), events.Prepared)
        wanted = next(told)
        assert isinstance(wanted, Wanted)
        assert [(491_400_064, "Apache-2.0")] == [(each.size, each.licence) for each in wanted.models]
        assert process.stdin
        process.stdin.close()
        assert [] == list(told)
    assert [] == list(tmp_path.rglob("*.part"))


def test_a_lesson_of_the_order_is_read_first(project: Path) -> None:
    """The one that the user was shown, also where the bank would not select it."""
    with OpenAIServer(ok(REPLY)) as server:
        with engine(request(project, server.url)) as process:
            (lesson,) = [each.lesson for each in messages(process) if isinstance(each, events.Learnt)]
        assert isinstance(lesson, Lesson)
        other = replace(request(project, server.url), qualname="highest_so_far", lesson=lesson.id)
        with engine(other) as process:
            (began,) = [each for each in messages(process) if isinstance(each, events.RoundBegan)]
    assert lesson.id == began.lessons[0].id
    assert lesson.text in server.requests[-2].prompt
