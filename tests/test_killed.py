"""`kill -9` of a command, at any moment: nothing of it is left running within a second."""

import json
import os
import random
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.labs import COMMON, TESTS
from tests.labs import project as write
from tests.sandboxes import INTERPRETER, MISSING

from quickstudy.lab.sandbox import SCRATCH, Sandbox, SandboxName
from quickstudy.records import Agent
from quickstudy.settings import Settings
from quickstudy.tether import tethered
from quickstudy.wire import OptimizeRequest, dump

WITHIN_S = max(1.0, os.getloadavg()[0] / len(os.sched_getaffinity(0)))
"""A second, of a machine that is not busy with other tests."""

HARNESS = """
import ctypes, json, os, pathlib, signal, subprocess, sys, time

def below(pid):
    own = []
    try:
        for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
            own += map(int, (thread / "children").read_text().split())
    except OSError:
        pass
    return [*own, *(each for child in own for each in below(child))]

def line(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\\0", b" ").decode()
    except OSError:
        return ""

order = json.loads(sys.argv[1])
ctypes.CDLL(None).prctl(36, 1)  # what has lost its parent becomes our child
process = subprocess.Popen(order["command"], stdin=-3, stdout=-3, stderr=-3, start_new_session=True)
until = time.monotonic() + order["seconds"]
seen = not order["sight"]
while process.poll() is None and time.monotonic() < until:
    if order["sight"] and any(order["sight"] in line(pid) for pid in below(process.pid)):
        seen = True
        time.sleep(order["after"])
        break
    time.sleep(0.001)
process.kill()
process.wait()
killed = time.monotonic()
while time.monotonic() < killed + order["within"] and (left := below(os.getpid())):
    try:
        os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        pass
    time.sleep(0.005)
left = [line(pid) for pid in below(os.getpid()) if line(pid)]
for pid in below(os.getpid()):
    os.kill(pid, signal.SIGKILL)
print(json.dumps({"seen": seen, "left": left}))
"""
"""Starts a command, kills it at a moment or soon after a process of it is seen, and tells what is left."""


@dataclass(frozen=True)
class Moment:
    """When to kill: so many seconds after a process is seen that has this in its command line."""

    sight: str
    after: float = 0.0
    seconds: float = 60.0


