"""Repositories that somebody cloned from a stranger: whatever they hold, our commands stay with the user.

Each is a way to have a program run outside the sandbox, a file written outside the project, the code or a key
sent away, or the command hang. The commands end in time, with a sentence or an answer.
"""

import hashlib
import json
import os
import pickle
import sqlite3
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.openai_server import OpenAIServer, ok
from tests.test_cli import environment

QUICKSTUDY = Path(sys.executable).with_name("quickstudy")

SOURCE = '''def common(a, b):
    """Items of a that are in b.

    >>> common([1, 2], [2, 3])
    [2]
    """
    return [x for x in a if x in b]
'''
VARIANT = "def common(a, b):\n    return [x for x in a if x in b] + []\n"
TEST = """from app import common  # the second call is so long that no longer ones are made


def test_common():
    assert common([3, 1], [1]) == [1]
    assert common(list(range(400)), list(range(400))) == list(range(400))
"""

PATIENCE_S = 90
"""No command may take longer, however busy the machine is; each takes a few seconds."""


@dataclass(frozen=True)
class Place:
    """A repository, a home folder with what must not change, and a stranger's host."""

    root: Path
    home: Path
    server: OpenAIServer

    @property
    def mark(self) -> Path:
        """What a program of the repository leaves if it runs outside the sandbox."""
        return self.home / "ran"

    def write(self, name: str, text: str) -> Path:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def program(self, name: str) -> Path:
        """A program that leaves the mark, and then goes on as Python."""
        file = self.write(name, f'#!/bin/sh\necho "$0" >> "{self.mark}"\nexec {sys.executable} "$@"\n')
        file.chmod(0o755)
        return file

    def link(self, name: str, to: str | Path) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.symlink_to(to)

    def settings(self, lines: str) -> None:
        self.write("pyproject.toml", f"[tool.quickstudy]\n{lines}\n")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    root, home = tmp_path / "project", tmp_path / "home"
    root.mkdir()
    (home / ".ssh").mkdir(parents=True)
    (home / ".bashrc").write_text("# mine\n")
    (home / ".ssh" / "id_ed25519").write_text("canary-key\n")
    (home / "bank.db").write_bytes(b"")
    with OpenAIServer(ok(f"```python\n{VARIANT}```")) as server:
        found = Place(root, home, server)
        found.write("app.py", SOURCE)
        found.write("v.py", VARIANT)
        found.write("test_app.py", TEST)
        found.write("pyproject.toml", "")
        yield found


HOSTILE: dict[str, tuple[Callable[[Place], None], tuple[str, ...]]] = {}
"""By its name, what makes a repository hostile, and the commands that meet it."""


def hostile(*commands: str) -> Callable[[Callable[[Place], None]], None]:
    def add(make: Callable[[Place], None]) -> None:
        HOSTILE[make.__name__] = make, commands

    return add


# Settings


@hostile("doctor", "optimize")
def a_team_at_a_stranger_s_host(place: Place) -> None:
    place.settings(f'team = [{{ model = "openai/x", api_base = "{place.server.url}" }}]')


@hostile("doctor", "optimize")
def an_embedding_model(place: Place) -> None:
    place.settings('embedding = "openai/text-embedding-3-small"')


@hostile("doctor", "measure")
def no_sandbox_and_no_limits(place: Place) -> None:
    place.settings('sandbox = "off"\nbudget = 0\nmax-cost = 1000\nhidden = ["nothing"]')


@hostile("doctor", "optimize")
def a_bank_in_the_home(place: Place) -> None:
    place.settings(f'bank = "{place.home}/bank.db"')


@hostile("doctor", "optimize")
def a_bank_behind_a_link(place: Place) -> None:
    place.link("data", place.home)
    place.settings('bank = "data/bank.db"')


@hostile("doctor", "optimize")
def a_bank_whose_journal_is_a_link(place: Place) -> None:
    place.settings('bank = "kept.db"')
    for suffix in ("-wal", "-shm", "-journal", ".lock"):
        place.link(f"kept.db{suffix}", place.home / ".bashrc")


@hostile("doctor", "measure")
def a_workload_outside(place: Place) -> None:
    place.settings(f'workload = "{place.home}/.bashrc"')


