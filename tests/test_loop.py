"""The method against scripted models: each branch of LessonL's Algorithm 2 by name."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeVar

import pytest

from quickstudy import events
from quickstudy.bank import Bank
from quickstudy.errors import AgentError, BudgetSpent, NotJudged, Unmeasurable
from quickstudy.languages import language_for, language_named
from quickstudy.loop import optimize
from quickstudy.reasons import Code, reason
from quickstudy.records import (
    Agent,
    Candidate,
    Judgement,
    Lesson,
    Limits,
    Measurement,
    Target,
    Verdict,
    VerdictKind,
    Workload,
)
from quickstudy.team import Team
from quickstudy.team.scripted import ScriptedModel

E = TypeVar("E")

PYTHON = language_for(Path("shop.py"))

SOURCE = """\
def common(a, b):
    out = []
    for x in a:
        if x in b and x not in out:
            out.append(x)
    return out
"""


def code(tag: str) -> str:
    """A reply that holds a rewrite; the scripted lab knows it by its tag."""
    return f"```python\ndef common(a, b):\n    return {tag!r}\n```"


def speedup(value: float, kind: VerdictKind = "faster") -> Verdict:
    return Verdict(kind, None, Measurement(value, value * 0.95, value * 1.05, 5, 1.0, 1.0 / value))


class ScriptedLab:
    """Knows the verdict for each tag; keeps what it was asked. It is its own trial."""

    workload = Workload((), (), 0)

    def __init__(self, verdicts: Mapping[str, Verdict], unmeasurable: str | None = None) -> None:
        self.verdicts = verdicts
        self.unmeasurable = unmeasurable
        self.judged: list[str] = []

    async def prepare(self, target: Target) -> Self:
        if self.unmeasurable:
            raise Unmeasurable(self.unmeasurable)
        return self

    async def judge(self, candidate: Candidate) -> Judgement:
        self.judged.append(candidate.id)
        found = next(verdict for tag, verdict in self.verdicts.items() if f"'{tag}'" in candidate.source)
        return Judgement(found, 0.1, 0.2)


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    """A bank of its own for each test."""
    return Bank.open(tmp_path / ".quickstudy" / "lessons.db", language_named)


def target(source: str = SOURCE, name: str = "common") -> Target:
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Target(Path("/project/shop.py"), name, "python", source, source, "", digest)


async def run(
    bank: Bank,
    replies: Mapping[str, Sequence[str | AgentError]],
    verdicts: Mapping[str, Verdict],
    limits: Limits,
    on: Target | None = None,
    lab: ScriptedLab | None = None,
) -> tuple[list[events.Event], ScriptedModel]:
    """One whole run: its events, and what the models were asked."""
    model = ScriptedModel(replies)
    team = Team([Agent(name) for name in replies], PYTHON, model=model)
    stream: AsyncIterator[events.Event] = optimize(
        on or target(), PYTHON, team, lab or ScriptedLab(verdicts), bank, limits
    )
    return [event async for event in stream], model


def of(kind: type[E], seen: Sequence[events.Event]) -> list[E]:
    return [event for event in seen if isinstance(event, kind)]


async def test_a_round_proposes_judges_explains_and_keeps(bank: Bank) -> None:
    """The first round without earlier lessons: y_j from x alone, its verdict, its lesson, in this order."""
    seen, model = await run(
        bank, {"x/a": [code("quick"), "Use a set."]}, {"quick": speedup(3.0)}, Limits(rounds=1)
    )
    assert [
        events.Prepared,
        events.RoundBegan,
        events.Proposed,
        events.Judging,
        events.Judged,
        events.Learnt,
        events.Finished,
    ] == [type(event) for event in seen]
    assert "lessons about" not in model.asked[0].prompt.lower()
    (kept,) = bank.list()
    assert (kept.text, kept.outcome, kept.speedup, kept.round) == ("Use a set.", "faster", 3.0, 1)
    assert (events.Finished("faster", None)) == seen[-1]


async def test_all_agents_propose_at_once(bank: Bank) -> None:
    """No agent waits for another: both questions are asked before either is answered."""
    asked: list[str] = []
    both = asyncio.Event()

    class Together(ScriptedModel):
        async def complete(self, messages, *, agent, **more):  # type: ignore[no-untyped-def]
            asked.append(agent.model)
            if len(asked) == 2:
                both.set()
            await asyncio.wait_for(both.wait(), 5)
            return await super().complete(messages, agent=agent, **more)

    model = Together({name: [code("quick"), "A lesson."] for name in ("x/a", "x/b")})
    team = Team(
        [Agent("x/a", "https://far.example"), Agent("x/b", "https://far.example")], PYTHON, model=model
    )
    stream = optimize(
        target(),
        PYTHON,
        team,
        ScriptedLab({"quick": speedup(2.0)}),
        bank,
        Limits(rounds=1),
    )
    assert len(of(events.Proposed, [event async for event in stream])) == 2


async def test_the_second_round_reads_the_lessons_of_the_first(bank: Bank) -> None:
    """Z_t goes to every agent, and each candidate says which lessons it had."""
    seen, model = await run(
        bank,
        {"x/a": [code("quick"), "Look things up in a set.", code("slow"), "Sorting costs."]},
        {"quick": speedup(3.0), "slow": speedup(0.5, "slower")},
        Limits(rounds=2),
    )
    second = of(events.Proposed, seen)[1].candidate
    assert (of(events.Learnt, seen)[0].lesson.id,) == second.lessons_used
    assert "Look things up in a set." in model.asked[2].prompt
    assert "improves the speed significantly" in model.asked[2].prompt


async def test_a_new_function_begins_with_lessons_of_a_similar_one(bank: Bank) -> None:
    """The bank lasts: round 1 of the next run is given what an earlier run learnt."""
    await run(bank, {"x/a": [code("quick"), "Use a set."]}, {"quick": speedup(3.0)}, Limits(rounds=1))
    similar = SOURCE.replace("common", "shared").replace("out", "found")
    _, model = await run(
        bank,
        {"x/a": [code("quick").replace("common", "shared"), "Again."]},
        {"quick": speedup(2.0)},
        Limits(rounds=1),
        on=target(similar, "shared"),
    )
    assert "Use a set." in model.asked[0].prompt


async def test_lessons_are_asked_for_and_kept_with_the_toolchain_of_the_project(
    bank: Bank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the one that the workload was found with, whatever we run on."""
    asked: list[str] = []

    class Projects(ScriptedLab):
        workload = Workload((), (), 0, "CPython 3.9.7")

    async def select(target: Target, toolchain: str, run: str, k: int) -> Sequence[Lesson]:
        asked.append(toolchain)
        return ()

    monkeypatch.setattr(bank, "select", select)
    lab = Projects({"quick": speedup(3.0)})
    await run(bank, {"x/a": [code("quick"), "Use a set."]}, {}, Limits(rounds=1), lab=lab)
    (kept,) = bank.list()
    assert (["CPython 3.9.7"], "CPython 3.9.7", "python") == (asked, kept.toolchain, kept.language)


