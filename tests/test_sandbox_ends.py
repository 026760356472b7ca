"""How sandboxes end, for whom they work, and which of them is taken."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.sandboxes import LESSONS, MEMORY, MISSING, SCRATCH, command, run
from tests.sandboxes import project as project
from tests.sandboxes import sandbox as sandbox

from quickstudy.errors import NoSandbox
from quickstudy.lab.sandbox import START, Sandbox, available, find_sandbox

DAEMON = """
    import os, sys, time
    started, start = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(start, b"!")
            time.sleep(300)
        os._exit(0)
    os.read(started, 1)
    print("up", flush=True)
    time.sleep(0 if "return" in sys.argv else 300)
"""


@contextlib.contextmanager
def ends_at_once(line: Sequence[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Start a command that leaves a daemon; afterwards see its standard output end, with all who held it."""
    with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
        yield child
        assert select.select([child.stdout], [], [], 30)[0] == [child.stdout]
        assert child.stdout.read() == b""


def test_killing_the_command_ends_everything_in_it(sandbox: Sandbox) -> None:
    """Also a daemon that forked twice into a session of its own."""
    with ends_at_once(command(sandbox, DAEMON), sandbox.environment({})) as child:
        child.kill()


def test_a_command_killed_while_it_starts_leaves_nothing(sandbox: Sandbox) -> None:
    """Killing its process group ends everything at any moment, also while the sandbox is being built."""
    line, environment = command(sandbox, "import time; time.sleep(300)"), sandbox.environment({})
    for _ in range(5):
        alive, held = os.pipe()
        with subprocess.Popen(line, env=environment, pass_fds=[held], start_new_session=True) as child:
            os.close(held)
            os.killpg(child.pid, signal.SIGKILL)
        assert select.select([alive], [], [], 30)[0] == [alive]
        os.close(alive)


def test_the_end_of_a_command_is_the_end_of_its_daemons(sandbox: Sandbox) -> None:
    """A command that returns leaves nothing running."""
    with ends_at_once(command(sandbox, DAEMON, "return"), sandbox.environment({})):
        pass


def test_everything_dies_with_the_parent(sandbox: Sandbox) -> None:
    """When the process that started the command is killed, it and its daemons are gone."""
    parent = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    line = [sys.executable, "-c", parent, *command(sandbox, DAEMON)]
    with ends_at_once(line, sandbox.environment({})) as child:
        child.kill()


# Which one is found


AS_USER = """
import importlib.util, subprocess, sys
if sys.version_info < (3, 11):
    sys.exit("old")
sys.path.insert(0, sys.argv[1])
spec = importlib.util.spec_from_file_location("sandbox", sys.argv[2])
module = sys.modules["sandbox"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
sandbox = module.Sandbox(sys.argv[3], module.SCRATCH)
limits = dict(memory=1 << 30, cpu_seconds=9, processes=8, scratch_bytes=1 << 20)
line = sandbox.command([sys.executable, "-c", sys.argv[4]], readable=[], **limits)
sys.exit(subprocess.run(line, env=sandbox.environment({})).returncode)
"""

FORKS = """
import os
capabilities = [line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff")]
print(os.getuid(), os.path.exists("/etc/passwd"), int(capabilities[0]))
try:
    for made in range(60):
        if os.fork() == 0:
            os.read(os.pipe()[0], 1)
except BlockingIOError:
    print(made <= 10)
"""


def test_an_ordinary_user_is_confined_as_well(sandbox: Sandbox) -> None:
    """The same holds without root: rights, processes and the view."""
    python = Path("/usr/bin/python3")
    if os.geteuid() != 0 or not python.exists():
        pytest.skip("needs root to become another user, and a Python that this user can run")
    user = ["setpriv", "--reuid", "1000", "--regid", "1000", "--clear-groups"]
    script = [str(python), "-c", AS_USER, str(LESSONS), str(START.parents[1] / "sandbox.py")]
    line = [*user, *script, sandbox.name, FORKS]
    done = subprocess.run(line, capture_output=True, text=True, cwd="/", timeout=60)
    if done.stderr == "old\n":
        pytest.skip("the Python that another user can run is older than 3.11")
    assert done.stdout == "1000 False 0\nTrue\n", done.stderr


def test_the_first_that_works_is_found() -> None:
    """`auto` and `required` find the same, which `available` lists as working."""
    working = [name for name, works, _ in available() if works]
    if not working:
        pytest.skip(f"no sandbox works here: {MISSING}")
    assert find_sandbox("auto") == find_sandbox("required") == Sandbox(working[0], "/run/quickstudy")  # type: ignore[arg-type]


@pytest.fixture
def untried() -> Iterator[None]:
    """No sandbox was tried in this process yet; nor, for the tests that follow, in a machine made up here."""
    find_sandbox.cache_clear()
    yield
    find_sandbox.cache_clear()


@pytest.mark.usefixtures("untried")
def test_without_bubblewrap_ours_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A bubblewrap that is missing, or there but failing, is passed over."""
    if "landlock" in MISSING:
        pytest.skip(MISSING["landlock"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_sandbox("auto").name == "landlock"
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho bwrap: setting up uid map: Permission denied >&2\nexit 1\n")
    broken.chmod(0o755)
    find_sandbox.cache_clear()
    assert find_sandbox("auto").name == "landlock"
    assert available()[0] == ("bubblewrap", False, "bwrap: setting up uid map: Permission denied")


@pytest.mark.usefixtures("untried")
def test_none_at_all_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing works the sentence says what to install, and what going without would mean."""
    monkeypatch.setattr(sys, "platform", "darwin")
    for mode in ("auto", "required"):
        with pytest.raises(NoSandbox, match=r"install bubblewrap.*--sandbox off.*change your files"):
            find_sandbox(mode)


def test_off_limits_only(project: Path) -> None:
    """Without a sandbox time and memory are still limited, the environment is still ours to say."""
    sandbox = find_sandbox("off")
    assert sandbox.name == "off"
    assert run(sandbox, f"bytearray({MEMORY})").stderr.strip().endswith("MemoryError")
    done = run(
        sandbox, "import os, sys; print(os.path.exists(sys.argv[1]), 'PYTEST_VERSION' in os.environ)", project
    )
    assert done.stdout == "True False\n", done.stderr


def test_a_failure_to_build_is_one_line(sandbox: Sandbox) -> None:
    """A command that cannot be started gives status 125 and a sentence, no traceback."""
    line = sandbox.command(
        ["/nowhere/python"], readable=[], memory=MEMORY, cpu_seconds=5, processes=8, scratch_bytes=SCRATCH
    )
    done = subprocess.run(line, env=sandbox.environment({}), capture_output=True, text=True)
    assert done.returncode == 125
    assert done.stderr == "The sandbox could not be built: [Errno 2] No such file or directory.\n"


@pytest.mark.usefixtures("untried")
@pytest.mark.parametrize("place", [".", "", "tools", ".venv/bin"])
def test_a_bubblewrap_of_the_project_is_not_run(
    place: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """However it comes to be on the path."""
    program = tmp_path / place / "bwrap"
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VIRTUAL_ENV", str(tmp_path / ".venv"))
    first = str(tmp_path / place) if place.startswith(".v") else place
    monkeypatch.setenv("PATH", os.pathsep.join([first, os.environ["PATH"]]))
    available()
    assert not (tmp_path / "ran").exists()
