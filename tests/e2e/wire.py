"""A server's raw bytes, for what no client of any library would send or see."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.e2e.conftest import PATIENCE_S, SERVER, environment


class Wire:
    """A server's raw bytes."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.stray = b""
        """What came on stdout and was not the protocol."""

    def send(self, message: object) -> None:
        self.raw(json.dumps(message).encode())

    def raw(self, body: bytes) -> None:
        assert self.process.stdin
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def request(self, id: int, method: object, params: object = None) -> None:
        self.send({"jsonrpc": "2.0", "id": id, "method": method, "params": params})

    def notify(self, method: object, params: object = None) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def command(self, id: int, name: str, *arguments: object) -> None:
        params = {"command": f"quickstudy.{name}", "arguments": arguments}
        self.request(id, "workspace/executeCommand", params)

    async def read(self) -> dict[str, Any]:
        assert self.process.stdout
        length = 0
        async with asyncio.timeout(PATIENCE_S):
            while (line := await self.process.stdout.readline()) != b"\r\n":
                name, colon, value = line.partition(b": ")
                if not colon or not name.startswith(b"Content-"):
                    self.stray += line
                    assert line, "the server ended"
                length = int(value) if name == b"Content-Length" else length
            return json.loads(await self.process.stdout.readexactly(length))

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
