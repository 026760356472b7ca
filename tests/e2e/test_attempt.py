"""One real attempt of a real model, from the shell: nothing in it is scripted."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from quickstudy.demo import TARGET, write_demo
from quickstudy.team.catalogue import Model


@pytest.mark.model
def test_the_smallest_model_makes_an_attempt_and_leaves_a_lesson(
    model: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Whatever it writes gets a verdict with its reason, and the bank keeps what was learnt."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = write_demo()
    command = [sys.executable, "-m", "quickstudy.cli", "optimize", f"{folder / TARGET}"]
    options = ["--team", f"local/{model.name}", "--rounds", "1", "--json"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    report = json.loads(done.stdout)
    assert {"faster": 0, "none": 1}[report["verdict"]] == done.returncode
    (candidate,) = report["candidates"]
    assert candidate["verdict"] == "faster" or candidate["reason"] or candidate["speedup"]
    assert candidate["prompt_tokens"] > 100
    assert [f"local/{model.name}"] == [lesson["agent"] for lesson in report["lessons"]]
    assert (folder / ".quickstudy" / "lessons.db").exists()