async def test_lessons_can_be_switched_off(bank: Bank) -> None:
    """k = 0 is best-of-N: no lesson reaches a prompt, but each attempt still leaves one."""
    seen, model = await run(
        bank,
        {"x/a": [code("quick"), "Use a set.", code("quick"), "Use a set, again."]},
        {"quick": speedup(3.0)},
        Limits(rounds=2, lessons=0),
    )
    assert [event.lessons for event in of(events.RoundBegan, seen)] == [(), ()]
    assert not any("Use a set." in asked.prompt for asked in model.asked)
    assert len(bank.list()) == 2


async def test_credit_rises_when_an_agent_does_better_than_the_lesson(bank: Bank) -> None:
    """f = 1 + e where the new speedup exceeds the lesson's own, 1 - e where it does not."""
    replies = [code("quick"), "First.", code("quicker"), "Second.", code("slow"), "Third."]
    await run(
        bank,
        {"x/a": replies},
        {"quick": speedup(2.0), "quicker": speedup(4.0), "slow": speedup(0.5, "slower")},
        Limits(rounds=3),
    )
    first = next(lesson for lesson in bank.list() if lesson.text == "First.")
    second = next(lesson for lesson in bank.list() if lesson.text == "Second.")
    assert pytest.approx(1.1 * 0.9) == first.credit
    assert pytest.approx(0.9) == second.credit
    assert (first.uses, second.uses) == (2, 1)


