"""The lab: finds a workload, learns what the original does, and says what a candidate is worth.

A candidate is loaded in a child of its own, checked call by call, timed in pairs against the original, and,
if it gained, confirmed in fresh processes on held-out inputs. Expected results never enter a child.
"""

import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from quickstudy.errors import NotJudged, Unmeasurable
from quickstudy.lab.apart import Apart, parted
from quickstudy.lab.baseline import LOAD_SECONDS, Baseline, Known, learn
from quickstudy.lab.check import USUAL, Dials
from quickstudy.lab.checking import check_calls, check_pace
from quickstudy.lab.child import Bench, Died, Killed
from quickstudy.lab.choosing import MOST_LOOKED, PASS_S, data, patience, to_time
from quickstudy.lab.doubt import gains_alone, gains_at_once
from quickstudy.lab.interpreter import find_interpreter, place_of
from quickstudy.lab.loaded import Loaded, compare
from quickstudy.lab.sandbox import Mode, Sandbox, find_sandbox
from quickstudy.lab.suite import failing_test, from_tests
from quickstudy.lab.timing import SHORTEST_S, Plan, time_pairs
from quickstudy.lab.worker import Worker
from quickstudy.machine import quiet
from quickstudy.records import Candidate, Judgement, Measurement, Target, Verdict, Workload

T = TypeVar("T")
LEAST_GAIN = 1.05
KEPT = "What it keeps from one call for the next does not count."
LEFT_BEHIND = "Its gain is there only where its calls were made before, by an earlier process."
KILLED = "its process was killed twice, as the system does when memory runs out. Free some, and try again."
TIMING_SECONDS, FIRST_SECONDS, NOISE_SECONDS = 2.4, 0.8, 0.6
"""What both timings of a candidate may take, the first of them, and that of the original against itself.

Imports come on top; the second has what the first and its imports left, and as much as the first at least.
"""
ROUGH, FINE = 0.5, 0.06
"""How wide a gain's interval may be to go on to the confirmation, and to be shown to a user."""
SHORT_S = 10 * SHORTEST_S
"""With passes so short it is not the machine's fault that a gain cannot be told."""
LONGEST_PASS_S = 0.2
"""What a pass may take the original to confirm a great gain, so that the candidate's can be told well."""


@dataclass(frozen=True, slots=True)
class _Timing:
    """A speedup over the original, and how it was found."""

    plan: Plan
    measured: Measurement
    at_first: float
    """The speedup in the first pair of passes."""
    seconds: float
    """What it took, waits for a quiet machine aside."""


