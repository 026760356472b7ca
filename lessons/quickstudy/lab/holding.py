"""How much memory the processes of a child hold together: the kernel limits each only by itself."""

import contextlib
import re
import resource
from collections.abc import Callable
from functools import cache
from pathlib import Path

PAGE = resource.getpagesize()


def holds_more(pid: int, most: int, confined: bool) -> bool:
    """Whether the processes below one hold more bytes than that, with what waits in their sockets.

    The sockets can be told only of those that are `confined` to a network of their own.
    """
    room = most - (_queued(pid) if confined else 0)
    # What forked processes share is counted for each of them at first, as that is told at once.
    return _held(pid, _resident) > room and _held(pid, _proportional) > room


def _held(pid: int, measure: Callable[[Path], int]) -> int:
    """Bytes of memory that all processes below one hold, by this measure of each."""
    total = 0
    for each in below(pid):
        with contextlib.suppress(OSError):  # it has just ended
            total += measure(Path(f"/proc/{each}"))
    return total


def _queued(pid: int) -> int:
    """Bytes that may wait in all the sockets of a sandbox, which are in no process's memory."""
    for each in reversed(below(pid)):
        with contextlib.suppress(OSError, StopIteration):  # it has just ended, or shows nothing
            lines = Path(f"/proc/{each}/net/sockstat").read_text().splitlines()
            used = next(line for line in lines if line.startswith("sockets: used "))
            return int(used.split()[2]) * _room()
    return 0


@cache
def _room() -> int:
    """Bytes that may wait in one socket; `supervisor/rights.py` lets nobody make that more."""
    try:
        return int(Path("/proc/sys/net/core/wmem_default").read_text())
    except (OSError, ValueError):
        return 212_992


def _resident(folder: Path) -> int:
    return int((folder / "statm").read_text().split()[1]) * PAGE


def _proportional(folder: Path) -> int:
    """Each page counted as a share of it, by how many processes have it."""
    try:
        told = (folder / "smaps_rollup").read_text()
    except PermissionError:  # of a process that lets nobody look
        return _resident(folder)
    found = re.search(r"^Pss: +(\d+) kB", told, re.MULTILINE)
    return int(found[1]) << 10 if found else 0


def below(pid: int) -> list[int]:
    """All processes that descend from one."""
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        own = [int(word) for thread in threads for word in (thread / "children").read_text().split()]
    except OSError:
        return []
    return [*own, *(each for child in own for each in below(child))]
