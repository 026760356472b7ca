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
    # What an offer keeps may be from a server that knew less.
    found = dict(report)
    if best := report.get("best"):
        found["best"] = _worded(best)
    for name in ("candidates", "lessons"):
        found[name] = [_worded(row) for row in report.get(name, ())]
    if usage := report.get("usage"):
        times = {name: figures.seconds(usage[f"{name}_s"]) for name in TIMES}
        found["usage"] = {**usage, "words": {"cost": figures.money(usage["cost_usd"]), **times}}
    return found


def _worded(row: Json) -> Json:
    cost = {"cost": figures.money(row["cost_usd"])} if "cost_usd" in row else {}
    return {**row, "words": {**of_speedup(row), **cost}}
