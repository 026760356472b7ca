"""Finds the calls a target is checked and timed on.

Looked for in the order of the contract: declared, recorded, then the project's tests and doctests, then drawn
from type hints; what was found is widened by drawn calls, never replaced.
"""

import asyncio
import json
import os
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard, cast, get_args

from quickstudy.errors import InputError, Unmeasurable
from quickstudy.lab.child import Bench, Child, encoded
from quickstudy.lab.python.hints import hinted
from quickstudy.lab.python.recording import recorded
from quickstudy.lab.rig import ChildFailed, Found, Json
from quickstudy.machine import cache_folder
from quickstudy.reasons import Code, reason, sentence
from quickstudy.records import Call, Origin
from quickstudy.search_path import environment
from quickstudy.tether import tethered

DRAWING = Path(__file__).parents[1] / "drawing.py"
MOST_CALLS = 96
"""Distinct calls kept; beyond that, more of the same kind tell little."""
BYTES_OF_A_SIZE = 64 << 20
"""What the calls kept of about the same size may take together; a larger one is not kept."""
DECLARED_SECONDS, TEST_SECONDS = 30.0, 90.0
"""After these a child that looks for calls stops by itself, and tells what it has."""
GRACE_SECONDS = 30.0
"""How much later an answer is no longer waited for."""


@dataclass(frozen=True, slots=True)
class SuiteFound(Found):
    """What the project's tests gave."""

    passed: tuple[str, ...]
    """Those that reached the target and passed."""
    folders: tuple[Path, ...]
    """Where they import from: classes of the tests may stand in the calls."""


async def declared(bench: Bench, file: Path) -> Found:
    """The calls that `workload()` of a file yields. Raises InputError if it gives none."""
    path = Path.cwd() / file
    if not path.is_file():
        raise InputError(f"There is no workload file {file}; name a Python file that defines workload().")
    extra = [path.parent]
    try:
        found, calls = await collect(bench, "declared", DECLARED_SECONDS, extra=extra, workload=str(path))
    except ChildFailed as failed:
        why = sentence(failed.why)
        raise Unmeasurable(f"The workload could not be run in the sandbox. {why}") from failed
    if found["problem"]:
        raise InputError(f"The workload file {file} cannot be used: {found['problem']}{missed(found)}")
    if not calls:
        if found["lost"]:
            most = f"can be pickled and take less than {BYTES_OF_A_SIZE >> 20} MB"
            raise InputError(f"No call of the workload file {file} can be kept. Yield arguments that {most}.")
        raise InputError(f"The workload file {file} yields no call. Yield one tuple of arguments a call.")
    return Found(calls, found["seen"])


def recorded_calls(bench: Bench) -> Found:
    """The calls that `quickstudy record` kept, spread over their sizes; none if there are none."""
    found = recorded(bench.project, bench.target)
    calls = sorted(found.calls, key=lambda call: len(call.payload))
    if len(calls) > MOST_CALLS:
        # Evenly over all of them, the smallest and the largest among them.
        calls = [calls[place * (len(calls) - 1) // (MOST_CALLS - 1)] for place in range(MOST_CALLS)]
    return Found(tuple(calls), found.seen)


async def generated(bench: Bench, calls: Sequence[Call], *, cases: int, grown: int, aim_s: float) -> Found:
    """Calls like those seen, or like the type hints where none was: up to `cases`, then `grown` larger ones.

    A larger one takes the original about `aim_s` seconds. None is given if the child fails: widening
    is a help, and what was seen stays the workload.
    """
    async with Child(bench, "widen.py") as child:
        child.send(bench.order(seed=0), [encoded(bench.target.text), *(call.payload for call in calls)])
        try:
            told, _ = await child.receive(60.0)
            hints = hinted(bench.target.text, bench.place.module, bench.target.qualname)
            drafts = await draw(told["groups"] if calls else [hints] if hints else [], 2 * cases)
            child.send({"cases": cases, "grown": grown, "aim_ns": int(aim_s * 1e9), "seconds": 10.0}, drafts)
            _, payloads = await child.receive(60.0)
        except ChildFailed:
            return Found((), 0)
    return Found(tuple(Call(payload, "generated") for payload in payloads), len(payloads))


async def draw(groups: Sequence[Json], count: int) -> list[bytes]:
    """About so many drafts of calls (`drawing.py`), from a process where Hypothesis may do as it likes."""
    if not groups:
        return []
    process = await asyncio.create_subprocess_exec(
        *tethered([sys.executable, "-P", str(DRAWING)]),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=environment({"PYTHONHASHSEED": "0"}),
        cwd=os.sep,
    )
    home = cache_folder() / "hypothesis"
    order = {"groups": groups, "count": count, "home": str(home)}
    try:
        out, _ = await process.communicate(json.dumps(order).encode())
    except asyncio.CancelledError:
        process.kill()
        raise
    found: list[bytes] = []
    while out:
        (size,) = struct.unpack_from("!I", out)
        found.append(out[4 : 4 + size])
        out = out[4 + size :]
    return found


def missed(found: Json) -> str:
    """A sentence more, on the files that were opened in vain."""
    names = ", ".join(found["hidden"])
    return f" The sandbox hides {names}, as names of that kind tell of secrets." if names else ""


async def collect(
    bench: Bench, mode: str, seconds: float, *, extra: Sequence[Path], **more: object
) -> tuple[Json, tuple[Call, ...]]:
    """What `runner/collect.py` says it did, and the calls it kept. Raises ChildFailed."""
    async with Child(bench, "collect.py", readable=extra) as child:
        limits = {"most": MOST_CALLS, "bytes": BYTES_OF_A_SIZE, "seconds": seconds}
        order = bench.order(mode=mode, hidden=list(map(str, child.secrets.all)), **limits, **more)
        child.send(order, [encoded(bench.target.text)])
        found, payloads = await child.receive(seconds + GRACE_SECONDS)
        if not _is_report(found, payloads):
            raise ChildFailed(reason(Code.FORGED))
    origins: list[Origin] = found["calls"]
    calls = [Call(payload, origin) for payload, origin in zip(payloads, origins, strict=True)]
    return found, tuple(calls)


def _is_report(found: Json, payloads: Sequence[bytes]) -> bool:
    """Whether this is what `runner/collect.py` says: a test, or a variant, could speak in its place."""
    names, pairs = ("passed", "refused", "folders", "hidden"), ("failed", "unloaded")
    origins = found.get("calls")
    return (
        _is_list_of(origins, get_args(Origin).__contains__)
        and len(origins) == len(payloads)
        and all(isinstance(found.get(name), int) for name in ("seen", "lost"))
        and isinstance(found.get("problem", 0), str | None)
        and all(_is_list_of(found.get(name), _is_text) for name in names)
        and all(_is_list_of(found.get(name), _is_pair) for name in pairs)
    )


def _is_list_of(value: object, is_one: Callable[[Any], bool]) -> TypeGuard[list[Any]]:
    return isinstance(value, list) and all(map(is_one, cast("list[Any]", value)))


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_pair(value: object) -> bool:
    return _is_list_of(value, _is_text) and len(value) == 2
