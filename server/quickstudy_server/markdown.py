"""Offers, suggestions and lessons in Markdown, for hover and pages.

Names, reasons, lessons, paths: what models and repositories wrote goes through `inline`, `code` or `fenced`,
and is plain text in the end.
"""

import json
import re
from typing import Any
from urllib.parse import quote

from quickstudy.figures import interval, times
from quickstudy.plain_text import harmless, one_line
from quickstudy_server.offers import Offer
from quickstudy_server.suggestions import Suggestion

LONGEST = 1000
"""Characters of one foreign text."""

_MARKUP = re.compile(
    r"[\\`*_{}\[\]<>|#!~&$@]"  # marks, links, tables, HTML, entities, mathematics, addresses
    r"|:(?=//)|(?<=\bwww)\."  # what is made a link without any mark
)
_BEGINNING = re.compile(r"^(\d+(?=[.)])|(?=[-+=:]))")
"""Of lists, rules and headings."""
_MODELINE = re.compile(r"\b([Vv]im?|ex)([=\d]*):")
"""What Vim takes for settings of its own."""


def of_offer(offer: Offer, links: bool = False) -> str:
    """What was tried, and what was learnt, with links to pin and forget where the editor runs them."""
    return f"**{_headline(offer)}**\n\n{_table(offer)}\n\n{_lessons(offer, links)}"


def page(offer: Offer) -> str:
    """The same with the diff, to be read as a file."""
    # No row of the diff is among the first or last five lines, where Vim looks for settings.
    parts = (f"# {_headline(offer)}", _table(offer), fenced(offer.diff, "diff"), _lessons(offer, False))
    return "\n\n".join(parts) + "\n" * 5


def of_suggestion(suggestion: Suggestion, links: bool) -> str:
    """Why a function may become faster, and the lesson behind that."""
    lesson = suggestion.lesson
    gain = interval(lesson.low or 1.0, lesson.high or 1.0)
    like = f"{code(suggestion.name)} looks like {code(suggestion.precedent)}"
    why = f"{like}, which became {times(lesson.speedup or 1.0)} faster: {inline(suggestion.waste)}"
    where = f"{code(lesson.qualname)} in {inline(lesson.path)}, {gain} faster, by {inline(lesson.agent)}"
    more = f"\n\n{_links(lesson.id, suggestion.uri)}" if links else ""
    return f"**{why}**\n\n{where}:\n\n{inline(lesson.text)} (lesson {lesson.id}){more}"


def inline(text: str) -> str:
    """Foreign text as one line of plain text, wherever it stands: it can hold no markup of any kind."""
    line = _MARKUP.sub(r"\\\g<0>", _cut(one_line(text)))
    return _MODELINE.sub(r"\1\2\\:", _BEGINNING.sub(r"\1\\", line))


def code(text: str) -> str:
    """Foreign text as a span of code, which it cannot end. Not for a table."""
    line = _cut(one_line(text)) or " "
    mark = _longer_than_in(line, 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{mark}{space}{line}{space}{mark}"


def fenced(text: str, language: str) -> str:
    """Foreign text as a block of code, which it cannot end."""
    block = harmless(text)
    mark = _longer_than_in(block, 3)
    return f"{mark}{language}\n{block}{'' if block.endswith(chr(10)) else chr(10)}{mark}"


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _longer_than_in(text: str, least: int) -> str:
    """More backticks than the text has in a row."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    return "`" * max(least, longest + 1)


def _headline(offer: Offer) -> str:
    return f"{inline(offer.qualname)} can be {offer.figures}"


def _table(offer: Offer) -> str:
    lines = ["| variant | agent | verdict | speedup | why |", "|---|---|---|---|---|"]
    for each in offer.report["candidates"]:
        gain = times(each["speedup"]) if each["speedup"] else ""
        row = (each["id"], each["agent"], each["verdict"], gain, each["reason"] or "")
        lines.append("| " + " | ".join(map(inline, row)) + " |")
    return "\n".join(lines)


def _lessons(offer: Offer, links: bool) -> str:
    lines = [
        f"- {inline(lesson['text'])} ({lesson['id']}) {_links(lesson['id'], offer.uri) if links else ''}"
        for lesson in offer.report["lessons"]
    ]
    return "\n".join(["**Lessons**", "", *lines, ""]) if lines else ""


def _links(lesson: int, uri: str) -> str:
    argument: dict[str, Any] = {"lesson": lesson, "uri": uri}
    where = quote(json.dumps([argument]), safe="")
    return f"[Pin](command:quickstudy.pin?{where}) · [Forget](command:quickstudy.forget?{where})"
