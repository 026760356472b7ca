"""What a variant keeps from one call for the next must not count, wherever it is kept and however little."""

import asyncio
from pathlib import Path

import pytest
from tests.labs import judged, project

from quickstudy.lab.baseline import Known
from quickstudy.lab.choosing import to_look_at, to_time
from quickstudy.lab.keeping import Kept, keeps
from quickstudy.lab.laziness import Pace
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
NONE: frozenset[str] = frozenset()
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


def test_what_a_library_keeps_once_is_no_cache() -> None:
    """A cache grows with the calls, or it is in the module."""
    nothing = [Kept(0, NONE)] * 6
    once = [Kept(4000, NONE), Kept(0, NONE), Kept(1700, NONE), *nothing[3:]]
    grows = [Kept(0, NONE), Kept(0, NONE), Kept(64, NONE), Kept(64, NONE), *nothing[4:]]
    counts = [Kept(0, frozenset({"calls"}))] * 6
    moved = [Kept(64, frozenset({"calls", "known"})), *counts[1:]]
    assert [False, True] == [keeps(nothing, kept) for kept in (once, grows)]
    assert [False, True] == [keeps(counts, kept) for kept in (counts, moved)]
    assert [False, False] == [keeps(grows, grows), keeps(nothing[:1], grows[:1])]


def test_a_long_call_is_timed_in_a_process_that_makes_no_other() -> None:
    """Nothing has to be looked at there, where tracing memory would take long."""
    observed = {"outcome": ["return", None]}
    short, long = (Known(Call(b"", "tests"), observed, Pace(took, took, took)) for took in (0.001, 0.05))
    assert ([long], []) == to_time([short, long, short], 0.2)
    assert [] == to_look_at([short, long, short])
    assert ([short], [short] * 3) == to_time([short] * 4, 0.01)
    assert [short] * 3 == to_look_at([short] * 4)
