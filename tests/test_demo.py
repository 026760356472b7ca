"""The demo's project: real enough to try things on, and slow for the reason it says."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from quickstudy.demo import SIMILAR, TARGET, write_demo
from quickstudy.languages import language_for


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return write_demo()


def test_each_demo_has_a_folder_of_its_own_that_stays(folder: Path) -> None:
    """Two demos never meet, and the files are there for the user to look at."""
    assert folder != write_demo()
    names = {path.name for path in folder.iterdir()}
    assert {"ledger.py", "test_ledger.py", "pyproject.toml"} == names


@pytest.mark.parametrize("runner", [["unittest"], ["doctest", "ledger.py"], ["pytest", "-q"]])
def test_its_tests_pass_with_any_runner(folder: Path, runner: list[str]) -> None:
    """pytest is not needed, and does as well."""
    subprocess.run([sys.executable, "-m", *runner], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("target", [TARGET, SIMILAR])
def test_both_functions_can_be_found(folder: Path, target: str) -> None:
    """The targets that the command names exist."""
    name, _, qualname = target.partition("::")
    path = folder / name
    language = language_for(path)
    assert qualname == language.find(path, language.read(path), qualname).qualname
