"""The child that answers about one text of the target's module: what single calls do, how long passes take.

    start.py python.child.worker FD

One frame {"path", "module", "package", "roots", "project", "qualname", "seed", "alone", "imports"} +
[original, text] is read, and answered. Then come requests:
{"time": false} and a frame for the session, {"mode": "observe" | "pace"} + payloads, or
{"time": true, "original", "modules", "retained"}, {"mode": "time", "warm"} + payloads, and
{"look": "results" | "retained" | null}. The answer is one frame of the supervisor, and the session's own,
unread, if that says "said".

Here the libraries are imported that the text leans on; no text is run but in sessions, which are forks.
Stdlib only, CPython 3.9 and newer.
"""

import contextlib
import gc
import importlib.util
import json
import os
import random
import socket
import sys

from quickstudy.lab.python.child import drive, loading
from quickstudy.lab.python.child.retention import Retention
from quickstudy.lab.python.child.session import Session
from quickstudy.lab.supervisor import channel
from quickstudy.lab.supervisor.streams import Output
from quickstudy.lab.supervisor.supervise import Supervisor


class Python:
    """Makes sessions for texts in Python."""

    def __init__(self, order):
        self.order = order
        self.streams = [Output(number) for number in (1, 2)]
        self.retention = None  # made when it is first needed, as that takes a while

    def serve(self, sock, text, watched):
        """Be a session, in a process that was forked for it."""
        Session(sock, self.streams, self.retention, watched).serve(self.order, text)

    def watch_retention(self, owner):
        """Let the sessions from now on tell what they retain. `owner` is what makes them."""
        if self.retention is None:
            self.retention = Retention(owner)

    def preload(self, original):
        """Import the libraries that the original imports, as a forked scout found them out.

        Then loading a text costs little, however often; the project's own modules stay out of this process.
        """
        reader, writer = os.pipe()
        if not os.fork():
            try:
                with contextlib.suppress(BaseException):
                    loading.load(self.order, original)
                names = [name for name, module in list(sys.modules.items()) if _is_library(module)]
                with open(writer, "w") as stream:
                    json.dump(names, stream)
            finally:
                os._exit(0)
        os.close(writer)
        with open(reader) as stream:
            names = json.loads(stream.read() or "[]")
        os.wait()
        for name in (*names, *self.order["imports"]):
            if name not in sys.modules:
                with contextlib.suppress(BaseException):
                    top = importlib.util.find_spec(name.partition(".")[0])
                    if _is_library(top):
                        importlib.import_module(name)
        for one in self.streams:
            one.stream.flush()  # what libraries print when they are imported is no session's


def _is_library(module):
    """Whether a module, or a spec of one, belongs to the interpreter's installation."""
    spec = getattr(module, "__spec__", None) or module
    origin = getattr(spec, "origin", None)
    if origin in ("built-in", "frozen"):
        return True
    prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix}
    return bool(origin) and any(origin.startswith(prefix + os.sep) for prefix in prefixes)


def main(descriptor):
    lab = socket.socket(fileno=int(descriptor))
    order, (original, text) = channel.receive(lab)
    language = Python(order)
    supervisor = Supervisor(lab, order["alone"], language, original, text)
    random.seed(order["seed"])
    language.preload(original)
    if "asyncio" in sys.modules or b"async" in original:
        drive.prepare()
    gc.collect()
    gc.freeze()
    supervisor.serve()
