"""How the editor is reached when it is not by stdin and stdout: by a socket on which the editor listens.

The server itself never listens, in any mode: whoever could connect to it could have code run.
"""

import os
import select
import signal
import socket
import struct
import threading
from contextlib import suppress
from typing import BinaryIO

from quickstudy.errors import InputError

CONNECT_S = 10.0
"""How long an editor that listens may take to accept."""


def connect(place: str | int) -> tuple[BinaryIO, BinaryIO]:
    """What the editor sends and what it is sent: at a path, or at a port of this machine.

    Raises InputError.
    """
    if isinstance(place, int):
        family, address, where = socket.AF_INET, ("127.0.0.1", place), f"port {place}"
    else:
        family, address, where = socket.AF_UNIX, place, place
    with socket.socket(family) as connection:
        connection.settimeout(CONNECT_S)
        try:
            connection.connect(address)
        except OSError as error:
            why = error.strerror or error
            raise InputError(
                f"no editor listens at {where} ({why}); start it from an editor that does."
            ) from error
        if family == socket.AF_UNIX and _owner(connection) not in (os.getuid(), 0):
            raise InputError(f"another user listens at {where}; start it from an editor of your own.")
        connection.settimeout(None)
        # The connection stays open for as long as these two are.
        return connection.makefile("rb"), connection.makefile("wb")


def _owner(connection: socket.socket) -> int:
    """The user who listens at the other end of a local connection."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", credentials)
    return user


def end_with(client: int) -> None:
    """End this process when the client's ends. Raises InputError if that is gone already.

    The connection says so as well, but not where a process that the client started holds it open.
    """
    try:
        process = os.pidfd_open(client)
    except ProcessLookupError as error:
        raise InputError(f"there is no process {client}, so the editor is gone.") from error
    except OSError:  # a kernel without this
        return

    def wait() -> None:
        select.select([process], [], [])
        # Engines see the end of their stdin, and end as well.
        with suppress(ProcessLookupError):
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()
