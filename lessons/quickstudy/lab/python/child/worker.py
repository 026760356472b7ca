"""The child that answers about one text of the target's module: what single calls do, how long passes take.

    start.py python.child.worker FD

`Load` is read, and answered by `Started`. Then come requests of the lab, each of several frames: `Single`,
and `Observe` or `Pace` for the session, which is answered by `Answered`; or `Timed`, `Time` for the session,
and `Verify`, which is answered by `PassTimes`. Here the libraries are imported that the text leans on; no
text is run but in sessions, which are forks.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.util
import json
import os
import random
import socket
import sys

from quickstudy.lab.python.child import drive, loading
from quickstudy.lab.python.child.messages import Load
from quickstudy.lab.python.child.retention import Retention
from quickstudy.lab.python.child.session import Session
from quickstudy.lab.supervisor import channel
from quickstudy.lab.supervisor.streams import Output
from quickstudy.lab.supervisor.supervise import Supervisor

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Python:
    """Makes sessions for texts in Python."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.streams = [Output(number) for number in (1, 2)]
        self.retention: Retention | None = None  # made when it is first needed, as that takes a while

    def serve(self, sock: socket.socket, text: bytes, watched: bool) -> None:
        """Be a session, in a process that was forked for it."""
        Session(sock, self.streams, self.retention, watched).serve(self.load, text)

    def watch_retention(self, owner: object) -> None:
        """Let the sessions from now on tell what they retain. `owner` is what makes them."""
        if self.retention is None:
            self.retention = Retention(owner)

    def preload(self, original: bytes) -> None:
        """Import the libraries that the original imports, as a forked scout found them out.

        Then loading a text costs little, however often; the project's own modules stay out of this process.
        """
        reader, writer = os.pipe()
        if not os.fork():
            try:
                with contextlib.suppress(BaseException):
                    loading.load(self.load.target, original)
                names = [name for name, module in list(sys.modules.items()) if _is_library(module)]
                with open(writer, "w") as stream:
                    json.dump(names, stream)
            finally:
                os._exit(0)
        os.close(writer)
        with open(reader) as stream:
            names = json.loads(stream.read() or "[]")
        os.wait()
        for name in (*names, *self.load.imports):
            if name not in sys.modules:
                with contextlib.suppress(BaseException):
                    top = importlib.util.find_spec(name.partition(".")[0])
                    if _is_library(top):
                        importlib.import_module(name)
        for one in self.streams:
            one.stream.flush()  # what libraries print when they are imported is no session's


def _is_library(module: Any) -> bool:
    """Whether a module, or a spec of one, belongs to the interpreter's installation."""
    spec = getattr(module, "__spec__", None) or module
    origin = getattr(spec, "origin", None)
    if origin in ("built-in", "frozen"):
        return True
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    return bool(origin) and any(origin.startswith(prefix + os.sep) for prefix in prefixes)


def main(descriptor: str) -> None:
    lab = socket.socket(fileno=int(descriptor))
    load, (original, text) = channel.receive(lab, Load)
    language = Python(load)
    supervisor = Supervisor(lab, load.alone, language, original, text)
    random.seed(load.seed)
    language.preload(original)
    if "asyncio" in sys.modules or b"async" in original:
        drive.prepare()
    gc.collect()
    gc.freeze()
    supervisor.serve()
