"""Reads what a model wrote: the replacement in a reply, and the lesson in an explanation."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quickstudy.plain_text import flush_left
from quickstudy.team.language import Language

_FENCE = re.compile(r"^[ \t]*(?P<ticks>`{3,}|~{3,})(?P<info>[^`~]*)$")
_THINKING = re.compile(r"\A\s*<(think|thinking)>.*?(</\1>|\Z)|\A.*^[ \t]*</think(ing)?>[ \t]*$", re.S | re.M)
_LONGEST_LESSON = 700


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines that may be code, between two fences or after the last one."""

    opened: int
    closed: int
    text: str
    complete: bool


def read(reply: str, name: str, language: Language) -> tuple[str, str | None]:
    """The replacement for the function `name` in a reply, and why it cannot be used, if so.

    Returns `(source, None)` with source that parses and defines `name` at its top level or in a class; or
    what comes nearest to it (maybe empty) with the problem as one sentence.
    """
    text = _unwrapped(_THINKING.sub("", reply.replace("\r\n", "\n").replace("\r", "\n")), name, language)
    blocks = list(_blocks(text.split("\n")))
    for block in blocks:
        if language.defines(block.text, name):
            return _with_imports(block, blocks, language), None
    if blocks:
        nearest = next((block for block in blocks if language.seems_to_define(block.text, name)), blocks[0])
    else:
        nearest = _Block(0, 0, language.code_in(text, name), complete=True)
    return nearest.text, _problem(nearest, name, language)


def lesson(reply: str) -> str:
    """The explanation as one line of whole sentences, without code; empty when there is none."""
    lines: list[str] = []
    fence: str | None = None
    for line in _THINKING.sub("", reply).splitlines():
        found = _FENCE.match(line)
        if found and (fence is None or found["ticks"].startswith(fence)):
            fence = found["ticks"] if fence is None else None
        elif fence is None:
            lines.append(line)
    text = " ".join(" ".join(lines).split())
    text = re.sub(r"^(\**lesson( learn(ed|t))?\**\s*:\**|[-*#>]+|\d+[.)])\s*", "", text, flags=re.I)
    if len(text) <= _LONGEST_LESSON and text.endswith((".", "!", "?")):
        return text
    # The cap on tokens cuts anywhere: better one sentence less than half of one.
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s|$)", text[:_LONGEST_LESSON])]
    return text[: ends[-1]] if ends else text[:_LONGEST_LESSON].rstrip()


def _unwrapped(text: str, name: str, language: Language) -> str:
    """The code of a reply that is a JSON object with the code as one of its strings."""
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return text
    values: list[object] = list(found.values()) if isinstance(found, dict) else [found]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
    texts = (value for value in values if isinstance(value, str))
    return next((value for value in texts if language.seems_to_define(value, name)), text)


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    """Every stretch between two fences, the last opening first: a later block is mostly the better one.

    A docstring may hold fences, so each opening is tried with its nearest closing first and then with
    those farther on.
    """
    fences = [(place, match) for place, line in enumerate(lines) if (match := _FENCE.match(line))]
    for index in range(len(fences) - 1, -1, -1):
        opened, opening = fences[index]
        ends = [
            (place, True)
            for place, closing in fences[index + 1 :]
            if closing["ticks"].startswith(opening["ticks"]) and not closing["info"].strip()
        ]
        if not ends and (opening["info"].strip() or len(fences) == 1):
            ends = [(len(lines), False)]
        for closed, complete in ends:
            text = flush_left("\n".join(lines[opened + 1 : closed])).strip("\n")
            if text.strip():
                yield _Block(opened, closed, text + "\n", complete)


def _with_imports(chosen: _Block, blocks: Sequence[_Block], language: Language) -> str:
    """The block, with those before it that hold nothing but imports: some models give them apart."""
    before = [
        block.text
        for block in reversed(blocks)
        if block.closed <= chosen.opened and block.complete and language.only_imports(block.text)
    ]
    return "".join([*dict.fromkeys(before), chosen.text])


def _problem(block: _Block, name: str, language: Language) -> str | None:
    if not block.text.strip():
        return "The reply holds no code."
    error = language.syntax_error(block.text)
    if error and not block.complete:
        return "The reply breaks off before its code ends."
    if error:
        return f"The reply's code does not parse: {error}."
    if not language.defines(block.text, name):
        return f"The reply holds no function named `{name}`."
    return None