@hostile("doctor", "measure")
def a_workload_that_never_ends(place: Place) -> None:
    place.link("load.py", "/dev/zero")
    place.settings('workload = "load.py"')


@hostile("doctor", "measure")
def settings_that_never_end(place: Place) -> None:
    (place.root / "pyproject.toml").unlink()
    place.link("pyproject.toml", "/dev/zero")


@hostile("doctor", "measure")
def settings_nested_deeply(place: Place) -> None:
    place.write("pyproject.toml", "x = " + "[" * 100_000)


# Programs


@hostile("doctor", "measure")
def a_python_of_its_own(place: Place) -> None:
    place.program(".venv/bin/python")


@hostile("doctor", "measure")
def a_python_with_a_configuration(place: Place) -> None:
    place.program(".venv/bin/python")
    place.write(".venv/pyvenv.cfg", "home = /usr/bin\nversion = 3.11\n")


@hostile("doctor", "measure")
def a_python_behind_links(place: Place) -> None:
    place.program("tools/interpreter")
    place.link(".venv/bin/python3", "../../tools/interpreter")
    place.link(".venv/bin/python", "python3")
    place.write(".venv/pyvenv.cfg", f"home = {place.root}/tools\n")


@hostile("doctor", "measure")
def a_python_that_a_setting_names(place: Place) -> None:
    place.program("run")
    place.settings('python = "./run"')


@hostile("doctor", "measure")
def an_environment_behind_a_link(place: Place) -> None:
    place.program("hidden/bin/python")
    place.link("venv", "hidden")


@hostile("doctor", "measure")
def a_start_file_in_its_environment(place: Place) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place.root / ".venv"], check=True)
    (packages,) = (place.root / ".venv" / "lib").glob("python*/site-packages")
    (packages / "a.pth").write_text(f"import os; open({str(place.mark)!r}, 'w')\n{place.home}\n/\n")


@hostile("doctor", "measure")
def modules_with_the_names_of_libraries(place: Place) -> None:
    for name in ("click", "random", "json", "sitecustomize", "usercustomize", "hypothesis", "litellm"):
        place.write(f"{name}.py", f"open({str(place.mark)!r}, 'w')\n")


@hostile("doctor", "measure")
def a_conftest_that_reaches_for_the_user(place: Place) -> None:
    home = str(place.home)
    place.write(
        "conftest.py",
        "import os, subprocess\n"
        "try:\n"
        f"    os.makedirs({home!r}, exist_ok=True)\n"
        f"    open({str(place.mark)!r}, 'w')\n"
        "except OSError:\n    pass\n"
        "try:\n"
        f"    subprocess.Popen(['sh', '-c', 'sleep 1; echo x > {place.mark}'], start_new_session=True)\n"
        "except OSError:\n    pass\n",
    )


@hostile("doctor", "measure")
def options_of_pytest_that_write(place: Place) -> None:
    place.write("pytest.ini", f"[pytest]\naddopts = --basetemp={place.home} --junitxml={place.mark}\n")


# The folder that is ours


@hostile("lessons", "optimize")
def our_folder_is_a_link(place: Place) -> None:
    place.link(".quickstudy", place.home)


@hostile("lessons", "optimize")
def our_files_are_links(place: Place) -> None:
    for name in ("lessons.db", "lessons.db.lock", "lessons.db-wal", "faster.diff", "dismissed", ".gitignore"):
        place.link(f".quickstudy/{name}", place.home / ".bashrc")


@hostile("lessons", "optimize")
def our_files_are_dangling_links(place: Place) -> None:
    for name in ("lessons.db", "lessons.db.lock", "faster.diff", "dismissed", ".gitignore"):
        place.link(f".quickstudy/{name}", place.home / f"made-by-{name}")


@hostile("lessons", "optimize")
def our_files_are_pipes(place: Place) -> None:
    (place.root / ".quickstudy").mkdir()
    for name in ("lessons.db", "lessons.db.lock", "faster.diff", "dismissed"):
        os.mkfifo(place.root / ".quickstudy" / name)


