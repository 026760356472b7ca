"""How fast the language server answers, beside others: `python tests/bench/server.py`.

Prints one JSON object. For our server, and for jedi-language-server and python-lsp-server where they are
on PATH: milliseconds from the start of the process to the answer of `initialize`, percentiles of a code
action and of a keystroke in a module of 5,000 lines, and the memory once 50 files are open. Each server gets
the very same bytes, one after the other. Ours has an offer and ten hints alive meanwhile, and every now and
then the typing stops just long enough for it to look for hints when the next key comes.

For ours alone: a code action right after a keystroke, as editors ask for it, whatever is being typed; seconds
from a cancel to no process left; and a code action while the embedded team is at work, whose models must be
here already.
"""

import asyncio
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.banks import lesson
from tests.openai_server import OpenAIServer, hang

from quickstudy.bank import Bank
from quickstudy.demo import write_demo
from quickstudy.languages import language_for, language_named
from quickstudy.project import Project
from quickstudy_server.offers import Offer, Offers

OTHERS = ("jedi-language-server", "pylsp")
CANCELS = 5
BUSY_S = 60
"""So long code actions are asked for while the embedded team is at work."""
LOOK_S = 0.41
"""So long nobody types before the server looks for hints."""

STARTS = 7
STROKES = 300
STROKES_OF_OTHERS = 60
"""Fewer, as each may take them seconds."""
TYPED = "cheap = [each for each in x]"
ALL_TYPED = (
    TYPED,
    'said = f"{len(x)} of {x!r}"',
    '"""Says what it does."""',
    "if (x := sorted(x)): pass",
    "@cache",
)
"""With brackets, strings and a decorator that stay open for a while."""
FUNCTION = '''\
def total_{n}(orders, limit={n}):
    """The sum of the orders up to a limit."""
    result = 0
    for order in orders:
        if order.price > limit:
            continue
        result += order.price * order.count
    return result


'''
CLASS = '''\
class Shop_{n}:
    """Sells things."""

    def __init__(self, stock):
        self.stock = stock

'''
SCAN = """\
def common_{n}(orders, known):
    found = []
    for order in orders:
        if order in known:
            found.append(order)
    return found


"""
METHOD = """\
    def find_{n}_{m}(self, name):
        found = None
        for item in self.stock:
            if item.name == name and item.count > {m}:
                found = item
        return found

"""


