"""A bank that can be read and not written: everything that only reads works, and nothing is left behind."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from tests.banks import path as path

from quickstudy.bank import Bank
from quickstudy.languages import language_named

USE = """
import asyncio, io, json, os, sys
import concurrent.futures.thread, platformdirs.unix  # while they can be read
from pathlib import Path
from quickstudy.bank import Bank
from quickstudy.errors import BankError
from quickstudy.languages import language_named
from tests.banks import MISSING_IDS, TOOLCHAIN, lesson, target
if os.geteuid() == 0 and sys.argv[2] == "modes":
    os.setuid(65534)
bank = Bank.open(Path(sys.argv[1]), language_named)
stream = io.StringIO()
bank.export(stream)
found = [
    len(bank.list()), len(bank.search("membership")), bank.get(1).id, bank.stats().lessons, len(bank.gains()),
    len(stream.getvalue().splitlines()),
    len(asyncio.run(bank.select(target(MISSING_IDS), TOOLCHAIN, "now", 4))),
]
said = []
for change in (lambda: bank.pin(1), lambda: bank.forget(1), lambda: asyncio.run(bank.add(lesson(round=2)))):
    try:
        change()
    except BankError as error:
        said.append(str(error))
bank.close()
print(json.dumps([found, said]))
"""

KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from quickstudy.bank import Bank
from quickstudy.languages import language_named
from tests.banks import lesson
asyncio.run(Bank.open(Path(sys.argv[1]), language_named).add(lesson()))
os.kill(os.getpid(), signal.SIGKILL)
"""

READ_ONLY = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")


def python(script: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", script, *arguments]


def result(command: Sequence[str]) -> tuple[list[int], list[str]]:
    root = str(Path(__file__).parent.parent)
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": root})
    assert 0 == done.returncode, done.stderr
    found, said = json.loads(done.stdout)
    return found, said


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that another user can enter, whose parents are so too."""
    folder = Path(tempfile.mkdtemp(prefix="quickstudy-"))
    folder.chmod(0o755)
    yield folder
    for place in (folder, *folder.rglob("*")):
        place.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture(params=["closed", "killed"])
def file(request: pytest.FixtureRequest, open_to_all: Path) -> Path:
    """A bank with one lesson, whose last user closed it or was killed, so that its log is still there."""
    file = open_to_all / ".quickstudy" / "lessons.db"
    subprocess.run(
        python(KILLED, str(file)), env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    )
    if request.param == "closed":
        with Bank.open(file, language_named) as bank:
            bank.list()
    assert (request.param == "killed") == file.with_name("lessons.db-wal").exists()
    return file


def check(file: Path, command: Sequence[str]) -> None:
    before = {part.name: part.read_bytes() for part in file.parent.iterdir() if part.suffix != ".db-shm"}
    found, said = result(command)
    assert [1] * 7 == found
    assert 3 == len(said)
    assert all("name another place with --bank FILE" in one for one in said), said
    after = {part.name: part.read_bytes() for part in file.parent.iterdir() if part.suffix != ".db-shm"}
    assert before == after


def test_files_and_folder_that_may_not_be_written(file: Path) -> None:
    """As those of another user."""
    for part in file.parent.iterdir():
        part.chmod(0o444)
    file.parent.chmod(0o555)
    check(file, python(USE, str(file), "modes"))


def test_a_file_system_that_is_read_only(file: Path) -> None:
    """As a medium, or a mount of a snapshot."""
    mount = f"mount --bind {file.parent} {file.parent} && mount -o remount,bind,ro {file.parent}"
    if subprocess.run([*READ_ONLY, mount], capture_output=True).returncode:
        pytest.skip("no user namespaces here")
    inner = f'{mount} && exec "$0" "$@"'
    check(file, [*READ_ONLY, inner, *python(USE, str(file), "mount")])


def test_looking_changes_nothing(path: Path) -> None:
    """What only examines a project leaves no file there, also where it could."""
    with Bank.open(path, language_named) as bank:
        bank.import_([])
    before = {part.name: part.read_bytes() for part in path.parent.iterdir()}
    with Bank.open(path, language_named, read_only=True) as bank:
        assert 0 == bank.stats().lessons
    assert before == {part.name: part.read_bytes() for part in path.parent.iterdir()}
