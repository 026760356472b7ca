"""What the original does: calls to it, each observed twice before any candidate is judged."""

import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from quickstudy.errors import Unmeasurable
from quickstudy.lab import workload as workloads
from quickstudy.lab.check import EXACT, difference, exception_name, opaque
from quickstudy.lab.child import Bench, ChildFailed
from quickstudy.lab.floats import Described
from quickstudy.lab.laziness import Pace, least
from quickstudy.lab.suite import NotReached, from_tests, test_files
from quickstudy.lab.supervisor.messages import Observation
from quickstudy.lab.worker import Lost, Worker
from quickstudy.reasons import Reason, sentence
from quickstudy.records import Call

LOAD_SECONDS = 60.0
CALL_SECONDS = 60.0
OBSERVE_SECONDS = 45.0
"""After this no further call of a large workload is taken up."""
EDGE_CASES = 48
GROWN = 9
GROWN_S = 0.001
TOO_SHORT_S = 0.0002
"""If no call found takes the original longer, larger ones are made to be timed."""
HICCUP_S = 1.0
"""What keeps a busy machine from a call is shorter: calls that take so long are not timed again to plan."""


@dataclass(frozen=True, slots=True)
class Known:
    """One call and what the original did in it."""

    call: Call
    observed: Observation
    pace: Pace
    """What the original takes for it, in a process that is warm but has not seen it."""
    told_s: float = 0.0
    """What the original takes for it with all around it: its inputs made, its results described and sent."""

    @property
    def seconds(self) -> float:
        return self.pace.seconds

    @property
    def returns(self) -> bool:
        return self.observed.outcome == "return"


@dataclass(frozen=True, slots=True)
class Baseline:
    """All that candidates are held against."""

    bench: Bench
    """Where the calls can be made: the tests' folders are on its path."""
    shown: tuple[Known, ...]
    """Calls for checking and the first timing."""
    held_out: tuple[Known, ...]
    """Calls for the confirmation."""
    seen: int
    """How many calls were seen before doubles were dropped."""
    passed: tuple[str, ...] | None
    """The project's tests that reach the target and pass; None if they have not been run."""

    @property
    def confirming(self) -> tuple[Known, ...]:
        """The calls for the confirmation; those shown if too few were found to hold any out."""
        return self.held_out or self.shown


async def learn(bench: Bench, workload: Path | None, seed: int) -> Baseline:
    """Find calls of the target and see that the original does the same twice.

    Raises Unmeasurable with the reason, and InputError for a workload file that cannot be used.
    """
    found, unreached = await _found(bench, workload)
    folders = dict.fromkeys((*bench.place.roots, *found.folders))
    withheld = _withheld(bench, workload, found.calls)
    bench = replace(bench, place=replace(bench.place, roots=tuple(folders)), withheld=withheld)
    async with _Witnesses(bench, seed) as witnesses:
        known = await _observed(witnesses, found.calls)
        slowest = max((one.seconds for one in known if one.returns), default=0.0)
        grow = GROWN if workload is None and slowest < TOO_SHORT_S else 0
        calls = [one.call for one in known]
        more = await workloads.generated(bench, calls, cases=EDGE_CASES, grown=grow, aim_s=GROWN_S)
        known += await _observed(witnesses, more.calls)
    if not known:
        raise unreached or Unmeasurable("The original does something else each time it is called.")
    return Baseline(bench, *_split(known), found.seen + more.seen, found.passed)


def _withheld(bench: Bench, workload: Path | None, calls: Sequence[Call]) -> tuple[Path, ...]:
    """The files that the calls come from: code that reads them knows all results before it is asked.

    A file stays readable if a call cannot be made without it, as one with an instance of its class.
    """
    files = [Path.cwd() / workload] if workload is not None else test_files(bench)
    return tuple(
        file
        for file in files
        if file != bench.target.path and not any(file.stem.encode() in call.payload for call in calls)
    )


async def _found(bench: Bench, workload: Path | None) -> tuple[workloads.Found, NotReached | None]:
    """Calls that somebody wrote or made; or why there are none, for when type hints give none either."""
    if workload is not None:
        return await workloads.declared(bench, workload), None
    kept = workloads.kept(bench)
    if kept.calls:
        return kept, None
    try:
        return await from_tests(bench), None
    except NotReached as nothing:
        return workloads.Found((), 0), nothing


