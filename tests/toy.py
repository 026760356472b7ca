"""A toy language and its rig: what the lab's core needs of a language, in a few lines and without a process.

A text is what a call of it takes and gives, as `10 us, gives 4`, or `10 us, fails`.
"""

import re
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from quickstudy.lab.laziness import Pace
from quickstudy.lab.rig import ChildFailed, Found, Loaded, Pass
from quickstudy.lab.supervisor.messages import Effects, Observation, PassTimes, Results, Retained
from quickstudy.reasons import Code, reason
from quickstudy.records import Call, Splice, Target

SILENT: Any = {"stdout": "", "stderr": "", "warnings": [], "settings": {}, "reaches": [], "globals": {}}
QUIET: Any = {**SILENT, "early": None, "rebound": [], "held": None, "threads": 0, "arguments": []}
EFFECTS = Effects(printed=[], warned=0, settings={})


def toy_target(text: str) -> Target:
    return Target(Path("/p/f.toy"), "f", "toy", text, text, "", "0")


class ToyLanguage:
    def splice(self, target: Target, replacement: str) -> Splice:
        return Splice(replacement)


class ToySubject:
    loaded = Loaded({"thread": 0, "process": 0}, {}, frozenset())

    def __init__(self, original: str, text: str) -> None:
        self.original, self.text = original, text

    async def observe(self, call: Call, seconds: float) -> Observation:
        return Observation(outcome="return", value=["i", _read(self.text)[1]], **QUIET)

    async def pace(self, calls: Sequence[Call], seconds: float) -> list[Pace]:
        return [Pace(*3 * [_read(self.text)[0] * 1e-9]) for _ in calls]

    async def clock(self, original: bool, *asked: Any) -> Pass:
        ns, value = _read(self.original if original else self.text)
        _, calls, _, verify, *_ = *asked, None
        seen = {"results": Results(EFFECTS), "retained": Retained(EFFECTS, [], 0, {}, {})}.get(verify)
        results = [b'[["i", "%s"], []]' % value.encode() for _ in calls]
        times = PassTimes(ns * len(calls), 0, 0, 0, 0, 0, 0 if seen else None, 0, 0, {}, True)
        return Pass(times, seen, results)


class ToyRig:
    def __init__(self, target: Target, *_: object) -> None:
        self.target, self.toolchain = target, {"toy": "1"}

    async def found(self) -> Found:
        return Found(tuple(Call(bytes([number]), "tests") for number in range(3)), 3)

    async def more(self, known: Sequence[Call], **_: object) -> Found:
        return Found((), 0)

    @asynccontextmanager
    async def subject(self, text: str, **_: object) -> AsyncGenerator[ToySubject]:
        yield ToySubject(self.target.text, text)

    async def failing_test(self, text: str) -> None: ...

    def is_own(self, state: str) -> bool:
        return False


def _read(text: str) -> tuple[int, str]:
    """Nanoseconds and result of a call. Raises ChildFailed."""
    found = re.fullmatch(r"(\d+) us, gives (\d+)", text)
    if found is None:
        raise ChildFailed(reason(Code.CALL_FAILS, reason(Code.EXCEPTION)))
    return int(found[1]) * 1000, found[2]
