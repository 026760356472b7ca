"""How true the lab's verdicts are, as JSON: `tests/bench/lab.py [NAME ...] [--part N]`.

aa        identical code against itself, 300 times, 10 functions, other cores loaded: how often `faster`
once      the same, 90 times, with a workload of one call of 1 to 100 us: passes as short as they get
gain      a real gain of 10 %, 100 judgements of functions of 10 us and more: how often found, how soon
ratios    known ratios of 1.2 to 100: the lab's against pyperf's own on the same pair
latency   seconds to a clear verdict (wrong, 2x faster, 2x slower) once the original is known

All five take about an hour on two idle cores; `--part N` does the Nth part of each.
"""

import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

import pyperf

from quickstudy.lab import Lab, Trial
from quickstudy.lab.statistics import Interval, speedup
from quickstudy.records import Candidate, Judgement, Target

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator, Sequence

BODY = """
def work(rounds, seed):
    for _ in range(rounds):
        seed = (seed * 1103515245 + 12345) % 2147483648
    return seed


def burn(seed):
    return work({rounds}, seed)
"""
LOAD = "def workload():\n    for seed in range({calls}):\n        yield (seed,)\n"
CALLS = 60
ONCE = (8, 80, 800)
"""Rounds of the loop for what is called once: about 1, 10 and 100 us."""
SIZES = (8, 25, 80, 250, 800, 2_500, 8_000, 25_000, 250_000, 800_000)
"""Rounds of the loop: about 1 us to 100 ms."""
GAINING = (160, 500, 1_600, 5_000, 16_000)
"""The same for a gain of 10 %: about 10 us to 1 ms."""
REFERENCE = """
import pyperf
runner = pyperf.Runner()
space = {{}}
exec({text!r}, space)
runner.bench_func("burn", lambda burn, seeds: [burn(seed) for seed in seeds], space["burn"], range(10))
"""
TURNS = 61
"""How often pyperf goes from the one to the other. The machine's pace changes within seconds: two runs of its
usual length can differ threefold, so these are short, and many."""
SHORT = ("--processes", "1", "--values", "3", "--warmups", "1", "--min-time", "0.02")


def text(rounds: int) -> str:
    return BODY.format(rounds=rounds)