class Server:
    """A server process, spoken to in raw messages."""

    def __init__(self, command: list[str], root: Path, options: object = None) -> None:
        self.began = time.perf_counter()
        self.process = subprocess.Popen(command, stdin=-1, stdout=-1, stderr=subprocess.DEVNULL, cwd=root)
        assert self.process.stdin and self.process.stdout
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        self.number = 0
        self.heard: list[dict[str, Any]] = []
        """Notifications that came while something else was waited for."""
        start = {"processId": None, "rootUri": root.as_uri(), "capabilities": CLIENT}
        self.request("initialize", {**start, "initializationOptions": options})
        self.start_s = time.perf_counter() - self.began
        self.notify("initialized", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()

    def notify(self, method: str, params: object) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def request(self, method: str, params: object) -> Any:
        self.number += 1
        self._send({"jsonrpc": "2.0", "id": self.number, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self.number and "method" not in message:
                return message.get("result")
            self._take(message)

    def command(self, name: str, argument: object) -> Any:
        params = {"command": f"quickstudy.{name}", "arguments": [argument]}
        return self.request("workspace/executeCommand", params)

    def wait(self, method: str, part: str) -> None:
        """Return once there was a notification with that in it."""
        while not any(each["method"] == method and part in json.dumps(each) for each in self.heard):
            self._take(self._read())

    def _take(self, message: dict[str, Any]) -> None:
        if "method" in message and "id" in message:  # it asks something; the answer is: nothing
            self._send({"jsonrpc": "2.0", "id": message["id"], "result": None})
        elif "method" in message:
            self.heard.append(message)

    def _send(self, message: object) -> None:
        body = json.dumps(message).encode()
        self.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.stdin.flush()

    def _read(self) -> Any:
        length = 0
        while (line := self.stdout.readline()) != b"\r\n":
            if line.startswith(b"Content-Length"):
                length = int(line.partition(b":")[2])
            assert line, "the server ended"
        return json.loads(self.stdout.read(length))

    def open(self, uri: str, text: str) -> None:
        document = {"uri": uri, "languageId": "python", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri: str, version: int, place: object, text: str) -> None:
        """Type something."""
        change = {"range": {"start": place, "end": place}, "text": text}
        document = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})

    def settle(self) -> None:
        """Return once everything sent has been dealt with."""
        self.request("bench/nothing", None)

    @property
    def memory_mb(self) -> float:
        """Resident memory of the process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.split("VmRSS:")[1].split()[0]) / 1024


CLIENT = {
    "textDocument": {"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}}}
}


def module(lines: int) -> str:
    """Functions and classes of a usual size."""
    parts: list[str] = []
    number = 0
    while sum(part.count("\n") for part in parts) < lines:
        number += 1
        parts.append(FUNCTION.format(n=number))
        if number % 8 == 0:
            parts.append(SCAN.format(n=number))
        if number % 5 == 0:
            parts += [CLASS.format(n=number), *(METHOD.format(n=number, m=m) for m in range(20)), "\n"]
    return "".join(parts)


def strokes(text: str, typed: str = TYPED) -> list[tuple[int, int, str]]:
    """What is typed, character by character, into methods and functions all over the module."""
    rows = text.split("\n")
    places = [row for row, line in enumerate(rows) if line.endswith((" found = None", " result = 0"))]
    strokes: list[tuple[int, int, str]] = []
    # Not the first, whose function has the offer. Each is a row further down, for what was typed above it.
    for above, row in enumerate(places[1 :: max(1, len(typed) * len(places) // STROKES)]):
        margin = rows[row][: -len(rows[row].lstrip())]
        strokes += [(row + above, column, character) for column, character in enumerate(margin + typed)]
    return strokes


def prepare(root: Path, text: str) -> None:
    """Leave an offer and a lesson that ten functions resemble, as earlier runs would have."""
    path = root / "large.py"
    language = language_for(path)
    found = language.find(path, text, "total_1")
    offer = Offer(
        *("0123456789ab", path.as_uri(), "total_1", found.sha256, 0, found.source),
        *("one", 3.0, 2.9, 3.1, "", {"candidates": [], "lessons": []}),
    )
    Offers().add(offer, root)
    slow = language.find(path, text, "common_8").source
    fast = "def common_8(orders, known):\n    return [x for x in orders if x in frozenset(known)]\n"
    with Bank.open(Project(root).bank, language_named) as bank:
        asyncio.run(bank.add(lesson("A set.", slow, candidate=fast, path=str(path), qualname="common_8")))


def measure(command: list[str], root: Path, *, ours: bool) -> dict[str, Any]:
    """The figures that every server has, times in milliseconds."""
    starts: list[float] = []
    for _ in range(STARTS):
        with Server(command, root) as server:
            starts.append(1e3 * server.start_s)
    text = module(5000)
    uri = (root / "large.py").as_uri()
    actions: list[float] = []
    keys: list[float] = []
    with Server(command, root) as server:
        server.open(uri, text)
        server.settle()
        if ours:
            server.wait("textDocument/publishDiagnostics", "looks like")
        version = 1
        for row, column, character in strokes(text)[: STROKES if ours else STROKES_OF_OTHERS]:
            version += 1
            time.sleep(LOOK_S if ours and column == 0 else 0)
            place = {"line": row + (column > 0), "character": column or 10**6}
            began = time.perf_counter()
            server.change(uri, version, place, character if column else f"\n{character}")
            server.settle()
            keys.append(1e3 * (time.perf_counter() - began))
            actions.append(1e3 * code_action(server, uri, place))
        if ours:
            assert "offered" in json.dumps(server.command("jobs", {}))
    with Server(command, root) as server:
        for number in range(50):
            server.open((root / f"m{number}.py").as_uri(), module(300))
        server.settle()
        memory = server.memory_mb
    return {
        "initialize_ms": round(statistics.median(starts), 1),
        "code_action_ms": percentiles(actions),
        "keystroke_ms": percentiles(keys),
        "memory_50_files_mb": round(memory, 1),
    }


def code_action(server: Server, uri: str, place: object) -> float:
    """Seconds of one."""
    span = {"start": place, "end": place}
    params = {"textDocument": {"uri": uri}, "range": span, "context": {"diagnostics": []}}
    began = time.perf_counter()
    server.request("textDocument/codeAction", params)
    return time.perf_counter() - began


def measure_after_keys(command: list[str], root: Path) -> dict[str, float]:
    """A code action right after a keystroke, in milliseconds from the key to the answer."""
    text = module(5000)
    uri = (root / "large.py").as_uri()
    actions: list[float] = []
    for typed in ALL_TYPED:
        with Server(command, root) as server:
            server.open(uri, text)
            server.wait("textDocument/publishDiagnostics", "looks like")
            for version, (row, column, character) in enumerate(strokes(text, typed)[:STROKES], 2):
                time.sleep(LOOK_S if column == 0 else 0)
                place = {"line": row + (column > 0), "character": column or 10**6}
                began = time.perf_counter()
                server.change(uri, version, place, character if column else f"\n{character}")
                code_action(server, uri, place)
                actions.append(1e3 * (time.perf_counter() - began))
    return percentiles(actions)


def measure_cancel(command: list[str], demo: Path) -> float:
    """The slowest of some cancels, in seconds: from the command to no process left."""
    slowest = 0.0
    text, uri = (demo / "ledger.py").read_text("utf-8"), (demo / "ledger.py").as_uri()
    place = {"uri": uri, "position": {"line": 3, "character": 0}}
    os.environ.setdefault("OPENAI_API_KEY", "none")
    with OpenAIServer(hang()) as team:
        options = {"team": [{"model": "openai/hangs", "apiBase": team.url}]}
        for _ in range(CANCELS):
            with Server(command, demo, options) as server:
                server.open(uri, text)
                job = server.command("optimize", place)
                server.wait("window/logMessage", "the team is at work")
                busy = descendants(server.process.pid)
                assert busy
                began = time.perf_counter()
                server.command("cancel", job)
                while any(Path(f"/proc/{pid}/exe").exists() for pid in busy):
                    pass
                slowest = max(slowest, time.perf_counter() - began)
    return round(slowest, 3)


def measure_busy(command: list[str], demo: Path) -> dict[str, float]:
    """A code action, in milliseconds, while both embedded models and the lab are at work."""
    text, uri = (demo / "ledger.py").read_text("utf-8"), (demo / "ledger.py").as_uri()
    actions: list[float] = []
    with Server(command, demo) as server:
        server.open(uri, text)
        server.command("optimize", {"uri": uri, "position": {"line": 3, "character": 0}})
        server.wait("window/logMessage", "the team is at work")
        ends = time.monotonic() + BUSY_S
        while time.monotonic() < ends and server.command("jobs", {})[0]["state"] == "running":
            actions.append(1e3 * code_action(server, uri, {"line": 8, "character": 4}))
            time.sleep(0.02)
    assert len(actions) > 100
    return percentiles(actions)


def descendants(pid: int) -> set[int]:
    found: set[int] = set()
    with suppress(FileNotFoundError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                found |= {child, *descendants(child)}
    return found


def percentiles(figures: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(figures, n=100)
    return {"p50": round(cuts[49], 2), "p90": round(cuts[89], 2), "p99": round(cuts[98], 2)}


def main() -> None:
    """Measure our server, then those beside it."""
    ours = [sys.executable, "-m", "quickstudy_server"]
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "project")
        (root / ".git").mkdir(parents=True)
        for name in OTHERS:
            found = shutil.which(
                name, path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
            )
            if found:
                figures[name] = measure([found], root, ours=False)
        prepare(root, module(5000))
        figures["quickstudy-server"] = measure(ours, root, ours=True)
        figures["quickstudy-server"]["after_key_ms"] = measure_after_keys(ours, root)
    demo = write_demo()
    try:
        figures["quickstudy-server"]["cancel_s"] = measure_cancel(ours, demo)
        figures["quickstudy-server"]["busy_code_action_ms"] = measure_busy(ours, demo)
    finally:
        shutil.rmtree(demo)
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
