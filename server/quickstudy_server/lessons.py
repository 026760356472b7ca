"""The commands on lessons. Each visits a bank in its thread, so that no lock or size of it stops us."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pygls.uris import to_fs_path

from quickstudy.errors import InputError
from quickstudy.languages import language_named
from quickstudy.records import Lesson
from quickstudy_server.arguments import Json, answered, flag, maybe_text, number, text
from quickstudy_server.server import Server
from quickstudy_server.words import of_lesson

MOST = 1000
"""So many lessons are answered at most, of each bank."""


async def lessons(ls: Server, arguments: Any) -> list[Json]:
    """Search the banks, or with an empty query list the newest: `{query, uri?}` -> a list, see below."""
    with answered():
        query, uri = text(arguments, "query"), maybe_text(arguments, "uri")
        roots = await ls.configuration.trusted(_roots(ls, uri))
        found = [each for root in roots for each in await _found(ls, root, query)]
        # A search has the best first, of each bank; a list has the newest first, of all.
        return found if query.strip() else sorted(found, key=lambda each: each["created"], reverse=True)


async def pin(ls: Server, arguments: Any) -> Json:
    """Prefer a lesson wherever it fits, or no more: `{lesson, uri?, pinned?}` -> `{lesson, pinned}`."""
    from quickstudy.bank import Bank

    with answered():
        lesson, on = number(arguments, "lesson"), flag(arguments, "pinned", True)
        root, path = await _bank(ls, arguments)
        await Bank.visit(path, language_named, lambda bank: bank.pin(lesson, on), project=root)
        return {"lesson": lesson, "pinned": on}


async def forget(ls: Server, arguments: Any) -> Json:
    """Delete a lesson for good: `{lesson, uri?}` -> `{lesson, forgotten}`."""
    from quickstudy.bank import Bank

    with answered():
        lesson = number(arguments, "lesson")
        root, path = await _bank(ls, arguments)
        await Bank.visit(path, language_named, lambda bank: bank.forget(lesson), project=root)
        ls.suggesting.everywhere()
        return {"lesson": lesson, "forgotten": True}


def _roots(ls: Server, uri: str | None) -> list[Path]:
    """The project that an address is in; without one, all of the workspace."""
    if uri is None:
        return ls.buffers.roots
    snapshot = ls.buffers.get(uri)
    path = str(snapshot.path) if snapshot else to_fs_path(uri)
    if path is None:
        raise InputError(f"{uri} is neither an open Python document nor a file or folder.")
    return [ls.buffers.root(Path(path))]


async def _bank(ls: Server, arguments: Any) -> tuple[Path, Path]:
    """A project and the bank that a command is about. Raises InputError if that is not one."""
    roots = await ls.configuration.trusted(_roots(ls, maybe_text(arguments, "uri")))
    banks = {ls.configuration.bank(root): root for root in roots}
    found = [(root, path) for path, root in banks.items() if _is_there(path)]
    if not found:
        raise InputError("No lessons are kept here yet; optimize a function first.")
    if len(found) > 1:
        raise InputError("This workspace has several banks; name a file or folder of the project as uri.")
    return found[0]


def _is_there(path: Path) -> bool:
    return os.path.lexists(path)  # be it a link, which the bank then names


async def _found(ls: Server, root: Path, query: str) -> list[Json]:
    from quickstudy.bank import Bank
    from quickstudy.bank.exchange import fields_of

    path = ls.configuration.bank(root)
    if not _is_there(path):
        return []

    def ask(bank: Bank) -> tuple[str | None, Sequence[Lesson]]:
        return bank.notice, bank.search(query, MOST) if query.strip() else bank.list(limit=MOST)

    notice, lessons = await Bank.visit(path, language_named, ask, project=root)
    if notice:
        ls.client.warn_once(notice)
    return [
        {
            **row,
            "words": of_lesson(row),
            "uri": address(root, each.path),
            "root": root.as_uri(),
        }
        for each, row in ((each, fields_of(each)) for each in lessons)
    ]


def address(root: Path, path: str) -> str | None:
    """Where a lesson's module is; None if it is gone, or a path of the bank leads out of the project."""
    try:
        file = (root / path).resolve()
        inside = file.is_relative_to(root.resolve()) and file.is_file()
    except (OSError, RuntimeError, ValueError):  # of a path that no file has: too long, a circle, a null
        return None
    return (root / path).as_uri() if inside else None
