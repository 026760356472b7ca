"""What importing a text does besides, and what its code reaches for: all that the original does may be done.

The process that imported it says so (`child/settings.py`, `python/child/reaching.py`), and the kernel.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import LiteralString

from quickstudy.lab.child import Died

STARTS: Mapping[str, LiteralString] = {
    "thread": "It starts a thread when it is imported.",
    "process": "It starts a process when it is imported.",
}
SETS: LiteralString = "When it is imported, it changes other settings than the original: {}."
REACHES: Mapping[str, LiteralString] = {
    "frames": "It reads the frames of its callers.",
    "garbage": "It searches what the garbage collector knows.",
    "hooks": "It hooks into the interpreter.",
    "memory": "It goes around Python into raw memory.",
    "code": "It runs text as code, which cannot be checked beforehand.",
    "namespaces": "It reaches into namespaces that are not its own.",
    "files": "It reads files of the project when it is imported.",
}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a process that imported a text is left with."""

    started: Mapping[str, int]
    """How many of each of `STARTS` are at work."""
    settings: Mapping[str, str]
    """Those that changed, and the values that they have now."""
    reaches: frozenset[str]
    """What its code reached for, by the names of `REACHES`."""


def compare(original: Loaded, candidate: Loaded) -> None:
    """Raises Died if the import of a candidate does what the original's does not."""
    for what, usual in original.started.items():
        if candidate.started[what] > usual:
            raise Died("rejected", STARTS[what])
    bound(original.reaches, candidate.reaches)
    other = [name for name, value in candidate.settings.items() if original.settings.get(name) != value]
    if other:
        raise Died("wrong", SETS, ", ".join(other))


def bound(original: Collection[str], candidate: Collection[str]) -> None:
    """Raises Died if the code of a candidate reaches for what the original's does not."""
    for what, sentence in REACHES.items():
        if what in candidate and what not in original:
            raise Died("rejected", sentence)
