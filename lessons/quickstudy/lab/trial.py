"""The lab: learns what the original does, and says what a candidate is worth.

A candidate is loaded in a child of its own, verified call by call, timed in pairs against the original, and,
if it gained, confirmed in fresh processes on the holdout. Expected results never enter a child.
"""

import math
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

from quickstudy.errors import NotJudged
from quickstudy.figures import factor, percent
from quickstudy.lab.choosing import calls_of, patience, to_time
from quickstudy.lab.compare import Tolerances
from quickstudy.lab.decision import Question, Stop
from quickstudy.lab.doubt import gains_alone, gains_at_once
from quickstudy.lab.isolation import Isolation, needed_isolation
from quickstudy.lab.loaded import compare
from quickstudy.lab.policy import TimingPolicy
from quickstudy.lab.reference import Reference, ReferenceCall
from quickstudy.lab.rig import Disqualified, Killed, Loaded, Rig, Subject
from quickstudy.lab.timing import Plan, time_pairs
from quickstudy.lab.verification import verify_calls, verify_laziness
from quickstudy.machine import quiet, this_machine
from quickstudy.reasons import Code, reason
from quickstudy.records import Candidate, Judgement, Measurement, Verdict, Workload

T = TypeVar("T")
KILLED = "its process was killed twice, as the system does when memory runs out. Free some, and try again."


@dataclass(frozen=True, slots=True)
class _Timing:
    """A speedup over the original, and how it was found."""

    plan: Plan
    measurement: Measurement
    first_pair: float
    """The speedup in the first pair of passes."""
    seconds: float
    """What it took, waits for a quiet machine aside."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all of a trial's measurements are made with."""

    rig: Rig
    reference: Reference
    seed: int
    """Of every child's hashes and of its chance."""
    least_gain: float
    tolerances: Tolerances
    policy: TimingPolicy
    confined: bool

    @asynccontextmanager
    async def subject(
        self, text: str, variant: str | None = None, usual: Loaded | None = None
    ) -> AsyncGenerator[Subject]:
        """A child that loaded a text. Raises Disqualified if that does what `usual` does not."""
        async with self.rig.subject(text, variant=variant, seed=self.seed) as subject:
            compare(usual or subject.loaded, subject.loaded)
            yield subject

    async def time(
        self,
        subject: Subject,
        known: Sequence[ReferenceCall],
        seconds: float,
        width: float,
        *,
        pass_s: float | None = None,
        isolation: Isolation | None = None,
        screens: bool = False,
    ) -> _Timing:
        policy = self.policy
        timed, warm = to_time(known, pass_s or policy.pass_s, policy)
        if isolation == "process":
            timed, warm = timed[:1], []
        elif isolation == "module":
            timed = timed[: policy.most_inspected]
        most = patience([*timed, *warm])
        plan = Plan(calls_of(timed), calls_of(warm), most, isolation == "module")
        question = Question(self.least_gain, seconds, width, screens, plan.modules)
        async with quiet():
            began = time.monotonic()
            stop: Stop = await time_pairs(subject, plan, question, policy, self.tolerances)
            measurement = replace(stop.measurement, machine=this_machine())
            return _Timing(plan, measurement, stop.first_pair, time.monotonic() - began)


