"""The commands on lessons. Each reads or writes a bank in a thread, so that no lock of another stops us."""

import asyncio
from pathlib import Path
from typing import Any

from pygls.uris import to_fs_path

from quickstudy.errors import InputError
from quickstudy.wire import to_json
from quickstudy_server.arguments import Json, answered, flag, maybe_text, number, text
from quickstudy_server.server import Server

MOST = 1000
"""So many lessons are answered at most, of each bank."""


async def lessons(ls: Server, arguments: Any) -> list[Json]:
    """Search the banks, or with an empty query list the newest: `{query, uri?}` -> a list, see below."""
    with answered():
        query, uri = text(arguments, "query"), maybe_text(arguments, "uri")
        banks = {root: ls.bank(root) for root in _roots(ls, uri)}
        return await asyncio.to_thread(_found, banks, query)


async def pin(ls: Server, arguments: Any) -> Json:
    """Prefer a lesson wherever it fits, or no more: `{lesson, uri?, pinned?}` -> `{lesson, pinned}`."""
    with answered():
        lesson, on = number(arguments, "lesson"), flag(arguments, "pinned", True)
        await asyncio.to_thread(_pin, _bank(ls, arguments), lesson, on)
        return {"lesson": lesson, "pinned": on}


async def forget(ls: Server, arguments: Any) -> Json:
    """Delete a lesson for good: `{lesson, uri?}` -> `{lesson, forgotten}`."""
    with answered():
        lesson = number(arguments, "lesson")
        await asyncio.to_thread(_forget, _bank(ls, arguments), lesson)
        ls.hints.everywhere()
        return {"lesson": lesson, "forgotten": True}


def _roots(ls: Server, uri: str | None) -> list[Path]:
    """The project that an address is in; without one, all of the workspace."""
    if uri is None:
        return ls.roots
    snapshot = ls.document(uri)
    path = str(snapshot.path) if snapshot else to_fs_path(uri)
    if path is None:
        raise InputError(f"{uri} is neither an open Python document nor a file or folder.")
    return [ls.root(Path(path))]


def _bank(ls: Server, arguments: Any) -> Path:
    """The bank that a command is about. Raises InputError if that is not one."""
    banks = dict.fromkeys(ls.bank(root) for root in _roots(ls, maybe_text(arguments, "uri")))
    kept = [path for path in banks if path.exists()]
    if not kept:
        raise InputError("No lessons are kept here yet; optimise a function first.")
    if len(kept) > 1:
        raise InputError("This workspace has several banks; name a file or folder of the project as uri.")
    return kept[0]


def _found(banks: dict[Path, Path], query: str) -> list[Json]:
    from quickstudy.bank import Bank

    found: list[Json] = []
    for root, path in banks.items():
        if path.exists():
            with Bank.open(path) as bank:
                lessons = bank.search(query, MOST) if query.strip() else bank.list(limit=MOST)
            for lesson in lessons:
                file = root / lesson.path
                place = {"uri": file.as_uri() if file.exists() else None, "root": root.as_uri()}
                found.append({**to_json(lesson), **place})
    return found if query.strip() else sorted(found, key=lambda each: each["created"], reverse=True)


def _pin(path: Path, lesson: int, on: bool) -> None:
    from quickstudy.bank import Bank

    with Bank.open(path) as bank:
        bank.pin(lesson, on)


def _forget(path: Path, lesson: int) -> None:
    from quickstudy.bank import Bank

    with Bank.open(path) as bank:
        bank.forget(lesson)
