"""What a gain must stand before it is believed, with scripted passes in place of real ones."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import cast

import pytest
from tests.observations import observation

from quickstudy.lab.doubt import gains_alone, gains_at_once
from quickstudy.lab.laziness import Pace
from quickstudy.lab.policy import USUAL_TIMING
from quickstudy.lab.reference import ReferenceCall
from quickstudy.lab.rig import Pass, Subject
from quickstudy.lab.supervisor.messages import PassTimes
from quickstudy.lab.timing import Plan
from quickstudy.records import Call

US = 1000
"""Nanoseconds."""


def taking(ns: int) -> Pass:
    return Pass(PassTimes(ns, None, 0, 0, 0, 0, None, 0, 0, {}, True), None, [])


class Scripted:
    """A subject whose passes take what a script says: of the original or not, and over which calls."""

    def __init__(self, script: Callable[[bool, Sequence[Call]], int]) -> None:
        self.script = script
        self.asked: list[tuple[Sequence[Call], Sequence[Call]]] = []

    async def clock(self, original: bool, warm: Sequence[Call], calls: Sequence[Call], *_: object) -> Pass:
        self.asked.append((warm, calls))
        return taking(self.script(original, calls))


def known(*seconds: float) -> list[ReferenceCall]:
    """Calls that take so long."""
    return [
        ReferenceCall(Call(bytes([place]), "tests"), observation(), Pace(took, took, took))
        for place, took in enumerate(seconds)
    ]


@pytest.mark.parametrize(
    ("candidate_us", "believed"),
    [(100, True), (140, True), (350, True), (400, False), (1000, False)],
)
async def test_a_gain_must_be_there_in_a_call_that_is_made_alone(candidate_us: int, believed: bool) -> None:
    """Ten times as fast in passes: alone, at least three times, and the first of anything takes longer."""
    subject = Scripted(lambda original, _: 1000 * US if original else candidate_us * US)
    assert believed is await gains_alone(cast(Subject, subject), known(1e-5, 1e-3, 1e-4), 10.0, USUAL_TIMING)


async def test_the_longest_call_is_made_alone() -> None:
    """Only the shortest one comes before it, which brings pages in."""
    subject = Scripted(lambda original, _: 1000 * US)
    calls = known(1e-5, 1e-3, 1e-4)
    await gains_alone(cast(Subject, subject), calls, 2.0, USUAL_TIMING)
    assert {((calls[0].call,), (calls[1].call,))} == {(tuple(one), tuple(two)) for one, two in subject.asked}


PLAN = Plan((Call(b"", "tests"),), (), 1.0)


@asynccontextmanager
async def fresh(started: list[int], ratios: list[float]) -> AsyncGenerator[Subject]:
    """A subject whose first pair shows the next of these speedups."""
    ratio = ratios[len(started)]
    started.append(1)
    yield cast(Subject, Scripted(lambda original, _: 1000 * US if original else round(1000 * US / ratio)))


@pytest.mark.parametrize(
    ("first", "later", "believed", "needed"),
    [
        (9.0, [], True, 0),
        (1.0, [9.0, 9.0, 9.0], True, 3),
        (1.0, [1.0, 1.0], False, 2),
        (1.0, [9.0, 1.0, 9.0, 1.0], False, 4),
    ],
)
async def test_a_gain_must_be_there_in_the_first_pass_of_a_subject(
    first: float, later: list[float], believed: bool, needed: int
) -> None:
    """A hiccup in one of them accuses nobody: the majority of fresh ones decides."""
    started: list[int] = []
    assert believed is await gains_at_once(partial(fresh, started, later), PLAN, first, 9.0, USUAL_TIMING)
    assert needed == len(started)
