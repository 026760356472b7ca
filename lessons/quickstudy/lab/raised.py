"""What a process with a variant in it says of an exception, read: which of it are facts, which its own words.

The variant may have composed all of it. A type is named by the first of its bases that may be disclosed, a
line by where it stands in the variant's own source, and a name that was missed if it stands there as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import eq
from typing import LiteralString, TypeGuard, cast

from quickstudy.disclosure import may_disclose
from quickstudy.records import Target

_LONGEST_ROW, _LONGEST_WORDS = 120, 400


@dataclass(frozen=True, slots=True)
class Sources:
    """What a process runs, as it is written."""

    target: Target
    variant: str
    """As its author gave it; the target's own source where that is run."""
    module: str
    """The whole text, with the variant in it."""

    @property
    def known(self) -> tuple[str, ...]:
        """What the author of the variant has seen."""
        return self.variant, self.target.source, self.target.context


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception as a reason tells of it."""

    phrase: LiteralString
    """With `{}` for each fact."""
    facts: tuple[str, ...]
    words: str
    """What it says itself."""


def read(said: object, sources: Sources) -> Raised:
    """Read what `raised` of `child/loading.py` gives, or whatever came in its place."""
    told = cast("dict[str, object]", said) if isinstance(said, dict) else {"words": said}
    phrase: LiteralString = "an exception"
    facts: list[str] = []
    types = filter(_is_name, _list(told.get("types")))
    kind = next((name for name in types if may_disclose(name, sources.known)), None)
    if kind is not None:
        phrase = "{}"
        facts.append(kind)
    missed = told.get("missed")
    if _is_name(missed) and all(may_disclose(part, sources.known) for part in missed.split(".")):
        phrase += " for `{}`"
        facts.append(missed)
    lines = [line for line in _list(told.get("lines")) if isinstance(line, int)]
    found = _in_variant(lines, _rows(sources.module), _rows(sources.variant))
    if found is not None:
        number, row = found
        phrase += " in line {}" if len(row) > _LONGEST_ROW else " in line {} (`{}`)"
        facts += [str(number), row]
    words = " ".join(str(told.get("words") or "").split())
    return Raised(phrase, tuple(facts), words[:_LONGEST_WORDS])


def _in_variant(lines: Sequence[int], module: list[str], variant: list[str]) -> tuple[int, str] | None:
    """The innermost of these lines of the module that is the variant's: its number there and its text."""

    def alike(place: int, other: int) -> int:
        """How many rows around a place in the module are those around another in the variant."""
        before = zip(module[:place][::-1], variant[:other][::-1], strict=False)
        after = zip(module[place:], variant[other:], strict=False)
        return sum(len(list(takewhile(lambda pair: eq(*pair), pairs))) for pairs in (before, after))

    for line in reversed(lines):
        row = module[line - 1] if 0 < line <= len(module) else ""
        places = [place for place, other in enumerate(variant) if row and other == row]
        if places:
            return 1 + max(places, key=lambda place: alike(line - 1, place)), row
    return None


def _is_name(value: object) -> TypeGuard[str]:
    """Whether it is a dotted name, and no figure, which would be told whatever it is."""
    return isinstance(value, str) and all(map(str.isidentifier, value.split(".")))


def _rows(text: str) -> list[str]:
    return [row.strip() for row in re.split(r"\r\n|\r|\n", text)]


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []
