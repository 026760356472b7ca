"""One rounding for all that a person reads, and nobody else's."""

import re
from pathlib import Path

import pytest

from quickstudy import figures
from quickstudy.records import Measurement
from quickstudy.verdicts import WORDS
from quickstudy_server.words import worded

ROOT = Path(__file__).parents[1]

OURS = [
    *(ROOT / "lessons/quickstudy").glob("*.py"),
    *(ROOT / "lessons/quickstudy/shell").glob("*.py"),
    *(file for file in (ROOT / "lessons/quickstudy/team").glob("*.py") if file.name != "prompts.py"),
    *(ROOT / "server/quickstudy_server").glob("*.py"),
]
EDITORS = [*(ROOT / "editors/vscode/src").glob("*.ts"), *(ROOT / "editors/neovim").rglob("*.lua")]

ROUNDING = re.compile(r"\{[^{}]*:[^{}]*\.\d+[fge%]\}|toFixed|%\.\d+f")
"""How Python, TypeScript and Lua make a text of a figure."""


@pytest.mark.parametrize(
    ("speedup", "expected"),
    [
        (0.00341, "0.0034x"),
        (0.954, "0.95x"),
        (1.084, "1.08x"),
        (1.996, "2.00x"),
        (3.21, "3.2x"),
        (12.3, "12x"),
        (1249.6, "1,250x"),
    ],
)
def test_a_speedup(speedup: float, expected: str) -> None:
    """A hundredth matters near 1 only."""
    assert expected == figures.times(speedup)


def test_a_measurement_comes_with_its_interval() -> None:
    """And what was not timed is no figure."""
    assert "3.2x (2.9x to 3.5x)" == figures.measured(Measurement(3.2, 2.9, 3.5, 9, 1.0, 0.3))
    assert "" == figures.measured(None)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (figures.seconds(3.21), "3.2 s"),
        (figures.seconds(1234.5), "1,234 s"),
        (figures.clock(-1), "0:00"),
        (figures.clock(228.4), "3:48"),
        (figures.size(491_400_064), "491 MB"),
        (figures.size(1_117_320_736), "1.1 GB"),
        (figures.money(0.01234), "$0.0123"),
        (figures.money(0.0), "no cost"),
        (figures.percent(0.034), "3%"),
        (figures.factor(0.8512), "0.85"),
        (figures.count(1, "lesson"), "1 lesson"),
        (figures.count(1200, "lesson"), "1,200 lessons"),
    ],
)
def test_other_figures(shown: str, expected: str) -> None:
    """Each unit has one form."""
    assert expected == shown


@pytest.mark.parametrize("file", [*OURS, *EDITORS], ids=lambda file: file.name)
def test_nobody_else_rounds(file: Path) -> None:
    """Not in the shell, the server or an editor; the JSON's five digits are for machines."""
    if file.name == "figures.py":
        return
    rows = [row.strip() for row in file.read_text("utf-8").splitlines() if ROUNDING.search(row)]
    assert ['return None if figure is None else float(f"{figure:.5g}")'] * (file.name == "report.py") == rows


def test_editors_get_a_report_with_figures_and_verdicts_in_words() -> None:
    """The figures and verdicts themselves stay beside them; a verdict may be one of a later server."""
    times = {f"{name}_s": 1.25 for name in ("prepare", "generate", "check", "time", "total")}
    timed = {"speedup": 12.3, "low": 11.0, "high": 13.0}
    untimed = dict.fromkeys(("speedup", "low", "high"))
    report = worded(
        {
            "best": {**timed},
            "candidates": [
                {**timed, "cost_usd": 0.5, "verdict": "faster"},
                {**untimed, "cost_usd": 0.0, "verdict": "quite_new"},
            ],
            "lessons": [{"speedup": 12.3, "outcome": "faster"}],
            "usage": {"cost_usd": 0.5, **times},
        }
    )
    words = {"speedup": "12x", "interval": "11x to 13x"}
    assert {**timed, "words": words} == report["best"]
    faster = {"verdict": "Faster", "tone": "good", "place": 0}
    new = {"verdict": "Quite new", "tone": "neutral", "place": len(WORDS)}
    assert [
        words | faster | {"cost": "$0.5000"},
        {"speedup": "", "interval": "", "cost": "no cost"} | new,
    ] == [each["words"] for each in report["candidates"]]
    assert [{"speedup": "12x", "interval": ""} | faster] == [each["words"] for each in report["lessons"]]
    assert ("$0.5000", "1.2 s", 1.25) == (
        report["usage"]["words"]["cost"],
        report["usage"]["words"]["total"],
        report["usage"]["total_s"],
    )
