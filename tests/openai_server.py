"""A local OpenAI-compatible HTTP server that does what a test tells it, good or bad.

    with OpenAIServer(status(429, retry_after=0), ok("```python\\n...```")) as server:
        ...  # talk to server.url, an `api_base`; then look at server.requests

Each request takes the next behaviour; when none is left, the last is repeated. Where requests come at
once and must not be mixed up, give one function from the request to a behaviour instead.
`python tests/openai_server.py REPLY_FILE` serves the text of a file until it is stopped.
"""

import json
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

Behaviour = Callable[["Exchange"], None]


@dataclass(frozen=True)
class Request:
    """What a client asked."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def prompt(self) -> str:
        """The text of all messages."""
        return "\n".join(message["content"] for message in self.body.get("messages", []))


@dataclass
class Exchange:
    """One request and the ways to answer it."""

    request: Request
    handler: BaseHTTPRequestHandler
    closing: threading.Event
    """Set when the server ends: whoever waits must wait on this."""
    dropped: threading.Event
    """To be set when the client is seen to hang up."""

    def send(self, status: int, body: bytes, headers: Mapping[str, str] = {}) -> None:
        self.begin(status, {"Content-Length": str(len(body)), **headers})
        self.write(body)

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        self.handler.send_response(status)
        for name, value in {"Content-Type": "application/json", "Connection": "close", **headers}.items():
            self.handler.send_header(name, value)
        self.handler.end_headers()

    def write(self, data: bytes) -> bool:
        """Whether the client still listens."""
        try:
            self.handler.wfile.write(data)
            self.handler.wfile.flush()
        except OSError:
            self.dropped.set()
        return not self.dropped.is_set()

    def wait(self, seconds: float | None) -> None:
        """Wait for so long, or for ever, but not longer than the client or the server lives."""
        connection = self.handler.connection
        connection.settimeout(0.02)
        waited = 0.0
        while not self.closing.is_set() and (seconds is None or waited < seconds):
            try:
                if not connection.recv(1):
                    self.dropped.set()
                    return
            except TimeoutError:
                waited += 0.02
            except OSError:
                self.dropped.set()
                return
        connection.settimeout(None)


def ok(
    text: str | None, prompt_tokens: int = 100, completion_tokens: int = 20, finish: str = "stop"
) -> Behaviour:
    """A well-formed answer."""

    def answer(exchange: Exchange) -> None:
        body = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": exchange.request.body.get("model", "scripted"),
            "choices": [
                {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}
            ],
            "usage": {
                "prompt_tokens": prompt_tokens,
                "completion_tokens": completion_tokens,
                "total_tokens": prompt_tokens + completion_tokens,
            },
        }
        exchange.send(200, json.dumps(body).encode())

    return answer


def vectors(*rows: list[float]) -> Behaviour:
    """A well-formed answer to a request for embeddings."""

    def answer(exchange: Exchange) -> None:
        data = [{"object": "embedding", "index": place, "embedding": row} for place, row in enumerate(rows)]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        exchange.send(
            200, json.dumps({"object": "list", "data": data, "model": "e", "usage": usage}).encode()
        )

    return answer


def status(
    code: int, message: str = "scripted", kind: str = "scripted", retry_after: float | None = None
) -> Behaviour:
    """An error in OpenAI's form; `kind` is its code, such as `insufficient_quota`."""

    def answer(exchange: Exchange) -> None:
        error = {"error": {"message": message, "type": kind, "param": None, "code": kind}}
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        exchange.send(code, json.dumps(error).encode(), headers)

    return answer


def raw(body: bytes, content_type: str = "application/json") -> Behaviour:
    """Status 200 and whatever bytes: broken JSON, an empty body, a login page."""
    return lambda exchange: exchange.send(200, body, {"Content-Type": content_type})


def slow(seconds: float, then: Behaviour) -> Behaviour:
    """Wait, then do something else."""

    def answer(exchange: Exchange) -> None:
        exchange.wait(seconds)
        if not exchange.dropped.is_set():
            then(exchange)

    return answer


def hang() -> Behaviour:
    """Take the request and never answer."""
    return lambda exchange: exchange.wait(None)


def endless(chunk: bytes = b" ") -> Behaviour:
    """Begin an answer that never ends; an empty chunk would end it."""

    def answer(exchange: Exchange) -> None:
        exchange.begin(200, {"Transfer-Encoding": "chunked"})
        while exchange.write(b"%x\r\n%s\r\n" % (len(chunk), chunk)) and not exchange.closing.wait(0.01):
            pass

    return answer


def hang_up() -> Behaviour:
    """Close the connection without an answer."""
    return lambda exchange: exchange.handler.connection.close()


class OpenAIServer:
    """A server on a free loopback port, in threads, while the `with` block lasts."""

    def __init__(self, *behaviours: Behaviour, choose: Callable[[Request], Behaviour] | None = None) -> None:
        self.behaviours = behaviours
        self.choose = choose
        """Instead of a script: the behaviour for each request."""
        self.requests: list[Request] = []
        self.arrived = threading.Event()
        """Set once a request is there."""
        self.dropped = threading.Event()
        """Set once a client has hung up before its answer was complete."""
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True

    @property
    def port(self) -> int:
        return self._http.server_port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._http.shutdown()
        self._http.server_close()

    def _next(self, request: Request) -> Behaviour:
        with self._lock:
            place = len(self.requests)
            self.requests.append(request)
            self.arrived.set()
        if self.choose is not None:
            return self.choose(request)
        return self.behaviours[min(place, len(self.behaviours) - 1)]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(length) or b"{}")
                request = Request(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                behaviour = server._next(request)
                # One request a connection, so that no thread outlives its test.
                self.close_connection = True
                behaviour(Exchange(request, self, server._closing, server.dropped))

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        return Handler


def main() -> None:
    """Serve the text of the file named until interrupted."""
    reply = Path(sys.argv[1]).read_text(encoding="utf-8")
    with OpenAIServer(ok(reply)) as server:
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
