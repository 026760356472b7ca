"""A document as it stood at one moment, with all that answering about it takes."""

from dataclasses import dataclass
from pathlib import Path

from quickstudy_server.positions import Text
from quickstudy_server.settings import Chosen


@dataclass(frozen=True)
class Snapshot(Text):
    """One version of a document. Whoever has it needs no disk, and no word from the client."""

    uri: str
    path: Path
    """Where the file is, or would be if it were saved."""
    version: int | None
    root: Path
    """The project it is in."""
    settings: Chosen
    """The project's settings as they were last known."""
