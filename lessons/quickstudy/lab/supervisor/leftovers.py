"""What a process that loaded a variant leaves behind: processes, threads, files.

Looked at by the supervisor, which never loaded one, through the kernel. Whatever a session starts, and what
that starts, stays below the supervisor, which inherits the orphans (`confine.py`). Stdlib only, CPython 3.9
and newer.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

SHARED = "/dev/shm"
_SIGNALS = ("SigBlk", "SigIgn", "SigCgt")
_OWN = 0b111 << 31
"""Signals that the C library uses itself, as when the first thread is started."""


class Leftovers:
    """What there is below and beside the supervisor."""

    def __init__(self, alone: bool) -> None:
        """`alone` tells that the scratch folder belongs to this sandbox only; else nothing is removed."""
        self.alone = alone
        self.places = {SHARED, os.environ.get("TMPDIR", SHARED)}

    def orphans(self, known: Collection[int] = ()) -> list[int]:
        """Ids of the living processes below this one that are not among the known."""
        return [pid for pid in _below(os.getpid()) if pid not in known]

    def kernel_state(self, pid: int) -> dict[str, int | str]:
        """What the kernel keeps of a process, and of what it can write, by name."""
        folder = "/proc/%d/" % pid
        with open(folder + "status") as file:
            status = dict(line.split(":", 1) for line in file)
        with open(folder + "limits") as file:
            limits = file.read()
        places = self.places if self.alone else ()
        return {
            "name": status["Name"].strip(),
            "mask of new files": status["Umask"].strip(),
            "signals": " ".join(hex(int(status[name], 16) & ~_OWN) for name in _SIGNALS),
            "limits": limits,
            "working directory": os.readlink(folder + "cwd"),
            "open files": len(os.listdir(folder + "fd")),
            "files": sum(len(os.listdir(place)) + len(os.listxattr(place)) for place in places),
        }

    def clear(self) -> None:
        """End every process below this one, and empty what can be written. Raises OSError if that fails."""
        if self.alone:
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)  # all at once: one that forks and ends could be missed one by one
            with contextlib.suppress(ChildProcessError):
                while True:
                    os.waitpid(-1, 0)
            for place in self.places:
                _empty(place)
            return
        for _ in range(200):  # a fork bomb is bounded by the sandbox, and dies faster than it grows
            found = self.orphans()
            if not found:
                break
            for pid in found:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.001)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _empty(folder: str) -> None:
    """Remove all that is in a folder, also where its owner has locked it, and what is noted on it."""
    waiting = [folder]
    found: list[str] = []
    while waiting:
        place = waiting.pop()
        with contextlib.suppress(PermissionError):
            os.chmod(place, 0o700)
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                    found.append(entry.path)
                else:
                    os.unlink(entry.path)
    for place in reversed(found):
        os.rmdir(place)
    for name in os.listxattr(folder):
        if name.startswith("user."):
            os.removexattr(folder, name)
    with contextlib.suppress(PermissionError):
        os.utime(folder, (0, 0))


def threads(pid: int) -> int:
    """How many threads a process has besides its first; one that is just ending is not counted."""
    found = 0
    for _ in range(5):
        try:
            found = len(os.listdir("/proc/%d/task" % pid)) - 1
        except OSError:
            return 0
        if not found:
            break
        time.sleep(0.001)
    return found


def _below(root: int) -> list[int]:
    """Ids of the processes that have not ended and descend from one."""
    children: dict[int, list[int]] = {}
    ended: set[int] = set()
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
    found: list[int] = []
    waiting = [root]
    while waiting:
        below = children.get(waiting.pop(), [])
        waiting += below
        found += [pid for pid in below if pid not in ended]
    return found