@asynccontextmanager
async def opened(source: str, calls: int = CALLS) -> "AsyncIterator[Trial]":
    """A trial of the function of this text, from so many calls."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "burner.py").write_text(source)
        (folder / "load.py").write_text(LOAD.format(calls=calls))
        lab = Lab(folder, workload=folder / "load.py")
        yield await lab.prepare(Target(folder / "burner.py", "burn", "python", source, source, "", "0" * 64))


async def judged(trial: Trial, source: str) -> tuple[Judgement, float]:
    """A judgement and the seconds it took."""
    began = time.monotonic()
    judgement = await trial.judge(Candidate("c", "me", 0, source, source))
    return judgement, time.monotonic() - began


@contextmanager
def loaded() -> "Iterator[None]":
    """All cores but one busy."""
    burners = [multiprocessing.Process(target=_spin, daemon=True) for _ in range((os.cpu_count() or 2) - 1)]
    for burner in burners:
        burner.start()
    try:
        yield
    finally:
        for burner in burners:
            burner.terminate()
            burner.join()


def _spin() -> None:
    while True:
        pass


async def same_against_same(
    times: int, sizes: "Sequence[int]" = SIZES, calls: int = CALLS
) -> dict[str, object]:
    kinds: dict[str, int] = {}
    with loaded():
        for rounds in sizes:
            async with opened(text(rounds), calls) as trial:
                for _ in range(times):
                    judgement, _ = await judged(trial, text(rounds) + "# the same again\n")
                    kinds[judgement.verdict.kind] = kinds.get(judgement.verdict.kind, 0) + 1
    return {"judgements": times * len(sizes), "false_faster": kinds.get("faster", 0), "verdicts": kinds}


async def once(times: int) -> dict[str, object]:
    return await same_against_same(times, ONCE, calls=1)


async def ten_percent(times: int) -> dict[str, object]:
    found: list[bool] = []
    seconds: list[float] = []
    for rounds in GAINING:
        whole = rounds + rounds // 10
        async with opened(_equal(whole, whole)) as trial:
            for _ in range(times):
                judgement, took = await judged(trial, _equal(rounds, whole))
                found.append(judgement.verdict.kind == "faster")
                seconds.append(took)
    return {
        "judgements": len(found),
        "found": sum(found),
        "median_s": median(seconds),
        "most_s": max(seconds),
    }


def _equal(rounds: int, whole: int) -> str:
    """A text that gives the result of `whole` rounds in the time of `rounds`: the others are jumped over."""
    factor, step = 1, 0
    for _ in range(whole - rounds):
        factor, step = factor * 1103515245 % 2147483648, (step * 1103515245 + 12345) % 2147483648
    jump = f"(work({rounds}, seed) * {factor} + {step}) % 2147483648"
    return text(rounds).replace(f"work({rounds}, seed)", jump, 1)


async def known_ratios(times: int) -> dict[str, object]:
    rows: list[dict[str, float]] = []
    for ratio in (1.2, 1.5, 2, 5, 20, 100):
        whole, rounds = 20_000, round(20_000 / ratio)
        async with opened(_equal(whole, whole)) as trial:
            told: list[float] = []
            for _ in range(times):
                judgement, _ = await judged(trial, _equal(rounds, whole))
                measured = judgement.verdict.measurement
                told += [measured.speedup] if measured else []
        reference = _reference(_equal(whole, whole), _equal(rounds, whole))
        middle = median(told) if told else 0.0
        row = {"reference": reference.value, "low": reference.low, "high": reference.high}
        rows.append({**row, "lab": middle, "off": middle / reference.value - 1})
    return {"rows": rows, "most_off": max(abs(row["off"]) for row in rows)}


def _reference(source: str, other: str) -> Interval:
    """The median of pyperf's ratios of one text to another, with its interval."""
    pairs = [(_pyperf(source), _pyperf(other)) for _ in range(TURNS)]
    return speedup([one for one, _ in pairs], [another for _, another in pairs])


def _pyperf(source: str) -> float:
    """Median seconds of pyperf's runs of a text, in processes of its own."""
    with tempfile.TemporaryDirectory() as name:
        script, out = Path(name) / "bench.py", Path(name) / "out.json"
        script.write_text(REFERENCE.format(text=source))
        command = [sys.executable, str(script), *SHORT, "--quiet", "--output", str(out)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return pyperf.BenchmarkSuite.load(str(out)).get_benchmark("burn").median()


async def clear_verdicts(times: int) -> dict[str, object]:
    texts = {
        "wrong": _equal(800, 800).replace("12345", "12346"),
        "faster": _equal(400, 800),
        "slower": _equal(800, 800).replace("return (", "work(800, seed); return ("),
    }
    rows: dict[str, object] = {}
    for kind, source in texts.items():
        async with opened(_equal(800, 800)) as trial:
            results = [await judged(trial, source) for _ in range(times)]
        right = sum(judgement.verdict.kind == kind for judgement, _ in results)
        rows[kind] = {"median_s": median(took for _, took in results), "right": right, "of": times}
    return rows


async def main() -> None:
    wanted = sys.argv[1:]
    part = 1
    if "--part" in wanted:
        at = wanted.index("--part")
        part = int(wanted[at + 1])
        del wanted[at : at + 2]
    found: dict[str, object] = {}
    for name, bench, times in (
        ("aa", same_against_same, 30),
        ("once", once, 30),
        ("gain", ten_percent, 20),
        ("ratios", known_ratios, 10),
        ("latency", clear_verdicts, 20),
    ):
        if not wanted or name in wanted:
            found[name] = await bench(max(1, times // part))
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    asyncio.run(main())
