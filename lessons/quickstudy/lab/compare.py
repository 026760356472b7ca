"""Says whether two observations of one call are equal, and if not, in what: the lab's comparator.

It compares descriptions (plain data made by a child), in a process that never loaded a variant.
Types and integers are exact; floats go by a dial; identity is compared through the alias graph.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from quickstudy.lab.floats import FLOATS, Described, Floats, equal, residue_beside, spread, tag_of
from quickstudy.lab.supervisor.messages import Early, Observation
from quickstudy.reasons import Code, Reason, reason

Exceptions = Literal["message", "type"]
"""Whether equal exceptions have the same type and message, or the same type."""


@dataclass(frozen=True, slots=True)
class Tolerances:
    """How strict a comparison is where a project may choose."""

    floats: Floats = "close"
    exceptions: Exceptions = "message"


USUAL, EXACT = Tolerances(), Tolerances(floats="exact")

_SIZED = ("q", "u", "m", "g", "o", "n")
_LEAST = 4
"""Parts of a description with one of these tags: the tag, a number, a type, and a content."""
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


def difference(expected: Observation, observed: Observation, tolerances: Tolerances = USUAL) -> Reason | None:
    """The first difference between two observations of the same call; None if equal."""
    if expected.outcome != observed.outcome:
        if observed.outcome == "raise":
            return reason(Code.RAISES, exception=exception_name(observed.value))
        return reason(Code.RETURNS, exception=exception_name(expected.value))
    found = compare(expected.value, observed.value, tolerances)
    if found is not None:
        return reason(Code.OTHER_EXCEPTION if expected.outcome == "raise" else Code.OTHER_VALUE, found)
    found = compare(expected.arguments, observed.arguments, tolerances)
    if found is not None:
        return reason(Code.OTHER_ARGUMENTS, found)
    if not _equally_early(expected.early, observed.early, tolerances):
        return reason(Code.EAGER)
    changed = changed_global(expected.globals, observed.globals, tolerances)
    if changed is not None:
        return changed
    if expected.rebound != observed.rebound:
        return reason(Code.OTHER_CODE, names=", ".join(observed.rebound or expected.rebound))
    held, theirs = expected.held, observed.held
    if held is not None and theirs is not None and held != theirs:
        return reason(Code.OTHER_REFERENCES)
    if expected.settings != observed.settings:
        return reason(Code.OTHER_SETTINGS, names=", ".join(observed.settings or ["nothing"]))
    for stream in ("stdout", "stderr"):
        if getattr(expected, stream) != getattr(observed, stream):
            return reason(Code.OTHER_OUTPUT, stream=stream)
    if expected.warnings != observed.warnings:
        return reason(Code.OTHER_WARNINGS)
    return None


def _equally_early(expected: Early | None, observed: Early | None, tolerances: Tolerances) -> bool:
    """Whether two lazy functions had done the same by the time that they returned."""
    if expected is None or observed is None:
        return expected is observed
    return (
        expected.printed == observed.printed
        and compare(expected.arguments, observed.arguments, tolerances) is None
        and changed_global(expected.globals, observed.globals, tolerances) is None
    )


def changed_global(
    expected: Mapping[str, Described],
    observed: Mapping[str, Described],
    tolerances: Tolerances,
    code: Code = Code.OTHER_GLOBAL,
) -> Reason | None:
    """Which of the variables that both have differs, and how; None if none does."""
    for name in expected.keys() & observed.keys():
        found = compare(expected[name], observed[name], tolerances)
        if found is not None:
            return reason(code, found, name=name)
    return None


def timed_difference(expected: Described, result: Described, tolerances: Tolerances = USUAL) -> Reason | None:
    """As `difference`, for `[result, arguments]` of one call in a pass of the original, and in another's."""
    if not isinstance(result, list) or len(result) != 2:
        return reason(Code.PASS_UNREADABLE)
    if not isinstance(expected, list):
        return reason(Code.ORIGINAL_UNREADABLE)
    parts = zip(expected, result, strict=False)
    found = next((found for one, other in parts if (found := compare(one, other, tolerances))), None)
    return None if found is None else reason(Code.PASS_RESULT, found)


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


def compare(wanted: Described, got: Described, tolerances: Tolerances) -> Reason | None:
    """The first difference between two descriptions, as a cause without their data; None if equal."""
    waiting = [(wanted, got)]
    residue: float | None = None
    while waiting:
        one, other = waiting.pop()
        if isinstance(one, dict) and isinstance(other, dict):
            if list(one) != list(other):
                return reason(Code.OTHER_PARTS)
            waiting.extend((one[key], other[key]) for key in one)
        elif isinstance(one, list) and isinstance(other, list):
            tag = tag_of(one)
            if "@" in (tag, tag_of(other)):
                if one != other:
                    return reason(Code.OTHER_SHARING)
            elif tag in FLOATS and tag == tag_of(other):
                same = equal(one, other, tolerances.floats, 0.0)
                if same is False and tolerances.floats == "close":
                    residue = residue_beside(wanted) if residue is None else residue
                    same = equal(one, other, tolerances.floats, residue)
                if same is None and tag == "p":
                    waiting.append((spread(one), spread(other)))
                elif not same:
                    return reason(Code.DIFFERS, what=_WORDS[tag])
            elif "p" in (tag, tag_of(other)):
                waiting.append((spread(one), spread(other)))
            elif tag == tag_of(other) == "x" and tolerances.exceptions == "type":
                if one[1:2] != other[1:2]:
                    return reason(Code.DIFFERS, what=_word(other))
            elif tag in _WORDS and tag == tag_of(other):
                found = _headers(tag, one, other)
                if found:
                    return found
                waiting.extend(zip(reversed(one[2:]), reversed(other[2:]), strict=True))
            elif len(one) != len(other):
                return _other_size(one, other)
            else:
                waiting.extend(zip(reversed(one), reversed(other), strict=True))
        elif type(one) is not type(other):
            return reason(Code.OTHER_KIND, found=_word(other), expected=_word(one))
        elif one != other:
            return reason(Code.OTHER_TEXT if isinstance(one, str) else Code.OTHER_NUMBER)
    return None


def _headers(tag: str, one: list[Described], other: list[Described]) -> Reason | None:
    """In what two descriptions of the same tag differ before their contents."""
    if len(one) != len(other):
        return reason(Code.OTHER_ATTRIBUTES)
    if len(one) < (_LEAST if tag in _SIZED else 2):  # whoever wrote that is none of our describers
        return reason(Code.DIFFERS, what=_WORDS[tag])
    if one[1] != other[1]:
        if tag in ("i", "b", "s", "x", "r"):
            return reason(Code.DIFFERS, what=_word(other))
        return reason(Code.OTHER_SHARED_PARTS)
    if tag in _SIZED and one[2] != other[2]:
        return reason(Code.OTHER_KIND, found=_word(other), expected=_word(one))
    if tag not in _SIZED or tag == "o":
        return None
    items, others = one[3], other[3]
    if "p" in (tag_of(items), tag_of(others)):
        return None
    if isinstance(items, list) and isinstance(others, list) and len(items) != len(others):
        return _other_size(items, others)
    return None


def _other_size(one: list[Described], other: list[Described]) -> Reason:
    return reason(Code.OTHER_KIND, found=f"{len(other)} items", expected=str(len(one)))


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
