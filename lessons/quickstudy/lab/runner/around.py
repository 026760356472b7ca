"""What a process that loaded a variant leaves around it: processes, threads, files, a borrowed core.

Looked at by the supervisor, which never loaded one, through the kernel. Whatever a session starts, and what
that starts, stays below the supervisor, which inherits the orphans (`confine.py`). Stdlib only, CPython 3.9
and newer.
"""

import contextlib
import os
import shutil
import signal
import time

SHARED = "/dev/shm"


class Around:
    """What is below and beside the supervisor."""

    def __init__(self, alone):
        """`alone` tells that the scratch folder belongs to this sandbox only; else nothing is removed."""
        self.places = [SHARED, os.environ.get("TMPDIR", SHARED)] if alone else []

    def strays(self, known=()):
        """Ids of the living processes below this one that are not among the known."""
        return [pid for pid in _below(os.getpid()) if pid not in known]

    def clear(self):
        """End every process below this one, and empty what can be written."""
        for _ in range(200):  # a fork bomb is bounded by the sandbox, and dies faster than it grows
            found = self.strays()
            if not found:
                break
            for pid in found:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.001)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
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


def _below(root):
    """Ids of the processes that have not ended and descend from one."""
    children, ended = {}, set()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/stat" % name, "rb") as file:
                    state, parent = file.read().rpartition(b")")[2].split()[:2]
            except OSError:
                continue
            children.setdefault(int(parent), []).append(int(name))
            if state in (b"Z", b"X"):
                ended.add(int(name))
    found, waiting = [], [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        waiting += below
        found += [pid for pid in below if pid not in ended]
    return found
