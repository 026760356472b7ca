"""The supervisor of one text of the target's module: it forks sessions that load it, and relays to them.

It never runs that text, nor imports anything of the project. So it can do what a process with a variant in it
cannot be trusted with: hold the lab's channel, take the time, count what was left, and empty every place
through which one pass could leave something for the next. One session makes all single calls; a new one makes
each timed pass, of the text or of the original.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import collections
import contextlib
import os
import signal
import socket

from quickstudy.lab.supervisor import channel, leftovers, messages, streams
from quickstudy.lab.supervisor.kernel import open_to_others
from quickstudy.lab.supervisor.stopwatch import Stopwatch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Protocol

    from quickstudy.lab.supervisor.records import Record
    from quickstudy.lab.supervisor.stopwatch import Taken

    class Language(Protocol):
        """What makes sessions for texts in one language."""

        def serve(self, sock: socket.socket, text: bytes, watched: bool) -> None:
            """Be a session, in a process that was forked for it; its answers are `watched` by the lab."""
            ...

        def watch_retention(self, owner: Supervisor) -> None:
            """Let the sessions from now on tell what they retain. `owner` is what makes them."""
            ...


FRAME = 256 << 20
ROUND_TRIPS, LAST_TRIPS = 25, 9


class Supervisor:
    """Forks sessions that load the text, and relays what is asked of them."""

    sock: socket.socket
    """This end of the channel to the session."""

    def __init__(
        self, lab: socket.socket, alone: bool, language: Language, original: bytes, text: bytes
    ) -> None:
        """`alone` tells that the sandbox is this child's only."""
        self.lab, self.language = lab, language
        self.original, self.text = original, text
        self.request, self.reply = channel.Relay(FRAME), channel.Relay(FRAME)
        self.due = 0  # frames of the lab's request that were not taken yet
        self.leftovers = leftovers.Leftovers(alone)
        self.watch = Stopwatch(alone)
        self.standing = _standing(0)
        open_to_others(False)
        self.pid = 0  # of the session; 0 if there is none
        self.trips: collections.deque[int] = collections.deque(maxlen=LAST_TRIPS)
        """Nanoseconds of round trips with nothing done."""

    def serve(self) -> None:
        """Answer the lab until it has gone."""
        self.calibrate()
        self.answer(self.loaded)
        with contextlib.suppress(channel.Closed):
            while True:
                asked, _ = channel.receive(self.lab, messages.Single, messages.Timed)
                if isinstance(asked, messages.Timed):
                    self.answer(self.timed, asked)
                else:
                    self.answer(self.single)

    def fork(self, work: Callable[[socket.socket], None]) -> None:
        """Start a session that does `work` with its end of a channel."""
        self.sock, theirs = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            try:
                self.lab.close()
                self.sock.close()
                streams.close_others(theirs.fileno())
                streams.renew()
                open_to_others(True)  # it is no secret, and programs look into their own /proc
                work(theirs)
            finally:
                os._exit(0)
        theirs.close()

    def open(self, text: bytes, watched: bool = True) -> bool:
        """Start a session with a text; whether it loaded. If not, its reply says why."""
        self.fork(lambda sock: self.language.serve(sock, text, watched))
        self.watch.start(self.pid)
        return self.has_loaded()

    def has_loaded(self) -> bool:
        """Whether the session says next that it has loaded what it was to load."""
        return self.reply.take(self.sock) == messages.Loaded.KIND

    def close(self) -> None:
        """End the session and everything it left; nothing of it reaches the next one."""
        if self.pid:
            self.ended()
        self.leftovers.clear()

    def ended(self) -> int:
        """End the session if it has not ended; its wait status."""
        pid, self.pid = self.pid, 0
        self.sock.close()
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)  # changes nothing about one that ended by itself
        return os.waitpid(pid, 0)[1]

    def answer(self, work: Callable[..., Record], *asked: Record) -> None:
        """Tell the lab what came of a request: a frame of ours, then the session's own where that says so."""
        try:
            answer = work(*asked)
        except (channel.Closed, ConnectionError):
            answer = messages.Ended(self.ended())
        except channel.Forged:
            self.close()
            answer = messages.Forgery()
        except channel.Flood:
            self.close()
            answer = messages.Flooded()
        for _ in range(self.due):
            self.request.take(self.lab)
        self.due = 0
        channel.send(self.lab, answer)
        if messages.is_followed(answer):
            self.reply.give(self.lab)
        self.request.clear()
        self.reply.clear()

    def pass_on(self) -> None:
        """Hand the lab's next frame to the session, unread."""
        self.due -= 1
        self.request.take(self.lab)
        self.request.give(self.sock)

    def loaded(self) -> messages.Started:
        """Whether the text loads, and what that leaves."""
        self.open(self.text)
        return messages.Started(leftovers.threads(self.pid), len(self.leftovers.orphans((self.pid,))))

    def single(self) -> messages.Answered:
        """A call in a process of its own, forked by the session."""
        self.due = 1
        if not self.pid and not self.open(self.text):
            return messages.Answered()
        self.pass_on()
        if self.reply.take(self.sock) == messages.Ended.KIND:  # without an answer
            return messages.Answered()
        if self.request.take(self.sock) != messages.Ended.KIND:
            raise channel.Forged
        return messages.Answered(len(self.leftovers.orphans((self.pid,))))

    def timed(self, asked: messages.Timed) -> messages.PassTimes | messages.NotTimed:
        """One pass in a session of its own, and nanoseconds of each of its parts as seen from here.

        What the calls retain can be told if it is said now that it may be asked; the session is not told.
        """
        self.due = 2
        self.close()
        if asked.retained:
            self.language.watch_retention(self)
        watch = self.watch
        loaded = self.open(self.original if asked.original else self.text, watched=asked.retained)
        times: dict[str, Any] = {"import_ns": self.net(watch.stop()), "again_ns": 0, "after_ns": None}
        if loaded and asked.modules:
            watch.start(self.pid)
            channel.send(self.sock, messages.LoadModules(asked.modules))
            loaded = self.has_loaded()
            times["again_ns"] = self.net(watch.stop())
        if not loaded:
            return messages.NotTimed()
        watch.ramp_up_cpu()  # while no input is there that a session could work on
        watch.start(self.pid)
        self.pass_on()
        ready = self.reply.take(self.sock) == messages.Ready.KIND
        times["before_ns"] = self.net(watch.stop())
        if not ready:
            return messages.NotTimed()
        times["threads"] = leftovers.threads(self.pid)
        times["before_ns"] += self.net(self.round_trip(b"w"))
        empty = self.net(self.round_trip(b"e"))
        spent, times["runqueue_wait_ns"] = self.round_trip(b"g")
        # Not before: between the trips both sides must find the same, to the page that is written to.
        if asked.original:  # a variant could take its time there, to have it taken off
            self.trips.append(empty)
        times["ns"] = spent - sorted(self.trips)[LAST_TRIPS // 2]
        times["between_ns"] = empty + watch.gaps()
        times["threads"] += leftovers.threads(self.pid)
        times["orphans"] = len(self.leftovers.orphans((self.pid,)))
        times["kernel_state"] = self.leftovers.kernel_state(self.pid)
        times["undisturbed"] = _standing(self.pid) == _standing(0) == self.standing
        # What is asked for is read only now: the session has all the memory of this process.
        self.due -= 1
        what = channel.receive(self.lab, messages.Verify)[0].what
        if what is not None:
            watch.start(self.pid)
            self.sock.sendall(b"k" if what == "retained" else b"r")
            self.reply.take(self.sock)
            times["after_ns"] = self.net(watch.stop()) + watch.gaps()
        self.close()
        return messages.PassTimes(**times)

    def net(self, taken: Taken) -> int:
        """Nanoseconds without those in the queue, where they can be told."""
        spent, waited = taken
        return spent - (waited or 0)

    def round_trip(self, word: bytes) -> Taken:
        """What the stopwatch says from the word to go to the word that all calls are done."""
        self.watch.start(self.pid)
        self.sock.sendall(word)
        done = self.sock.recv(1)
        taken = self.watch.stop()
        if not done:
            raise channel.Closed
        if done != b"d":
            raise channel.Forged
        return taken

    def calibrate(self) -> None:
        """Learn what a round trip costs by itself, at first from a session that loads nothing."""

        def echo(sock: socket.socket) -> None:
            while sock.recv(1):
                os.sched_yield()
                sock.sendall(b"d")

        self.fork(echo)
        self.trips.extend(self.net(self.round_trip(b"e")) for _ in range(ROUND_TRIPS))
        self.close()


def _standing(pid: int) -> tuple[object, ...]:
    """On which cores and how urgently the kernel runs a process; 0 is this one."""
    return os.sched_getaffinity(pid), os.sched_getscheduler(pid), os.getpriority(os.PRIO_PROCESS, pid)
