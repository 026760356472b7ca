"""The lab: finds a workload, learns what the original does, and says what a candidate is worth.

A candidate is loaded in a child of its own, checked call by call, timed in pairs against the original, and,
if it gained, confirmed in fresh processes on held-out inputs. Expected results never enter a child.
"""

import math
import random
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Literal, LiteralString

from quickstudy.errors import Unmeasurable
from quickstudy.lab.baseline import LOAD_SECONDS, Baseline, Known, learn
from quickstudy.lab.check import USUAL, Dials, difference
from quickstudy.lab.child import Bench, Died
from quickstudy.lab.choosing import MOST_LOOKED, PASS_S, TRACED, data, patience, to_look_at, to_time
from quickstudy.lab.interpreter import find_interpreter, place_of
from quickstudy.lab.keeping import Kept, keeps
from quickstudy.lab.laziness import TURNS, hurried, least
from quickstudy.lab.sandbox import Mode, Sandbox, find_sandbox
from quickstudy.lab.suite import failing_test, from_tests
from quickstudy.lab.timing import SHORTEST_S, Plan, time_pairs
from quickstudy.lab.worker import Worker
from quickstudy.machine import quiet
from quickstudy.records import Candidate, Judgement, Measurement, Target, Verdict, Workload

LEAST_GAIN = 1.05
Apart = Literal["modules", "processes"]
"""What each call gets of its own, so that it finds nothing that another one kept."""
KEPT = "What it keeps from one call for the next does not count."
STARTS: Mapping[str, LiteralString] = {
    "thread": "It starts a thread when it is imported.",
    "process": "It starts a process when it is imported.",
}
LEAVES: Mapping[str, LiteralString] = {
    "threads": "It leaves threads behind that are still at work.",
    "children": "It leaves children behind that are still at work.",
}
REFUSALS = ("PermissionError", "OSError", "socket.gaierror")
"""What code raises that is refused a file or the network by the sandbox."""
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
        self._left: dict[str, int] = {}
        """How many threads and processes importing the original leaves; set by `prepare`."""
        self._noise: float = 0.0
        """How far from 1 the original's speedup over itself came out."""
        self._best: float = 0.0
        """What the fastest candidate so far surely gains."""
        self._kept: dict[bool, list[Kept]] = {}
        """What the original keeps of the calls that are looked at for it: in its module or elsewhere, and, by
        True, elsewhere only, if its module can be loaded again in one process; set by `prepare`."""

    @property
    def sandbox_name(self) -> str:
        return self.sandbox.name

    async def prepare(self, target: Target) -> Workload:
        """Find the workload and see that the original does the same twice.

        Raises Unmeasurable with the reason, and InputError for a workload file that cannot be used.
        """
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
            ".".join(map(str, interpreter.version)),
            self._noise,
        )

    async def _against_itself(self, base: Baseline) -> float:
        """How far from 1 a speedup is that is none. Raises Unmeasurable if the original cannot be timed."""
        try:
            async with self._worker(base.bench, base.bench.target.text) as worker:
                self._left = worker.left
                told, _ = await self._time(worker, base.shown, ROUGH, NOISE_SECONDS)
                await self._learn_kept(worker, base.confirming)
        except Died as death:
            raise Unmeasurable(
                f"The original fails when its calls follow each other. {death.reason}"
            ) from death
        return max(told.high - 1, 1 - told.low)

    async def _learn_kept(self, worker: Worker, known: Sequence[Known]) -> None:
        """Learn what the original keeps, and whether its module can be loaded again and again, and soon.

        One that registers itself somewhere may not.
        """
        self._kept = {False: await _keep(worker, known, reload=False)}
        with suppress(Died):
            self._kept[True] = await _keep(worker, known, reload=True)

    async def judge(self, candidate: Candidate) -> Judgement:
        """Check, time and confirm one candidate that has a text."""
        base = self._base
        assert base is not None and candidate.text is not None
        began = time.monotonic()
        checked = began
        try:
            async with self._worker(base.bench, candidate.text, candidate.source) as worker:
                await self._check(worker, base.shown)
                await self._pace(worker, base.shown)
                checked = time.monotonic()
                first, spent = await self._time(worker, base.shown, ROUGH, FIRST_SECONDS, screens=True)
            # The first timing only screens: whether a gain is more than noise is for the second to say.
            if first.speedup <= self.least_gain:
                verdict = self._verdict(first)
            else:
                verdict = await self._confirm(
                    base, candidate, first, max(FIRST_SECONDS, TIMING_SECONDS - spent)
                )
        except Died as death:
            verdict = Verdict(death.kind, death.sentence, facts=death.facts, words=death.words)
        ended = time.monotonic()
        checked = checked if checked > began else ended
        return Judgement(verdict, checked - began, ended - checked)

    async def _confirm(
        self, base: Baseline, candidate: Candidate, first: Measurement, seconds: float
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
        async with self._worker(bench, text, candidate.source) as worker:
            await self._check(worker, base.confirming)
            apart = await self._parted(worker, base.confirming)
            second, _ = await self._time(worker, base.confirming, spread, seconds, pass_s, apart)
        if second.low > self.least_gain:
            self._best = max(self._best, second.low)
            return Verdict("faster", KEPT if apart else "", second)
        said = (
            f"A first timing said {first.speedup:.2f}x; a second one on held-out inputs did not confirm it."
        )
        verdict = self._verdict(second)
        return replace(verdict, sentence=KEPT if apart else verdict.sentence or said)

    async def _parted(self, worker: Worker, known: Sequence[Known]) -> Apart | None:
        """How calls must be kept apart, so that none finds what another one kept; None if nothing is kept."""
        for reload, usual in self._kept.items():
            if not keeps(usual, await _keep(worker, known, reload)):
                return "modules" if reload else None
        return "processes"

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
            for what, usual in self._left.items():
                if worker.left[what] > usual:
                    raise Died("rejected", STARTS[what])
            yield worker

    async def _check(self, worker: Worker, known: Sequence[Known]) -> None:
        """Raises Died with what is wrong with the first call that is not as the original's."""
        for one in random.sample(known, len(known)):
            drawn: LiteralString = "."
            if one.call.origin == "generated":
                drawn = ", on an input drawn for checking."
            try:
                observed = await worker.observe(one.call, patience([one]))
            except Died as death:
                raise death.during(drawn) from None
            problem = difference(one.observed, observed, self.dials)
            if problem is not None:
                refused = any(f"It raises {name} " in problem for name in REFUSALS)
                if refused and self.sandbox.name != "off":
                    drawn += " The sandbox refuses it files and the network."
                raise Died("wrong", "{}" + drawn, problem.removesuffix("."))
            for left in LEAVES:
                if observed[left] and not one.observed[left]:
                    raise Died("rejected", LEAVES[left])

    async def _pace(self, worker: Worker, known: Sequence[Known]) -> None:
        """Raises Died with what a candidate does too soon that the original leaves for later."""
        lazy = [one for one in known if one.pace.lazy]
        if not lazy:
            return
        turns = [await worker.pace(data(lazy), TURNS * patience(lazy)) for _ in range(TURNS)]
        for one, pace in zip(lazy, least(turns), strict=True):
            problem = hurried(one.pace, pace)
            if problem is not None:
                raise Died("wrong", "{}", problem)

    async def _time(
        self,
        worker: Worker,
        known: Sequence[Known],
        spread: float,
        seconds: float,
        pass_s: float = PASS_S,
        apart: Apart | None = None,
        screens: bool = False,
    ) -> tuple[Measurement, float]:
        """The speedup over the original, and the seconds of finding out, waits for a quiet machine aside."""
        timed, warm = to_time(known, pass_s)
        if apart is not None:
            timed, warm = (timed[:1], []) if apart == "processes" else (timed[:MOST_LOOKED], warm)
        most = patience([*timed, *warm])
        plan = Plan(data(timed), data(warm), seconds, most, spread, screens, apart == "modules")
        async with quiet():
            began = time.monotonic()
            measured = await time_pairs(worker, plan, self.least_gain, self.dials)
            return measured, time.monotonic() - began


async def _keep(worker: Worker, known: Sequence[Known], reload: bool) -> list[Kept]:
    """What those of the calls that are looked at keep."""
    looked = to_look_at(known)
    return await worker.keep(data(looked), TRACED * patience(looked), reload)
