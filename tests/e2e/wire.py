"""A server's raw bytes, for what no client of any library would send or see."""

import asyncio
import json
import select
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.e2e.conftest import PATIENCE_S, SERVER, environment


class Wire:
    """A server's raw bytes."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader | None = None,
        writer: asyncio.StreamWriter | None = None,
    ) -> None:
        """Over the process's stdin and stdout, or over a connection that it made."""
        self.process = process
        self._reader = reader or process.stdout
        self._writer = writer or process.stdin
        self.stray = b""
        """What came and was not the protocol."""

    def send(self, message: object) -> None:
        self.raw(json.dumps(message).encode())

    def raw(self, body: bytes) -> None:
        assert self._writer
        self._writer.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def request(self, id: int, method: object, params: object = None) -> None:
        self.send({"jsonrpc": "2.0", "id": id, "method": method, "params": params})

    def notify(self, method: object, params: object = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def close(self) -> None:
        """End the connection, as an editor that is gone."""
        assert self._writer
        self._writer.close()

    async def crash(self) -> None:
        """Break the connection with an answer unread, as an editor that crashed."""
        assert isinstance(self._writer, asyncio.StreamWriter)
        transport = self._writer.transport
        assert isinstance(transport, asyncio.Transport)
        transport.pause_reading()
        self.request(99, "$/unheard")
        await asyncio.to_thread(select.select, [transport.get_extra_info("socket")], [], [])
        transport.abort()

    def command(self, id: int, name: str, *arguments: object) -> None:
        params = {"command": f"quickstudy.{name}", "arguments": arguments}
        self.request(id, "workspace/executeCommand", params)

    async def read(self) -> dict[str, Any]:
        assert self._reader
        length = 0
        async with asyncio.timeout(PATIENCE_S):
            while (line := await self._reader.readline()) != b"\r\n":
                name, colon, value = line.partition(b": ")
                if not colon or not name.startswith(b"Content-"):
                    self.stray += line
                    assert line, "the server ended"
                length = int(value) if name == b"Content-Length" else length
            return json.loads(await self._reader.readexactly(length))

    async def answer(self, id: int) -> dict[str, Any]:
        while (message := await self.read()).get("id") != id or "method" in message:
            pass
        return message


@asynccontextmanager
async def started(*arguments: str, cwd: Path, **env: str) -> AsyncIterator[Wire]:
    process = await asyncio.create_subprocess_exec(
        *(*SERVER, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=cwd,
        env=environment(env),
    )
    wire = Wire(process)
    try:
        yield wire
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def initialised(
    wire: Wire, root: Path, options: object = None, capabilities: object = None
) -> dict[str, Any]:
    able = capabilities or {}
    params = {"rootUri": root.as_uri(), "capabilities": able, "initializationOptions": options}
    wire.request(0, "initialize", params)
    answer = await wire.answer(0)
    wire.notify("initialized", {})
    return answer["result"]
