"""The doctor: one line a check, and an exit status that says whether optimize can run."""

import json
import os
import subprocess
import sys
from pathlib import Path

from quickstudy.doctor import examine


def states(folder: Path) -> dict[str, str]:
    return {check.name: check.state for check in examine(folder)}


def test_every_part_has_its_line(tmp_path: Path) -> None:
    """Python, machine, sandbox, models, keys, disk, project, bank and settings are all looked at."""
    expected = {
        "python",
        "machine",
        "sandbox",
        "runtime",
        "model",
        "keys",
        "disk",
        "project",
        "bank",
        "settings",
    }
    assert expected == states(tmp_path).keys()


def test_looking_leaves_the_project_as_it_was(tmp_path: Path) -> None:
    """No bank is begun by asking after one."""
    list(examine(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_setting_is_a_note(tmp_path: Path) -> None:
    """It is named, and does not keep anything from running."""
    (tmp_path / "pyproject.toml").write_text("[tool.quickstudy]\nrounds = 0\n", encoding="utf-8")
    found = [check for check in examine(tmp_path) if check.name == "setting"]
    assert [(check.state, "rounds" in check.text) for check in found] == [("note", True)]


def test_an_interpreter_that_is_none_is_missing(tmp_path: Path) -> None:
    """The line says what is wrong with it, and the others are still looked at."""
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    (tmp_path / "pyproject.toml").write_text("[tool.quickstudy]\npython = './broken'\n", encoding="utf-8")
    found = states(tmp_path)
    assert (found["project"], found["bank"]) == ("missing", "ok")


def test_a_bank_that_is_no_folder_of_ours_is_said(tmp_path: Path) -> None:
    """A bank that cannot be begun is missing, in one line."""
    (tmp_path / ".quickstudy").touch()
    assert states(tmp_path)["bank"] == "missing"


def test_as_json_each_check_has_its_fields(tmp_path: Path) -> None:
    """For who must not read lines: one object on stdout, and the same exit status."""
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    broken.chmod(0o755)
    (tmp_path / "pyproject.toml").write_text("[tool.quickstudy]\npython = './broken'\n", encoding="utf-8")
    command = [sys.executable, "-m", "quickstudy.cli", "doctor", "--json"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    answer = json.loads(result.stdout)
    found = {check["name"]: check["state"] for check in answer["checks"]}
    assert (1, 1, "missing") == (result.returncode, answer["schema"], found["project"])
    assert states(tmp_path) == found
    assert {"name", "state", "text"} == set[str]().union(*answer["checks"])


def test_keys_are_named_and_never_shown(tmp_path: Path) -> None:
    """The name helps, the value must not leak."""
    result = subprocess.run(
        [sys.executable, "-m", "quickstudy.cli", "doctor"],
        cwd=tmp_path,
        env={**os.environ, "OPENAI_API_KEY": "sk-secret"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (
        result.stderr,
        "OPENAI_API_KEY" in result.stdout,
        "sk-secret" in result.stdout,
    ) == ("", True, False)
