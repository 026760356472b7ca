"""Lessons as JSON lines, one object a line, to hand from one bank to another."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import IO, Any, cast

from quickstudy.bank.released import with_released, without_released
from quickstudy.bank.validation import problem
from quickstudy.errors import InputError
from quickstudy.records import Lesson


def write(lessons: Iterable[Lesson], stream: IO[str]) -> None:
    """Write a line for each lesson."""
    for lesson in lessons:
        stream.write(line_of(lesson))


def read(stream: Iterable[str]) -> Iterator[Lesson]:
    """The lessons of a stream of lines, each checked. Raises InputError that names the line."""
    for number, line in enumerate(stream, 1):
        if line.strip():
            try:
                yield lesson_of(line)
            except ValueError as error:
                raise InputError(f"Line {number} is not a lesson: {error}; nothing was imported.") from error


def lesson_of(line: str) -> Lesson:
    """Read one line. Raises ValueError that says what is wrong with it."""
    try:
        found: object = json.loads(line, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError("it is not JSON") from error
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    if not isinstance(found, dict):
        raise ValueError("it is not a JSON object")
    fields = without_released(cast("dict[str, Any]", found))
    if wrong := problem(fields):
        raise ValueError(wrong)
    return Lesson(id=0, **fields)


def line_of(lesson: Lesson) -> str:
    """Write one line, without the lesson's id, which is each bank's own."""
    fields = {name: value for name, value in fields_of(lesson).items() if name != "id"}
    return json.dumps(fields, ensure_ascii=False) + "\n"


def fields_of(lesson: Lesson) -> dict[str, Any]:
    """A lesson as JSON has it: its own fields, and those that were released under other names."""
    return with_released(asdict(lesson))


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not a number")
