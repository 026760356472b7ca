"""Figures as a person reads them, everywhere in the same words: the only place that rounds for the eye."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quickstudy.records import Measurement


def times(speedup: float) -> str:
    """`0.0034x`, `0.95x`, `1.08x`, `3.2x`, `41x`, `1,250x`: the nearer to 1, the more a hundredth matters."""
    if speedup < 0.1:
        return f"{speedup:.2g}x"
    digits = 2 if speedup < 2 else 1 if speedup < 10 else 0
    return f"{speedup:,.{digits}f}x"


def interval(low: float, high: float) -> str:
    """`2.9x to 3.5x`."""
    return f"{times(low)} to {times(high)}"


def measured(measurement: "Measurement | None") -> str:
    """`3.2x (2.9x to 3.5x)`; empty when nothing was timed."""
    if measurement is None:
        return ""
    return f"{times(measurement.speedup)} ({interval(measurement.low, measurement.high)})"


def percent(share: float) -> str:
    """`3%`."""
    return f"{share:.0%}"


def factor(number: float) -> str:
    """`0.85`."""
    return f"{number:.2f}"


def seconds(duration: float) -> str:
    """`3.2 s`, `48 s`."""
    return f"{duration:.1f} s" if duration < 10 else f"{duration:,.0f} s"


def clock(duration: float) -> str:
    """Seconds that pass: `0:07`, `3:48`."""
    minutes, rest = divmod(max(0, round(duration)), 60)
    return f"{minutes}:{rest:02}"


def size(count: float) -> str:
    """Bytes: `491 MB`, `1.1 GB`."""
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def dollars(amount: float) -> str:
    """`$0.0123`."""
    return f"${amount:.4f}"


def money(amount: float) -> str:
    """The same; `no cost` for what runs on this machine."""
    return dollars(amount) if amount else "no cost"


def count(number: int, noun: str) -> str:
    """`1 lesson`, `2 lessons`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
