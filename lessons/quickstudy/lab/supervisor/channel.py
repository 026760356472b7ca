"""Frames on the private channel between a child and the lab: a kind, a payload, and parts in binary.

    kind (1 byte), count (4 bytes), sizes (count times 8 bytes), payload, part, ...

The kind is outside the payload, so that who passes a frame on need not read what is in it. Stdlib only,
CPython 3.9 and newer. Everything it needs is bound here, before any code on test is loaded.
"""

from __future__ import annotations

import mmap
import struct

from quickstudy.lab.supervisor import records

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from socket import socket

    from quickstudy.lab.supervisor.records import R, Record

_form = struct.Struct  # not `struct.pack`, which keeps what it was asked for
HEAD = 5
MOST_PARTS = 1 << 20


class Closed(Exception):
    """The other side has gone."""


class Forged(Exception):
    """What came is no frame, or not the one that was due: something else wrote to the channel."""


class Flood(Exception):
    """What came is too large to pass on."""


def frame(record: Record, parts: Sequence[bytes] = ()) -> bytes:
    """A record with binary parts as one frame: lengths first, so that no content can end it early."""
    payload = records.encode(record)
    sizes = [len(payload)] + [len(part) for part in parts]
    head = _form("!BI").pack(record.KIND, len(sizes))
    return b"".join([head, _form("!%dQ" % len(sizes)).pack(*sizes), payload, *parts])


def read_head(head: bytes | memoryview) -> tuple[int, int]:
    """The kind of a frame and how many sizes follow, by its first bytes. Raises Forged."""
    kind, count = _form("!BI").unpack(head)
    if not 0 < count <= MOST_PARTS:
        raise Forged
    return kind, count


def read_sizes(sizes: bytes | memoryview) -> tuple[int, ...]:
    """How long the payload and the parts of a frame are."""
    return _form("!%dQ" % (len(sizes) // 8)).unpack(sizes)


def read_record(kind: int, payload: bytes, *due: type[R]) -> R:
    """The record in a frame, which must be one of those that are due. Raises Forged."""
    for one in due:
        if one.KIND == kind:
            try:
                return records.decode(one, payload)
            except records.Invalid:
                break
    raise Forged


def send(sock: socket, record: Record, parts: Sequence[bytes] = ()) -> None:
    """Write one frame."""
    sock.sendall(frame(record, parts))


def receive(sock: socket, *due: type[R]) -> tuple[R, list[bytes]]:
    """Read one frame. Raises Closed at the end of the stream, Forged on anything but what is due."""
    kind, count = read_head(_exactly(sock, HEAD))
    payload, *parts = [_exactly(sock, size) for size in read_sizes(_exactly(sock, 8 * count))]
    return read_record(kind, payload, *due), parts


def _exactly(sock: socket, size: int) -> bytes:
    chunks: list[bytes] = []
    while size:
        chunk = sock.recv(min(size, 1 << 20))
        if not chunk:
            raise Closed
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


class Relay:
    """Room for one frame on its way between others, in memory that forks of this process do not get.

    A fork inherits all memory, freed parts included. What one session was sent or answered must not be in
    there for the next.
    """

    def __init__(self, most: int) -> None:
        """`most` is how many bytes a frame may have; memory is used only as far as one needs it."""
        self.room = mmap.mmap(-1, most, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self.room.madvise(mmap.MADV_DONTFORK)
        self.view = memoryview(self.room)
        self.used = 0

    def take(self, sock: socket) -> int:
        """Take one frame in; its kind. Raises Closed, Forged if it is none, Flood if it is too large."""
        self.clear()
        kind, count = read_head(self._filled(sock, HEAD))
        self._filled(sock, sum(read_sizes(self._filled(sock, 8 * count))))
        return kind

    def give(self, sock: socket) -> None:
        """Send the frame on as it came, and forget it."""
        try:
            sock.sendall(self.view[: self.used])
        finally:
            self.clear()

    def clear(self) -> None:
        if self.used:
            # The kernel takes these pages back, and gives empty ones when they are touched again.
            self.room.madvise(mmap.MADV_DONTNEED, 0, self.used)
            self.used = 0

    def _filled(self, sock: socket, size: int) -> memoryview:
        """A view of the next so many bytes, once they have come."""
        start, end = self.used, self.used + size
        if end > len(self.room):
            raise Flood
        while self.used < end:
            got = sock.recv_into(self.view[self.used : end])
            if not got:
                raise Closed
            self.used += got
        return self.view[start:end]
