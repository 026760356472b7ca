"""A network that is only this machine: what else a test's code would have connected to is written down."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

HERE = ("127.0.0.1", "localhost", "::1")


@contextmanager
def only_here(monkeypatch: pytest.MonkeyPatch, *ports: int) -> Iterator[set[str]]:
    """Refuse every connection but to these ports on loopback; gives `host:port` of those refused."""
    refused: set[str] = set()
    connect, resolve = socket.socket.connect, socket.getaddrinfo

    def checked_connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not (address[0] in HERE and address[1] in ports):
            refused.add(f"{address[0]}:{address[1]}")
            raise ConnectionRefusedError
        connect(self, address)

    def checked_resolve(host: Any, port: Any, *more: Any, **most: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in HERE:
            refused.add(f"{name}:{port}")
            raise socket.gaierror(socket.EAI_NONAME, "no network in this test")
        return resolve(host, port, *more, **most)

    with monkeypatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked_connect)
        patch.setattr(socket, "getaddrinfo", checked_resolve)
        yield refused
