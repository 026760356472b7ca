"""Verdicts over the collection of pairs, as JSON: `tests/bench/pairs.py [--part K/N] [--plain] [NAME ...]`.

A NAME is a kind (`dedupe`), a function (`dedupe/unique`) or a variant (`dedupe/unique/set`); none is all.
`--part 2/5` takes the second of five parts of the functions. `--plain` judges nothing: it times each variant
against its original on the pair's own tests or workload, in this process.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.pairs import Pair, Variant, pairs, seconds

from quickstudy import events
from quickstudy.assemble import find_target
from quickstudy.errors import QuickstudyError
from quickstudy.lab import Lab
from quickstudy.measure import measure
from quickstudy.verdicts import WORDS

Row = dict[str, object]

EQUAL: frozenset[str] = frozenset(kind for kind, word in WORDS.items() if word.equal)
"""The verdicts that call a variant equal."""

ROUNDS = 7
"""How often `--plain` times each; the least counts."""


async def judged(pair: Pair, variants: list[Variant]) -> list[Row]:
    """What the product says of each variant, as `quickstudy measure` does, in a project of the pair's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / f"{pair.kind}.py"
        path.write_text(pair.original, encoding="utf-8")
        (folder / "pyproject.toml").write_text("")
        load = folder / "load.py" if pair.workload else None
        calls = load or folder / f"test_{pair.kind}.py"
        calls.write_text(pair.workload or pair.tests, encoding="utf-8")
        target, language = find_target(f"{path}::{pair.qualname}")
        rows: list[Row] = []
        began = time.monotonic()
        try:
            lab = Lab(folder, workload=load)
            async for event in measure(target, language, lab, [one.source for one in variants]):
                match event:
                    case events.Judging():
                        began = time.monotonic()
                    case events.Judged(verdict=verdict):
                        variant, measured = variants[len(rows)], verdict.measurement
                        speedup = round(measured.speedup, 2) if measured else None
                        found = row(pair, variant, verdict.kind, verdict.reason, time.monotonic() - began)
                        rows.append({**found, "speedup": speedup})
                    case events.NotJudged(reason=reason):
                        rows.append(row(pair, variants[len(rows)], "none", reason, time.monotonic() - began))
                    case _:
                        pass
        except QuickstudyError as error:
            why, took_s = f"not prepared: {error}", time.monotonic() - began
            return [row(pair, variant, "none", why, took_s) for variant in variants]
        return rows


def row(pair: Pair, variant: Variant, verdict: str, reason: str, took_s: float) -> Row:
    return {
        "name": f"{pair.name}/{variant.name}",
        "wrong": variant.wrong,
        "assumes": variant.assumes,
        "verdict": verdict,
        "reason": reason,
        "seconds": round(took_s, 2),
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


def summary(rows: list[Row], skipped: dict[str, str]) -> Row:
    honest = [one for one in rows if not one["wrong"]]
    accepted = [one for one in rows if one["wrong"] and one["verdict"] in EQUAL]
    accused = [one for one in honest if one["verdict"] not in EQUAL | {"none"}]
    return {
        "judged": {"wrong": len(rows) - len(honest), "honest": len(honest)},
        "wrong_accepted": [one["name"] for one in accepted if one["verdict"] == "faster"],
        "wrong_not_seen": [one["name"] for one in accepted if one["verdict"] != "faster"],
        "honest_accused": {told(one): one["reason"] for one in accused if not one["assumes"]},
        "honest_accused_beyond_what_it_assumes": {
            told(one): one["reason"] for one in accused if one["assumes"]
        },
        "honest_found": sum(one["verdict"] == "faster" for one in honest),
        "honest_not_found": [
            one["name"] for one in honest if one["verdict"] in EQUAL | {"none"} and one["verdict"] != "faster"
        ],
        "median_s": median([float(str(one["seconds"])) for one in rows]) if rows else None,
        "skipped": skipped,
        "verdicts": rows,
    }


def told(one: Row) -> str:
    return f"{one['name']}: {one['verdict']}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Verdicts over the collection of pairs.")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--part", default="1/1", metavar="K/N")
    parser.add_argument("--plain", action="store_true")
    given = parser.parse_args()
    os.environ["VIRTUAL_ENV"] = sys.prefix
    rows: list[Row] = []
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
