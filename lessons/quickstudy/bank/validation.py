"""What each field of a lesson may be: one table for an import, for the rows of a bank, and for its spool.

All three may come from a stranger, and end in prompts, on screens and in editors. The lengths bound what a
lesson can cost there.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import cast, get_args

from quickstudy.bank.selection import LEAST, MOST
from quickstudy.records import Lesson, VerdictKind

LONGEST_TEXT = 4_000
"""Characters of what a lesson says; a team's own are one or two sentences."""

LONGEST_CODE = 200_000
"""Characters of a function, before or after."""

LONGEST_PATH = 4_096
"""Characters of a path, as of the system's own."""

LONGEST_NAME = 1_000
"""Characters of any other text."""

_MOST_COUNT = 2**31 - 1
_MOST_SPEEDUP = 1e12

_FIGURES = ("speedup", "low", "high")
_CODES = ("original", "candidate")
_NAMES = ("agent", "qualname", "language", "sha256", "run", "toolchain", "platform")

_OUTCOMES = frozenset(get_args(VerdictKind))


def problem(fields: Mapping[str, object]) -> str | None:
    """Why these are not the fields of a lesson, its id aside; None if they are."""
    if unknown := fields.keys() - CHECKS.keys():
        return f"nothing is known of a field {min(unknown)!r}"
    if missing := CHECKS.keys() - fields.keys():
        return f"the field {min(missing)!r} is missing"
    for name, (fits, wanted) in CHECKS.items():
        if not fits(fields[name]):
            return f"the field {name!r} must be {wanted}"
    return None


def fitted(lesson: Lesson) -> Lesson:
    """A lesson of our own with its texts cut to what a bank may hold, and no figure that is none."""
    longest = {
        "text": LONGEST_TEXT,
        **dict.fromkeys(_CODES, LONGEST_CODE),
        **dict.fromkeys(_NAMES, LONGEST_NAME),
    }
    texts = {name: getattr(lesson, name)[:most] for name, most in longest.items()}
    figures = {name: value if _is_speedup(value := getattr(lesson, name)) else None for name in _FIGURES}
    return replace(lesson, **texts, **figures)


def _text(longest: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, str) and len(value) <= longest


def _is_said(value: object) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT and bool(value.strip())


def _is_path(value: object) -> bool:
    """Whether it may name a module. One that climbs, or that no file can have, was not written by us."""
    return (
        isinstance(value, str)
        and len(value) <= LONGEST_PATH
        and "\0" not in value
        and (".." not in value or ".." not in PurePosixPath(value).parts)
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_COUNT


def _is_number(value: object, least: float, most: float) -> bool:
    # Not a number compares as false with everything.
    return isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def _is_speedup(value: object) -> bool:
    return value is None or (_is_number(value, 0.0, _MOST_SPEEDUP) and cast(float, value) > 0)


def _is_credit(value: object) -> bool:
    return _is_number(value, LEAST, MOST)


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and len(value) <= LONGEST_NAME and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _is_outcome(value: object) -> bool:
    return isinstance(value, str) and value in _OUTCOMES


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


CHECKS: dict[str, tuple[Callable[[object], bool], str]] = {
    "text": (_is_said, f"a text that is not empty, of at most {LONGEST_TEXT} characters"),
    "outcome": (_is_outcome, "one of " + ", ".join(get_args(VerdictKind))),
    **dict.fromkeys(_FIGURES, (_is_speedup, f"null or a number above 0, at most {_MOST_SPEEDUP:g}")),
    "path": (_is_path, f"a path without .. in it, of at most {LONGEST_PATH} characters"),
    **dict.fromkeys(_NAMES, (_text(LONGEST_NAME), f"a text of at most {LONGEST_NAME} characters")),
    **dict.fromkeys(_CODES, (_text(LONGEST_CODE), f"a text of at most {LONGEST_CODE} characters")),
    **dict.fromkeys(("round", "uses"), (_is_count, "a whole number from 0")),
    "created": (_is_time, "a time in ISO 8601"),
    "credit": (_is_credit, f"a number from {LEAST} to {MOST}"),
    "pinned": (_is_flag, "true or false"),
}
"""Every field: what it must be, as a test and in words."""
