"""Frames on the private channel between a child and the lab: a JSON header and binary parts.

Stdlib only, CPython 3.9 and newer. Everything it needs is bound here, before any code on test is loaded.
"""

import json
import struct

_dumps = json.dumps
_loads = json.loads
_pack = struct.pack
_unpack = struct.unpack
MOST_PARTS = 1 << 20


class Closed(Exception):
    """The other side has gone."""


class Forged(Exception):
    """What came is no frame, or not the one that was due: something else wrote to the channel."""


def send(sock, header, parts=()):
    """Write one frame: lengths first, so that no content can end it early."""
    head = _dumps(header).encode("ascii")
    sizes = [len(head)] + [len(part) for part in parts]
    sock.sendall(b"".join([_pack("!I", len(sizes)), _pack("!%dQ" % len(sizes), *sizes), head, *parts]))


def receive(sock):
    """Read one frame as `(header, parts)`. Raises Closed at the end of the stream, Forged on nonsense."""
    head, *parts = receive_unread(sock)
    return read(head), parts


def receive_unread(sock, most=1 << 40):
    """Read one frame of at most so many bytes as a list of bytes, its header first and not parsed."""
    (count,) = _unpack("!I", _exactly(sock, 4))
    if not 0 < count <= MOST_PARTS:
        raise Forged
    sizes = _unpack("!%dQ" % count, _exactly(sock, 8 * count))
    if sum(sizes) > most:
        raise Forged
    return [_exactly(sock, size) for size in sizes]


def read(head):
    """A header as a dict. Raises Forged if it is none."""
    try:
        header = _loads(head)
    except (ValueError, RecursionError):
        raise Forged from None
    if not isinstance(header, dict):
        raise Forged
    return header


def _exactly(sock, size):
    chunks = []
    while size:
        chunk = sock.recv(min(size, 1 << 20))
        if not chunk:
            raise Closed
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
