"""When a timing stops, and what it says then: scripted passes, and no clock."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from quickstudy.lab.decision import Continue, Pairs, Question, Stop, decide
from quickstudy.lab.policy import USUAL_TIMING as POLICY
from quickstudy.lab.supervisor.messages import PassTimes
from quickstudy.records import Measurement

US = 1000
"""Nanoseconds."""
QUESTION = Question(least_gain=1.05, seconds=2.0, width=0.06)


def taking(us: float, **more: int) -> PassTimes:
    """A pass that took so long, and nothing besides."""
    return PassTimes(round(us * US), 0, 0, 0, 0, 0, None, 0, 0, {}, True).replace(**more)


def pairs(original: Sequence[float], candidate: Sequence[float], spent_s: float = 0.1, **more: int) -> Pairs:
    """Passes that took so many microseconds each; `more` is of the candidate's."""
    return Pairs([taking(us) for us in original], [taking(us, **more) for us in candidate], spent_s)


def stopped(pairs: Pairs, question: Question = QUESTION) -> Measurement:
    """What a decision says that must be the last."""
    decision = decide(pairs, question, POLICY)
    assert isinstance(decision, Stop), decision
    return decision.measurement


@pytest.mark.parametrize(
    ("number", "original", "candidate"),
    [(5, 1000, 500), (5, 1000, 2000), (12, 1000, 1000), (12, 1000, 1100)],
    ids=["2x", "0.5x", "1x", "0.91x"],
)
def test_a_clear_answer_needs_few_pairs(number: int, original: float, candidate: float) -> None:
    """Far from 1 the fewest; near it enough for an interval that holds."""
    fewer, enough = ([count * [one] for one in (original, candidate)] for count in (number - 1, number))
    assert Continue(suspicious=False) == decide(pairs(*fewer), QUESTION, POLICY)
    found = stopped(pairs(*enough))
    assert (pytest.approx(original / candidate, rel=0.01), number) == (found.speedup, found.pairs)


def test_a_noisy_gain_goes_on() -> None:
    """An interval that is wide around a gain says nothing that may be shown."""
    noisy = pairs([1000, 1400, 900, 1300, 1000], [800, 700, 850, 600, 900])
    assert Continue(suspicious=False) == decide(noisy, QUESTION, POLICY)


def test_a_screening_is_content_with_a_likely_gain() -> None:
    """The confirmation has the last word."""
    noisy = pairs([1000, 1300, 1000, 1200, 1050], [800, 850, 850, 800, 850])
    assert stopped(noisy, replace(QUESTION, screens=True, width=0.5)).low > 1
    assert isinstance(decide(noisy, QUESTION, POLICY), Continue)


def test_the_budget_ends_it() -> None:
    """Whatever the interval says then; imports are no timing, up to three times as much."""
    noisy = pairs([1000, 1400, 900, 1300, 1000, 1000], [800, 700, 850, 600, 900, 800], spent_s=2.1)
    assert stopped(noisy).low < 1.2
    importing = replace(noisy, original=[one.replace(import_ns=10**9) for one in noisy.original])
    assert isinstance(decide(importing, QUESTION, POLICY), Continue)
    assert stopped(replace(importing, spent_s=8.1)).low < 1.2


@pytest.mark.parametrize("part", ["import_ns", "before_ns", "between_ns"])
def test_work_outside_the_calls_is_counted(part: str) -> None:
    """What is saved in the calls and spent elsewhere is no gain."""
    moved = pairs([1_000_000] * 12, [400_000] * 12, spent_s=9.0, **{part: 600_000 * US})
    assert pytest.approx(1.0, rel=0.01) == stopped(moved).speedup


def test_suspicion_lasts_until_it_is_settled() -> None:
    """A machine that was busy elsewhere looks like work outside the calls in a few pairs."""
    odd = pairs([1000] * 5, [400] * 5, before_ns=600 * US)
    assert Continue(suspicious=True) == decide(odd, QUESTION, POLICY)
    even = pairs([1000] * 6, [400] * 6)
    assert Continue(suspicious=True) == decide(replace(even, suspicious=True), QUESTION, POLICY)


def test_the_queue_for_the_core_is_no_time_of_the_candidate() -> None:
    """Where the kernel counts it for every pass."""
    waiting = pairs([1000] * 12, [1500] * 12, runqueue_wait_ns=1000 * US)
    assert pytest.approx(2.0, rel=0.01) == stopped(waiting).speedup
    unknown = replace(waiting, original=[one.replace(runqueue_wait_ns=None) for one in waiting.original])
    assert pytest.approx(2 / 3, rel=0.01) == stopped(unknown).speedup


def test_the_raw_pairs_are_there() -> None:
    """Who doubts the figure can count again: seconds of each pair, the original's first."""
    assert [(pytest.approx(1e-3), pytest.approx(5e-4))] * 5 == list(stopped(pairs([1000] * 5, [500] * 5)).raw)


def test_passes_too_short_for_the_clock_are_never_shown_the_same() -> None:
    """Two microseconds either way are a systematic error: it stops, and the interval is as wide."""
    found = stopped(pairs([20] * 12, [20] * 12))
    assert found.low < 0.95 and 1.05 < found.high
