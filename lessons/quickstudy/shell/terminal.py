"""The terminal: two consoles, words for figures, and text from models made harmless."""

from functools import cache
from typing import TYPE_CHECKING

from quickstudy.plain_text import harmless
from quickstudy.records import Measurement, VerdictKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console
    from rich.text import Text

    from quickstudy.doctor import Check

STYLE: dict[VerdictKind, str] = {
    "faster": "bold green",
    "same": "dim",
    "slower": "yellow",
    "wrong": "red",
    "crashed": "red",
    "timed_out": "red",
    "unloadable": "red",
    "rejected": "bold red",
}


@cache
def out() -> "Console":
    """stdout: results only."""
    from rich.console import Console

    return Console(highlight=False, markup=False, emoji=False)


@cache
def err() -> "Console":
    """stderr: progress and everything said on the way."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def say(console: "Console", line: "Text | str", indent: int = 0, style: str = "") -> None:
    """Print a line, wrapped under its own indent on a terminal and left whole in a file or pipe."""
    from rich.padding import Padding
    from rich.text import Text

    text = Text(line, style) if isinstance(line, str) else line
    if console.is_terminal:
        console.print(Padding(text, (0, 0, 0, indent), expand=False))
    else:
        console.print(Text(" " * indent) + text, soft_wrap=True)


def times(measurement: Measurement | None) -> str:
    """`3.2x (2.9 to 3.5)`; empty when nothing was timed."""
    if measurement is None:
        return ""
    return f"{ratio(measurement.speedup)} ({ratio(measurement.low)[:-1]} to {ratio(measurement.high)[:-1]})"


def ratio(speedup: float) -> str:
    """Three digits that count: `0.954x`, `3.21x`, `41.2x`, `1,250x`."""
    if speedup >= 1000:
        return f"{float(f'{speedup:.3g}'):,.0f}x"
    return f"{speedup:#.3g}".rstrip(".") + "x"


def clock(seconds: float) -> str:
    """`0:07`, `3:48`."""
    minutes, rest = divmod(max(0, round(seconds)), 60)
    return f"{minutes}:{rest:02}"


def megabytes(size: float) -> str:
    return f"{size / 1e6:,.0f} MB"


def money(dollars: float) -> str:
    return f"${dollars:.4f}" if dollars else "no cost"


def count(number: int, noun: str) -> str:
    """`1 lesson`, `2 lessons`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def show_checks(checks: "Iterable[Check]") -> int:
    """Print the doctor's findings as they come; exit status 1 if something optimize needs is missing."""
    from rich.text import Text

    styles = {"ok": "green", "note": "yellow", "missing": "bold red"}
    status = 0
    for check in checks:
        heading = Text(f"{check.name:<9}").append(f"{check.state:<9}", styles[check.state])
        say(out(), heading.append(harmless(check.text)))
        status = 1 if check.state == "missing" else status
    return status
