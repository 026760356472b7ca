"""Runs a command inside the sandbox, and carries out of it what the command's Pythons keep in a file there.

    start.py supervisor.carry FD FOLDER FILE -- COMMAND ...

FD is a descriptor that was opened outside, which the command does not get; FOLDER is where the command
starts. The exit status is the command's, 128 + n after signal n, 127 if it cannot be started. Stdlib only,
CPython 3.9 and newer; started with `-I -S`.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

PAUSE_S = 0.1
"""About how much is lost if the whole sandbox is ended."""


class Carrier:
    """Copies a file that grows."""

    def __init__(self, descriptor: int, file: str) -> None:
        self.out = os.fdopen(descriptor, "ab")
        self.file = file
        self.carried = 0

    def carry(self) -> None:
        """What has been appended to the file since the last time."""
        try:
            with open(self.file, "rb") as file:
                file.seek(self.carried)
                data = file.read()
        except FileNotFoundError:
            return
        self.out.write(data)
        self.out.flush()
        self.carried += len(data)


def main(descriptor: str, folder: str, file: str, _: str, *command: str) -> int:
    carrier = Carrier(int(descriptor), file)
    os.chdir(folder)
    try:
        process = subprocess.Popen(command)
    except OSError as error:
        sys.stderr.write(
            "The command %s cannot be started in the sandbox: %s.\n" % (command[0], error.strerror)
        )
        return 127
    status = None
    while status is None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            status = process.wait(PAUSE_S)
        carrier.carry()
    return status if status >= 0 else 128 - status
