"""The lab: finds a workload, learns what the original does, and says what a candidate is worth.

A candidate is loaded in a child of its own, checked call by call, timed in pairs against the original, and,
if it gained, confirmed in fresh processes on held-out inputs. Expected results never enter a child.
"""

import random
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from quickstudy.errors import Unmeasurable
from quickstudy.lab import workload as workloads
from quickstudy.lab.check import Floats, difference, opaque
from quickstudy.lab.child import Bench, Died, Json
from quickstudy.lab.interpreter import find_interpreter, place_of
from quickstudy.lab.sandbox import Mode, Sandbox, find_sandbox
from quickstudy.lab.timing import Plan, time_pairs
from quickstudy.lab.worker import Worker
from quickstudy.machine import quiet
from quickstudy.records import Call, Candidate, Judgement, Measurement, Target, Verdict, Workload

LEAST_GAIN = 1.05
LOAD_SECONDS = 60.0
CALL_SECONDS = 60.0
OBSERVE_SECONDS = 45.0
"""After this no further call of a large workload is taken up."""
TIMING_SECONDS = 2.5
ROUGH, FINE = 0.5, 0.06
"""How wide a gain's interval may be to go on to the confirmation, and to be shown to a user."""
PASS_S = 0.01
"""About what one timed pass should take the original at most; fewer calls are timed beyond it."""
MOST_TIMED = 64
WARM = 3
EDGE_CASES = 48
GROWN = 9
GROWN_S = 0.001
TOO_SHORT_S = 0.0002
"""If no call found takes the original longer, larger ones are made to be timed."""


@dataclass(frozen=True, slots=True)
class Known:
    """One call and what the original did in it."""

    call: Call
    observed: Json
    seconds: float
    """What the original takes for it, in a process that is warm but has not seen it."""

    @property
    def returns(self) -> bool:
        return self.observed["outcome"][0] == "return"


