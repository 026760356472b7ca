"""Says whether two observations of one call are equal, and if not, in what: the lab's comparator.

It compares descriptions (plain data made by `child/describe.py`), in a process that never loaded a variant.
Types and integers are exact; floats go by a dial; identity is compared through the alias graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from quickstudy.lab.floats import FLOATS, Described, Floats, equal, residue_beside, spread, tag_of
from quickstudy.lab.python.child.messages import Early, Observation

Exceptions = Literal["message", "type"]
"""Whether equal exceptions have the same type and message, or the same type."""


@dataclass(frozen=True, slots=True)
class Dials:
    """How strict a comparison is where a project may choose."""

    floats: Floats = "close"
    exceptions: Exceptions = "message"


USUAL, EXACT = Dials(), Dials(floats="exact")

_SIZED = ("q", "u", "m", "g", "o", "n")
_WORDS = {
    "i": "an integer",
    "f": "a float",
    "c": "a complex number",
    "p": "a number",
    "b": "bytes",
    "s": "a string",
    "q": "a sequence",
    "u": "a set",
    "m": "a mapping",
    "n": "an array",
    "g": "an iterator",
    "o": "an object",
    "x": "an exception",
    "r": "a named object",
}


def difference(expected: Observation, observed: Observation, dials: Dials = USUAL) -> str | None:
    """The first difference between two observations of the same call, as a sentence; None if equal."""
    if expected.outcome != observed.outcome:
        if observed.outcome == "raise":
            return f"It raises {exception_name(observed.value)} where the original returns a value."
        return f"It returns a value where the original raises {exception_name(expected.value)}."
    found = compare(expected.value, observed.value, dials)
    if found is not None:
        what = "raises another exception" if expected.outcome == "raise" else "returns another value"
        return f"It {what}: {found}."
    found = compare(expected.arguments, observed.arguments, dials)
    if found is not None:
        return f"It leaves its arguments changed in another way: {found}."
    if not _equally_early(expected.early, observed.early, dials):
        return "It does work when it is called that the original does only when its items are asked for."
    changed = changed_global(expected.globals, observed.globals, dials)
    if changed is not None:
        return f"It leaves {changed}."
    if expected.rebound != observed.rebound:
        names = ", ".join(observed.rebound or expected.rebound)
        return f"It puts other code in the place of {names} than the original."
    held, theirs = expected.held, observed.held
    if held is not None and theirs is not None and held != theirs:
        return "It keeps other objects than the original of those that it returns or was given."
    if expected.settings != observed.settings:
        changed = ", ".join(observed.settings or ["nothing"])
        return f"It changes other settings of the interpreter than the original: {changed}."
    for stream in ("stdout", "stderr"):
        if getattr(expected, stream) != getattr(observed, stream):
            return f"It prints something else on {stream}."
    if expected.warnings != observed.warnings:
        return "It warns in another way."
    return None


def _equally_early(expected: Early | None, observed: Early | None, dials: Dials) -> bool:
    """Whether two lazy functions had done the same by the time that they returned."""
    if expected is None or observed is None:
        return expected is observed
    return (
        expected.printed == observed.printed
        and compare(expected.arguments, observed.arguments, dials) is None
        and changed_global(expected.globals, observed.globals, dials) is None
    )


def changed_global(
    expected: Mapping[str, Described], observed: Mapping[str, Described], dials: Dials
) -> str | None:
    """Which of the variables that both have differs, and how; None if none does."""
    for name in expected.keys() & observed.keys():
        found = compare(expected[name], observed[name], dials)
        if found is not None:
            return f"the global {name} of its module with another content: {found}"
    return None


def timed_difference(expected: Described, result: Described, dials: Dials = USUAL) -> str | None:
    """As `difference`, for `[result, arguments]` of one call in a pass of the original, and in another's."""
    if not isinstance(result, list) or len(result) != 2:
        return "It gave no readable result in a timed call."
    if not isinstance(expected, list):
        return "The original gave no readable result in a timed call."
    parts = zip(expected, result, strict=False)
    found = next((found for one, other in parts if (found := compare(one, other, dials))), None)
    return None if found is None else f"When its calls follow each other, it gives another result: {found}."


