"""`quickstudy-server`: takes stdout for the protocol before anything else can write to it, and serves."""

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from quickstudy_server.server import Server


def main() -> None:
    """The console script."""
    channel, sys.stdout = sys.stdout.buffer, sys.stderr
    _distrust_search_path()
    arguments = parser().parse_args(namespace=Arguments())
    import logging

    logging.basicConfig(
        # Never lower: pygls logs whole messages at INFO, and so the user's code.
        level=logging.WARNING,
        filename=arguments.log_file,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    server = _create()
    # Messages are read in a thread of their own, which must not wait 5 ms for its turn while we compute.
    sys.setswitchinterval(0.0005)
    if arguments.tcp:
        logging.getLogger("pygls.server").setLevel(logging.INFO)  # it says where it listens
        server.start_tcp(*arguments.tcp)
    else:
        server.start_io(stdout=channel)


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


def parser() -> "ArgumentParser":
    """The command line."""
    import argparse

    parser = argparse.ArgumentParser(
        prog="quickstudy-server", description="The language server of Quickstudy."
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--stdio", action="store_true", help="speak on stdin and stdout (the default)")
    where.add_argument(
        "--tcp", type=_address, metavar="HOST:PORT", help="wait for one editor at this address"
    )
    parser.add_argument("--log-file", metavar="FILE", help="write warnings and errors there, not to stderr")
    return parser


class Arguments:
    """What the command line said."""

    stdio: bool
    tcp: tuple[str, int] | None
    log_file: str | None


def _address(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host or "127.0.0.1", int(port)


if __name__ == "__main__":
    main()
