"""How the tests went that reached the target, as far as their time went.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import tempfile
import textwrap
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from quickstudy.lab.python.child.call_store import CallStore
    from quickstudy.lab.python.child.opened import Opened

AGAIN_S = 5.0
"""How long after the end of the time a test that goes on all the same is interrupted again."""
REFUSALS = {
    *(errno.EPERM, errno.EACCES, errno.EROFS),
    *(errno.EAFNOSUPPORT, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL, errno.ECONNREFUSED),
}
"""How the sandbox says no to files and to the network."""


class OutOfTime(BaseException):
    """Interrupts whatever test runs when the time is up; no test is meant to catch it."""


class Outcomes:
    """The tests that reached the target: those that passed, and those that failed, with the reason.

    A test that the end of the time cut off is neither, nor is one that only the sandbox makes fail.
    """

    def __init__(self, store: CallStore, opened: Opened, project: str, seconds: float) -> None:
        self.store, self.opened, self.project = store, opened, project
        self.deadline = time.monotonic() + seconds
        self.passed: list[str] = []
        self.failed: list[tuple[str, str]] = []
        self.refused: list[str] = []
        self.unloaded: list[tuple[str, str]] = []
        """What of the tests could not even be loaded, with the reason."""
        self.before = self.missed = 0
        self.ended = False

    def over(self) -> bool:
        return time.monotonic() >= self.deadline

    def set_alarm(self) -> None:
        signal.signal(signal.SIGALRM, self.interrupt)
        signal.setitimer(signal.ITIMER_REAL, max(0.001, self.deadline - time.monotonic()), AGAIN_S)

    def interrupt(self, number: int, frame: object) -> None:
        if not self.ended:
            raise OutOfTime("The time for tests is up.")

    def finish(self) -> None:
        self.ended = True
        signal.setitimer(signal.ITIMER_REAL, 0)

    def begin(self) -> None:
        self.before, self.missed = self.store.seen, len(self.opened.paths)
        self.store.fresh = []
        self.set_alarm()  # the test before may have used it for itself

    def end(self, name: str, error: object, raised: Any = None) -> None:
        """`error` is None for a test that passed, else what is said of it; `raised` is its exception."""
        if self.store.seen == self.before or self.over():
            return
        if error is None:
            self.passed.append(name)
        elif len(self.opened.paths) > self.missed or self.is_refusal(raised):
            self.refused.append(name)
            for payload in self.store.fresh:
                self.store.drop(payload)
        else:
            self.failed.append((name, " ".join(str(error).split())[:300]))

    def not_loaded(self, what: str, output: str) -> None:
        """`output` may be pages; what counts in it is the last line of an error, as pytest marks it."""
        lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no reason is given"]
        marked = [line[2:].strip() for line in lines if line.startswith("E ")]
        reason = textwrap.shorten((marked or lines)[-1], 200, placeholder=" ...")
        self.unloaded.append((os.path.basename(what), reason))

    def is_refusal(self, error: Any) -> bool:
        """Whether the sandbox's walls led to an exception, by whatever others it was passed on."""
        for _ in range(20):
            if isinstance(error, (PermissionError, ConnectionError, socket.gaierror)):
                return True
            if isinstance(error, OSError) and error.errno in REFUSALS:
                return True
            if isinstance(error, FileNotFoundError) and self.is_elsewhere(error.filename):
                return True
            error = error and (error.__cause__ or error.__context__)
        return False

    def is_elsewhere(self, file: object) -> bool:
        """Whether a full path leads where the sandbox shows next to nothing: out of the project."""
        ours = (self.project + os.sep, tempfile.gettempdir() + os.sep)
        return isinstance(file, str) and os.path.isabs(file) and not file.startswith(ours)