async def test_a_failed_attempt_never_counts_as_a_win(bank: Bank) -> None:
    """A wrong variant lowers the credit of the lessons it was given, whatever it might have been timed at."""
    await run(
        bank,
        {"x/a": [code("same"), "It is the loop.", code("wrong"), "Order matters."]},
        {"same": speedup(1.0, "same"), "wrong": Verdict("wrong", reason(Code.OTHER_WARNINGS))},
        Limits(rounds=2),
    )
    assert pytest.approx(0.9) == next(one for one in bank.list() if one.text == "It is the loop.").credit


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("wrong", "results differ"),
        ("crashed", "crash"),
        ("timed_out", "much longer"),
        ("unloadable", "load"),
        ("rejected", "reject"),
    ],
)
async def test_each_outcome_has_its_own_question(kind: VerdictKind, asked: str, bank: Bank) -> None:
    """A crash is not told as a wrong result: six outcomes, kept apart [LessonL §4.3 of our notes]."""
    seen, model = await run(
        bank,
        {"x/a": [code("bad"), "A lesson."]},
        {"bad": Verdict(kind, reason(Code.OTHER_WARNINGS))},
        Limits(rounds=1),
    )
    assert asked in model.asked[1].prompt.lower()
    assert kind == of(events.Learnt, seen)[0].lesson.outcome
    assert of(events.Finished, seen)[0].verdict == "none"


async def test_one_agents_failure_costs_its_attempt_not_the_round(bank: Bank) -> None:
    """The other agents of the round go on."""
    seen, _ = await run(
        bank,
        {"x/a": [AgentError("x/a is down.")], "x/b": [code("quick"), "A lesson."]},
        {"quick": speedup(2.0)},
        Limits(rounds=1),
    )
    assert [event.reason for event in of(events.AgentFailed, seen)] == ["x/a is down."]
    assert of(events.Finished, seen)[0].verdict == "faster"


async def test_a_failed_explanation_costs_only_the_lesson(bank: Bank) -> None:
    """The verdict on the attempt stands."""
    seen, _ = await run(
        bank, {"x/a": [code("quick"), AgentError("x/a is down.")]}, {"quick": speedup(2.0)}, Limits(rounds=1)
    )
    assert of(events.Finished, seen)[0].verdict == "faster"
    assert bank.list() == []


async def test_no_agent_that_answers_ends_the_run(bank: Bank) -> None:
    """Not one candidate in a round of failures: the verdict names the reason."""
    seen, _ = await run(bank, {"x/a": [AgentError("x/a is down.")] * 9}, {}, Limits(rounds=3))
    finished = of(events.Finished, seen)[0]
    assert (finished.verdict, "x/a is down." in str(finished.reason)) == ("no_agents", True)


async def test_spent_tokens_end_the_run_with_what_it_has(bank: Bank) -> None:
    """BudgetSpent stops further rounds; the best so far is kept and the reason told."""
    seen, _ = await run(
        bank,
        {"x/a": [code("quick"), "A lesson.", BudgetSpent("The 100 tokens allowed are spent.")]},
        {"quick": speedup(2.0)},
        Limits(rounds=4),
    )
    assert events.Finished("faster", "The 100 tokens allowed are spent.") == seen[-1]
    assert len(of(events.RoundBegan, seen)) == 2


async def test_a_reply_without_code_is_a_verdict_not_an_exception(bank: Bank) -> None:
    """Unparsable is `unloadable`, needs no lab, and leaves a lesson like any other."""
    lab = ScriptedLab({})
    seen, _ = await run(bank, {"x/a": ["I cannot.", "Write code."]}, {}, Limits(rounds=1), lab=lab)
    assert of(events.Judged, seen)[0].verdict.kind == "unloadable"
    assert lab.judged == []
    assert bank.list()[0].outcome == "unloadable"


async def test_the_original_given_back_is_not_timed(bank: Bank) -> None:
    """An unchanged function is `same` without a measurement."""
    lab = ScriptedLab({})
    reply = f"```python\n{SOURCE}```"
    seen, _ = await run(bank, {"x/a": [reply, "Nothing changed."]}, {}, Limits(rounds=1), lab=lab)
    verdict = of(events.Judged, seen)[0].verdict
    assert (verdict.kind, verdict.measurement, lab.judged) == ("same", None, [])


