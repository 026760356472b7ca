"""What the agents are told, from the texts in `prompts/` [LessonL §3.2, figures of the appendix].

All prompts about one target begin with the same characters, so that a server that keeps the state of the
last prompt reads only what is new: system, task, rules, source and context come first, lessons after.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from string import Template

from quickstudy.disclosure import may_disclose
from quickstudy.reasons import sentence
from quickstudy.records import Candidate, Lesson, Target, Verdict
from quickstudy.team.completion import Message
from quickstudy.team.language import Language
from quickstudy.verdicts import WORDS

SIGNIFICANT = 1.1
"""From this speedup on a gain is called significant [LessonL §3.2]."""
_REASON_LINES = 3
_REASON_LENGTH = 400


def propose(target: Target, lessons: Sequence[Lesson], language: Language) -> list[Message]:
    """The question for a faster replacement, with the lessons selected for this round."""
    learnt = _text("lessons", lessons=_fenced(_numbered(target, lessons), "text")) if lessons else ""
    return _messages(language, *_task(target, language), learnt, _text("propose", name=target.name))


def explain(target: Target, candidate: Candidate, verdict: Verdict, language: Language) -> list[Message]:
    """The question for the lesson in an attempt, by its outcome. Of a wrong one no data is told.

    What the attempt read or composed when it was run stays out of it: see `_why`.
    """
    attempt = _fenced(candidate.source or "(no code)", target.language)
    why = _why(verdict, (candidate.source, target.source, target.context))
    question = _text("explain", candidate=attempt, outcome=_outcome(verdict, why))
    return _messages(language, *_task(target, language), question)


def verdict_in_words(lesson: Lesson) -> str:
    """What the lab found of the attempt behind a lesson, for the next prompt [LessonL §3.1]."""
    if lesson.outcome == "same" and not lesson.speedup:
        return "left the code as it was"
    degree = "significantly" if _is_significant(lesson.speedup) else "slightly"
    return WORDS[lesson.outcome].clause.format(degree=degree, figure=_times(lesson.speedup))


def _messages(language: Language, *parts: str) -> list[Message]:
    system = _text("system", language=language.title)
    question = "\n\n".join(filter(None, parts))
    return [{"role": "system", "content": system}, {"role": "user", "content": question}]


def _task(target: Target, language: Language) -> tuple[str, str, str]:
    """The part that is the same in all prompts about a target: task with rules, source, context."""
    what = {"language": language.title, "name": target.name, "rules": language.rules(target)}
    source = _fenced(target.source, target.language)
    return (
        _text("method", **what, owner=target.owner) if target.owner else _text("function", **what),
        _text("source", name=target.name, source=source),
        _text("context", context=_fenced(target.context, target.language)) if target.context.strip() else "",
    )


def _numbered(target: Target, lessons: Sequence[Lesson]) -> str:
    lines: list[str] = []
    for number, lesson in enumerate(lessons, 1):
        elsewhere = f" (tried on `{lesson.qualname}`)" if lesson.sha256 != target.sha256 else ""
        text = " ".join(lesson.text.split())
        lines.append(f"{number}. An attempt that {verdict_in_words(lesson)}{elsewhere}: {text}")
    return "\n".join(lines)


def _why(verdict: Verdict, known: Sequence[str]) -> str:
    """The reason for a verdict with nothing in it that is news to a model that knows these texts."""
    return sentence(verdict.why, lambda fact: may_disclose(fact, known)) if verdict.why else ""


def _outcome(verdict: Verdict, why: str) -> str:
    speedup = verdict.measurement.speedup if verdict.measurement else None
    name = str(verdict.kind)
    if verdict.kind == "faster":
        name = "faster_significantly" if _is_significant(speedup) else "faster_slightly"
    elif verdict.kind == "same" and speedup is None:
        name = "unchanged"  # to ask why a change did not pay would teach a falsehood
    return _text(
        f"outcome/{name}",
        speedup=f"{speedup:.2f}" if speedup is not None else "an unknown number of",
        measured=f" ({speedup:.2f} times)" if speedup is not None else "",
        reason=_fenced(_head(why) or "(no message)", "text"),
    )


def _is_significant(speedup: float | None) -> bool:
    return speedup is not None and speedup >= SIGNIFICANT


def _times(speedup: float | None) -> str:
    return f" ({speedup:.2f}x)" if speedup is not None else ""


def _head(message: str) -> str:
    """The first lines of a message: the rest of a traceback or a log says little and costs tokens."""
    return "\n".join(message.strip().splitlines()[:_REASON_LINES])[:_REASON_LENGTH]


def _fenced(data: str, kind: str) -> str:
    """Data between fences that it cannot close, however many backticks it holds."""
    longest = max((len(run) for run in re.findall(r"`+", data)), default=0)
    fence = "`" * max(3, longest + 1)
    data = data.strip("\n")
    return f"{fence}{kind}\n{data}\n{fence}"


def _text(file: str, /, **values: str) -> str:
    return _template(file).substitute(values)


@cache
def _template(file: str) -> Template:
    path = Path(__file__).parent / "prompts" / f"{file}.txt"
    return Template(path.read_text(encoding="utf-8").strip())