class Lab:
    """One target's lab; `prepare` comes before `judge`. Between calls nothing of it runs."""

    def __init__(
        self,
        project: Path,
        *,
        python: Path | None = None,
        workload: Path | None = None,
        sandbox: Mode = "auto",
        least_gain: float = LEAST_GAIN,
        dials: Dials = USUAL,
        hidden: tuple[str, ...] = (),
    ) -> None:
        """Raises NoSandbox if nothing here can confine code and `sandbox` is not "off"."""
        self.project = project
        self.python = python
        self.workload = workload
        self.least_gain = least_gain
        self.dials = dials
        self.hidden = hidden
        self.sandbox: Sandbox = find_sandbox(sandbox)
        self.seed: int = 0
        """Hash and random seed of every child of this run."""
        self._base: Baseline | None = None
        """Set by `prepare`."""
        self._passed: tuple[str, ...] | None = None
        """The project's tests that reach the target and pass, once they have been run."""
        self._usual: Loaded | None = None
        """What importing the original does, and what its code reaches for then or later; set by `prepare`."""
        self._noise: float = 0.0
        """How far from 1 the original's speedup over itself came out."""
        self._best: float = 0.0
        """What the fastest candidate so far surely gains."""

    @property
    def sandbox_name(self) -> str:
        return self.sandbox.name

    async def prepare(self, target: Target) -> Workload:
        """Find the workload and see that the original does the same twice.

        Raises Unmeasurable with the reason, and InputError for a workload file that cannot be used.
        """
        try:
            return await _twice(partial(self._prepared, target))
        except Killed:
            raise Unmeasurable(f"The original could not be measured: {KILLED}") from None

    async def _prepared(self, target: Target) -> Workload:
        interpreter = await find_interpreter(self.project, self.python, self.sandbox)
        place = place_of(target.path, self.project)
        bench = Bench(target, self.project, interpreter, place, self.sandbox, hidden=self.hidden)
        base = self._base = await learn(bench, self.workload, self.seed)
        self._passed = base.passed
        self._noise = await self._against_itself(base)
        return Workload(
            tuple(one.call for one in base.shown),
            tuple(one.call for one in base.held_out),
            base.seen,
            "CPython " + ".".join(map(str, interpreter.version)),
            self._noise,
        )

    async def _against_itself(self, base: Baseline) -> float:
        """How far from 1 a speedup is that is none. Raises Unmeasurable if the original cannot be timed."""
        try:
            async with self._worker(base.bench, base.bench.target.text) as worker:
                reaches = (one.observed["reaches"] for one in (*base.shown, *base.held_out))
                self._usual = replace(worker.loaded, reaches=worker.loaded.reaches.union(*reaches))
                told = (await self._time(worker, base.shown, ROUGH, NOISE_SECONDS)).measured
        except Died as death:
            raise Unmeasurable(
                f"The original fails when its calls follow each other. {death.reason}"
            ) from death
        return max(told.high - 1, 1 - told.low)

    async def judge(self, candidate: Candidate) -> Judgement:
        """Check, time and confirm one candidate that has a text. Raises NotJudged."""
        try:
            return await _twice(partial(self._judged, candidate))
        except Killed:
            raise NotJudged(f"It could not be judged: {KILLED}") from None

    async def _judged(self, candidate: Candidate) -> Judgement:
        base = self._base
        assert base is not None and candidate.text is not None
        began = time.monotonic()
        checked = began
        try:
            async with self._worker(base.bench, candidate.text, candidate.source) as worker:
                await self._check(worker, base.shown)
                await check_pace(worker, base.shown)
                checked = time.monotonic()
                timing = await self._time(worker, base.shown, ROUGH, FIRST_SECONDS, screens=True)
                first = timing.measured
                gains = first.speedup > self.least_gain
                apart = await parted(worker, base.shown, self.dials) if gains else None
            # The first timing only screens: whether a gain is more than noise is for the second to say.
            if gains:
                seconds = max(FIRST_SECONDS, TIMING_SECONDS - timing.seconds)
                verdict = await self._confirm(base, candidate, first, apart, seconds)
            else:
                verdict = self._verdict(first)
        except Died as death:
            verdict = Verdict(death.kind, death.sentence, facts=death.facts, words=death.words)
        ended = time.monotonic()
        checked = checked if checked > began else ended
        return Judgement(verdict, checked - began, ended - checked)

    async def _confirm(
        self, base: Baseline, candidate: Candidate, first: Measurement, apart: Apart | None, seconds: float
    ) -> Verdict:
        """Time it again where luck cannot have stayed: fresh processes, inputs that nobody has seen."""
        bench, text = base.bench, candidate.text
        assert text is not None
        failed = await self._failing_test(bench, text)
        if failed is not None:
            return Verdict("wrong", "{}", facts=(failed,))
        pass_s = min(LONGEST_PASS_S, PASS_S * first.speedup)
        # Who cannot be the winner any more needs no fine figure.
        spread = FINE if first.high > self._best else ROUGH
        known = base.confirming
        async with self._worker(bench, text, candidate.source) as worker:
            # Not checked before it is timed: no process of this worker has seen these inputs.
            timing = await self._time(worker, known, spread, seconds, pass_s, apart)
            await self._check(worker, known)
            gained = timing.measured.low > self.least_gain and apart != "processes"
            if gained and not await gains_alone(worker, known, timing.measured.speedup):
                apart = "processes"
                timing = await self._time(worker, known, spread, seconds, pass_s, apart)
        second = timing.measured
        if second.low > self.least_gain:
            fresh = partial(self._worker, bench, text, candidate.source)
            if not await gains_at_once(fresh, timing.plan, timing.at_first, second.speedup):
                return Verdict("same", LEFT_BEHIND)
            self._best = max(self._best, second.low)
            return Verdict("faster", KEPT if apart else "", second)
        said = (
            f"A first timing said {first.speedup:.2f}x; a second one on held-out inputs did not confirm it."
        )
        verdict = self._verdict(second)
        return replace(verdict, sentence=KEPT if apart else verdict.sentence or said)

    async def _failing_test(self, bench: Bench, text: str) -> str | None:
        """Which of the project's tests that the original passes this text does not, in a sentence."""
        if self._passed is None:
            try:
                self._passed = (await from_tests(bench)).passed
            except Unmeasurable:
                self._passed = ()
        if not self._passed:
            return None
        return await failing_test(replace(bench, target=replace(bench.target, text=text)), self._passed)

    def _verdict(self, measured: Measurement) -> Verdict:
        """The word for a measurement that shows no gain."""
        if measured.high < 1 / self.least_gain:
            return Verdict("slower", "", measured)
        noise = f"the original against itself differs by up to {self._noise:.0%}"
        unclear = measured.low < 1 / self.least_gain and measured.high > self.least_gain
        said = ""
        if unclear and measured.original_s <= SHORT_S:
            took = f"less than {math.ceil(measured.original_s * 1e6)} us"
            said = f"Its timed calls take {took} together, too little to tell: more or longer ones would."
        elif unclear:
            said = f"It may be faster or slower; this machine is too busy to tell: {noise}."
        elif measured.low <= self.least_gain < measured.speedup:
            said = f"It may be faster, but not by more than the noise: {noise}."
        return Verdict("same", said, measured)

    @asynccontextmanager
    async def _worker(self, bench: Bench, text: str, variant: str | None = None) -> AsyncGenerator[Worker]:
        async with Worker(bench, text, variant=variant, hash_seed=self.seed) as worker:
            await worker.load(LOAD_SECONDS)
            compare(self._usual or worker.loaded, worker.loaded)
            yield worker

    async def _check(self, worker: Worker, known: Sequence[Known]) -> None:
        assert self._usual is not None
        await check_calls(worker, known, self._usual.reaches, self.dials)

    async def _time(
        self,
        worker: Worker,
        known: Sequence[Known],
        spread: float,
        seconds: float,
        pass_s: float = PASS_S,
        apart: Apart | None = None,
        screens: bool = False,
    ) -> _Timing:
        timed, warm = to_time(known, pass_s)
        if apart is not None:
            timed, warm = (timed[:1], []) if apart == "processes" else (timed[:MOST_LOOKED], warm)
        most = patience([*timed, *warm])
        plan = Plan(data(timed), data(warm), seconds, most, spread, screens, apart == "modules")
        async with quiet():
            began = time.monotonic()
            measured, at_first = await time_pairs(worker, plan, self.least_gain, self.dials)
            return _Timing(plan, measured, at_first, time.monotonic() - began)


async def _twice(work: Callable[[], Awaitable[T]]) -> T:
    """Do it once more if a child is killed meanwhile. Raises Killed the second time."""
    try:
        return await work()
    except Killed:
        return await work()
