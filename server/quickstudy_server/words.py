"""Words beside the figures and verdicts that an editor is answered: it words and rounds nothing itself."""

from collections.abc import Mapping
from typing import Any

from quickstudy import figures
from quickstudy.verdicts import WORDS
from quickstudy_server.arguments import Json

TIMES = ("prepare", "generate", "check", "time", "total")


def of_speedup(row: Mapping[str, Any]) -> dict[str, str]:
    """Its `speedup`, and the interval of `low` and `high`; empty where there is none."""
    speedup, low, high = (row.get(name) for name in ("speedup", "low", "high"))
    return {
        "speedup": "" if speedup is None else figures.times(speedup),
        "interval": "" if low is None or high is None else figures.interval(low, high),
    }


def of_verdict(kind: str) -> Json:
    """The title of a verdict, how it is meant, and its place among verdicts when they are listed."""
    for place, (known, word) in enumerate(WORDS.items()):
        if kind == known:
            return {"verdict": word.title, "tone": word.tone, "place": place}
    # What an offer keeps may be from a server that knew more words.
    return {"verdict": kind.replace("_", " ").capitalize(), "tone": "neutral", "place": len(WORDS)}


def of_lesson(lesson: Mapping[str, Any]) -> Json:
    """Those of its figures and of its outcome."""
    return of_speedup(lesson) | of_verdict(lesson.get("outcome", ""))


def worded(report: Json) -> Json:
    """A report with `words` for its best variant, each candidate, each lesson and the usage."""
    # What an offer keeps may be from a server that knew less.
    found = dict(report)
    if best := report.get("best"):
        found["best"] = {**best, "words": of_speedup(best)}
    found["candidates"] = [{**row, "words": _of_candidate(row)} for row in report.get("candidates", ())]
    found["lessons"] = [{**row, "words": of_lesson(row)} for row in report.get("lessons", ())]
    if usage := report.get("usage"):
        times = {name: figures.seconds(usage[f"{name}_s"]) for name in TIMES}
        found["usage"] = {**usage, "words": {"cost": figures.money(usage["cost_usd"]), **times}}
    return found


def _of_candidate(row: Json) -> Json:
    cost = {"cost": figures.money(row["cost_usd"])} if "cost_usd" in row else {}
    return {**of_speedup(row), **of_verdict(row.get("verdict", "")), **cost}
