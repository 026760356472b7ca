"""The lab's end of a child that holds one text of the module: single calls, and timed passes."""

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from quickstudy.lab.check import Described
from quickstudy.lab.child import Bench, Child, Died, Json, encoded
from quickstudy.records import Call


@dataclass(frozen=True, slots=True)
class Pass:
    """One timed pass over calls, in a process that had never seen them."""

    ns: int
    """As the child's clock told it."""
    wall_ns: int
    """As seen from outside, with the messages to and fro."""
    results: list[Described] | None
    """Descriptions of `[result, arguments after]` by call, if they were asked for."""
    threads: int


class Worker(Child):
    """A child that holds one text of the module and answers about single calls and timed passes."""

    def __init__(self, bench: Bench, text: str, *, hash_seed: int = 0) -> None:
        super().__init__(bench, "worker.py", hash_seed=hash_seed)
        self.text = text

    async def load(self, seconds: float) -> None:
        """Import the text. Raises Died with `unloadable` if it does not import."""
        self.send(self.bench.order(seed=self.hash_seed), [encoded(self.text)])
        try:
            answer, _ = await self.receive(seconds)
        except Died as death:
            if self.process is not None and death.kind == "crashed":
                raise Died("unloadable", "Its module ends the interpreter when imported.") from None
            raise
        if answer.get("problem"):
            raise Died("unloadable", f"Its module does not import: {answer['problem']}")
        if answer.get("threads"):
            raise Died("rejected", "It starts a thread when it is imported.")

    async def observe(self, call: Call, seconds: float) -> Json:
        """One call in a process of its own, and everything it did. Raises Died."""
        self.send({"mode": "observe"}, [call.payload], prefix=b"b")
        observed, _ = await self.receive(seconds)
        await self._end(seconds, observed)
        if "problem" in observed:
            raise Died("crashed", observed["problem"])
        return observed

    async def clock(self, warm: Sequence[Call], calls: Sequence[Call], seconds: float, look: bool) -> Pass:
        """One timed pass; `look` asks for the results, which the child learns only afterwards."""
        payloads = [call.payload for call in (*warm, *calls)]
        self.send({"mode": "time", "warm": len(warm)}, payloads, prefix=b"b")
        ready, _ = await self.receive(seconds)
        if "ready" not in ready:
            raise Died("crashed", str(ready.get("problem", "Its process ended before the first call.")))
        started = time.perf_counter_ns()
        self.signal(b"g")
        told, _ = await self.receive(seconds)
        wall = time.perf_counter_ns() - started
        if "problem" in told or told.get("count") != len(calls):
            raise Died("crashed", str(told.get("problem", "It did not finish its calls.")))
        self.signal(b"r" if look else b"n")
        results = None
        if look:
            looked, _ = await self.receive(seconds)
            found = looked.get("results")
            results = cast(list[Described], found) if isinstance(found, list) else None
        await self._end(seconds, told)
        if not isinstance(told.get("ns"), int) or told["ns"] <= 0:
            raise Died("rejected", "It wrote to the lab's channel.")
        return Pass(told["ns"], wall, results, told["threads"])

    async def _end(self, seconds: float, answered: Json) -> None:
        """The process of this request must be gone, and nothing else may have been written."""
        if "end" in answered:
            raise Died("crashed", _ended(answered["end"]))
        end, _ = await self.receive(seconds)
        if set(end) != {"end"}:
            raise Died("rejected", "It wrote to the lab's channel.")


def _ended(status: int) -> str:
    if os.WIFSIGNALED(status):
        return f"Its process was ended by {signal.Signals(os.WTERMSIG(status)).name}."
    return f"Its process ended with status {os.WEXITSTATUS(status)} in the middle of a call."