def opaque(described: Described) -> str | None:
    """The type of the first value in a description that nothing can compare."""
    waiting = [described]
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            if len(item) == 2 and item[0] == "?" and isinstance(item[1], str):
                return item[1]
            waiting.extend(item)
        elif isinstance(item, dict):
            waiting.extend(item.values())
    return None


def compare(wanted: Described, got: Described, dials: Dials) -> str | None:
    """The first difference between two descriptions, in words without their data; None if equal."""
    waiting = [(wanted, got)]
    residue: float | None = None
    while waiting:
        one, other = waiting.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            if list(one) != list(other):
                return "other parts"
            waiting.extend((one[key], other[key]) for key in one)
        elif isinstance(one, list) and isinstance(other, list):
            tag = tag_of(one)
            if "@" in (tag, tag_of(other)):
                if one != other:
                    return "it shares parts where the original copies, or copies where it shares"
            elif tag in FLOATS and tag == tag_of(other):
                same = equal(one, other, dials.floats, 0.0)
                if same is False and dials.floats == "close":
                    residue = residue_beside(wanted) if residue is None else residue
                    same = equal(one, other, dials.floats, residue)
                if same is None and tag == "p":
                    waiting.append((spread(one), spread(other)))
                elif not same:
                    return f"{_WORDS[tag]} that differs"
            elif "p" in (tag, tag_of(other)):
                waiting.append((spread(one), spread(other)))
            elif tag == tag_of(other) == "x" and dials.exceptions == "type":
                if one[1] != other[1]:
                    return f"{_word(other)} that differs"
            elif tag in _WORDS and tag == tag_of(other):
                found = _headers(tag, one, other)
                if found:
                    return found
                waiting.extend(zip(reversed(one[2:]), reversed(other[2:]), strict=True))
            elif len(one) != len(other):
                return f"{len(other)} items where the original gives {len(one)}"
            else:
                waiting.extend(zip(reversed(one), reversed(other), strict=True))
        elif type(one) is not type(other):
            return f"{_word(other)} where the original gives {_word(one)}"
        elif one != other:
            return f"another {'text' if isinstance(one, str) else 'number'}"
    return None


def _headers(tag: str, one: list[Described], other: list[Described]) -> str | None:
    """Whether two descriptions of the same tag differ before their contents."""
    if len(one) != len(other):
        return "it holds other attributes"
    if one[1] != other[1]:
        return f"{_word(other)} that differs" if tag in ("i", "b", "s", "x", "r") else "it shares other parts"
    if tag in _SIZED and one[2] != other[2]:
        return f"{_word(other)} where the original gives {_word(one)}"
    if tag not in _SIZED or tag == "o":
        return None
    items, others = one[3], other[3]
    if "p" in (tag_of(items), tag_of(others)):
        return None
    if isinstance(items, list) and isinstance(others, list) and len(items) != len(others):
        return f"{len(others)} items where the original gives {len(items)}"
    return None


def _word(described: Described) -> str:
    """What kind of value a description is of, for a sentence."""
    if not isinstance(described, list):
        if described is None:
            return "None"
        return {bool: "a bool", int: "an integer", str: "a string", dict: "attributes"}[type(described)]
    tag = tag_of(described)
    if tag in _SIZED and len(described) > 2:
        return f"a {str(described[2]).removeprefix('builtins.')}"
    return _WORDS.get(tag, "a value")


def exception_name(described: Described) -> str:
    if isinstance(described, list) and len(described) > 2 and tag_of(described) == "x":
        return str(described[1]).removeprefix("builtins.")
    return "an exception"
