"""Offers on disk: a file each in the project's folder, and a page about it once it was shown.

A repository may bring files of its own there, of any number, size and content. So the name of a file is
signed, and none with another name is opened; and it begins with its signature, before which nothing of it is
looked at.
"""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

from quickstudy.project import Project, UnsafePath
from quickstudy_server.signing import CONTENT, NAME, Signer

FOLDER = "offers"

LARGEST = 4 << 20
"""Bytes of one; a larger offer ends with its server."""

MOST_BYTES = 64 << 20
"""Of all that is read at once."""

log = logging.getLogger(__name__)

_NAME = re.compile(r"([0-9a-f]{12})-([0-9a-f]{64})\.offer", re.ASCII)


def write(project: Project, job: str, content: bytes) -> None:
    """Keep what is known of an offer. Raises UnsafePath or OSError."""
    if len(content) > LARGEST:
        raise OSError("it is too large for a file")
    signer = Signer(project.root)
    project.write(_place(signer, job), signer.sign(CONTENT, content) + b"\n" + content)


def read(project: Project) -> Iterator[tuple[str, bytes]]:
    """By job, what this user's servers wrote; at most `MOST_BYTES` are read."""
    try:
        found = list(filter(None, map(_NAME.fullmatch, project.names(FOLDER))))
        signer = Signer(project.root) if found else None
    except (OSError, UnsafePath) as error:
        log.warning("The offers cannot be read: %s", error)
        return
    if signer is None:
        return
    left = MOST_BYTES
    for name in found:
        if not signer.is_signed(NAME, name[1].encode(), name[2].encode()):
            continue
        try:
            whole = project.read(f"{FOLDER}/{name[0]}", min(left, LARGEST + 100))
        except (OSError, UnsafePath) as error:
            log.warning("An offer cannot be read: %s", error)
            continue
        left -= len(whole)
        signature, _, content = whole.partition(b"\n")
        if signer.is_signed(CONTENT, content, signature):
            yield name[1], content


def remove(project: Project, job: str) -> None:
    """Remove an offer and its page. Raises UnsafePath or OSError."""
    project.remove(_place(Signer(project.root), job))
    project.remove(_page(job))


def page(project: Project, job: str) -> Path:
    """Where the page about an offer lies, or would lie."""
    return project.path(_page(job))


def write_page(project: Project, job: str, text: str) -> Path:
    """Keep a page in Markdown. Raises UnsafePath or OSError."""
    return project.write(_page(job), text.encode(errors="replace"))


def _place(signer: Signer, job: str) -> str:
    return f"{FOLDER}/{job}-{signer.sign(NAME, job.encode()).decode()}.offer"


def _page(job: str) -> str:
    return f"{FOLDER}/{job}.md"
