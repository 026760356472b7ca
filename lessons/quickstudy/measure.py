"""The lab alone: variants that somebody wrote by hand, judged as the loop judges those of a model."""

import time
from collections.abc import AsyncIterator, Sequence

from quickstudy import events
from quickstudy.errors import NotJudged
from quickstudy.loop import Lab, Language, trivial_verdict
from quickstudy.records import Candidate, Target

AUTHOR = "you"


async def measure(
    target: Target, language: Language, lab: Lab, sources: Sequence[str]
) -> AsyncIterator[events.Event]:
    """Judge each replacement, and yield what happens. Raises Unmeasurable."""
    started = time.monotonic()
    workload = await lab.prepare(target)
    yield events.Prepared(target, workload, time.monotonic() - started)
    found = False
    unjudged = ""
    for number, source in enumerate(sources, 1):
        splice = language.splice(target, source)
        candidate = Candidate(
            f"v{number}", AUTHOR, 0, source, splice.text, splice.problem, rejected=splice.rejected
        )
        yield events.Proposed(candidate, 0.0)
        yield events.Judging(candidate)
        try:
            judgement = trivial_verdict(target, candidate) or await lab.judge(candidate)
        except NotJudged as error:
            unjudged = str(error)
            yield events.NotJudged(candidate, unjudged)
            continue
        yield events.Judged(candidate, judgement.verdict, judgement.check_s, judgement.time_s)
        found = found or judgement.verdict.kind == "faster"
    if found:
        yield events.Finished("faster", None)
    else:
        yield events.Finished("none", unjudged or "No variant was proven both equal and faster.")