class Lab:
    """One target's lab. Use as an async context manager; `prepare` comes before `judge`."""

    def __init__(
        self,
        project: Path,
        *,
        python: Path | None = None,
        workload: Path | None = None,
        sandbox: Mode = "auto",
        least_gain: float = LEAST_GAIN,
        floats: Floats = "close",
    ) -> None:
        """Raises NoSandbox if nothing here can confine code and `sandbox` is not "off"."""
        self.project = project
        self.python = python
        self.workload = workload
        self.least_gain = least_gain
        self.floats: Floats = floats
        self.sandbox: Sandbox = find_sandbox(sandbox)
        self.seed: int = 0
        """Hash and random seed of every child of this run."""
        self._bench: Bench | None = None
        """Set by `prepare`."""
        self._shown: tuple[Known, ...] = ()
        """Calls for checking and the first timing."""
        self._held_out: tuple[Known, ...] = ()
        """Calls for the confirmation."""
        self._original: Worker | None = None
        """The original, loaded, for the first timings."""
        self._children = AsyncExitStack()

    @property
    def sandbox_name(self) -> str:
        return self.sandbox.name

    async def __aenter__(self) -> "Lab":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._children.aclose()

    async def prepare(self, target: Target) -> Workload:
        """Find the workload and see that the original does the same twice.

        Raises Unmeasurable with the reason, and InputError for a workload file that cannot be used.
        """
        interpreter = await find_interpreter(self.project, self.python)
        bench = Bench(target, self.project, interpreter, place_of(target.path, self.project), self.sandbox)
        self._bench = bench
        if self.workload is not None:
            found = await workloads.declared(bench, self.workload)
        else:
            found = workloads.kept(bench)
            if not found.calls:
                found = await workloads.from_tests(bench)
        known = await self._observe_original(bench, found.calls)
        slowest = max((one.seconds for one in known if one.returns), default=0.0)
        grow = GROWN if self.workload is None and slowest < TOO_SHORT_S else 0
        more = await workloads.generated(bench, found.calls, cases=EDGE_CASES, grown=grow, aim_s=GROWN_S)
        known += await self._observe_original(bench, more.calls)
        self._shown, self._held_out = _split(known)
        self._original = await self._children.enter_async_context(self._worker(bench, target.text))
        return Workload(
            tuple(one.call for one in self._shown),
            tuple(one.call for one in self._held_out),
            found.seen + more.seen,
            ".".join(map(str, interpreter.version)),
        )

    async def judge(self, candidate: Candidate) -> Judgement:
        """Check, time and confirm one candidate that has a text."""
        bench, original = self._bench, self._original
        assert bench is not None and original is not None and candidate.text is not None
        began = time.monotonic()
        checked = began
        try:
            async with self._worker(bench, candidate.text) as worker:
                await self._check(worker, self._shown)
                checked = time.monotonic()
                first = await self._time(original, worker, self._shown, ROUGH)
            if first.low <= self.least_gain:
                verdict = self._verdict(first)
            else:
                verdict = await self._confirm(bench, candidate.text, first)
        except Died as death:
            verdict = Verdict(death.kind, death.reason)
        ended = time.monotonic()
        checked = checked if checked > began else ended
        return Judgement(verdict, checked - began, ended - checked)

    async def _confirm(self, bench: Bench, text: str, first: Measurement) -> Verdict:
        """Time it again where luck cannot have stayed: fresh processes, inputs that nobody has seen."""
        if self.workload is None:
            failed = await workloads.failing_test(replace(bench, target=replace(bench.target, text=text)))
            if failed is not None:
                return Verdict("wrong", f"It fails the project's own test {failed}.")
        held = self._held_out or self._shown
        async with self._worker(bench, bench.target.text) as fresh, self._worker(bench, text) as worker:
            await self._check(worker, held)
            second = await self._time(fresh, worker, held, FINE)
        if second.low > self.least_gain:
            return Verdict("faster", "", second)
        verdict = self._verdict(second)
        said = (
            f"A first timing said {first.speedup:.2f}x; a second one on held-out inputs did not confirm it."
        )
        return replace(verdict, reason=said)

    def _verdict(self, measured: Measurement) -> Verdict:
        """The word for a measurement that shows no gain."""
        if measured.high < 1 / self.least_gain:
            return Verdict("slower", "", measured)
        if measured.low <= self.least_gain < measured.high and measured.speedup > self.least_gain:
            return Verdict("same", "It may be faster, but not by more than the noise.", measured)
        return Verdict("same", "", measured)

    @asynccontextmanager
    async def _worker(self, bench: Bench, text: str) -> AsyncGenerator[Worker]:
        async with Worker(bench, text, hash_seed=self.seed) as worker:
            await worker.load(LOAD_SECONDS)
            for left, what in (("threads", "thread"), ("strays", "process")):
                if self._original and getattr(worker, left) > getattr(self._original, left):
                    raise Died("rejected", f"It starts a {what} when it is imported.")
            yield worker

    async def _check(self, worker: Worker, known: Sequence[Known]) -> None:
        """Raises Died with what is wrong with the first call that is not as the original's."""
        for one in random.sample(known, len(known)):
            observed = await worker.observe(one.call, _patience(one.seconds))
            problem = difference(one.observed, observed, self.floats)
            if problem is not None:
                raise Died("wrong", problem)
            for left in ("threads", "children"):
                if observed[left] and not one.observed[left]:
                    raise Died("rejected", f"It leaves {left} behind that are still at work.")

    async def _time(
        self, original: Worker, worker: Worker, known: Sequence[Known], spread: float
    ) -> Measurement:
        timed, warm = _choose(known)

        plan = Plan(
            tuple(one.call for one in timed),
            tuple(one.call for one in warm),
            TIMING_SECONDS,
            _patience(sum(one.seconds for one in (*timed, *warm))),
            spread,
        )
        async with quiet():
            return await time_pairs(original, worker, plan, self.least_gain, self.floats)

    async def _observe_original(self, bench: Bench, calls: Sequence[Call]) -> list[Known]:
        """What the original does in each call, from two processes with different seeds.

        Raises Unmeasurable if a call that was seen does not do the same twice even with seeds fixed; a
        generated one is dropped.
        """
        if not calls:
            return []
        try:
            once = await self._observe(bench, calls, self.seed)
            twice = await self._observe_again(bench, once, self.seed + 1)
            if any(_unlike(_steady(one, other), other) for one, other in zip(once, twice, strict=False)):
                twice = await self._observe_again(bench, once, self.seed)
        except Died as death:
            raise Unmeasurable(f"The original fails on its own workload. {death.reason}") from death
        known: list[Known] = []
        for one, other in zip(once, twice, strict=False):
            one = _steady(one, other)
            problem = _unlike(one, other)
            strange = opaque(one.observed["outcome"])
            if problem is None and strange is None:
                known.append(one)
            elif one.call.origin != "generated":
                what = f"It is not deterministic: {problem}" if problem else f"Its results hold a {strange},"
                raise Unmeasurable(what if problem else f"{what} whose content cannot be compared.")
        if known and calls[0].origin != "generated" and not any(one.returns for one in known):
            raised = known[0].observed["outcome"][1][1].removeprefix("builtins.")
            raise Unmeasurable(f"The original raises {raised} on every call of its workload.")
        return known

    async def _observe(self, bench: Bench, calls: Sequence[Call], seed: int) -> list[Known]:
        known: list[Known] = []
        deadline = time.monotonic() + OBSERVE_SECONDS
        async with Worker(bench, bench.target.text, hash_seed=seed) as worker:
            await worker.load(LOAD_SECONDS)
            for call in calls:
                observed = await worker.observe(call, CALL_SECONDS)
                seconds = await worker.pace(calls[-WARM:], call, CALL_SECONDS)
                known.append(Known(call, observed, seconds))
                if time.monotonic() > deadline:
                    break
        return known

    async def _observe_again(self, bench: Bench, known: Sequence[Known], seed: int) -> list[Known]:
        """The same calls in another process; what they take is known already."""
        async with Worker(bench, bench.target.text, hash_seed=seed) as worker:
            await worker.load(LOAD_SECONDS)
            return [replace(one, observed=await worker.observe(one.call, CALL_SECONDS)) for one in known]


