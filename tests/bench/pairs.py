"""Verdicts over the collection of pairs, as JSON: `tests/bench/pairs.py [--part K/N] [--plain] [NAME ...]`.

A NAME is a kind (`dedupe`), a function (`dedupe/unique`) or a variant (`dedupe/unique/set`); none is all.
`--part 2/5` takes the second of five parts of the functions. `--plain` judges nothing: it times each variant
against its original on the pair's own tests or workload, in this process.
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

import psutil
from tests.pairs import Pair, Variant, pairs, seconds

from quickstudy.errors import NotJudged, QuickstudyError
from quickstudy.lab import Lab
from quickstudy.records import Candidate, Target

ROUNDS = 7
"""How often `--plain` times each; the least counts."""


def cpu() -> float:
    """CPU seconds of this process and of all below it so far."""
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    spent = sum(usage.ru_utime + usage.ru_stime for usage in own)
    for process in psutil.Process().children(recursive=True):
        try:
            spent += sum(process.cpu_times()[:4])
        except psutil.Error:
            continue
    return spent


async def judged(pair: Pair, variants: list[Variant]) -> list[dict[str, object]]:
    """What the product says of each variant, in a project of the pair's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text = pair.text()
        path = folder / f"{pair.kind}.py"
        path.write_text(text, encoding="utf-8")
        (folder / "pyproject.toml").write_text("")
        load = None
        if pair.workload:
            load = folder / "load.py"
            load.write_text(pair.workload, encoding="utf-8")
        else:
            (folder / f"test_{pair.kind}.py").write_text(pair.tests, encoding="utf-8")
        began = time.monotonic(), cpu()
        rows: list[dict[str, object]] = []
        try:
            lab = Lab(folder, workload=load)
            trial = await lab.prepare(Target(path, pair.qualname, "python", text, text, "", "0" * 64))
        except QuickstudyError as error:
            return [row(pair, variant, "none", f"not prepared: {error}", began) for variant in variants]
        for variant in variants:
            began = time.monotonic(), cpu()
            replaced = pair.text(variant)
            try:
                verdict = (await trial.judge(Candidate("c", "me", 0, replaced, replaced))).verdict
            except NotJudged as error:
                rows.append(row(pair, variant, "none", str(error), began))
                continue
            measured = verdict.measurement
            speedup = round(measured.speedup, 2) if measured else None
            rows.append({**row(pair, variant, verdict.kind, verdict.reason, began), "speedup": speedup})
        return rows


def row(
    pair: Pair, variant: Variant, verdict: str, reason: str, began: tuple[float, float]
) -> dict[str, object]:
    return {
        "name": f"{pair.name}/{variant.name}",
        "wrong": variant.wrong,
        "assumes": variant.assumes,
        "verdict": verdict,
        "reason": reason,
        "seconds": round(time.monotonic() - began[0], 2),
        "cpu_s": round(cpu() - began[1], 2),
    }


def timed(pair: Pair, variants: list[Variant]) -> dict[str, float]:
    """How many times faster each is on the pair's own calls."""
    original = seconds(pair, pair.text(), ROUNDS)
    return {
        f"{pair.name}/{one.name}": round(original / seconds(pair, pair.text(one), ROUNDS), 2)
        for one in variants
    }


def chosen(names: list[str], part: str) -> list[tuple[Pair, list[Variant]]]:
    """What is asked for."""
    found = [
        (pair, wanted)
        for pair in pairs()
        if (wanted := [one for one in pair.variants if not names or named(pair, one, names)])
    ]
    place, of = map(int, part.split("/"))
    return found[place - 1 :: of]


def named(pair: Pair, variant: Variant, names: list[str]) -> bool:
    return bool({pair.kind, pair.name, pair.qualname, f"{pair.name}/{variant.name}"} & set(names))


def summary(rows: list[dict[str, object]], skipped: dict[str, str]) -> dict[str, object]:
    honest = [one for one in rows if not one["wrong"]]
    accepted = [one for one in rows if one["wrong"] and one["verdict"] in ("faster", "same", "slower")]
    accused = [one for one in honest if one["verdict"] not in ("faster", "same", "slower", "none")]
    return {
        "judged": {"wrong": len(rows) - len(honest), "honest": len(honest)},
        "wrong_accepted": [one["name"] for one in accepted if one["verdict"] == "faster"],
        "wrong_not_seen": [one["name"] for one in accepted if one["verdict"] != "faster"],
        "honest_accused": {told(one): one["reason"] for one in accused if not one["assumes"]},
        "honest_accused_beyond_what_it_assumes": {
            told(one): one["reason"] for one in accused if one["assumes"]
        },
        "honest_found": sum(one["verdict"] == "faster" for one in honest),
        "honest_not_found": [one["name"] for one in honest if one["verdict"] in ("same", "slower", "none")],
        "median_s": median([float(str(one["seconds"])) for one in rows]) if rows else None,
        "median_cpu_s": median([float(str(one["cpu_s"])) for one in rows]) if rows else None,
        "skipped": skipped,
        "verdicts": rows,
    }


def told(one: dict[str, object]) -> str:
    return f"{one['name']}: {one['verdict']}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Verdicts over the collection of pairs.")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--part", default="1/1", metavar="K/N")
    parser.add_argument("--plain", action="store_true")
    given = parser.parse_args()
    os.environ["VIRTUAL_ENV"] = sys.prefix
    rows: list[dict[str, object]] = []
    ratios: dict[str, float] = {}
    skipped: dict[str, str] = {}
    for pair, variants in chosen(given.names, given.part):
        if pair.missing or pair.settings:
            skipped[pair.name] = pair.missing or f"setting: {', '.join(pair.settings)}"
        elif given.plain:
            ratios |= timed(pair, variants)
        else:
            rows += asyncio.run(judged(pair, variants))
            print(pair.name, file=sys.stderr)
    print(json.dumps(ratios if given.plain else summary(rows, skipped), indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
