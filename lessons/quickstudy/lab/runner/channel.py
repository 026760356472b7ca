"""Frames on the private channel between a child and the lab: a JSON header and binary parts.

Stdlib only, CPython 3.9 and newer. Everything it needs is bound here, before any code on test is loaded.
"""

import json
import struct

_dumps = json.dumps
_loads = json.loads
_pack = struct.pack
_unpack = struct.unpack


class Closed(Exception):
    """The lab has gone."""


def send(sock, header, parts=()):
    """Write one frame: lengths first, so that no content can end it early."""
    head = _dumps(header).encode("ascii")
    sizes = [len(head)] + [len(part) for part in parts]
    sock.sendall(b"".join([_pack("!I", len(sizes)), _pack("!%dQ" % len(sizes), *sizes), head, *parts]))


def receive(sock):
    """Read one frame as `(header, parts)`. Raises Closed at the end of the stream."""
    (count,) = _unpack("!I", _exactly(sock, 4))
    sizes = _unpack("!%dQ" % count, _exactly(sock, 8 * count))
    head = _loads(_exactly(sock, sizes[0]))
    return head, [_exactly(sock, size) for size in sizes[1:]]


def _exactly(sock, size):
    chunks = []
    while size:
        chunk = sock.recv(min(size, 1 << 20))
        if not chunk:
            raise Closed
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)
