"""Finds the calls a target is checked and timed on.

Looked for in the order of the contract: declared, recorded, then the project's tests and doctests, then drawn
from type hints; what was found is widened by drawn calls, never replaced.
"""

import asyncio
import json
import os
import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from quickstudy.errors import InputError, Unmeasurable
from quickstudy.lab.python.child.messages import (
    Augment,
    Augmented,
    Collect,
    Collected,
    Drafts,
    Groups,
)
from quickstudy.lab.python.hints import hinted
from quickstudy.lab.python.program import Program, RunContext, encoded
from quickstudy.lab.python.recording import recorded
from quickstudy.lab.rig import ChildFailed, Found
from quickstudy.machine import cache_folder
from quickstudy.reasons import Code, reason, sentence
from quickstudy.records import Call
from quickstudy.search_path import environment
from quickstudy.tether import tethered

DRAWING = Path(__file__).with_name("drawing.py")
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


async def declared(context: RunContext, file: Path) -> Found:
    """The calls that `workload()` of a file yields. Raises InputError if it gives none."""
    path = Path.cwd() / file
    if not path.is_file():
        raise InputError(f"There is no workload file {file}; name a Python file that defines workload().")
    extra = [path.parent]
    try:
        found, calls = await collect(context, DECLARED_SECONDS, extra=extra, workload=str(path))
    except ChildFailed as failed:
        why = sentence(failed.why)
        raise Unmeasurable(f"The workload could not be run in the sandbox. {why}") from failed
    if found.problem:
        raise InputError(f"The workload file {file} cannot be used: {found.problem}{missed(found)}")
    if not calls:
        if found.lost:
            most = f"can be pickled and take less than {BYTES_OF_A_SIZE >> 20} MB"
            raise InputError(f"No call of the workload file {file} can be kept. Yield arguments that {most}.")
        raise InputError(f"The workload file {file} yields no call. Yield one tuple of arguments a call.")
    return Found(calls, found.seen)


def recorded_calls(context: RunContext) -> Found:
    """The calls that `quickstudy record` kept, spread over their sizes; none if there are none."""
    found = recorded(context.project, context.target)
    calls = sorted(found.calls, key=lambda call: len(call.payload))
    if len(calls) > MOST_CALLS:
        # Evenly over all of them, the smallest and the largest among them.
        calls = [calls[place * (len(calls) - 1) // (MOST_CALLS - 1)] for place in range(MOST_CALLS)]
    return Found(tuple(calls), found.seen)


async def generated(
    context: RunContext, calls: Sequence[Call], *, cases: int, grown: int, aim_s: float
) -> Found:
    """Calls like those seen, or like the type hints where none was: up to `cases`, then `grown` larger ones.

    A larger one takes the original about `aim_s` seconds. None is given if the child fails: widening
    is a help, and what was seen stays the workload.
    """
    async with Program(context, "augment") as child:
        seen = [call.payload for call in calls]
        child.send(Augment(context.target_module, seed=0), [encoded(context.target.text), *seen])
        try:
            found, _ = await child.receive(60.0, Groups)
            hints = hinted(context.target.text, context.place.module, context.target.qualname)
            groups = list(map(vars, found.groups)) if calls else [hints] if hints else []
            drafts = await draw(groups, 2 * cases)
            child.send(Drafts(cases=cases, grown=grown, aim_ns=int(aim_s * 1e9), seconds=10.0), drafts)
            augmented, payloads = await child.receive(60.0, Augmented)
            if not len(augmented.kinds) == len(payloads) <= cases + grown:
                raise ChildFailed(reason(Code.FORGED))
        except ChildFailed:
            return Found((), 0)
    return Found(tuple(Call(payload, "generated") for payload in payloads), len(payloads))


async def draw(groups: Sequence[Mapping[str, object]], count: int) -> list[bytes]:
    """About so many drafts of calls (`drawing.py`), from a process where Hypothesis may do as it likes."""
    if not groups:
        return []
    process = await asyncio.create_subprocess_exec(
        *tethered([sys.executable, "-P", str(DRAWING)]),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # a child can nest its shapes too deep for it
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
    while len(out) >= 4:
        (size,) = struct.unpack_from("!I", out)
        found.append(out[4 : 4 + size])
        out = out[4 + size :]
    return found


def missed(found: Collected) -> str:
    """A sentence more, on the files that were opened in vain."""
    names = ", ".join(found.hidden)
    return f" The sandbox hides {names}, as names of that kind tell of secrets." if names else ""


async def collect(
    context: RunContext,
    seconds: float,
    *,
    extra: Sequence[Path] = (),
    workload: str | None = None,
    tests: Sequence[Path] = (),
) -> tuple[Collected, tuple[Call, ...]]:
    """What `child/collect.py` says it did, and the calls it kept. Raises ChildFailed."""
    async with Program(context, "collect", readable=extra) as child:
        order = Collect(
            context.target_module,
            workload=workload,
            tests=list(map(str, tests)),
            most=MOST_CALLS,
            bytes=BYTES_OF_A_SIZE,
            seconds=seconds,
            hidden=list(map(str, child.secrets.all)),
        )
        child.send(order, [encoded(context.target.text)])
        found, payloads = await child.receive(seconds + GRACE_SECONDS, Collected)
        if not len(found.origins) == len(payloads) <= MOST_CALLS:
            raise ChildFailed(reason(Code.FORGED))
    calls = [Call(payload, origin) for payload, origin in zip(payloads, found.origins, strict=True)]
    return found, tuple(calls)
