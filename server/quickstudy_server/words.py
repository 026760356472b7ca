"""Figures in words, beside the figures that an editor is answered: it shows them, and rounds nothing."""

from collections.abc import Mapping
from typing import Any

from quickstudy import figures
from quickstudy_server.arguments import Json

TIMES = ("prepare", "generate", "check", "time", "total")


def of_speedup(row: Mapping[str, Any]) -> dict[str, str]:
    """Its `speedup`, and the interval of `low` and `high`; empty where there is none."""
    speedup, low, high = (row.get(name) for name in ("speedup", "low", "high"))
    return {
        "speedup": "" if speedup is None else figures.times(speedup),
        "interval": "" if low is None or high is None else figures.interval(low, high),
    }


def worded(report: Json) -> Json:
    """A report with `words` for its best variant, each candidate, each lesson and the usage."""
    best, usage = report["best"], report["usage"]
    spent = {name: figures.seconds(usage[f"{name}_s"]) for name in TIMES}
    return {
        **report,
        "best": best and _worded(best),
        "candidates": [_worded(each, cost=figures.money(each["cost_usd"])) for each in report["candidates"]],
        "lessons": [_worded(each) for each in report["lessons"]],
        "usage": {**usage, "words": {"cost": figures.money(usage["cost_usd"]), **spent}},
    }


def _worded(row: Json, **more: str) -> Json:
    return {**row, "words": {**of_speedup(row), **more}}
