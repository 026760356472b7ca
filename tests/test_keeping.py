"""What a variant keeps from one call for the next must not count, wherever it is kept and however little."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.labs import judged, project
from tests.observations import observation, retained

from quickstudy.lab.choosing import to_inspect, to_time
from quickstudy.lab.laziness import Pace
from quickstudy.lab.policy import USUAL_TIMING
from quickstudy.lab.reference import ReferenceCall
from quickstudy.lab.retention import keeps
from quickstudy.lab.supervisor.messages import Retained
from quickstudy.records import Call, Verdict

PRICES = """
    def weight(n):
        total = 0
        for i in range(60 * n, 60 * n + 300):
            total += i * i % 7
        return total

    def rest(n):
        total = 0
        for i in range(1600):
            total += i * n % 5
        return total

    def price(numbers):
        return sum(weight(n) + rest(n) for n in numbers)
"""
"""Weights are the same in many calls and take a sixth of the time: a cache of them gains less than 1.25x."""
LOAD = """
    import random

    def workload():
        for seed in range(12):
            yield (random.Random(seed).sample(range(40), 20),)
"""
PLACES = {
    "a dict of the module": (
        "known = {}",
        "known[n] if n in known else known.setdefault(n, slow_weight(n))",
    ),
    "lru_cache": (
        "import functools\n    fast = functools.lru_cache(None)(lambda n: slow_weight(n))",
        "fast(n)",
    ),
    "a default": ("", "known[n] if n in known else known.setdefault(n, slow_weight(n))"),
    "another module": (
        "import math\n    math.known = {}",
        "math.known[n] if n in math.known else math.known.setdefault(n, slow_weight(n))",
    ),
    "an array made before": (
        "from array import array\n    known = array('q', [-1]) * 64",
        "slow_weight(n) if type(n) is not int or not 0 <= n < 64 else known[n] if known[n] >= 0 else"
        " (known.__setitem__(n, slow_weight(n)), known[n])[1]",
    ),
}
FORMULA = """
    def rest(n):
        return 3200 if n % 5 else 0
"""


def cached(place: str) -> str:
    """The module with a cache of weights at a place."""
    before, looked_up = PLACES[place]
    parameters = "n, known={}" if place == "a default" else "n"
    text = PRICES.replace("def weight(n)", "def slow_weight(n)")
    return f"{text}\n    {before}\n\n    def weight({parameters}):\n        return {looked_up}\n"


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    """Of a cache at each place, and of one beside a gain, by one lab."""
    folder = project(tmp_path_factory.mktemp("shop"), shop=PRICES, load=LOAD)
    texts = {**{place: cached(place) for place in PLACES}, "beside a gain": cached("lru_cache") + FORMULA}
    judgements = asyncio.run(judged(folder, "price", list(texts.values()), folder / "load.py"))
    return {place: one.verdict for place, one in zip(texts, judgements, strict=True)}


@pytest.mark.parametrize("place", PLACES)
def test_a_cache_of_a_small_part_of_the_work_gains_nothing(place: str, verdicts: dict[str, Verdict]) -> None:
    """Half of the weights of a call were asked for by others before it."""
    assert verdicts[place].kind in ("same", "slower"), verdicts[place]


def test_what_is_gained_besides_counts_and_the_reason_says_so(verdicts: dict[str, Verdict]) -> None:
    """A cache, and the rest of the work by a formula."""
    verdict = verdicts["beside a gain"]
    assert ("faster", True) == (verdict.kind, "does not count" in verdict.reason), verdict
    assert verdict.measurement is not None and verdict.measurement.speedup > 2


async def test_nor_in_a_module_that_cannot_be_loaded_twice(tmp_path: Path) -> None:
    """Then each call has a process of its own."""
    once = "\n    import builtins\n    assert not hasattr(builtins, 'shop')\n    builtins.shop = 1\n"
    project(tmp_path, shop=PRICES + once, load=LOAD)
    text = cached("a dict of the module") + once
    (judgement,) = await judged(tmp_path, "price", [text], tmp_path / "load.py")
    assert judgement.verdict.kind in ("same", "slower"), judgement.verdict


def is_own(state: str) -> bool:
    return state.startswith("shop.")


def passes(*blocks: int, **state: Sequence[int]) -> list[Retained]:
    """What was left after ever more calls: blocks, and digests of variables."""
    names = {name: name.replace("_", ".") for name in state}
    return [
        retained(left, {names[name]: digests[place] for name, digests in state.items()})
        for place, left in enumerate(blocks)
    ]


KEPT = {
    "nothing": (passes(5, 5, 5, 5), False),
    "once": (passes(5, 40, 40, 40), False),
    "what the first call leaves": (passes(99, 99, 99, 99), False),
    "a block more or less": (passes(5, 6, 7, 8), False),
    "blocks that grow with the calls": (passes(5, 15, 25, 25), True),
    "a variable of the module, once": (passes(5, 5, 5, 5, shop_known=[1, 1, 2, 2]), True),
    "another module, once": (passes(5, 5, 5, 5, math_known=[1, 1, 2, 2]), False),
    "another module, again and again": (passes(5, 5, 5, 5, math_known=[1, 2, 3, 4]), True),
    "a counter that the original has as well": (passes(5, 5, 5, 5, shop_calls=[1, 2, 3, 4]), False),
}


@pytest.mark.parametrize("case", KEPT)
def test_what_grows_or_changes_with_the_calls_is_kept(case: str) -> None:
    """A library may note something once; the original's own counters are no cache."""
    candidate, is_kept = KEPT[case]
    assert is_kept is keeps(passes(2, 2, 2, 2, shop_calls=[1, 2, 3, 4]), candidate, is_own)


def test_nothing_grows_in_one_pass() -> None:
    """One pass says nothing, nor does what the original keeps as well."""
    assert not keeps(passes(1), passes(99), is_own)
    assert not keeps(passes(1, 20, 30), passes(7, 26, 36), is_own)


def test_a_long_call_is_timed_in_a_process_that_makes_no_other() -> None:
    """Nothing has to be looked at there, where tracing memory would take long."""
    short, long = (
        ReferenceCall(Call(b"", "tests"), observation(), Pace(took, took, took)) for took in (0.001, 0.05)
    )
    assert ([long], []) == to_time([short, long, short], 0.2, USUAL_TIMING)
    assert [] == to_inspect([short, long, short], USUAL_TIMING)
    assert ([short], [short] * 3) == to_time([short] * 4, 0.01, USUAL_TIMING)
    assert [short] * 3 == to_inspect([short] * 4, USUAL_TIMING)
