"""What a process with a variant in it says of an exception, read: which of it are facts, which its own words.

The variant may have composed all of it. A type is named by the first of its bases that may be disclosed, a
line by where it stands in the variant's own source, and a name that was missed if it stands there as well.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import eq

from quickstudy.disclosure import may_disclose
from quickstudy.lab.supervisor.messages import Raised
from quickstudy.reasons import Code, Reason, reason
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


def read(raised: Raised, sources: Sources) -> Reason:
    """The exception that a child tells of as a cause."""
    fields: dict[str, str] = {}
    types = filter(_is_name, raised.types)
    kind = next((name for name in types if may_disclose(name, sources.known)), None)
    if kind is not None:
        fields["type"] = kind
    missed = raised.missed or ""
    if _is_name(missed) and all(may_disclose(part, sources.known) for part in missed.split(".")):
        fields["name"] = missed
    found = _in_variant(raised.lines, _rows(sources.module), _rows(sources.variant))
    if found is not None:
        number, row = found
        fields["line"] = str(number)
        if len(row) <= _LONGEST_ROW:
            fields["row"] = row
    words = " ".join(raised.words.split())
    return reason(Code.EXCEPTION, words=words[:_LONGEST_WORDS], **fields)


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


def _is_name(text: str) -> bool:
    """Whether it is a dotted name, and no figure, which would be told whatever it is."""
    return all(map(str.isidentifier, text.split(".")))


def _rows(text: str) -> list[str]:
    return [row.strip() for row in re.split(r"\r\n|\r|\n", text)]
