"""The lab's end of a child that supervises one text of the module: single calls, and timed passes.

Passes of the original are timed in the same child: two processes that were started apart can differ in pace
by a tenth, for as long as they live, where their memory happens to lie.
"""

import ast
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, LiteralString

from quickstudy.lab.child import FLOOD, FORGED, Bench, Child, Died, Json, Killed, encoded
from quickstudy.lab.laziness import Pace
from quickstudy.lab.loaded import Loaded
from quickstudy.lab.raised import Sources, read
from quickstudy.records import Call, VerdictKind

_SIGNALS: Mapping[int, LiteralString] = {
    signal.SIGABRT: "SIGABRT",
    signal.SIGBUS: "SIGBUS",
    signal.SIGFPE: "SIGFPE",
    signal.SIGILL: "SIGILL",
    signal.SIGSEGV: "SIGSEGV",
    signal.SIGXCPU: "SIGXCPU",
}
"""What ends a process that did something wrong."""

Look = Literal["results", "retained"]
"""What a pass is asked for in the end: its results, or what is left when they are gone (`keeping.py`)."""


class Lost(Died):
    """A call's arguments cannot be made again from their payload in this process."""

    def __init__(self, words: str) -> None:
        super().__init__("crashed", "The arguments of a call cannot be made again.", words=words)


@dataclass(frozen=True, slots=True)
class Pass:
    """One timed pass over calls, in a process that had never seen them; seen from outside that process."""

    ns: int
    """From the word to go to the word that all calls are done."""
    waited_ns: int | None
    """Those of them in which it could have run, but others had the core; None if that cannot be told."""
    import_ns: int
    """What loading the text took before."""
    again_ns: int
    """What loading it as further modules took."""
    before_ns: int
    """What rebuilding the inputs and the warm calls took."""
    between_ns: int
    """What a trip without a call took, and the work of that process whenever nothing was asked of it."""
    after_ns: int | None
    """What describing the results took; None without a look."""
    looked: Json
    """What was seen in a look: what was printed, warned and set, and what is left; untrusted."""
    results: list[bytes]
    """Descriptions of `[result, arguments after]` by call as they came, if they were asked for."""
    threads: int
    """How many threads were there besides the one that calls."""
    kept: Mapping[str, str | int]
    """What the kernel kept of its process: numbers of open files and the like, and settings as text."""


class Worker(Child):
    """A child that answers about one text: what single calls do, and how long passes take."""

    timed = True
    """Neither text gains by threads or by a better core, nor by what an earlier pass left."""

    def __init__(self, bench: Bench, text: str, *, variant: str | None = None, hash_seed: int = 0) -> None:
        """`variant` is what its author gave of the text; without one, that is the target's own source."""
        super().__init__(bench, "worker", hash_seed=hash_seed)
        self.text = text
        self.sources = Sources(bench.target, bench.target.source if variant is None else variant, text)
        self.loaded: Loaded
        """What importing the text left; set by `load`."""

    async def load(self, seconds: float) -> None:
        """Import the text. Raises Died with `unloadable` if it does not import."""
        order = self.bench.order(
            seed=self.hash_seed, alone=self.bench.sandbox.name != "off", imports=_imports(self.text)
        )
        self.send(order, [encoded(self.bench.target.text), encoded(self.text)])
        try:
            told, loaded, _ = await self._answer(seconds)
        except Died as death:
            if self.process is not None and death.kind == "crashed":
                raise Died("unloadable", "Its module ends the interpreter when imported.") from None
            raise
        if loaded.get("problem"):
            raise self._failed("unloadable", "Its module does not import", loaded["problem"])
        started = {"thread": told["threads"], "process": told["strays"]}
        self.loaded = Loaded(started, loaded["settings"], frozenset(loaded["reaches"]))

    async def observe(self, call: Call, seconds: float) -> Json:
        """One call in a process of its own, and everything it did. Raises Died, Lost among them."""
        self.send({"time": False})
        self.send({"mode": "observe"}, [call.payload])
        told, observed, _ = await self._answer(seconds)
        if "problem" in observed:
            raise self._failed("crashed", "A call of it fails", observed["problem"])
        if "lost" in observed:
            raise Lost(str(observed["lost"]))
        return {**observed, "children": told["strays"]}

    async def pace(self, calls: Sequence[Call], seconds: float) -> list[Pace]:
        """The pace of each call after the others."""
        told = await self._told("paces", {"mode": "pace"}, calls, seconds)
        try:
            return [Pace(*(mark * 1e-9 for mark in marks)) for marks in told]
        except TypeError:
            raise Died("rejected", FORGED) from None

    async def _told(self, what: str, asked: Json, calls: Sequence[Call], seconds: float) -> list[Any]:
        """What the process with the text tells of each call."""
        self.send({"time": False})
        self.send(asked, [call.payload for call in calls])
        _, told, _ = await self._answer(seconds)
        if what not in told:
            if "problem" in told:
                raise self._failed("crashed", "A call of it fails", told["problem"])
            raise Died("crashed", "Its process ended in the middle of a call.")
        if not isinstance(told[what], list) or len(told[what]) != len(calls):
            raise Died("rejected", FORGED)
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
            raise self._failed("crashed", "A pass over its calls fails", looked["problem"])
        if "ns" not in told:
            raise Died("crashed", "Its process ended before the first call.")
        if told["strays"]:
            raise Died("rejected", "It leaves children behind that are still at work.")
        if not told["undisturbed"]:
            raise Died("rejected", "It changes on which core or how urgently it is run.")
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

    def _failed(self, kind: VerdictKind, what: LiteralString, said: object) -> Died:
        """That an exception ended it, as the process with the text says."""
        raised = read(said, self.sources)
        return Died(kind, what + ": " + raised.phrase + ".", *raised.facts, words=raised.words)

    async def _answer(self, seconds: float) -> tuple[Json, Json, list[bytes]]:
        """What the supervisor tells, and what the process with the text said: data, never trusted."""
        told, _ = await self.receive(seconds)
        if "ended" in told:
            raise _ended(told["ended"])
        if told.get("forged"):
            raise Died("rejected", FORGED)
        if told.get("flood"):
            raise Died("crashed", FLOOD)
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


def _ended(status: object) -> Died:
    """How a process ended in the middle of a call. It may have chosen the status, and the signal.

    Raises Killed.
    """
    if not isinstance(status, int):
        return Died("crashed", "Its process ended in the middle of a call.")
    if not os.WIFSIGNALED(status):
        words = f"exit status {os.WEXITSTATUS(status)}"
        return Died("crashed", "Its process ended itself in the middle of a call.", words=words)
    number = os.WTERMSIG(status)
    if number == signal.SIGKILL:
        raise Killed
    name = _SIGNALS.get(number)
    if name is None:
        return Died("crashed", "Its process was ended by a signal.", words=f"signal {number}")
    return Died("crashed", "Its process was ended by " + name + ".")
