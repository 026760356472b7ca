"""The report: a pure fold over the loop's events, and its JSON form (schema 1).

The same fold serves a run that ended, one that was interrupted (what came so far is what there is) and one
that could not begin.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from quickstudy import events
from quickstudy.machine import Machine
from quickstudy.patch import unified_diff
from quickstudy.project import relative
from quickstudy.records import (
    Candidate,
    Lesson,
    Measurement,
    RunVerdict,
    Target,
    Usage,
    Verdict,
    Workload,
)

SCHEMA = 1

Phase = Literal["preparing", "fetching", "proposing", "judging", "explaining", "over"]
"""What a run is at. `fetching`: an embedded model comes to this machine."""

EXIT_STATUS: dict[RunVerdict, int] = {
    "faster": 0,
    "none": 1,
    "unmeasurable": 3,
    "no_agents": 4,
    "interrupted": 130,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A candidate and, once the lab has spoken, its verdict."""

    candidate: Candidate
    verdict: Verdict | None = None

    @property
    def measurement(self) -> Measurement | None:
        return self.verdict.measurement if self.verdict else None


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of a run so far. Begin with the first three fields, then go `after` each event."""

    target: Target
    root: Path
    """The project's folder, from which paths are shown."""
    machine: Machine
    sandbox: str = "none"
    workload: Workload | None = None
    rounds: int = 0
    """How many there are to be; 0 where variants are only measured."""
    round: int = 0
    """The one under way, from 1; 0 before the first."""
    phase: Phase = "preparing"
    attempts: tuple[Attempt, ...] = ()
    failures: tuple[events.AgentFailed, ...] = ()
    unjudged: tuple[events.NotJudged, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    bank_failures: tuple[str, ...] = ()
    """Why the bank could not be used, a sentence each. A lesson that it has not got yet has the id 0."""
    usage: Usage = field(default_factory=Usage)
    prepare_s: float = 0.0
    generate_s: float = 0.0
    """Wall-clock seconds in which at least one model was at work."""
    check_s: float = 0.0
    time_s: float = 0.0
    verdict: RunVerdict = "interrupted"
    reason: str | None = "The run was interrupted."
    asked_s: float = 0.0
    """Seconds since the agents were last asked all at once, as far as answers tell."""
    settings: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """By its key, each setting's value and where it comes from, as JSON."""

    def after(self, event: events.Event) -> "Report":
        """One step of the fold."""
        match event:
            case events.Prepared():
                return replace(self, workload=event.workload, prepare_s=event.seconds)
            case events.RoundBegan():
                return replace(self, round=event.round, phase="proposing", asked_s=0.0)
            case events.Proposed():
                known = replace(self, attempts=(*self.attempts, Attempt(event.candidate)))
                return known._answered(event.candidate.usage, event.seconds)
            case events.AgentFailed():
                return replace(self, failures=(*self.failures, event))
            case events.Judging():
                return replace(self, phase="judging", asked_s=0.0)
            case events.Judged():
                attempts = tuple(
                    replace(each, verdict=event.verdict) if each.candidate.id == event.candidate.id else each
                    for each in self.attempts
                )
                return replace(
                    self,
                    attempts=attempts,
                    check_s=self.check_s + event.check_s,
                    time_s=self.time_s + event.time_s,
                )._after_judging()
            case events.NotJudged():
                return replace(self, unjudged=(*self.unjudged, event))._after_judging()
            case events.Learnt():
                return replace(self, lessons=(*self.lessons, event.lesson))._answered(
                    event.usage, event.seconds
                )
            case events.BankFailed():
                return replace(self, bank_failures=(*self.bank_failures, event.reason))
            case events.Finished():
                return replace(self, verdict=event.verdict, reason=event.reason, phase="over")

    def _after_judging(self) -> "Report":
        waiting = len(self.attempts) - len(self.judged) - len(self.unjudged)
        return self if waiting or not self.rounds else replace(self, phase="explaining")

    def _answered(self, usage: Usage, seconds: float) -> "Report":
        # Agents are asked all at once, so the time of a phase is that of its slowest answer.
        more = max(0.0, seconds - self.asked_s)
        return replace(
            self,
            usage=self.usage + usage,
            generate_s=self.generate_s + more,
            asked_s=self.asked_s + more,
        )

    @property
    def judged(self) -> tuple[tuple[Candidate, Verdict], ...]:
        """The candidates that have a verdict, in the order in which they came."""
        return tuple((each.candidate, each.verdict) for each in self.attempts if each.verdict)

    @property
    def best(self) -> tuple[Candidate, Measurement] | None:
        """The fastest candidate that was proven equal and faster."""
        faster = [
            (candidate, verdict.measurement)
            for candidate, verdict in self.judged
            if verdict.kind == "faster" and verdict.measurement
        ]
        return max(faster, key=lambda pair: pair[1].speedup, default=None)

    @property
    def diff(self) -> str:
        """What the best candidate changes in its module; empty when there is none."""
        if self.best is None or self.best[0].text is None:
            return ""
        return unified_diff(self.target.text, self.best[0].text, relative(self.target.path, self.root))


def as_json(report: Report, total_s: float, *, applied: bool = False) -> dict[str, Any]:
    """The contract's object. Times are seconds; a speedup is original time over candidate time."""
    target, workload, usage, machine = report.target, report.workload, report.usage, report.machine
    toolchain = workload.toolchain if workload else ""
    return {
        "schema": SCHEMA,
        "verdict": report.verdict,
        "reason": report.reason,
        "target": {
            "path": relative(target.path, report.root),
            "qualname": target.qualname,
            "language": target.language,
            "sha256": target.sha256,
            "project": str(report.root),
        },
        "best": _best(report),
        "applied": applied,
        "candidates": [_candidate(candidate, verdict) for candidate, verdict in report.judged],
        "lessons": [_lesson(lesson) for lesson in report.lessons],
        "failures": _failures(report),
        "bank_failures": list(report.bank_failures),
        "workload": {
            "origins": list(workload.origins) if workload else [],
            "calls": workload.seen if workload else 0,
            "distinct": workload.distinct if workload else 0,
            "holdout": len(workload.held_out) if workload else 0,
        },
        "usage": {
            "prompt_tokens": usage.prompt_tokens,
            "completion_tokens": usage.completion_tokens,
            "cost_usd": usage.cost_usd,
            "prepare_s": round(report.prepare_s, 3),
            "generate_s": round(report.generate_s, 3),
            "check_s": round(report.check_s, 3),
            "time_s": round(report.time_s, 3),
            "total_s": round(total_s, 3),
        },
        "settings": dict(report.settings),
        "machine": {
            "python": toolchain.removeprefix("CPython ") or machine.python,
            "toolchain": toolchain or None,
            "platform": machine.platform,
            "cpu": machine.cpu,
            "sandbox": report.sandbox,
            "noise": round(workload.noise, 4) if workload else None,
        },
    }


def _failures(report: Report) -> list[dict[str, Any]]:
    """Attempts without a verdict: an agent did not answer, or its candidate could not be judged."""
    return [
        *({"agent": each.agent, "round": each.round, "reason": each.reason} for each in report.failures),
        *(
            {
                "agent": each.candidate.agent,
                "round": each.candidate.round,
                "reason": each.reason,
                "candidate": each.candidate.id,
            }
            for each in report.unjudged
        ),
    ]


def _best(report: Report) -> dict[str, Any] | None:
    if report.best is None:
        return None
    candidate, measurement = report.best
    return {
        "candidate": candidate.id,
        **_figures(measurement),
        "source": candidate.source,
        "diff": report.diff,
    }


def _candidate(candidate: Candidate, verdict: Verdict) -> dict[str, Any]:
    return {
        "id": candidate.id,
        "agent": candidate.agent,
        "round": candidate.round,
        "verdict": verdict.kind,
        "reason": verdict.reason or None,
        "code": verdict.why.code.key if verdict.why else None,
        **_figures(verdict.measurement),
        "lessons_used": list(candidate.lessons_used),
        "prompt_tokens": candidate.usage.prompt_tokens,
        "completion_tokens": candidate.usage.completion_tokens,
        "cost_usd": candidate.usage.cost_usd,
        "source": candidate.source,
    }


def _lesson(lesson: Lesson) -> dict[str, Any]:
    return {
        "id": lesson.id,
        "agent": lesson.agent,
        "round": lesson.round,
        "outcome": lesson.outcome,
        "speedup": _significant(lesson.speedup),
        "text": lesson.text,
    }


def _figures(measurement: Measurement | None) -> dict[str, float | None]:
    if measurement is None:
        return {"speedup": None, "low": None, "high": None}
    return {
        "speedup": _significant(measurement.speedup),
        "low": _significant(measurement.low),
        "high": _significant(measurement.high),
    }


def _significant(figure: float | None) -> float | None:
    return None if figure is None else float(f"{figure:.5g}")
