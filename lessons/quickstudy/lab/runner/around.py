"""What a process that loaded a variant leaves around it: processes, threads, files, a borrowed core.

Looked at by the supervisor, which never loaded one, through the kernel. Only in a sandbox is everything in
view the sandbox's own; without one nothing is ended or removed. Stdlib only, CPython 3.9 and newer.
"""

import contextlib
import os
import shutil
import signal
import time

SHARED = "/dev/shm"


class Around:
    """The surroundings as they were before the first text was loaded."""

    def __init__(self, alone):
        """`alone` tells that the process table and the scratch folder belong to this sandbox only."""
        self.alone = alone
        self.places = [SHARED, os.environ.get("TMPDIR", SHARED)] if alone else []
        self.first = set(_processes())

    def strays(self, known=()):
        """Ids of the living processes that are neither of the first nor among the known."""
        if not self.alone:
            return []
        return [pid for pid in _processes() if pid not in self.first and pid not in known]

    def clear(self):
        """End every process that was not there at first, and empty what can be written."""
        for _ in range(200):  # a fork bomb is bounded by the sandbox, and dies faster than it grows
            found = self.strays()
            if not found:
                break
            for pid in found:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.001)
        for place in self.places:
            with contextlib.suppress(OSError), os.scandir(place) as entries:
                for entry in list(entries):
                    if entry.is_dir(follow_symlinks=False):
                        shutil.rmtree(entry.path, ignore_errors=True)
                    else:
                        with contextlib.suppress(OSError):
                            os.unlink(entry.path)


def threads(pid):
    """How many threads a process has besides its first; one that is just ending is not counted."""
    for _ in range(5):
        try:
            found = len(os.listdir("/proc/%d/task" % pid)) - 1
        except OSError:
            return 0
        if not found:
            break
        time.sleep(0.001)
    return found


def _processes():
    """Ids of all processes in view that have not ended."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as file:
                    state = file.read().rpartition(b")")[2].split()[0]
            except OSError:
                continue
            if state not in (b"Z", b"X"):
                yield int(name)
