"""The interval of a speedup: true on a machine that changes its pace, and as wide as the doubt."""

import random

import pytest

from quickstudy.lab.statistics import excess, speedup


def passes(ratio: float, pairs: int, seed: int) -> tuple[list[float], list[float]]:
    """Pairs on a machine that is now and then half as fast for a while; each pass is off by 3 % or so."""
    chance = random.Random(seed)
    original: list[float] = []
    candidate: list[float] = []
    pace = 1.0
    for _ in range(pairs):
        pace = chance.choice((1.0, 2.0)) if chance.random() < 0.3 else pace
        original.append(pace * ratio * chance.lognormvariate(0, 0.03))
        candidate.append(pace * chance.lognormvariate(0, 0.03))
    return original, candidate


def test_a_small_gain_is_told_from_none_while_the_pace_changes() -> None:
    """Twelve pairs do for 10 %, though each side's own times differ by a factor of two."""
    for seed in range(30):
        found = speedup(*passes(1.1, 12, seed))
        assert 1 < found.low <= found.value <= found.high < 1.2


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    """95 of 100, or a little less with few pairs; never far less."""
    held = 0
    for seed in range(200):
        found = speedup(*passes(1.5, 18, seed))
        held += found.low <= 1.5 <= found.high
    assert 180 <= held


def test_one_side_alone_disturbed_in_a_few_pairs_moves_nothing() -> None:
    """A tenth of the passes took ten times as long."""
    original, candidate = passes(1.0, 40, 1)
    original[3] *= 10
    original[20] *= 10
    original[33] *= 10
    found = speedup(original, candidate)
    assert 0.97 < found.value < 1.03


def test_what_all_times_of_a_side_are_off_by_is_in_the_interval() -> None:
    """Twenty steady pairs of 14 us to 11 us tell nothing if either may be off by 5 us; of 14 ms they do."""
    original, candidate = [14e-6] * 20, [11e-6] * 20
    assert speedup(original, candidate).low == pytest.approx(14 / 11)
    found = speedup(original, candidate, 5e-6)
    assert found.low == pytest.approx(14 / 16)
    assert found.high == pytest.approx(19 / 11)
    longer = speedup([14e-3] * 20, [11e-3] * 20, 5e-6)
    assert longer.low > 1.27


def test_an_excess_is_told_in_the_unit_of_the_pairs() -> None:
    """The same samples give the same interval."""
    before, after = [2.0, 4.0, 3.0, 2.5, 3.5], [2.5, 4.5, 3.5, 3.0, 4.0]
    assert (0.5, 0.5, 0.5) == (
        excess(before, after).value,
        excess(before, after).low,
        excess(before, after).high,
    )
    assert excess(*passes(1.2, 9, 2)) == excess(*passes(1.2, 9, 2))