class _Witnesses(AsyncExitStack):
    """Children with the original in them, each started when it is first needed."""

    def __init__(self, bench: Bench, seed: int) -> None:
        super().__init__()
        self._bench = bench
        self._seeds = {"first": seed, "other": seed + 1, "same": seed}
        """The hash seeds of the first, of one that differs in it, and of one that does not."""
        self._workers: dict[str, Worker] = {}

    async def call(self, name: str) -> Worker:
        if name not in self._workers:
            worker = Worker(self._bench, self._bench.target.text, hash_seed=self._seeds[name])
            self._workers[name] = await self.enter_async_context(worker)
            await worker.load(LOAD_SECONDS)
        return self._workers[name]


async def _observed(witnesses: _Witnesses, calls: Sequence[Call]) -> list[Known]:
    """What the original does in each call, from two processes with different seeds.

    Raises Unmeasurable if a call that was seen does not do the same twice even with seeds fixed; a
    generated one is dropped.
    """
    if not calls:
        return []
    try:
        once = await _observe(await witnesses.call("first"), calls)
        twice = await _observe_again(await witnesses.call("other"), once)
        if any(_unlike(_steady(one, other), other) for one, other in zip(once, twice, strict=False)):
            twice = await _observe_again(await witnesses.call("same"), once)
    except ChildFailed as failed:
        raise Unmeasurable(f"The original fails on its own workload. {sentence(failed.why)}") from failed
    known: list[Known] = []
    for one, other in zip(once, twice, strict=False):
        one = _steady(one, other)
        problem = _unlike(one, other)
        strange = opaque(one.observed.value)
        if problem is None and strange is None:
            known.append(one)
        elif one.call.origin != "generated":
            what = (
                f"It is not deterministic: {sentence(problem)}"
                if problem
                else f"Its results hold a {strange},"
            )
            raise Unmeasurable(what if problem else f"{what} whose content cannot be compared.")
    if known and calls[0].origin != "generated" and not any(one.returns for one in known):
        raised = exception_name(known[0].observed.value)
        raise Unmeasurable(f"The original raises {raised} on every call of its workload.")
    return known


async def _observe(worker: Worker, calls: Sequence[Call]) -> list[Known]:
    seen: list[tuple[Call, Observation, float]] = []
    lost: Lost | None = None
    deadline = time.monotonic() + OBSERVE_SECONDS
    for call in calls:
        began = time.monotonic()
        try:
            seen.append((call, await worker.observe(call, CALL_SECONDS), time.monotonic() - began))
        except Lost as problem:
            lost = problem
        except ChildFailed as failed:  # what a drawn call crashes it with tells nothing of a faster one
            if call.origin != "generated" or failed.why.kind == "timed_out":
                raise
        if time.monotonic() > deadline:
            break
    if lost and not seen:
        raise lost
    again = [call for call, _, _ in seen]
    paces = await worker.pace(again, OBSERVE_SECONDS + CALL_SECONDS)
    if sum(one.seconds for one in paces) < HICCUP_S:
        # Or a call that had to wait for the core would pass for one worth timing.
        paces = least((paces, await worker.pace(again, OBSERVE_SECONDS + CALL_SECONDS)))
    return [Known(call, saw, pace, told) for (call, saw, told), pace in zip(seen, paces, strict=True)]


async def _observe_again(worker: Worker, known: Sequence[Known]) -> list[Known]:
    """The same calls in another process; what they take is known already."""
    return [replace(one, observed=await worker.observe(one.call, CALL_SECONDS)) for one in known]


def _unlike(one: Known, other: Known) -> Reason | None:
    return difference(one.observed, other.observed, EXACT)


def _steady(one: Known, other: Known) -> Known:
    """The first of two observations of a call without the globals that differ: the time of a start, an id."""
    observed = one.observed.replace(globals=_common(one.observed.globals, other.observed.globals))
    early, others = observed.early, other.observed.early
    if early and others:
        observed = observed.replace(early=early.replace(globals=_common(early.globals, others.globals)))
    return replace(one, observed=observed)


def _common(globals_: Mapping[str, Described], others: Mapping[str, Described]) -> dict[str, Described]:
    return {name: value for name, value in globals_.items() if others.get(name) == value}


def _split(known: Sequence[Known]) -> tuple[tuple[Known, ...], tuple[Known, ...]]:
    """Hold out a third of the calls, spread over what they cost: short and long ones in both parts.

    Those that raise are not timed, so that holding them out would only have a variant judged without them.
    """
    ordered = sorted((one for one in known if one.returns), key=lambda one: one.seconds, reverse=True)
    shown = [one for place, one in enumerate(ordered) if place % 3 != 1]
    return (*shown, *(one for one in known if not one.returns)), tuple(ordered[1::3])
