"""Lessons as they were released, when all were about one language: the one place that knows what has changed.

Then a lesson had no `language`, and the version it was measured on under the name of the only one. Exported
files and lessons that wait in a spool may still be so. What tells a lesson from another stays as it was: else
whatever is imported again would be there twice.
"""

from collections.abc import Mapping
from typing import Any

LANGUAGE = "python"
"""What all lessons were about."""

VERSION = "python"
"""Where the version was; written to this day, for those who read it."""

TOOLCHAIN = "CPython "
"""What it was the version of."""

Fields = Mapping[str, Any]


def with_released(fields: Fields) -> dict[str, Any]:
    """The fields of a lesson, and what they were released as."""
    if fields["language"] != LANGUAGE:
        return dict(fields)
    return {**fields, VERSION: fields["toolchain"].removeprefix(TOOLCHAIN)}


def without_released(fields: Fields) -> dict[str, Any]:
    """The fields of a lesson from those of a file, which may be as released."""
    current = {name: value for name, value in fields.items() if name != VERSION}
    version = fields.get(VERSION)
    if isinstance(version, str) and fields.keys().isdisjoint({"language", "toolchain"}):
        current |= {"language": LANGUAGE, "toolchain": f"{TOOLCHAIN}{version}"}
    return current


def identity(fields: Fields) -> Fields:
    """Of these fields, those that tell a lesson from all others."""
    if fields["language"] != LANGUAGE:
        return fields
    new = {"language", "toolchain"}
    return {name: value for name, value in with_released(fields).items() if name not in new}
