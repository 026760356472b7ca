"""Takes the time of another process, and tells apart what it merely waited for the core.

On a busy machine a process stands in the queue while others run. The kernel keeps count of that for each
thread, where no code on test can reach it. Waiting is told only if nothing else of the sandbox can have run
meanwhile: a thread or a child that works while its parent stands in the queue is no waiting. The number of
the newest process or thread in the sandbox tells whether the session ever started one: none, as long as that
is its own.

Between two words the session has nothing to do. What it works there all the same is counted by the kernel's
clock of its processor time. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional

    Taken = tuple[int, Optional[int]]
    """Nanoseconds by the wall, and those of them spent in the queue; None if that cannot be told."""

_clock, _clock_of = time.perf_counter_ns, time.clock_gettime_ns


RAMP_UP_NS = 3_000_000
"""A core that has been idle comes to its full pace only after so long, which is longer than many passes."""


class Stopwatch:
    """Times what a session does for the supervisor that calls this."""

    def __init__(self, alone: bool) -> None:
        """`alone` tells that the process table is this sandbox's only."""
        self.alone = alone
        self.pid = 0
        self.before: tuple[int, int] | None = None
        self.began = self.ended = self.worked = 0
        self.single = False
        self.gap = [0, 0]
        """Nanoseconds between the words: of the session's processor time, and by the wall."""

    def ramp_up_cpu(self) -> None:
        """Bring the core to its full pace."""
        until = _clock() + RAMP_UP_NS
        while _clock() < until:
            pass

    def start(self, pid: int) -> None:
        again, self.pid = pid == self.pid, pid
        self.before = self._turns()
        if again:
            self.gap[0] += _worked(pid) - self.worked
            self.gap[1] += _clock() - self.ended
        else:
            self.gap = [0, 0]
        self.began = _clock()

    def stop(self) -> Taken:
        """Nanoseconds by the wall, and those of them spent in the queue; None if that cannot be told."""
        spent = _clock() - self.began
        self.worked = _worked(self.pid)
        after = self._turns()
        self.ended = _clock()
        self.single = self.alone and _newest() == str(self.pid).encode()
        if self.before is None or after is None or not self.single:
            return spent, None
        ran, waited = (late - early for early, late in zip(self.before, after))
        return spent, max(0, min(waited, spent - ran))

    def gaps(self) -> int:
        """Nanoseconds that were worked between the words since this was last asked.

        If the session ever started a process or a thread, which may have worked for it, all that passed.
        """
        worked, passed = self.gap
        self.gap = [0, 0]
        return worked if self.single else passed

    def _turns(self) -> tuple[int, int] | None:
        """Nanoseconds that the session ran, and that it and this process stood in the queue."""
        theirs, ours = _schedule(self.pid), _schedule(os.getpid())
        return None if theirs is None or ours is None else (theirs[0], theirs[1] + ours[1])


def _schedule(pid: int) -> tuple[int, int] | None:
    """Nanoseconds on the core and in its queue, of a process's first thread; None where nobody counts."""
    try:
        with open("/proc/%d/schedstat" % pid, "rb") as file:
            ran, waited = file.read().split()[:2]
    except (OSError, ValueError):
        return None
    return int(ran), int(waited)


def _worked(pid: int) -> int:
    """Nanoseconds of processor time that all threads of a process have had; 0 of one that has gone."""
    try:
        return _clock_of((~pid << 3) | 2)  # as clock_getcpuclockid(3) makes it
    except OSError:
        return 0


def _newest() -> bytes | None:
    """The number given last to a process or thread of this process table."""
    try:
        with open("/proc/loadavg", "rb") as file:
            return file.read().split()[-1]
    except OSError:
        return None
