"""Frames on the private channel between a child and the lab: a JSON header and binary parts.

Stdlib only, CPython 3.9 and newer. Everything it needs is bound here, before any code on test is loaded.
"""

import json
import mmap
import struct

_dumps = json.dumps
_loads = json.loads
_form = struct.Struct  # not `struct.pack`, which keeps what it was asked for
MOST_PARTS = 1 << 20


class Closed(Exception):
    """The other side has gone."""


class Forged(Exception):
    """What came is no frame, or not the one that was due: something else wrote to the channel."""


class Flood(Exception):
    """What came is too large to pass on."""


def plain(value):
    """Plain data as bytes."""
    return _dumps(value).encode("ascii")


def send(sock, header, parts=()):
    """Write one frame: lengths first, so that no content can end it early."""
    head = plain(header)
    sizes = [len(head)] + [len(part) for part in parts]
    sock.sendall(
        b"".join([_form("!I").pack(len(sizes)), _form("!%dQ" % len(sizes)).pack(*sizes), head, *parts])
    )


def receive(sock):
    """Read one frame as `(header, parts)`. Raises Closed at the end of the stream, Forged on nonsense."""
    count = _counted(_exactly(sock, 4))
    sizes = _form("!%dQ" % count).unpack(_exactly(sock, 8 * count))
    head, *parts = [_exactly(sock, size) for size in sizes]
    try:
        header = _loads(head)
    except (ValueError, RecursionError):
        raise Forged from None
    if not isinstance(header, dict):
        raise Forged
    return header, parts


def _counted(first):
    """How many parts a frame has, its header included, by its first four bytes."""
    (count,) = _form("!I").unpack(first)
    if not 0 < count <= MOST_PARTS:
        raise Forged
    return count


def _exactly(sock, size):
    chunks = []
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

    def __init__(self, most):
        """`most` is how many bytes a frame may have; memory is used only as far as one needs it."""
        self.room = mmap.mmap(-1, most, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        self.room.madvise(mmap.MADV_DONTFORK)
        self.view = memoryview(self.room)
        self.used = 0

    def take(self, sock):
        """Read one frame; a view of its header. Raises Closed, Forged if it is none, Flood if too large."""
        self.clear()
        count = _counted(self._filled(sock, 4))
        sizes = _form("!%dQ" % count).unpack(self._filled(sock, 8 * count))
        return self._filled(sock, sum(sizes))[: sizes[0]]

    def give(self, sock):
        """Send the frame on as it came, and forget it."""
        try:
            sock.sendall(self.view[: self.used])
        finally:
            self.clear()

    def clear(self):
        if self.used:
            # The kernel takes these pages back, and gives empty ones when they are touched again.
            self.room.madvise(mmap.MADV_DONTNEED, 0, self.used)
            self.used = 0

    def _filled(self, sock, size):
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
