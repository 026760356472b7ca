"""The lab's end of a child that supervises one text of the module: single calls, and timed passes.

Passes of the original are timed in the same child: two processes that were started apart can differ in pace
by a tenth, for as long as they live, where their memory happens to lie.
"""

import ast
import os
import signal
from collections.abc import Mapping, Sequence
from typing import Any

from quickstudy.lab.child import Bench, Child, encoded
from quickstudy.lab.laziness import Pace
from quickstudy.lab.python.raised import Sources, read
from quickstudy.lab.rig import ChildFailed, Disqualified, Json, Killed, Loaded, Look, Lost, Pass
from quickstudy.reasons import Code, reason
from quickstudy.records import Call

_SIGNALS: Mapping[int, str] = {
    signal.SIGABRT: "SIGABRT",
    signal.SIGBUS: "SIGBUS",
    signal.SIGFPE: "SIGFPE",
    signal.SIGILL: "SIGILL",
    signal.SIGSEGV: "SIGSEGV",
    signal.SIGXCPU: "SIGXCPU",
}
"""What ends a process that did something wrong."""


class Worker(Child):
    """A child that answers about one text: what single calls do, and how long passes take."""

    timed = True
    """Neither text gains by threads or by a better core, nor by what an earlier pass left."""

    def __init__(self, bench: Bench, text: str, *, variant: str | None = None, hash_seed: int = 0) -> None:
        """`variant` is what its author gave of the text; without one, that is the target's own source."""
        super().__init__(bench, "worker.py", hash_seed=hash_seed)
        self.text = text
        self.sources = Sources(bench.target, bench.target.source if variant is None else variant, text)
        self.loaded: Loaded
        """What importing the text left; set by `load`."""

    async def load(self, seconds: float) -> None:
        """Import the text. Raises ChildFailed, `unloadable` if it does not import."""
        order = self.bench.order(
            seed=self.hash_seed, alone=self.bench.sandbox.name != "off", imports=_imports(self.text)
        )
        self.send(order, [encoded(self.bench.target.text), encoded(self.text)])
        try:
            told, loaded, _ = await self._answer(seconds)
        except ChildFailed as failed:
            if self.process is not None and failed.why.kind == "crashed":
                raise ChildFailed(reason(Code.IMPORT_ENDS)) from None
            raise
        if loaded.get("problem"):
            raise self._failed(Code.UNIMPORTABLE, loaded["problem"])
        started = {"thread": told["threads"], "process": told["strays"]}
        self.loaded = Loaded(started, loaded["settings"], frozenset(loaded["reaches"]))

    async def observe(self, call: Call, seconds: float) -> Json:
        """One call in a process of its own, and everything it did. Raises ChildFailed, Lost among them."""
        self.send({"time": False})
        self.send({"mode": "observe"}, [call.payload])
        told, observed, _ = await self._answer(seconds)
        if "problem" in observed:
            raise self._failed(Code.CALL_FAILS, observed["problem"])
        if "lost" in observed:
            raise Lost(reason(Code.LOST_ARGUMENTS, words=str(observed["lost"])))
        return {**observed, "children": told["strays"]}

    async def pace(self, calls: Sequence[Call], seconds: float) -> list[Pace]:
        """The pace of each call after the others."""
        told = await self._told("paces", {"mode": "pace"}, calls, seconds)
        try:
            return [Pace(*(mark * 1e-9 for mark in marks)) for marks in told]
        except TypeError:
            raise ChildFailed(reason(Code.FORGED)) from None

    async def _told(self, what: str, asked: Json, calls: Sequence[Call], seconds: float) -> list[Any]:
        """What the process with the text tells of each call."""
        self.send({"time": False})
        self.send(asked, [call.payload for call in calls])
        _, told, _ = await self._answer(seconds)
        if what not in told:
            if "problem" in told:
                raise self._failed(Code.CALL_FAILS, told["problem"])
            raise ChildFailed(reason(Code.ENDED_IN_CALL))
        if not isinstance(told[what], list) or len(told[what]) != len(calls):
            raise ChildFailed(reason(Code.FORGED))
        return told[what]

    async def clock(
        self,
        original: bool,
        warm: Sequence[Call],
        calls: Sequence[Call],
        seconds: float,
        look: Look | None = None,
        reload: bool = False,
    ) -> Pass:
        """One timed pass over the original or over the text.

        What to `look` at, the process with the text learns only afterwards. `reload` makes each call in a
        module of its own, where it finds nothing that another one kept.
        """
        # The supervisor takes each of these when it is due: what it has read, a session could find in there.
        modules = len(calls) + 1 if reload else 0
        self.send({"time": True, "original": original, "modules": modules, "retained": look == "retained"})
        payloads = [call.payload for call in (*warm, *calls)]
        self.send({"mode": "time", "warm": len(warm)}, payloads)
        self.send({"look": look})
        told, looked, results = await self._answer(seconds)
        if "problem" in looked:
            raise self._failed(Code.PASS_FAILS, looked["problem"])
        if "ns" not in told:
            raise ChildFailed(reason(Code.ENDED_BEFORE_CALL))
        if told["strays"]:
            raise Disqualified(reason(Code.LEAVES_CHILDREN))
        if not told["undisturbed"]:
            raise Disqualified(reason(Code.CHANGES_CORE))
        return Pass(
            told["ns"],
            told["waited_ns"],
            told["import_ns"],
            told["again_ns"],
            told["before_ns"],
            told["between_ns"],
            told.get("after_ns"),
            looked,
            results,
            told["threads"],
            told["kept"],
        )

    def _failed(self, code: Code, exception: object) -> ChildFailed:
        """That an exception ended it, as the process with the text says."""
        return ChildFailed(reason(code, read(exception, self.sources)))

    async def _answer(self, seconds: float) -> tuple[Json, Json, list[bytes]]:
        """What the supervisor tells, and what the process with the text said: data, never trusted."""
        told, _ = await self.receive(seconds)
        if "ended" in told:
            raise _ended(told["ended"])
        if told.get("forged"):
            raise ChildFailed(reason(Code.FORGED))
        if told.get("flood"):
            raise ChildFailed(reason(Code.TOO_LARGE_RESULTS))
        if not told.get("said"):
            return told, {}, []
        return told, *await self.receive(seconds)


def _imports(text: str) -> list[str]:
    """The modules that a text names in its imports. Libraries among them are no work of the variant's own."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []  # the child will say what is wrong with it
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= dict.fromkeys(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found[node.module] = None
    return list(found)


def _ended(status: object) -> ChildFailed:
    """How a process ended in the middle of a call. It may have chosen the status, and the signal.

    Raises Killed.
    """
    if not isinstance(status, int):
        return ChildFailed(reason(Code.ENDED_IN_CALL))
    if not os.WIFSIGNALED(status):
        words = f"exit status {os.WEXITSTATUS(status)}"
        return ChildFailed(reason(Code.ENDED_ITSELF, words=words))
    number = os.WTERMSIG(status)
    if number == signal.SIGKILL:
        raise Killed
    name = _SIGNALS.get(number)
    if name is None:
        return ChildFailed(reason(Code.ENDED_BY_SIGNAL, words=f"signal {number}"))
    return ChildFailed(reason(Code.ENDED_BY_SIGNAL, signal=name))
