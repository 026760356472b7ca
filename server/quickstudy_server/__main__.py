"""`quickstudy-server`: takes stdout for the protocol before anything else can write to it, and serves."""

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from collections.abc import Callable
    from logging import Handler

    from quickstudy_server.server import Server


def main() -> None:
    """The console script."""
    channel, sys.stdout = sys.stdout.buffer, sys.stderr
    _distrust_search_path()
    from quickstudy.errors import InputError

    command = parser()
    arguments = command.parse_args(namespace=Arguments())
    try:
        _log_to(arguments.log_file)
        reader, writer = _streams(arguments, channel)
    except InputError as error:
        command.exit(error.exit_status, f"{command.prog}: {error}\n")
    server = _create()
    # Messages are read in a thread of their own, which must not wait 5 ms for its turn while we compute.
    sys.setswitchinterval(0.0005)
    with suppress(ConnectionResetError):  # the editor crashed
        server.start_io(reader, writer)


def _create() -> "Server":
    """Import it all."""
    from quickstudy.machine import no_garbage

    with no_garbage():
        from quickstudy_server.app import create_server

        return create_server()


def _distrust_search_path() -> None:
    """Import nothing from the workspace, which is where editors start a server and may point PYTHONPATH."""
    named = os.environ.pop("PYTHONPATH", "").split(os.pathsep)
    unwanted = {os.path.abspath(place) for place in named} | {os.getcwd()}  # noqa: PTH100, PTH109 pathlib costs 10 ms
    sys.path[:] = [place for place in sys.path if os.path.abspath(place) not in unwanted]  # noqa: PTH100


def _log_to(file: str | None) -> None:
    """Begin the log. Raises InputError if it cannot be written."""
    import logging

    from quickstudy.errors import InputError
    from quickstudy.plain_text import harmless

    class Plain(logging.Formatter):
        """Texts of others are in the log: they steer no terminal, and begin no line."""

        def format(self, record: logging.LogRecord) -> str:
            return harmless(super().format(record)).replace("\n", "\n    ")

    handler: Handler = logging.StreamHandler()
    if file is not None:
        try:
            handler = logging.FileHandler(file, encoding="utf-8", errors="backslashreplace")
        except OSError as error:
            raise InputError(
                f"the log {file} cannot be written ({error.strerror}); name another file with --log-file."
            ) from error
    handler.setFormatter(Plain("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    # Never lower: pygls logs whole messages at INFO, and so the user's code.
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.raiseExceptions = False  # a full disk is no reason for tracebacks


def _streams(arguments: "Arguments", channel: BinaryIO) -> tuple[BinaryIO, BinaryIO]:
    """What the editor sends and what it is sent. Raises InputError if it is not there."""
    from quickstudy_server import transport

    if arguments.client is not None:
        transport.end_with(arguments.client)
    place = arguments.socket if arguments.pipe is None else arguments.pipe
    return (sys.stdin.buffer, channel) if place is None else transport.connect(place)


def parser() -> "ArgumentParser":
    """The command line."""
    import argparse

    parser = argparse.ArgumentParser(
        prog="quickstudy-server", description="The language server of Quickstudy.", allow_abbrev=False
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--stdio", action="store_true", help="speak on stdin and stdout (the default)")
    where.add_argument("--pipe", metavar="PATH", help="connect to the editor, which listens on this socket")
    where.add_argument(
        "--socket",
        type=_number(1, 65535, "a port from 1 to 65535"),
        metavar="PORT",
        help="connect to the editor, which listens on this port of 127.0.0.1",
    )
    parser.add_argument(
        "--clientProcessId",
        dest="client",
        type=_number(1, 2**31 - 1, "the number of a process"),
        metavar="PID",
        help="end when this process does",
    )
    parser.add_argument("--log-file", metavar="FILE", help="write warnings and errors there, not to stderr")
    return parser


class Arguments:
    """What the command line said."""

    stdio: bool
    pipe: str | None
    socket: int | None
    client: int | None
    log_file: str | None


def _number(least: int, most: int, what: str) -> "Callable[[str], int]":
    """The reader of an option that takes a whole number."""
    from argparse import ArgumentTypeError

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise ArgumentTypeError(f"must be {what}")
        return number

    return read


if __name__ == "__main__":
    main()
