"""The words for a verdict, in one table, for whoever shows, documents or explains one.

To add a word, add it to `VerdictKind` and `WORDS`, write what an agent is asked about such an attempt in
`team/prompts/outcome`, and let `python tests/generated.py` write the README's table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

VerdictKind = Literal["faster", "same", "slower", "wrong", "crashed", "timed_out", "unloadable", "rejected"]
"""What the lab can say of a candidate."""

VerdictTone = Literal["good", "neutral", "poor", "bad"]
"""How a verdict is meant, and so in which style it is shown. `poor` is equal, but no gain."""


@dataclass(frozen=True, slots=True)
class Word:
    """All that depends on the word alone."""

    title: str
    """In an editor."""
    tone: VerdictTone
    meaning: str
    """In the README."""
    clause: str
    """What such an attempt does, for the next prompt [LessonL §3.1]: `{degree}` is that of a gain, `{figure}`
    the speedup in brackets.
    """
    equal: bool = False
    """Whether it did the same as the original on all that was tried."""


WORDS: Mapping[VerdictKind, Word] = {
    "faster": Word(
        "Faster",
        "good",
        "equal on all inputs, and surely faster in two timings: the second on fresh processes and inputs "
        "that nobody has seen",
        "improves the speed {degree}{figure}",
        equal=True,
    ),
    "same": Word(
        "No gain",
        "neutral",
        "equal, and no gain beyond the least one",
        "makes no difference to the speed",
        equal=True,
    ),
    "slower": Word("Slower", "poor", "equal, and surely slower", "degrades the speed{figure}", equal=True),
    "wrong": Word(
        "Wrong result",
        "bad",
        "another result, exception, output, or change to its arguments or its module; or lazy work is done "
        "at once",
        "breaks equivalence: the results differ",
    ),
    "crashed": Word("Crashed", "bad", "its process ended in the middle of a call", "crashes"),
    "timed_out": Word(
        "Took too long",
        "bad",
        "a call took two seconds more than ten times what the original takes",
        "runs too long",
    ),
    "unloadable": Word(
        "Could not be loaded",
        "bad",
        "no code, a syntax error, another signature, or an import that is not there",
        "does not load",
    ),
    "rejected": Word(
        "Refused",
        "bad",
        "it reaches for the measurement instead of the work",
        "is rejected as unfair",
    ),
}
"""Every word, in the order in which outcomes are shown."""
