"""How fast the language server answers, beside others: `python tests/bench/server.py [NAME=COMMAND ...]`.

Prints one JSON object: for our server and each one named, milliseconds from the start of the process to the
answer of `initialize`, percentiles of a code action and of a keystroke in a module of 5,000 lines, and the
memory once 50 files are open. Each server gets the very same bytes, one after the other.
"""

import json
import shlex
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Self

STARTS = 7
STROKES = 300
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

    def __init__(self, command: list[str], root: Path) -> None:
        self.began = time.perf_counter()
        self.process = subprocess.Popen(command, stdin=-1, stdout=-1, stderr=subprocess.DEVNULL, cwd=root)
        assert self.process.stdin and self.process.stdout
        self.stdin, self.stdout = self.process.stdin, self.process.stdout
        self.number = 0
        self.request("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": CLIENT})
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
            if "id" in message and "method" in message:  # the server asks something; the answer is: nothing
                self._send({"jsonrpc": "2.0", "id": message["id"], "result": None})

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
        if number % 5 == 0:
            parts += [CLASS.format(n=number), *(METHOD.format(n=number, m=m) for m in range(20)), "\n"]
    return "".join(parts)


def strokes(text: str) -> list[tuple[int, int, str]]:
    """What is typed, character by character, into methods and functions all over the module."""
    rows = text.split("\n")
    places = [row for row, line in enumerate(rows) if line.endswith((" found = None", " result = 0"))]
    typed = "cheap = [each for each in x]"
    strokes: list[tuple[int, int, str]] = []
    # Each place is one row further down than the last, for what was typed above it.
    for above, row in enumerate(places[:: max(1, len(typed) * len(places) // STROKES)]):
        margin = rows[row][: -len(rows[row].lstrip())]
        strokes += [(row + above, column, character) for column, character in enumerate(margin + typed)]
    return strokes


def measure(command: list[str], root: Path) -> dict[str, Any]:
    """All figures of one server, times in milliseconds."""
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
        version = 1
        for row, column, character in strokes(text):
            version += 1
            if column == 0:
                character = f"\n{character}"
                column = 10**6
            else:
                row += 1
            place = {"line": row, "character": column}
            change = {"range": {"start": place, "end": place}, "text": character}
            document = {"uri": uri, "version": version}
            began = time.perf_counter()
            server.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
            server.settle()
            keys.append(1e3 * (time.perf_counter() - began))
            began = time.perf_counter()
            span = {"start": place, "end": place}
            params = {"textDocument": {"uri": uri}, "range": span, "context": {"diagnostics": []}}
            server.request("textDocument/codeAction", params)
            actions.append(1e3 * (time.perf_counter() - began))
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


def percentiles(figures: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(figures, n=100)
    return {"p50": round(cuts[49], 2), "p90": round(cuts[89], 2), "p99": round(cuts[98], 2)}


def main() -> None:
    """Measure our server, then those named."""
    named = dict(argument.split("=", 1) for argument in sys.argv[1:])
    commands = {"quickstudy-server": f"{shlex.quote(sys.executable)} -m quickstudy_server", **named}
    with tempfile.TemporaryDirectory() as folder:
        figures = {name: measure(shlex.split(command), Path(folder)) for name, command in commands.items()}
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