def _unlike(one: Known, other: Known) -> str | None:
    return difference(one.observed, other.observed, "exact")


def _steady(one: Known, other: Known) -> Known:
    """The first of two observations of a call without the globals that differ: the time of a start, an id."""
    globals_, others = one.observed["globals"], other.observed["globals"]
    same = {name: value for name, value in globals_.items() if others.get(name) == value}
    return replace(one, observed={**one.observed, "globals": same})


def _patience(seconds: float) -> float:
    """How long a candidate may take where the original takes `seconds`: slow is a verdict soon enough."""
    return 2.0 + 10 * seconds


def _split(known: Sequence[Known]) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
    """Hold out a third of the calls, spread over what they cost: short and long ones in both parts."""
    ordered = sorted(known, key=lambda one: one.seconds, reverse=True)
    return tuple(one for place, one in enumerate(ordered) if place % 3 != 1), tuple(ordered[1::3])


def _choose(known: Sequence[Known]) -> tuple[list[Known], list[Known]]:
    """The calls to time, the longest first as far as a pass may take, and shorter ones to warm up with."""
    ordered = sorted((one for one in known if one.returns), key=lambda one: one.seconds, reverse=True)
    ordered = ordered or list(known)
    timed: list[Known] = []
    total = 0.0
    for one in ordered[: max(1, len(ordered) - WARM)]:
        if timed and (total + one.seconds > PASS_S or len(timed) == MOST_TIMED):
            break
        timed.append(one)
        total += one.seconds
    return timed, ordered[len(timed) :][:WARM]