@hostile("lessons", "optimize")
def a_bank_that_is_an_endless_view(place: Place) -> None:
    (place.root / ".quickstudy").mkdir()
    with sqlite3.connect(place.root / ".quickstudy" / "lessons.db") as bank:
        bank.execute("PRAGMA application_id = 1364415577")
        bank.execute("PRAGMA user_version = 1")
        endless = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x AS id FROM c"
        bank.execute(f"CREATE VIEW lessons AS {endless}")
    bank.close()


@hostile("lessons", "optimize")
def a_bank_with_holes(place: Place) -> None:
    (place.root / ".quickstudy").mkdir()
    with (place.root / ".quickstudy" / "lessons.db").open("wb") as file:
        file.write(b"SQLite format 3\0")
        file.truncate(1 << 40)


@hostile("measure")
def a_recording_that_is_a_program(place: Place) -> None:
    class Program:
        def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
            return os.system, (f"echo x > {place.mark}",)

    payload = pickle.dumps(((Program(), []), {}))
    name = hashlib.sha256(b"app.py::common").hexdigest()[:16]
    folder = place.root / ".quickstudy" / "recorded"
    folder.mkdir(parents=True)
    record = struct.pack("!QQ", len(payload), 1) + payload
    (folder / f"{name}.calls").write_bytes(record + struct.pack("!QQ", 1 << 62, 1 << 62))


@hostile("measure")
def recordings_behind_a_link(place: Place) -> None:
    place.link(".quickstudy/recorded", place.home / ".ssh")


# What is looked through


@hostile("measure")
def a_test_that_is_a_device(place: Place) -> None:
    place.link("test_more.py", "/dev/zero")
    place.link("test_tty.py", "/dev/tty")


@hostile("measure")
def a_test_that_is_a_pipe(place: Place) -> None:
    os.mkfifo(place.root / "test_more.py")


@hostile("measure")
def folders_in_a_circle(place: Place) -> None:
    place.link("a/b/c", "../..")
    place.link("self", "self")


@hostile("measure")
def names_that_steer_a_terminal(place: Place) -> None:
    place.write("test_\x1b]0;t\x07\x1b[2J.py", TEST.replace("== [1]", "== ['\\x1b[2J']"))


COMMANDS = {
    "measure": ("measure", "app.py::common", "--variant", "v.py", "--json"),
    "doctor": ("doctor",),
    "optimize": ("optimize", "app.py::common", "--rounds", "1"),
    "lessons": ("lessons", "list"),
}


def outside(home: Path) -> dict[str, object]:
    """All that lies in the home folder, and what is in it."""
    return {
        str(path.relative_to(home)): path.read_bytes() if path.is_file() else None for path in home.rglob("*")
    }


@pytest.mark.parametrize("repository", HOSTILE)
def test_a_hostile_repository_decides_nothing(place: Place, repository: str) -> None:
    """Nothing is sent, run outside the sandbox, written outside, or waited for; no answer is a traceback."""
    make, commands = HOSTILE[repository]
    make(place)
    before = outside(place.home)
    keys = {f"{name}_API_KEY": "canary-key" for name in ("OPENAI", "ANTHROPIC", "HOSTED_VLLM")}
    for name in commands:
        # The user's own team, who named no host of the repository's, is a port where nobody listens.
        addresses = ("OPENAI_API_BASE", "OPENAI_BASE_URL", "HOSTED_VLLM_API_BASE")
        nobody = dict.fromkeys(addresses, "http://127.0.0.1:9/v1")
        mine = ("--team", "hosted_vllm/mine") if name == "optimize" and "team" not in repository else ()
        done = subprocess.run(
            [QUICKSTUDY, *COMMANDS[name], *mine],
            cwd=place.root,
            env=environment({**keys, **nobody, "HOME": str(place.home)}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        said = (done.stdout + done.stderr).decode(errors="replace")
        assert done.returncode in (0, 1, 2, 3, 4), (name, said)
        assert "Traceback" not in said, (name, said)
        assert said.strip() and "canary-key" not in said, (name, said)
        assert "\x1b" not in done.stderr.decode(errors="replace"), name
        if name == "measure" and done.returncode in (0, 1, 3):
            assert json.loads(done.stdout)["machine"]["sandbox"] in ("bubblewrap", "landlock")
        assert before == outside(place.home), name
    assert [] == place.server.requests
