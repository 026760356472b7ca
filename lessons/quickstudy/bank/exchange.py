"""Lessons as JSON lines, one object a line, to hand from one bank to another."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any, TextIO, cast, get_args

from quickstudy.bank.selection import LEAST, MOST
from quickstudy.errors import InputError
from quickstudy.records import Lesson, VerdictKind

_MOST_INTEGER = 2**31 - 1
_MOST_NUMBER = sys.float_info.max


def write(lessons: Iterable[Lesson], stream: TextIO) -> None:
    """Write lessons without their ids, which are each bank's own."""
    for lesson in lessons:
        fields = {name: value for name, value in asdict(lesson).items() if name != "id"}
        stream.write(json.dumps(fields, ensure_ascii=False) + "\n")


def read(stream: Iterable[str]) -> Iterator[Lesson]:
    """The lessons of a stream of lines, each checked. Raises InputError that names the line."""
    for number, line in enumerate(stream, 1):
        if line.strip():
            try:
                yield _lesson(line)
            except (ValueError, RecursionError) as error:
                raise InputError(f"Line {number} is not a lesson: {error}; nothing was imported.") from error


def _lesson(line: str) -> Lesson:
    try:
        found: object = json.loads(line, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError("it is not JSON") from error
    if not isinstance(found, dict):
        raise ValueError("it is not a JSON object")
    fields = cast(dict[str, Any], found)
    if unknown := fields.keys() - _CHECKS.keys():
        raise ValueError(f"nothing is known of a field {min(unknown)!r}")
    if missing := _CHECKS.keys() - fields.keys():
        raise ValueError(f"the field {min(missing)!r} is missing")
    for name, (fits, wanted) in _CHECKS.items():
        if not fits(fields[name]):
            raise ValueError(f"the field {name!r} must be {wanted}")
    return Lesson(id=0, **fields)


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_said(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_INTEGER


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= _MOST_NUMBER


def _is_speedup(value: object) -> bool:
    return value is None or (_is_number(value) and cast(float, value) > 0)


def _is_credit(value: object) -> bool:
    return _is_number(value) and LEAST <= cast(float, value) <= MOST


def _is_time(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(datetime.fromisoformat(value))
    except ValueError:
        return False


def _is_outcome(value: object) -> bool:
    return value in get_args(VerdictKind)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


_CHECKS: dict[str, tuple[Callable[[object], bool], str]] = {
    "text": (_is_said, "a text that is not empty"),
    "outcome": (_is_outcome, "one of " + ", ".join(get_args(VerdictKind))),
    **dict.fromkeys(("speedup", "low", "high"), (_is_speedup, "null or a number above 0")),
    **dict.fromkeys(
        ("agent", "path", "qualname", "sha256", "original", "candidate", "run", "python", "platform"),
        (_is_text, "a text"),
    ),
    **dict.fromkeys(("round", "uses"), (_is_count, "a whole number from 0")),
    "created": (_is_time, "a time in ISO 8601"),
    "credit": (_is_credit, f"a number from {LEAST} to {MOST}"),
    "pinned": (_is_flag, "true or false"),
}
"""Every field of a line: what it must be, as a test and in words."""
