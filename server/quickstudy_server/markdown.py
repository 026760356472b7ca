"""Offers, hints and lessons in Markdown, for hover and pages. What a model wrote is plain text in it."""

import json
import re
from typing import Any
from urllib.parse import quote

from quickstudy_server.hints import Hint
from quickstudy_server.marks import told
from quickstudy_server.offers import Offer, figure, headline


def of_offer(offer: Offer, links: bool = False) -> str:
    """What was tried, and what was learnt, with links to pin and forget where the editor runs them."""
    return f"**{headline(offer)}**\n\n{_table(offer)}\n\n{_lessons(offer, links)}"


def page(offer: Offer) -> str:
    """The same with the diff, to be read as a file."""
    return f"# {headline(offer)}\n\n```diff\n{offer.diff}```\n\n{_table(offer)}\n\n{_lessons(offer, False)}"


def of_hint(hint: Hint, links: bool) -> str:
    """Why a function has a hint, and the lesson behind it."""
    lesson = hint.lesson
    gain = f"{figure(lesson.low or 1.0)} to {figure(lesson.high or 1.0)}"
    where = f"`{_cell(lesson.qualname)}` in {_cell(lesson.path)}, {gain} faster, by {_cell(lesson.agent)}"
    more = f"\n\n{_links(lesson.id, hint.uri)}" if links else ""
    return f"**{told(hint)}**\n\n{where}:\n\n{_cell(lesson.text)} (lesson {lesson.id}){more}"


def _table(offer: Offer) -> str:
    lines = ["| variant | agent | verdict | speedup | why |", "|---|---|---|---|---|"]
    for each in offer.report["candidates"]:
        gain = figure(each["speedup"]) if each["speedup"] else ""
        row = (each["id"], each["agent"], each["verdict"], gain, each["reason"] or "")
        lines.append("| " + " | ".join(_cell(text) for text in row) + " |")
    return "\n".join(lines)


def _lessons(offer: Offer, links: bool) -> str:
    lines = [
        f"- {_cell(lesson['text'])} ({lesson['id']}) {_links(lesson['id'], offer.uri) if links else ''}"
        for lesson in offer.report["lessons"]
    ]
    return "\n".join(["**Lessons**", "", *lines, ""]) if lines else ""


def _links(lesson: int, uri: str) -> str:
    argument: dict[str, Any] = {"lesson": lesson, "uri": uri}
    where = quote(json.dumps([argument]))
    return f"[Pin](command:quickstudy.pin?{where}) · [Forget](command:quickstudy.forget?{where})"


def _cell(text: str) -> str:
    """Text of a model as one line of plain text: it can hold no table, no link and no markup."""
    return re.sub(r"([\\`*_{}\[\]<>|#!])", r"\\\1", " ".join(text.split()))
