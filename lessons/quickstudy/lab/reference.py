"""The reference: calls of the original, each observed twice before any candidate is judged."""

import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from quickstudy.errors import Unmeasurable
from quickstudy.lab.compare import EXACT, difference, exception_name, opaque
from quickstudy.lab.floats import Described
from quickstudy.lab.laziness import Pace, least
from quickstudy.lab.rig import ChildFailed, Lost, NotReached, Rig, Subject
from quickstudy.lab.supervisor.messages import Observation
from quickstudy.reasons import Reason, sentence
from quickstudy.records import Call

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
class ReferenceCall:
    """One call and what the original did in it."""

    call: Call
    observed: Observation
    pace: Pace
    """What the original takes for it, in a process that is warm but has not seen it."""
    round_trip_s: float = 0.0
    """What the original takes for it with all around it: its inputs made, its results described and sent."""

    @property
    def seconds(self) -> float:
        return self.pace.seconds

    @property
    def returns(self) -> bool:
        return self.observed.outcome == "return"


@dataclass(frozen=True, slots=True)
class Reference:
    """All that candidates are held against."""

    search_calls: tuple[ReferenceCall, ...]
    """Calls for checking and the first timing."""
    holdout: tuple[ReferenceCall, ...]
    """Calls that no prompt and no first timing has seen."""
    seen: int
    """How many calls were seen before doubles were dropped."""

    @property
    def confirmation_calls(self) -> tuple[ReferenceCall, ...]:
        """The holdout; the search calls if too few were found to hold any out."""
        return self.holdout or self.search_calls


async def learn(rig: Rig, text: str, seed: int, *, declared: bool) -> Reference:
    """Find calls of the original, which has this text, and see that it does the same twice.

    `declared` calls are not grown: somebody has chosen them. Raises Unmeasurable with the reason, and
    InputError for a declaration that cannot be used.
    """
    unreached: NotReached | None = None
    calls: tuple[Call, ...] = ()
    seen = 0
    try:
        found = await rig.found()
        calls, seen = found.calls, found.seen
    except NotReached as nothing:
        unreached = nothing
    async with _ReferenceSubjects(rig, text, seed) as subjects:
        known = await _observed(subjects, calls)
        slowest = max((one.seconds for one in known if one.returns), default=0.0)
        grow = GROWN if not declared and slowest < TOO_SHORT_S else 0
        shaped = [one.call for one in known]
        more = await rig.more(shaped, cases=EDGE_CASES, grown=grow, aim_s=GROWN_S)
        known += await _observed(subjects, more.calls)
    if not known:
        raise unreached or Unmeasurable("The original does something else each time it is called.")
    return Reference(*_split(known), seen + more.seen)


class _ReferenceSubjects(AsyncExitStack):
    """Children with the original in them, each started when it is first needed."""

    def __init__(self, rig: Rig, text: str, seed: int) -> None:
        super().__init__()
        self._rig = rig
        self._text = text
        self._seeds = {"first": seed, "other": seed + 1, "same": seed}
        """The seeds of the first, of one that differs in it, and of one that does not."""
        self._subjects: dict[str, Subject] = {}

    async def call(self, name: str) -> Subject:
        if name not in self._subjects:
            subject = self._rig.subject(self._text, seed=self._seeds[name])
            self._subjects[name] = await self.enter_async_context(subject)
        return self._subjects[name]


async def _observed(subjects: _ReferenceSubjects, calls: Sequence[Call]) -> list[ReferenceCall]:
    """What the original does in each call, from two processes with different seeds.

    Raises Unmeasurable if a call that was seen does not do the same twice even with seeds fixed; a
    generated one is dropped.
    """
    if not calls:
        return []
    try:
        once = await _observe(await subjects.call("first"), calls)
        twice = await _observe_again(await subjects.call("other"), once)
        if any(_unlike(_steady(one, other), other) for one, other in zip(once, twice, strict=False)):
            twice = await _observe_again(await subjects.call("same"), once)
    except ChildFailed as failed:
        raise Unmeasurable(f"The original fails on its own workload. {sentence(failed.why)}") from failed
    known: list[ReferenceCall] = []
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


async def _observe(subject: Subject, calls: Sequence[Call]) -> list[ReferenceCall]:
    seen: list[tuple[Call, Observation, float]] = []
    lost: Lost | None = None
    deadline = time.monotonic() + OBSERVE_SECONDS
    for call in calls:
        began = time.monotonic()
        try:
            seen.append((call, await subject.observe(call, CALL_SECONDS), time.monotonic() - began))
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
    paces = await subject.pace(again, OBSERVE_SECONDS + CALL_SECONDS)
    if sum(one.seconds for one in paces) < HICCUP_S:
        # Or a call that had to wait for the core would pass for one worth timing.
        paces = least((paces, await subject.pace(again, OBSERVE_SECONDS + CALL_SECONDS)))
    return [ReferenceCall(call, saw, pace, took) for (call, saw, took), pace in zip(seen, paces, strict=True)]


async def _observe_again(subject: Subject, known: Sequence[ReferenceCall]) -> list[ReferenceCall]:
    """The same calls in another process; what they take is known already."""
    return [replace(one, observed=await subject.observe(one.call, CALL_SECONDS)) for one in known]


def _unlike(one: ReferenceCall, other: ReferenceCall) -> Reason | None:
    return difference(one.observed, other.observed, EXACT)


def _steady(one: ReferenceCall, other: ReferenceCall) -> ReferenceCall:
    """The first of two observations of a call without the globals that differ: the time of a start, an id."""
    observed = one.observed.replace(globals=_common(one.observed.globals, other.observed.globals))
    early, others = observed.early, other.observed.early
    if early and others:
        observed = observed.replace(early=early.replace(globals=_common(early.globals, others.globals)))
    return replace(one, observed=observed)


def _common(globals_: Mapping[str, Described], others: Mapping[str, Described]) -> dict[str, Described]:
    return {name: value for name, value in globals_.items() if others.get(name) == value}


def _split(
    known: Sequence[ReferenceCall],
) -> tuple[tuple[ReferenceCall, ...], tuple[ReferenceCall, ...]]:
    """Hold out a third of the calls, spread over what they cost: short and long ones in both parts.

    Those that raise are not timed, so that holding them out would only have a variant judged without them.
    """
    ordered = sorted((one for one in known if one.returns), key=lambda one: one.seconds, reverse=True)
    search = [one for place, one in enumerate(ordered) if place % 3 != 1]
    return (*search, *(one for one in known if not one.returns)), tuple(ordered[1::3])
