"""How the server is reached: by stdin and stdout, or by connecting out to the client. It never listens."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from tests.e2e.conftest import PATIENCE_S, SERVER, environment, settings
from tests.e2e.test_job import alive, descendants
from tests.e2e.wire import Wire, initialised, started
from tests.openai_server import OpenAIServer, hang

TRANSPORTS = ("stdio", "pipe", "socket")
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def connected(transport: str, project: Path, *more: str) -> AsyncGenerator[Wire]:
    """A server that was started as an editor starts it, with the editor listening where it has to."""
    if transport == "stdio":
        async with started("--stdio", *more, cwd=project) as wire:
            yield wire
        return
    found: asyncio.Queue[Connection] = asyncio.Queue()

    async def arrived(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found.put_nowait((reader, writer))

    if transport == "pipe":
        path = project / "editor.sock"
        listening = await asyncio.start_unix_server(arrived, path)
        option = f"--pipe={path}"
    else:
        listening = await asyncio.start_server(arrived, "127.0.0.1", 0)
        option = f"--socket={listening.sockets[0].getsockname()[1]}"
    async with listening, started(option, *more, cwd=project) as wire:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await found.get()
        yield Wire(wire.process, reader, writer)
        writer.close()


def listening(pid: int) -> set[str]:
    """Where a process of any protocol waits for others to connect."""
    mine: set[str] = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # it was that of this very list
            mine.add(str(link.readlink()).removeprefix("socket:[").rstrip("]"))
    found: set[str] = set()
    for name in ("tcp", "tcp6"):
        for row in Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:]:
            columns = row.split()
            if columns[3] == "0A" and columns[9] in mine:
                found.add(columns[1])
    for row in Path(f"/proc/{pid}/net/unix").read_text().splitlines()[1:]:
        columns = row.split()
        if int(columns[3], 16) & 0x10000 and columns[6] in mine:
            found.add(columns[-1])
    return found


def test_a_listening_socket_is_seen(tmp_path: Path) -> None:
    """The check of these tests itself: by TCP in both kinds of address, and by a path."""
    with (
        socket.create_server(("127.0.0.1", 0)),
        socket.create_server(("::1", 0), family=socket.AF_INET6),
        socket.socket(socket.AF_UNIX) as one,
    ):
        one.bind(str(tmp_path / "one"))
        one.listen()
        assert 3 == len(listening(os.getpid()))


async def begin(wire: Wire, project: Path, team: OpenAIServer) -> None:
    """Start a job, and wait until a model is asked."""
    await initialised(wire, project, settings(team))
    file = project / "ledger.py"
    document = {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": file.read_text("utf-8")}
    wire.notify("textDocument/didOpen", {"textDocument": document})
    wire.command(1, "optimize", {"uri": file.as_uri(), "position": {"line": 3, "character": 0}})
    while "the team is at work" not in str(await wire.read()):
        pass


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_session_over_each_transport(project: Path, transport: str) -> None:
    """Requests are answered, nothing listens, and `exit` ends the server with status 0."""
    with OpenAIServer(hang()) as team:
        async with connected(transport, project) as wire:
            await begin(wire, project, team)
            pid = wire.process.pid
            assert set() == set[str]().union(*map(listening, (pid, *descendants(pid))))
            wire.request(2, "shutdown")
            await wire.answer(2)
            wire.notify("exit")
            assert (0, b"") == (await wire.process.wait(), wire.stray)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_an_end_of_the_connection_ends_all(project: Path, transport: str) -> None:
    """Without a word and in the middle of a job: server and engine are gone within a second."""
    with OpenAIServer(hang()) as team:
        async with connected(transport, project) as wire:
            await begin(wire, project, team)
            busy = descendants(wire.process.pid)
            assert busy
            wire.close()
            async with asyncio.timeout(1.5):
                assert 0 == await wire.process.wait()
                while alive(busy):
                    await asyncio.to_thread(os.sched_yield)


@pytest.mark.parametrize("transport", ["pipe", "socket"])
async def test_a_connection_that_breaks_is_no_traceback(project: Path, transport: str) -> None:
    """The client dies with an answer unread, which resets the connection: an end as any other."""
    async with connected(transport, project) as wire:
        await initialised(wire, project)
        await wire.crash()
        async with asyncio.timeout(2):
            assert 0 == await wire.process.wait()


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_the_server_ends_with_the_process_of_its_client(project: Path, transport: str) -> None:
    """Also when somebody else holds the connection open."""
    client = await asyncio.create_subprocess_exec("cat", stdin=asyncio.subprocess.PIPE)
    with OpenAIServer(hang()) as team:
        async with connected(transport, project, f"--clientProcessId={client.pid}") as wire:
            await begin(wire, project, team)
            busy = descendants(wire.process.pid)
            client.kill()
            await client.wait()
            async with asyncio.timeout(1.5):
                assert -signal.SIGTERM == await wire.process.wait()
                while alive(busy):
                    await asyncio.to_thread(os.sched_yield)


async def refused(folder: Path, *arguments: str) -> str:
    """What the server says when it cannot start, on stderr and with status 2."""
    process = await asyncio.create_subprocess_exec(
        *(*SERVER, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        cwd=folder,
        env=environment(),
    )
    async with asyncio.timeout(PATIENCE_S):
        out, error = await process.communicate()
    assert (2, b"") == (process.returncode, out)
    return error.decode()


def unused_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


async def test_a_connection_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    """No file, no socket, a path that is too long for one, and a port on which nobody listens."""
    (tmp_path / "file").touch()
    port = unused_port()
    for option, where, why in (
        (f"--pipe={tmp_path / 'gone'}", tmp_path / "gone", "No such file or directory"),
        (f"--pipe={tmp_path / 'file'}", tmp_path / "file", "Connection refused"),
        (f"--pipe={'x' * 200}", "x" * 200, "AF_UNIX path too long"),
        ("--pipe=", "", "Invalid argument"),
        (f"--socket={port}", f"port {port}", "Connection refused"),
    ):
        end = f"{where} ({why}); start it from an editor that does.\n"
        assert f"quickstudy-server: no editor listens at {end}" == await refused(tmp_path, option)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can be another user")
async def test_a_socket_of_another_user_is_refused(tmp_path: Path) -> None:
    """A stranger on the machine who was there first would be the server's editor."""
    path = tmp_path / "editor.sock"
    stranger = (
        "import os, socket, sys; one = socket.socket(socket.AF_UNIX); one.bind(sys.argv[1]); "
        "os.setuid(65534); one.listen(); print(flush=True); sys.stdin.read()"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", stranger, str(path)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdin and process.stdout
    await process.stdout.readline()
    end = f"{path}; start it from an editor of your own.\n"
    assert f"quickstudy-server: another user listens at {end}" == await refused(tmp_path, f"--pipe={path}")
    process.stdin.close()
    await process.wait()


@pytest.mark.parametrize("port", ["0", "-1", "65536", "http", "", "1e3", "127.0.0.1:80", "9" * 5000])
async def test_a_wrong_port_is_one_sentence(tmp_path: Path, port: str) -> None:
    """It names what is wanted."""
    said = await refused(tmp_path, f"--socket={port}")
    assert said.endswith("argument --socket: must be a port from 1 to 65535\n")


@pytest.mark.parametrize("pid", ["0", "-5", "x", "", "9" * 30])
async def test_a_wrong_process_is_one_sentence(tmp_path: Path, pid: str) -> None:
    """It names what is wanted."""
    said = await refused(tmp_path, f"--clientProcessId={pid}")
    assert said.endswith("argument --clientProcessId: must be the number of a process\n")


async def test_a_client_that_is_gone_already_is_one_sentence(tmp_path: Path) -> None:
    """Nobody would ever end the server."""
    client = await asyncio.create_subprocess_exec(sys.executable, "-c", "")
    await client.wait()
    said = await refused(tmp_path, f"--clientProcessId={client.pid}")
    assert said == f"quickstudy-server: there is no process {client.pid}, so the editor is gone.\n"


async def test_a_log_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    """A folder that is not there, a folder itself, and an empty name."""
    for name in (tmp_path / "none" / "log", tmp_path, ""):
        said = await refused(tmp_path, f"--log-file={name}")
        assert said.startswith(f"quickstudy-server: the log {name} cannot be written (")
        assert said.endswith("); name another file with --log-file.\n")
        assert 1 == said.count("\n")


async def test_the_server_does_not_listen_any_more(tmp_path: Path) -> None:
    """An address to listen at is no option, and two ways at once are not either."""
    assert "unrecognized arguments: --tcp 127.0.0.1:0" in await refused(tmp_path, "--tcp", "127.0.0.1:0")
    assert "not allowed with argument --pipe" in await refused(tmp_path, "--pipe=x", "--socket=1")
