"""The method: LessonL's Algorithm 2, read top to bottom. It does no input or output of its own.

Four rooms are handed in, language, team, lab and bank, of which only the shapes are known here (`rooms.py`).
"""

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Coroutine, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from quickstudy import events
from quickstudy.errors import AgentError, BudgetSpent, NotJudged
from quickstudy.machine import this_machine
from quickstudy.memory import Memory
from quickstudy.reasons import Code, reason
from quickstudy.records import (
    Candidate,
    Judgement,
    Lesson,
    Limits,
    Splice,
    Target,
    Verdict,
    Workload,
)
from quickstudy.rooms import Bank, Lab, Language, Team
from quickstudy.verdicts import WORDS

T = TypeVar("T")


async def optimize(
    target: Target, language: Language, team: Team, lab: Lab, bank: Bank, limits: Limits
) -> AsyncGenerator[events.Event]:
    """Make the target faster in rounds, and yield what happens [LessonL Algorithm 2].

    Cancelling is safe at any point: what was yielded is true, and a lesson that was yielded is in the bank,
    or where `events.BankFailed` says.
    Raises Unmeasurable before the first round if the target cannot be checked.
    """
    deadline = None if limits.seconds is None else time.monotonic() + limits.seconds
    run = uuid.uuid4().hex
    memory = Memory(bank)
    judged: dict[str, Judgement] = {}
    best = 1.0

    started = time.monotonic()
    trial = await lab.prepare(target)
    yield events.Prepared(target, trial.workload, time.monotonic() - started)

    stopped: str | None = None
    failure = unjudged = ""
    for number in range(1, limits.rounds + 1):
        k = limits.lessons
        # The bank lasts, so the first round already has lessons: those of earlier, similar functions.
        lessons = await memory.select(target, trial.workload.toolchain, run, k) if k else ()
        for failed in memory.failures():
            yield failed
        yield events.RoundBegan(number, tuple(lessons))

        # Every agent writes y_j from x and Z_t, all at once.
        candidates: list[Candidate] = []
        async for event in _propose(target, language, team, number, lessons, deadline):
            if isinstance(event, events.Proposed):
                candidates.append(event.candidate)
            else:
                failure = event.reason
                stopped = event.reason if event.final else stopped
            yield event
        if not candidates:
            stopped = stopped or f"No agent of the team could answer. {failure}"

        # Each y_j is executed: checked, then timed. The same text gets the same verdict.
        verdicts: list[tuple[Candidate, Verdict]] = []
        for candidate in candidates:
            if _over(deadline):
                break
            yield events.Judging(candidate)
            known = trivial_verdict(target, candidate) or _again(candidate, judged)
            try:
                judgement = known or await trial.judge(candidate)
            except NotJudged as error:
                unjudged = str(error)
                yield events.NotJudged(candidate, unjudged)
                continue
            judged.setdefault(candidate.text or candidate.source, judgement)
            verdicts.append((candidate, judgement.verdict))
            yield events.Judged(candidate, judgement.verdict, judgement.check_s, judgement.time_s)

        # Every lesson used is adjusted by how the agents did that had it.
        speedups = [_speedup(verdict) for _, verdict in verdicts]
        if lessons and speedups:
            wins = [[speed > _bar(lesson, target, best) for speed in speedups] for lesson in lessons]
            await memory.credit(lessons, wins)
        best = max([best, *speedups])

        # The agent that wrote y_j writes the lesson z_j, good or bad.
        async for event in _explain(target, team, trial.workload, run, verdicts, deadline):
            if isinstance(event, events.AgentFailed):
                stopped = event.reason if event.final else stopped
            else:
                event = events.Learnt(await memory.add(event.lesson), event.usage, event.seconds)
            yield event
        for failed in memory.failures():
            yield failed

        if _over(deadline):
            stopped = "The time budget was used up."
        if stopped is not None:
            break

    yield _finish(judged, unjudged, stopped)


async def _propose(
    target: Target,
    language: Language,
    team: Team,
    number: int,
    lessons: Sequence[Lesson],
    deadline: float | None,
) -> AsyncIterator[events.Proposed | events.AgentFailed]:
    """Ask all agents at once, and yield each answer as it comes."""

    async def ask(place: int, agent: str) -> events.Proposed | events.AgentFailed:
        started = time.monotonic()
        try:
            async with asyncio.timeout_at(_loop_time(deadline)):
                proposal = await team.propose(agent, target, lessons)
        except TimeoutError:
            return events.AgentFailed(agent, number, "The time budget ended before it answered.")
        except AgentError as error:
            return events.AgentFailed(agent, number, str(error), final=isinstance(error, BudgetSpent))
        splice = Splice(None, proposal.problem)
        if proposal.problem is None:
            splice = language.splice(target, proposal.source)
        candidate = Candidate(
            id=f"r{number}a{place}",
            agent=agent,
            round=number,
            source=proposal.source,
            text=splice.text,
            problem=splice.problem,
            rejected=splice.rejected,
            lessons_used=tuple(lesson.id for lesson in lessons),
            usage=proposal.usage,
        )
        return events.Proposed(candidate, time.monotonic() - started)

    async for event in _as_they_come([ask(place, agent) for place, agent in enumerate(team.agents, 1)]):
        yield event


