"""The supervisor's clock: what another process works between two words is counted as well."""

import os
import socket

from quickstudy.lab.supervisor.stopwatch import Stopwatch

SPIN = 3_000_000


def working(sock: socket.socket) -> None:
    """Answer each word, and then work as many rounds as it says."""
    while word := sock.recv(1):
        sock.sendall(b"d")
        for _ in range(SPIN if word == b"w" else 0):
            pass
        sock.sendall(b"e")


def gap_after(word: bytes) -> tuple[int, int]:
    """Nanoseconds of a trip, and of the work between it and the next one."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        try:
            ours.close()
            working(theirs)
        finally:
            os._exit(0)
    theirs.close()
    watch = Stopwatch(alone=False)
    try:
        watch.start(pid)
        ours.sendall(word)
        assert b"d" == ours.recv(1)
        spent, _ = watch.stop()
        assert b"e" == ours.recv(1)
        watch.start(pid)
        watch.single = True  # as where the process table tells that it is alone
        return spent, watch.gaps()
    finally:
        ours.close()
        os.waitpid(pid, 0)


def test_work_between_two_words_is_counted() -> None:
    """By the processor time of the other process, whatever the wall says."""
    (_, idle), (_, busy) = gap_after(b"x"), gap_after(b"w")
    assert busy > 10_000_000 > 2_000_000 > idle
