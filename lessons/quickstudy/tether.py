"""Runs a command that ends when the process that started it does, however suddenly, with all that it began.

For what no sandbox holds, whose processes would outlive a `kill -9`. The kernel tells only the child of a
process of its end, so one stands between: it adopts what the command leaves behind, and ends that too.

    tether.py PARENT LEAVE COMMAND ...

PARENT is the number of the process to end with. LEAVE is 1 if what a command leaves running when it ends by
itself may go on, else 0. The exit status is the command's, 128 + n if signal n ended it, or 127 if it cannot
be started. Standard library only; started by path.
"""

import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def tethered(argv: Sequence[str], *, leave: bool = False) -> list[str]:
    """The command line that runs `argv` so; start it from a thread that lives as long as this process."""
    if not sys.platform.startswith("linux"):
        return list(argv)
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), str(int(leave)), *argv]


def main(parent: int, leave: bool, command: Sequence[str]) -> int:
    """Run a command to its end, or to that of the parent; the exit status."""
    import ctypes

    prctl = ctypes.CDLL(None).prctl
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, signal.SIGTERM})
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    prctl(PR_SET_CHILD_SUBREAPER, 1)
    if os.getppid() != parent:
        return 128 + signal.SIGKILL  # it had ended before the kernel was asked to tell
    ours = os.getpid()
    child = os.fork()
    if child == 0:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() == ours:
            _become(list(command))
        os._exit(127)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the command as well
    while True:
        if signal.sigwait({signal.SIGCHLD, signal.SIGTERM}) == signal.SIGTERM:
            _end_all()
            return 128 + signal.SIGTERM
        for pid, status in _ended():
            if pid == child:
                if not leave:
                    _end_all()
                code = os.waitstatus_to_exitcode(status)
                return code if code >= 0 else 128 - code


def _become(command: list[str]) -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD, signal.SIGTERM})
    for number in (signal.SIGPIPE, signal.SIGXFSZ):  # Python ignores these, and a command would inherit that
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(command[0], command)
    except OSError as error:
        sys.stderr.write(f"{command[0]} cannot be started: {error.strerror}.\n")
        sys.stderr.flush()


def _ended() -> list[tuple[int, int]]:
    """The children that have ended, and their status."""
    found: list[tuple[int, int]] = []
    with suppress(ChildProcessError):
        while (each := os.waitpid(-1, os.WNOHANG))[0]:
            found.append(each)
    return found


def _end_all() -> None:
    """Kill all that descends from this process, until there is nothing left."""
    with suppress(ChildProcessError):
        while True:
            for pid in _below(os.getpid()):
                with suppress(ProcessLookupError, PermissionError):
                    os.kill(pid, signal.SIGKILL)
            os.waitpid(-1, 0)


def _below(pid: int) -> list[int]:
    own: list[int] = []
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            own += map(int, (thread / "children").read_text().split())
    return [*own, *(each for child in own for each in _below(child))]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2] == "1", sys.argv[3:]))