async def _explain(
    target: Target,
    team: Team,
    workload: Workload,
    run: str,
    verdicts: Sequence[tuple[Candidate, Verdict]],
    deadline: float | None,
) -> AsyncIterator[events.Learnt | events.AgentFailed]:
    """Let each agent explain its own attempt [LessonL §3.2]. The lessons have no id yet."""
    machine = this_machine()

    async def ask(candidate: Candidate, verdict: Verdict) -> events.Learnt | events.AgentFailed:
        started = time.monotonic()
        try:
            async with asyncio.timeout_at(_loop_time(deadline)):
                text, usage = await team.explain(candidate.agent, target, candidate, verdict)
        except TimeoutError:
            reason = "The time budget ended before it explained its attempt."
            return events.AgentFailed(candidate.agent, candidate.round, reason)
        except AgentError as error:
            final = isinstance(error, BudgetSpent)
            return events.AgentFailed(candidate.agent, candidate.round, str(error), final)
        measured = verdict.measurement
        lesson = Lesson(
            id=0,
            text=text,
            outcome=verdict.kind,
            speedup=measured.speedup if measured else None,
            low=measured.low if measured else None,
            high=measured.high if measured else None,
            agent=candidate.agent,
            round=candidate.round,
            path=str(target.path),
            qualname=target.qualname,
            language=target.language,
            sha256=target.sha256,
            original=target.source,
            candidate=candidate.source,
            run=run,
            toolchain=workload.toolchain,
            platform=machine.platform,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        return events.Learnt(lesson, usage, time.monotonic() - started)

    async for event in _as_they_come([ask(candidate, verdict) for candidate, verdict in verdicts]):
        yield event


async def _as_they_come(questions: Sequence[Coroutine[None, None, T]]) -> AsyncIterator[T]:
    """Run all at once and yield results in order of arrival; leave none running behind."""
    tasks = [asyncio.create_task(question) for question in questions]
    try:
        for done in asyncio.as_completed(tasks):
            yield await done
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def trivial_verdict(target: Target, candidate: Candidate) -> Judgement | None:
    """A verdict that needs no lab: there is no text, or it is the original's."""
    if candidate.text is None:
        code = Code.FORBIDDEN if candidate.rejected else Code.UNUSABLE
        why = reason(code, problem=candidate.problem or "")
        return Judgement(Verdict(why.kind, why), 0.0, 0.0)
    if candidate.text == target.text:
        return Judgement(Verdict("same", reason(Code.UNCHANGED)), 0.0, 0.0)
    return None


def _again(candidate: Candidate, judged: dict[str, Judgement]) -> Judgement | None:
    """The verdict that the same text got before."""
    before = judged.get(candidate.text or "")
    return Judgement(before.verdict, 0.0, 0.0) if before else None


def _speedup(verdict: Verdict) -> float:
    """A correct candidate's speedup. Anything that failed counts as no speed at all, never as a win."""
    equal = WORDS[verdict.kind].equal
    return verdict.measurement.speedup if equal and verdict.measurement else 0.0


def _bar(lesson: Lesson, target: Target, best: float) -> float:
    """What a speedup must exceed to speak for a lesson.

    The paper compares with the lesson's own speedup. That of another function says nothing about this
    one, so such a lesson is held against the best that this run had without it.
    """
    return (lesson.speedup or 0.0) if lesson.sha256 == target.sha256 else best


def _finish(judged: dict[str, Judgement], unjudged: str, stopped: str | None) -> events.Finished:
    if any(judgement.verdict.kind == "faster" for judgement in judged.values()):
        return events.Finished("faster", stopped)
    if not judged and not unjudged:
        return events.Finished("no_agents", stopped)
    return events.Finished("none", stopped or unjudged or "No variant was proven both equal and faster.")


def _over(deadline: float | None) -> bool:
    return deadline is not None and time.monotonic() >= deadline


def _loop_time(deadline: float | None) -> float | None:
    """A deadline of `time.monotonic` on the clock of the running event loop."""
    if deadline is None:
        return None
    return asyncio.get_running_loop().time() + deadline - time.monotonic()
