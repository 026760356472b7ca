"""Offers on disk: a file each in the project's folder, and a page about it once it was looked at.

A repository may bring files of its own there, of any number, size and content. So a file begins with its
signature, and nothing of it is looked at before that fits.
"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from quickstudy.project import Project, UnsafePath
from quickstudy_server.signing import is_signed, sign

FOLDER = "offers"

MOST = 500
"""So many files are looked at."""

LARGEST = 4 << 20
"""Bytes of one; a larger offer ends with its server."""

MOST_BYTES = 64 << 20
"""Of all that is read at once."""

log = logging.getLogger(__name__)

_NAME = re.compile(r"([0-9a-f]{12})\.offer", re.ASCII)


def write(project: Project, job: str, content: bytes) -> None:
    """Keep what is known of an offer. Raises UnsafePath or OSError."""
    if len(content) > LARGEST:
        raise OSError("it is too large for a file")
    project.write(_place(job), sign(project.root, content) + b"\n" + content)


def read(project: Project) -> Iterator[tuple[str, bytes]]:
    """By job, what this user's servers wrote; at most `MOST` files and `MOST_BYTES` are looked at."""
    left, strangers = MOST_BYTES, 0
    for name in _names(project)[:MOST]:
        try:
            whole = project.read(f"{FOLDER}/{name}", min(left, LARGEST + 100))
            signature, _, content = whole.partition(b"\n")
            believed = is_signed(project.root, content, signature)
        except (OSError, UnsafePath) as error:
            log.warning("An offer cannot be read: %s", error)
            continue
        left -= len(whole)
        if believed:
            yield name.removesuffix(".offer"), content
        strangers += not believed
    if strangers:
        log.warning("%d offers in %s are not yours, and not shown", strangers, project.path(FOLDER))


def remove(project: Project, job: str) -> None:
    """Remove an offer and its page. Raises UnsafePath or OSError."""
    project.remove(_place(job))
    project.remove(_page(job))


def write_page(project: Project, job: str, text: str) -> Path:
    """Keep a page in Markdown. Raises UnsafePath or OSError."""
    return project.write(_page(job), text.encode(errors="replace"))


def _names(project: Project) -> list[str]:
    try:
        return list(filter(_NAME.fullmatch, project.names(FOLDER)))
    except (OSError, UnsafePath) as error:
        log.warning("The offers cannot be read: %s", error)
        return []


def _place(job: str) -> str:
    return f"{FOLDER}/{job}.offer"


def _page(job: str) -> str:
    return f"{FOLDER}/{job}.md"