class Trial:
    """What is known of one original, and what candidates are held against."""

    def __init__(self, bench: Bench, usual: Loaded, aa_halfwidth: float) -> None:
        """`usual` is what loading the original does, and what its code reaches for then or later;
        `aa_halfwidth` how far from 1 its speedup over itself may be, by its 95 % interval.
        """
        self._bench = bench
        self._usual = usual
        self._aa_halfwidth = aa_halfwidth
        self._best = 0.0
        """What the fastest candidate so far surely gains."""

    @property
    def workload(self) -> Workload:
        reference = self._bench.reference
        return Workload(
            calls_of(reference.search_calls),
            calls_of(reference.holdout),
            reference.seen,
            ", ".join(map(" ".join, self._bench.rig.toolchain.items())),
            self._aa_halfwidth,
        )

    async def judge(self, candidate: Candidate) -> Judgement:
        """Verify, time and confirm one candidate that has a text. Raises NotJudged."""
        assert candidate.text is not None
        try:
            return await twice(partial(self._judged, candidate.text, candidate.source))
        except Killed:
            raise NotJudged(f"It could not be judged: {KILLED}") from None

    async def _judged(self, text: str, variant: str) -> Judgement:
        bench, policy = self._bench, self._bench.policy
        known = bench.reference.search_calls
        began = time.monotonic()
        verified = began
        try:
            async with bench.subject(text, variant, self._usual) as subject:
                await self._verify(subject, known)
                await verify_laziness(subject, known)
                verified = time.monotonic()
                budget, width = policy.screening_budget_s, policy.screening_width
                timing = await bench.time(subject, known, budget, width, screens=True)
                first = timing.measurement
                gains = first.speedup > bench.least_gain
                isolation = (
                    await needed_isolation(bench.rig, subject, known, policy, bench.tolerances)
                    if gains
                    else None
                )
            # The first timing only screens: whether a gain is more than noise is for the second to say.
            if gains:
                seconds = max(policy.screening_budget_s, policy.candidate_budget_s - timing.seconds)
                verdict = await self._confirm(text, variant, first, isolation, seconds)
            else:
                verdict = self._verdict(first)
        except Disqualified as out:
            verdict = Verdict(out.why.kind, out.why)
        ended = time.monotonic()
        verified = verified if verified > began else ended
        return Judgement(verdict, verified - began, ended - verified)

    async def _confirm(
        self, text: str, variant: str, first: Measurement, isolation: Isolation | None, seconds: float
    ) -> Verdict:
        """Time it again where luck cannot have stayed: fresh processes, inputs that nobody has seen."""
        bench, policy = self._bench, self._bench.policy
        failed = await bench.rig.failing_test(text)
        if failed is not None:
            return Verdict("wrong", failed)
        pass_s = min(policy.great_gain_pass_s, policy.pass_s * first.speedup)
        # Who cannot be the winner any more needs no fine figure.
        width = policy.confirmation_width if first.high > self._best else policy.screening_width
        known = bench.reference.confirmation_calls
        fresh = partial(bench.subject, text, variant, self._usual)
        async with fresh() as subject:
            # Not verified before it is timed: no process of this subject has seen these inputs.
            again = partial(bench.time, subject, known, seconds, width, pass_s=pass_s)
            timing = await again(isolation=isolation)
            await self._verify(subject, known)
            gained = timing.measurement.low > bench.least_gain and isolation != "process"
            if gained and not await gains_alone(subject, known, timing.measurement.speedup, policy):
                isolation = "process"
                timing = await again(isolation=isolation)
        second = timing.measurement
        if second.low > bench.least_gain:
            if not await gains_at_once(fresh, timing.plan, timing.first_pair, second.speedup, policy):
                return Verdict("same", reason(Code.EARLIER_PROCESS))
            self._best = max(self._best, second.low)
            return Verdict("faster", reason(Code.STATE_NOT_COUNTED) if isolation else None, second)
        verdict = self._verdict(second)
        if isolation:
            return replace(verdict, why=reason(Code.ONLY_STATE))
        return replace(verdict, why=verdict.why or reason(Code.UNCONFIRMED, speedup=factor(first.speedup)))

    async def _verify(self, subject: Subject, known: Sequence[ReferenceCall]) -> None:
        reaches: Collection[str] = self._usual.reaches
        await verify_calls(subject, known, reaches, self._bench.tolerances, self._bench.confined)

    def _verdict(self, measured: Measurement) -> Verdict:
        """The word for a measurement that shows no gain."""
        gain, policy = self._bench.least_gain, self._bench.policy
        if measured.high < 1 / gain:
            return Verdict("slower", None, measured)
        noise = percent(self._aa_halfwidth)
        unclear = measured.low < 1 / gain and measured.high > gain
        why = None
        if unclear and measured.original_s <= policy.short_pass_s:
            why = reason(Code.TOO_SHORT, microseconds=str(math.ceil(measured.original_s * 1e6)))
        elif unclear:
            why = reason(Code.TOO_BUSY, noise=noise)
        elif measured.low <= gain < measured.speedup:
            why = reason(Code.WITHIN_NOISE, noise=noise)
        return Verdict("same", why, measured)


async def twice(work: Callable[[], Awaitable[T]]) -> T:
    """Do it once more if a child is killed meanwhile. Raises Killed the second time."""
    try:
        return await work()
    except Killed:
        return await work()
