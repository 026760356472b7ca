"""The project's own tests that reach the target: where calls are found, and what a winner has to pass."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from quickstudy.errors import Unmeasurable
from quickstudy.lab.python.child.messages import Collected
from quickstudy.lab.python.program import RunContext
from quickstudy.lab.python.workload import TEST_SECONDS, SuiteFound, collect, missed
from quickstudy.lab.rig import ChildFailed, NotReached
from quickstudy.project import UnsafePath, read_regular
from quickstudy.reasons import Code, Reason, reason, sentence

TEST_FILES = 24
_LARGEST = 4 << 20
"""Bytes of a test file."""
AGAIN = 4 / 3
"""How much longer the tests may take with another text: only one that hangs is not to get through."""
_SKIPPED = {"node_modules", "site-packages", "__pycache__", "build", "dist", ".venv", "venv", "env"}


async def from_tests(context: RunContext) -> SuiteFound:
    """The calls that the project's tests and the module's doctests make.

    One that fails because the sandbox refuses it files or the network is left out, with its calls. Raises
    Unmeasurable if another one fails with the original, NotReached if none gives a call.
    """
    name = context.target.qualname
    files = test_files(context)
    try:
        found, calls = await collect(context, TEST_SECONDS, tests=files)
    except ChildFailed as failed:
        raise Unmeasurable(f"The tests could not be run in the sandbox. {sentence(failed.why)}") from failed
    if found.failed:
        test, why = found.failed[0]
        raise Unmeasurable(f"The original fails its own test {test}: {why.rstrip('.')}. Mend it first.")
    if found.problem and not calls:
        raise Unmeasurable(f"The module of `{name}` does not run: {found.problem}{missed(found)}")
    if not calls:
        raise NotReached(_nothing_found(name, files, found))
    return SuiteFound(calls, found.seen, tuple(found.passed), _inside(context.project, found.folders))


def _inside(project: Path, folders: Sequence[str]) -> tuple[Path, ...]:
    """The folders that lie in the project: later children are shown them, and the tests may name any."""
    top = Path(os.path.realpath(project))
    named = [Path(folder) for folder in folders if "\0" not in folder]
    return tuple(folder for folder in named if Path(os.path.realpath(folder)).is_relative_to(top))


async def failing_test(context: RunContext, passed: Sequence[str]) -> Reason | None:
    """Which of the project's tests that pass with the original fail with this context's text.

    A process that loaded a variant says so itself; a variant that speaks for the tests has yet to be equal
    on every call. What counts is that each test is named as passed, not that none is named as failed.
    """
    files = test_files(context)
    seconds = AGAIN * TEST_SECONDS
    try:
        found, _ = await collect(context, seconds, tests=files)
    except ChildFailed as failed:
        return reason(Code.NO_TESTS, failed.why)
    if found.failed:
        known = [name for name, _ in found.failed if name in passed]
        return reason(Code.FAILS_TEST, test=known[0]) if known else reason(Code.FAILS_TESTS)
    # A rewrite need not repeat the doctests that stand in the function itself.
    missing = [name for name in passed if name not in found.passed and not name.startswith("doctest ")]
    return reason(Code.UNFINISHED_TEST, test=missing[0]) if missing else None


def _nothing_found(name: str, files: Sequence[Path], found: Collected) -> str:
    advice = (
        "Add a test, a doctest or type hints for all parameters, or give a file that defines workload() "
        "with --workload."
    )
    if found.refused:
        return (
            f"The test {found.refused[0]} reaches `{name}`, but the sandbox refuses it files outside the "
            f"project, files with secrets, or the network, and no other test gives a call.{missed(found)} "
            f"{advice}"
        )
    if found.lost:
        return f"The tests reach `{name}`, but none of its arguments can be kept. {advice}"
    if not files:
        return f"No test in the project names `{name}`, and it has no doctest. {advice}"
    if found.unloaded:
        what, why = found.unloaded[0]
        return (
            f"No test reaches `{name}`: {what} cannot be loaded ({why}). Mend that, install "
            "what the project's Python lacks, or give a file that defines workload() with --workload."
        )
    many = "the test file that names it was" if len(files) == 1 else f"{len(files)} test files were"
    return f"No test reaches `{name}`, though {many} run. {advice}"


def test_files(context: RunContext) -> list[Path]:
    """Test files that name the target, or else its module, or else what calls it; the nearest first."""
    name = context.target.name
    outer = context.target.qualname.split(".")[0]
    wanted = outer if name.startswith("__") else name
    texts = {file: _text(file) for file in _tests(context.project)}
    others = re.findall(r"^\s*(?:def|class|async def) (\w{4,})", context.target.text, re.MULTILINE)
    for words in ([wanted], [context.place.module.rpartition(".")[2]], others):
        pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, words)) or '(?!)'})\b")
        files = [file for file, text in texts.items() if pattern.search(text)]
        if files:
            files.sort(key=lambda file: (-_shared(file, context.target.path), str(file)))
            return files[:TEST_FILES]
    return []


def _tests(project: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(project):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".py") and (name.startswith(("test_", "tests.")) or name.endswith("_test.py")):
                yield Path(folder) / name


def _text(file: Path) -> str:
    """What stands in a test file; nothing in one that is a device, a pipe, closed, or too large for one."""
    try:
        return read_regular(file, _LARGEST).decode(errors="replace")
    except (OSError, UnsafePath):
        return ""


def _shared(one: Path, other: Path) -> int:
    """How many folders two files have in common."""
    return len(os.path.commonpath([one, other]))
