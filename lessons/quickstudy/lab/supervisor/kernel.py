"""Calls into the kernel through libc. Stdlib only, CPython 3.9 and newer."""

from __future__ import annotations

import ctypes
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

libc = ctypes.CDLL(None, use_errno=True)

NEW_NS, NEW_CGROUP, NEW_UTS, NEW_IPC = 0x20000, 0x2000000, 0x4000000, 0x8000000
NEW_USER, NEW_PID, NEW_NET = 0x10000000, 0x20000000, 0x40000000
NEW_ANY = NEW_NS | NEW_CGROUP | NEW_UTS | NEW_IPC | NEW_USER | NEW_PID | NEW_NET
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_CHILD_SUBREAPER, SIGKILL = 1, 4, 36, 9
# These have one number on every architecture.
MOUNT_SETATTR, LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 442, 444, 445, 446


def call(function: Any, *arguments: bytes | int | None) -> int:
    """Call into libc and return its result; OSError if that is negative."""
    wide = (ctypes.c_long(value) if isinstance(value, int) else value for value in arguments)
    result = function(*wide)
    if result < 0:
        number = ctypes.get_errno()
        words = [os.fsdecode(value) if isinstance(value, bytes) else str(value) for value in arguments]
        raise OSError(number, os.strerror(number), "%s(%s)" % (function.__name__, ", ".join(words)))
    return result


def die_with_parent() -> None:
    call(libc.prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0)


def open_to_others(whether: bool) -> None:
    """Whether processes of the same user may read and write this one's memory. What it forks is as it is."""
    call(libc.prctl, PR_SET_DUMPABLE, int(whether), 0, 0, 0)


def inherit_orphans() -> None:
    """Become the parent of what descends from this process and has lost its own; an exec keeps that."""
    call(libc.prctl, PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