def left_after(command: Sequence[str], moment: Moment, cwd: Path, **env: str) -> list[str]:
    """The command lines of what a killed command left."""
    order = {"command": list(command), "within": WITHIN_S, **vars(moment)}
    done = subprocess.run(
        [sys.executable, "-c", HARNESS, json.dumps(order)],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["seen"], f"no process was seen with {moment.sight}"
    return told["left"]


QUICKSTUDY = [sys.executable, "-m", "quickstudy"]
MEASURE = [*QUICKSTUDY, "measure", "shop.py::common", "--variant", "variant.py"]
RECORD = [*QUICKSTUDY, "record", "shop.py::common"]
COMMAND = ["--", sys.executable, "forks.py"]

FORKS = """
import os, time
from shop import common
common([1], [1])
if os.fork() == 0:
    os.setsid()
time.sleep(300)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    endless = "def common(a, b):\n    while True:\n        pass\n"
    return write(folder, pyproject="", shop=COMMON, test_shop=TESTS, variant=endless, forks=FORKS)


@pytest.fixture(params=["bubblewrap", "landlock", "off"])
def sandbox(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The options that make a command use it."""
    if request.param in MISSING:
        pytest.skip(f"{request.param} does not work here: {MISSING[request.param]}")
    if request.param == "landlock":  # found where there is no bubblewrap
        (tmp_path / "bin").mkdir()
        (tmp_path / "bin" / "bwrap").write_text("#!/bin/sh\nexit 1\n")
        (tmp_path / "bin" / "bwrap").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return ["--sandbox", "off"] if request.param == "off" else []


SIGHTS = [
    *(Moment(sight) for sight in ("import glob, json", "child.collect", "drawing.py", "child.augment")),
    *(Moment("python.child.worker", after) for after in (0.0, 0.05, 1.5)),
]


@pytest.mark.parametrize("moment", SIGHTS, ids=lambda moment: f"{moment.sight}+{moment.after}")
def test_when_a_process_is_seen(moment: Moment, sandbox: list[str], project: Path) -> None:
    """Of each kind, right at its start and while it works."""
    assert [] == left_after([*MEASURE, *sandbox], moment, project)


@pytest.mark.parametrize("seed", range(4))
def test_at_any_moment(seed: int, sandbox: list[str], project: Path) -> None:
    """Drawn, but the same ones each time."""
    moment = Moment("", 0.0, random.Random(seed).uniform(0.2, 6.0))
    assert [] == left_after([*MEASURE, *sandbox], moment, project)


@pytest.mark.parametrize("after", [0.0, 0.03, 0.5])
def test_while_a_command_is_recorded(after: float, sandbox: list[str], project: Path) -> None:
    """With what it started, and has let go."""
    assert [] == left_after([*RECORD, *sandbox, *COMMAND], Moment("forks.py", after), project)


PULL = """
import asyncio, pathlib, sys
from quickstudy.team.pull import _download
asyncio.run(_download("nothing==1", pathlib.Path(sys.argv[1]), print))
"""


@pytest.mark.parametrize("after", [0.0, 1.0])
def test_while_pip_fetches_a_wheel(after: float, tmp_path: Path) -> None:
    """From an index that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        command = [sys.executable, "-c", PULL, str(tmp_path)]
        assert [] == left_after(command, Moment("-m pip", after), tmp_path, PIP_INDEX_URL=index)


SERVER = """
import pathlib, subprocess, sys, time
command = [sys.executable, "-P", "-m", "quickstudy.engine"]
engine = subprocess.Popen(command, stdin=-1, cwd="/", start_new_session=True)
engine.stdin.write(pathlib.Path("order").read_bytes())
engine.stdin.flush()
time.sleep(300)
"""


@pytest.mark.parametrize("sight", ["python.child.collect", "drawing.py", "python.child.worker"])
def test_when_the_server_is_killed(sight: str, project: Path) -> None:
    """Its engine ends, and whatever that has started."""
    path = project / "shop.py"
    settings = Settings(team=(Agent("hosted_vllm/nobody", "http://127.0.0.1:9/v1"),), rounds=1)
    order = OptimizeRequest(path, path.read_text(), "common", project, settings)
    (project / "order").write_bytes(dump(order))
    assert [] == left_after([sys.executable, "-c", SERVER], Moment(sight), project)


# How


@pytest.mark.parametrize("name", ["bubblewrap", "landlock", "off"])
def test_a_sandbox_for_nobody_runs_nothing(name: SandboxName, tmp_path: Path) -> None:
    """Who asked for it may be killed before it could ask the kernel to be told."""
    if name in MISSING:
        pytest.skip(f"{name} does not work here: {MISSING[name]}")
    sandbox = Sandbox(name, SCRATCH if name != "off" else str(tmp_path))
    alive, held = os.pipe()
    line = sandbox.command(
        [sys.executable, "-c", "print('up')"],
        readable=[*INTERPRETER],
        memory=1 << 30,
        cpu_seconds=9,
        processes=8,
        scratch_bytes=1 << 20,
        lifeline=alive,
    )
    for expected in (
        (0, "up\n", ""),
        (125, "", "The sandbox could not be built: who asked for it has ended.\n"),
    ):
        done = subprocess.run(
            line, env=sandbox.environment({}), pass_fds=[alive], capture_output=True, text=True
        )
        assert expected == (done.returncode, done.stdout, done.stderr)
        if expected[0] == 0:
            os.close(held)
    os.close(alive)


def test_a_command_without_its_parent_is_not_run() -> None:
    """The same, without a sandbox."""
    line = tethered(["echo", "up"])
    line[line.index(str(os.getpid()))] = "1"
    done = subprocess.run(line, capture_output=True, text=True)
    assert (128 + signal.SIGKILL, "") == (done.returncode, done.stdout)


def test_a_tethered_command_is_like_any_other(tmp_path: Path) -> None:
    """Its status, its signals, its streams; and that it cannot be started is said."""
    for code, status in (("raise SystemExit(7)", 7), ("import os; os.abort()", 128 + 6), ("", 0)):
        assert status == subprocess.run(tethered([sys.executable, "-c", code]), stderr=-3).returncode
    echo = subprocess.run(tethered(["cat"]), input="hello", capture_output=True, text=True)
    assert ("hello", "", 0) == (echo.stdout, echo.stderr, echo.returncode)
    none = subprocess.run(tethered([str(tmp_path / "nowhere")]), capture_output=True, text=True)
    assert (127, True) == (none.returncode, "cannot be started: No such file" in none.stderr)


DAEMON = """
import os, time
pid = os.fork()
if pid == 0:
    os.setsid()
    time.sleep(300)
print(pid, flush=True)
"""


@pytest.mark.parametrize("leave", [False, True])
def test_what_it_leaves_may_go_on_or_not(leave: bool) -> None:
    """A command of the user's may start a server."""
    command = tethered([sys.executable, "-c", DAEMON], leave=leave)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        daemon = os.pidfd_open(int(process.stdout.readline()))
        assert 0 == process.wait(30)
    assert leave == (select.select([daemon], [], [], 0)[0] == [])
    if leave:
        signal.pidfd_send_signal(daemon, signal.SIGKILL)
    os.close(daemon)