async def test_the_same_variant_twice_is_judged_once(bank: Bank) -> None:
    """A second agent with the same text gets the same verdict at no cost."""
    lab = ScriptedLab({"quick": speedup(2.0)})
    seen, _ = await run(
        bank,
        {"x/a": [code("quick"), "One."], "x/b": [code("quick"), "Two."]},
        {},
        Limits(rounds=1),
        lab=lab,
    )
    assert [event.verdict.kind for event in of(events.Judged, seen)] == ["faster", "faster"]
    assert len(lab.judged) == 1


async def test_an_unmeasurable_target_costs_no_model_call(bank: Bank) -> None:
    """The workload comes first."""
    lab = ScriptedLab({}, unmeasurable="No test reaches it.")
    with pytest.raises(Unmeasurable, match="No test reaches it"):
        await run(bank, {"x/a": [code("quick")]}, {}, Limits(rounds=1), lab=lab)


async def test_a_lesson_is_in_the_bank_before_it_is_reported(bank: Bank) -> None:
    """A kill right after the event loses nothing."""
    model = ScriptedModel({"x/a": [code("quick"), "Use a set."]})
    stream = optimize(
        target(),
        PYTHON,
        Team([Agent("x/a")], PYTHON, model=model),
        ScriptedLab({"quick": speedup(2.0)}),
        bank,
        Limits(rounds=1),
    )
    async for event in stream:
        if isinstance(event, events.Learnt):
            assert event.lesson == bank.get(event.lesson.id)


async def test_cancelling_stops_the_questions_in_flight(bank: Bank) -> None:
    """A cancelled run leaves no request behind."""
    ended = asyncio.Event()
    asked = asyncio.Event()

    class Endless(ScriptedModel):
        async def complete(self, messages, **more):  # type: ignore[no-untyped-def]
            asked.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

    async def consume() -> None:
        team = Team([Agent("x/a")], PYTHON, model=Endless({}))
        lab = ScriptedLab({})
        async for _ in optimize(target(), PYTHON, team, lab, bank, Limits()):
            pass

    task = asyncio.create_task(consume())
    await asked.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_the_time_budget_ends_the_run(bank: Bank) -> None:
    """An agent that does not answer in time costs its attempt; the run says why it ended."""

    class Slow(ScriptedModel):
        async def complete(self, messages, **more):  # type: ignore[no-untyped-def]
            await asyncio.Event().wait()

    stream = optimize(
        target(),
        PYTHON,
        Team([Agent("x/a")], PYTHON, model=Slow({})),
        ScriptedLab({}),
        bank,
        Limits(seconds=0.2),
    )
    finished = of(events.Finished, [event async for event in stream])[0]
    assert (finished.verdict, finished.reason) == ("no_agents", "The time budget was used up.")


class KilledLab(ScriptedLab):
    """Has no verdict on what it does not know."""

    async def judge(self, candidate: Candidate) -> Judgement:
        if not any(f"'{tag}'" in candidate.source for tag in self.verdicts):
            raise NotJudged("It could not be judged.")
        return await super().judge(candidate)


async def test_without_a_verdict_there_is_no_lesson(bank: Bank) -> None:
    """What was not judged teaches nothing; the other agents of the round are asked as ever."""
    replies = {"x/a": [code("ended")], "x/b": [code("quick"), "Use a set."]}
    verdicts = {"quick": speedup(3.0)}
    seen, model = await run(bank, replies, verdicts, Limits(rounds=1), lab=KilledLab(verdicts))
    (unjudged,) = of(events.NotJudged, seen)
    assert ("x/a", "It could not be judged.") == (unjudged.candidate.agent, unjudged.reason)
    assert ["x/b"] == [event.candidate.agent for event in of(events.Judged, seen)]
    assert ["x/b"] == [event.lesson.agent for event in of(events.Learnt, seen)]
    assert 3 == len(model.asked)


async def test_a_run_whose_only_candidate_was_not_judged_says_so(bank: Bank) -> None:
    """The agent did answer: what is missing is a verdict."""
    seen, _ = await run(bank, {"x/a": [code("ended")]}, {}, Limits(rounds=1), lab=KilledLab({}))
    assert events.Finished("none", "It could not be judged.") == seen[-1]
