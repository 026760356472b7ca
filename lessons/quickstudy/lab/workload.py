"""Finds the calls a target is checked and timed on, and decides which of them stay held out.

Looked for in the order of the contract: declared, recorded, then the project's tests and doctests; what was
found is widened by generated calls, never replaced.
"""

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from quickstudy.errors import InputError, Unmeasurable
from quickstudy.lab.child import Bench, Child, Died, Json, encoded
from quickstudy.lab.recording import recorded
from quickstudy.records import Call, Origin

MOST_CALLS = 96
"""Distinct calls kept; beyond that, more of the same kind tell little."""
SEEN_BYTES = 64 << 20
TEST_FILES = 24
TEST_SECONDS = 120.0
_SKIPPED = {"node_modules", "site-packages", "__pycache__", "build", "dist", ".venv", "venv", "env"}


@dataclass(frozen=True, slots=True)
class Found:
    """What one way of looking gave."""

    calls: tuple[Call, ...]
    seen: int


async def declared(bench: Bench, file: Path) -> Found:
    """The calls that `workload()` of a file yields. Raises InputError if it gives none."""
    path = Path.cwd() / file
    if not path.is_file():
        raise InputError(f"There is no workload file {file}; name a Python file that defines workload().")
    found, calls = await _collect(bench, "declared", workload=str(path), extra=[path.parent], tests=[])
    if found["problem"]:
        raise InputError(f"The workload file {file} cannot be used: {found['problem']}")
    if not calls:
        lost = " None of its calls can be pickled." if found["lost"] else ""
        raise InputError(
            f"The workload file {file} yields no call.{lost} Yield one tuple of arguments a call."
        )
    return Found(calls, found["seen"])


def kept(bench: Bench) -> Found:
    """The calls that `quickstudy record` kept, spread over all it saw; none if there are none."""
    found = recorded(bench.project, bench.target)
    step = max(1, len(found.calls) // MOST_CALLS)
    return Found(found.calls[::step][:MOST_CALLS], found.seen)


async def from_tests(bench: Bench) -> Found:
    """The calls that the project's tests and the module's doctests make.

    Raises Unmeasurable if none reaches the target, or if one that does fails with the original.
    """
    name = bench.target.qualname
    files = test_files(bench)
    found, calls = await _collect(bench, "tests", tests=[str(file) for file in files], extra=[])
    if found["failed"]:
        test, reason = found["failed"][0]
        raise Unmeasurable(f"The original fails its own test {test}: {reason.rstrip('.')}. Mend it first.")
    if not calls:
        raise Unmeasurable(_nothing_found(name, files, found))
    return Found(calls, found["seen"])


async def failing_test(bench: Bench) -> str | None:
    """The first of the project's tests that reaches the target and fails with this bench's text."""
    files = test_files(bench)
    try:
        found, _ = await _collect(bench, "tests", tests=[str(file) for file in files], extra=[])
    except Unmeasurable as problem:
        return str(problem)
    return found["failed"][0][0] if found["failed"] else None


def _nothing_found(name: str, files: Sequence[Path], found: Json) -> str:
    advice = "Add a doctest or a test, or give a file that defines workload() with --workload."
    if found["problem"]:
        return f"The module of `{name}` does not run: {found['problem']}"
    if found["lost"]:
        return f"The tests reach `{name}`, but none of its arguments can be pickled. {advice}"
    if not files:
        return f"No test in the project names `{name}`, and it has no doctest. {advice}"
    many = "the test file that names it was" if len(files) == 1 else f"{len(files)} test files were"
    return f"No test reaches `{name}`, though {many} run. {advice}"


async def generated(bench: Bench, calls: Sequence[Call], *, cases: int, grown: int, aim_s: float) -> Found:
    """Calls made out of those seen: up to `cases` edge cases, then up to `grown` larger ones.

    A larger one takes the original about `aim_s` seconds. None is given if the child fails: widening
    is a help, and what was seen stays the workload.
    """
    async with Child(bench, "widen.py") as child:
        order = bench.order(seed=0, cases=cases, grown=grown, aim_ns=int(aim_s * 1e9), seconds=4.0)
        child.send(order, [encoded(bench.target.text), *(call.payload for call in calls)])
        try:
            _, payloads = await child.receive(60.0)
        except Died:
            return Found((), 0)
    return Found(tuple(Call(payload, "generated") for payload in payloads), len(payloads))


async def _collect(
    bench: Bench, mode: str, *, extra: Sequence[Path], **more: object
) -> tuple[Json, tuple[Call, ...]]:
    async with Child(bench, "collect.py", readable=extra) as child:
        order = bench.order(mode=mode, most=MOST_CALLS, bytes=SEEN_BYTES, seconds=30.0, **more)
        child.send(order, [encoded(bench.target.text)])
        try:
            found, payloads = await child.receive(TEST_SECONDS)
        except Died as death:
            what = "workload" if mode == "declared" else "tests"
            raise Unmeasurable(f"The {what} could not be run in the sandbox. {death.reason}") from death
    origins: list[Origin] = found["calls"]
    calls = [Call(payload, origin) for payload, origin in zip(payloads, origins, strict=True)]
    return found, tuple(calls)


def test_files(bench: Bench) -> list[Path]:
    """Test files that name the target, or else its module, or else what calls it; the nearest first."""
    name = bench.target.name
    outer = bench.target.qualname.split(".")[0]
    wanted = outer if name.startswith("__") else name
    texts = {file: file.read_text(encoding="utf-8", errors="replace") for file in _tests(bench.project)}
    others = re.findall(r"^\s*(?:def|class|async def) (\w{4,})", bench.target.text, re.MULTILINE)
    for words in ([wanted], [bench.place.module.rpartition(".")[2]], others):
        pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, words)) or '(?!)'})\b")
        files = [file for file, text in texts.items() if pattern.search(text)]
        if files:
            files.sort(key=lambda file: (-_shared(file, bench.target.path), str(file)))
            return files[:TEST_FILES]
    return []


def _tests(project: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(project):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".py") and (name.startswith(("test_", "tests.")) or name.endswith("_test.py")):
                yield Path(folder) / name


def _shared(one: Path, other: Path) -> int:
    """How many folders two files have in common."""
    return len(os.path.commonpath([one, other]))
