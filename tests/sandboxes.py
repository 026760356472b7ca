"""Real sandboxes for the tests, and how code is run in them."""

import subprocess
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

from quickstudy.lab.sandbox import Sandbox, available, find_sandbox

INTERPRETER = (Path(sys.prefix), Path(sys.base_prefix))
LESSONS = Path(__file__).parents[1] / "lessons"
MISSING = {name: why for name, works, why in available() if not works}
MEMORY, SCRATCH = 1 << 30, 4 << 20


@pytest.fixture(params=["bubblewrap", "landlock"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    if request.param in MISSING:
        pytest.skip(f"{request.param} does not work here: {MISSING[request.param]}")
    return Sandbox(request.param, find_sandbox("auto").scratch)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "a projéct 工"
    folder.mkdir(mode=0o700)
    (folder / "module.py").write_text("VALUE = 7\n", encoding="utf-8")
    return folder


def command(
    sandbox: Sandbox,
    code: str,
    *words: object,
    readable: Sequence[Path] = (),
    hidden: Sequence[Path] = (),
    refuse: Sequence[Path] = (),
    processes: int = 8,
    cpu_seconds: int = 20,
) -> list[str]:
    return sandbox.command(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, words)],
        readable=[*INTERPRETER, *readable],
        hidden=hidden,
        refused=refuse,
        memory=MEMORY,
        cpu_seconds=cpu_seconds,
        processes=processes,
        scratch_bytes=SCRATCH,
    )


def run(sandbox: Sandbox, code: str, *words: object, **options: object) -> subprocess.CompletedProcess[str]:
    line = command(sandbox, code, *words, **options)  # type: ignore[arg-type]
    return subprocess.run(
        line,
        env=sandbox.environment({}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )


def refused(sandbox: Sandbox, code: str, *words: object, **options: object) -> str:
    """The kind of OSError that the code ends in; "allowed" if it ends in none."""
    inner = textwrap.indent(textwrap.dedent(code), "    ")
    caught = "except OSError as error:\n    print(type(error).__name__)\nelse:\n    print('allowed')"
    done = run(sandbox, f"import os, sys\ntry:\n{inner}\n{caught}", *words, **options)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()
