"""The open files of a session: its own, and alike whatever it is asked.

A fork shares its parent's open files, and with them their flags, offsets, locks and owners: what one session
notes there, the next could read. So each opens its standard streams anew. They are files, never the null
device: code must not be able to tell a call that is watched from one that is timed by where it prints.
Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import io
import os
import sys
import zlib

CAPTURED = 1 << 20
"""Bytes of a stream that are told as they are."""
_MOST = os.sysconf("SC_OPEN_MAX")
_FOLDER = os.environ.get("TMPDIR", "/tmp")


def close_others(channel: int) -> None:
    """Close every descriptor but the standard streams and this one."""
    os.closerange(3, channel)
    os.closerange(channel + 1, _MOST)


def renew() -> None:
    """Open standard input, output and error for this process alone."""
    for number, file in ((0, os.open(os.devnull, os.O_RDWR)), (1, _nameless()), (2, _nameless())):
        os.dup2(file, number)
        os.close(file)


def _nameless() -> int:
    """A new file that is in no folder."""
    try:
        return os.open(_FOLDER, os.O_RDWR | os.O_TMPFILE, 0o600)
    except OSError:  # not every file system knows such
        path = os.path.join(_FOLDER, ".quickstudy-%d" % os.getpid())
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.unlink(path)
        return file


class Output:
    """What is written to standard output or error, also by who writes to the descriptor itself.

    Made once, before any text is loaded: it stands for the descriptor, whatever that leads to in a fork.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        raw = io.FileIO(number, "w", closefd=False)
        self.stream = io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", "surrogateescape")
        self.name = "stdout" if number == 1 else "stderr"
        raw.name = "<%s>" % self.name
        setattr(sys, self.name, self.stream)

    def size(self) -> int:
        self.stream.flush()
        return os.fstat(self.number).st_size

    def text(self) -> str:
        """The start of it, and how much there is if that is not all."""
        size = self.size()
        start = self._start(size).decode("utf-8", "replace")
        return start if size <= CAPTURED else "%s... (%d bytes)" % (start, size)

    def digest(self) -> tuple[int, int]:
        """Its size, and a checksum of its start."""
        size = self.size()
        return size, zlib.crc32(self._start(size))

    def _start(self, size: int) -> bytes:
        return os.pread(self.number, min(size, CAPTURED), 0) if size else b""
