"""No module of a stranger's folder is imported by our own processes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent
NAMES = ("click", "random", "rich", "json", "pip", "xllamacpp", "hypothesis", "sitecustomize", "litellm")


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """A folder whose modules have the names of ours, of libraries and of the standard library."""
    (tmp_path / "app.py").write_text("def f(x: int) -> int:\n    return x\n")
    (tmp_path / "pyproject.toml").touch()
    for name in NAMES:
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'a').write({name!r} + ' ')\n")
    return tmp_path


@pytest.mark.parametrize("arguments", [("doctor",), ("measure", "app.py::f", "--variant", "app.py")])
@pytest.mark.parametrize("path", [None, ".", "whole"])
def test_nothing_of_the_current_folder_is_run(
    stranger: Path, arguments: tuple[str, ...], path: str | None
) -> None:
    """Not even where PYTHONPATH names it; `sitecustomize` alone is the interpreter's own doing."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    if path is not None:
        (stranger / "sitecustomize.py").unlink()
        environment["PYTHONPATH"] = path.replace("whole", str(stranger))
    subprocess.run([BIN / "quickstudy", *arguments], cwd=stranger, env=environment, capture_output=True)
    ran = stranger / "ran"
    assert "" == (ran.read_text() if ran.exists() else "")
