"""The supervisor of one text of the target's module: it forks sessions that load it, and relays to them.

It never runs that text, nor imports anything of the project. So it can do what a process with a variant in it
cannot be trusted with: hold the lab's channel, take the time, count what was left, and empty every place
through which one pass could leave something for the next. One session makes all single calls; a new one makes
each timed pass, of the text or of the original.

Stdlib only, CPython 3.9 and newer.
"""

import collections
import contextlib
import functools
import json
import os
import signal
import socket

from quickstudy.lab.supervisor import channel, leftovers, streams
from quickstudy.lab.supervisor.kernel import open_to_others
from quickstudy.lab.supervisor.stopwatch import Stopwatch

FRAME = 256 << 20
ROUND_TRIPS, LAST_TRIPS = 25, 9


class Supervisor:
    """Forks sessions that load the text, and relays what is asked of them."""

    def __init__(self, lab, alone, language, original, text):
        """`language` makes sessions; `alone` tells that the sandbox is this child's only."""
        self.lab, self.language = lab, language
        self.original, self.text = original, text
        self.request, self.reply = channel.Relay(FRAME), channel.Relay(FRAME)
        self.due = 0  # frames of the lab's request that were not taken yet
        self.leftovers = leftovers.Leftovers(alone)
        self.watch = Stopwatch(alone)
        self.standing = _standing(0)
        open_to_others(False)
        self.pid = None
        self.sock = None
        self.trips = collections.deque(maxlen=LAST_TRIPS)  # nanoseconds of round trips with nothing done

    def serve(self):
        """Answer the lab until it has gone."""
        self.calibrate()
        self.answer(self.loaded)
        with contextlib.suppress(channel.Closed):
            while True:
                asked, _ = channel.receive(self.lab)
                work = (
                    functools.partial(self.timed, asked["original"], asked["modules"], asked["retained"])
                    if asked["time"]
                    else self.single
                )
                self.answer(work)

    def fork(self, work):
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

    def open(self, text, watched=True):
        """Start a session with a text; whether it loaded. If not, its reply says why."""
        self.fork(lambda sock: self.language.serve(sock, text, watched))
        self.watch.start(self.pid)
        return self.has_loaded()

    def has_loaded(self):
        """Whether the session says next that it has loaded what it was to load."""
        return bytes(self.reply.take(self.sock)).startswith(b'{"loaded": true')

    def close(self):
        """End the session and everything it left; nothing of it reaches the next one."""
        if self.pid is not None:
            self.ended()
        self.leftovers.clear()

    def ended(self):
        """End the session if it has not ended; its wait status."""
        pid, self.pid = self.pid, None
        self.sock.close()
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)  # changes nothing about one that ended by itself
        return os.waitpid(pid, 0)[1]

    def answer(self, work):
        """Tell the lab what came of a request: a frame of ours, then the session's own if there is one."""
        try:
            told = work()
        except (channel.Closed, ConnectionError):
            told = {"ended": self.ended()}
        except (channel.Forged, channel.Flood) as problem:
            self.close()
            told = {"flood" if isinstance(problem, channel.Flood) else "forged": True}
        for _ in range(self.due):
            self.request.take(self.lab)
        self.due = 0
        channel.send(self.lab, told)
        if told.get("said"):
            self.reply.give(self.lab)
        self.request.clear()
        self.reply.clear()

    def pass_on(self):
        """Hand the lab's next frame to the session, unread."""
        self.due -= 1
        self.request.take(self.lab)
        self.request.give(self.sock)

    def loaded(self):
        """Whether the text loads, and what that leaves."""
        self.open(self.text)
        threads = leftovers.threads(self.pid)
        return {"said": True, "threads": threads, "strays": len(self.leftovers.orphans((self.pid,)))}

    def single(self):
        """A call in a process of its own, forked by the session."""
        self.due = 1
        if self.pid is None and not self.open(self.text):
            return {"said": True}
        self.pass_on()
        answer = self.reply.take(self.sock)
        if answer[:6] == b'{"end"':
            return json.loads(bytes(answer).replace(b"end", b"ended"))
        if self.request.take(self.sock)[:6] != b'{"end"':
            raise channel.Forged
        return {"said": True, "strays": len(self.leftovers.orphans((self.pid,)))}

    def timed(self, original, modules, retained):
        """One pass in a session of its own, and nanoseconds of each of its parts as seen from here.

        `modules` are so many further ones that the text is loaded as. What the calls keep can be told if it
        is said now that it may be asked; the session is not told.
        """
        self.due = 2
        self.close()
        if retained:
            self.language.watch_retention(self)
        watch = self.watch
        loaded = self.open(self.original if original else self.text, watched=retained)
        told = {"said": True, "import_ns": self.net(watch.stop()), "again_ns": 0}
        if loaded and modules:
            watch.start(self.pid)
            channel.send(self.sock, {"mode": "modules", "number": modules})
            loaded = self.has_loaded()
            told["again_ns"] = self.net(watch.stop())
        if not loaded:
            return told
        watch.ramp_up_cpu()  # while no input is there that a session could work on
        watch.start(self.pid)
        self.pass_on()
        ready = self.reply.take(self.sock) == b'{"ready": true}'
        told["before_ns"] = self.net(watch.stop())
        if not ready:
            return told
        told["threads"] = leftovers.threads(self.pid)
        told["before_ns"] += self.net(self.round_trip(b"w"))
        empty = self.net(self.round_trip(b"e"))
        spent, told["waited_ns"] = self.round_trip(b"g")
        # Not before: between the trips both sides must find the same, to the page that is written to.
        if original:  # a variant could take its time there, to have it taken off
            self.trips.append(empty)
        told["ns"] = spent - sorted(self.trips)[LAST_TRIPS // 2]
        told["between_ns"] = empty + watch.gaps()
        told["threads"] += leftovers.threads(self.pid)
        told["strays"] = len(self.leftovers.orphans((self.pid,)))
        told["kept"] = self.leftovers.kernel_state(self.pid)
        told["undisturbed"] = _standing(self.pid) == _standing(0) == self.standing
        # What is looked at is read only now: the session has all the memory of this process.
        self.due -= 1
        look = channel.receive(self.lab)[0]["look"]
        told["said"] = look is not None
        if look is not None:
            watch.start(self.pid)
            self.sock.sendall(b"k" if look == "retained" else b"r")
            self.reply.take(self.sock)
            told["after_ns"] = self.net(watch.stop()) + watch.gaps()
        self.close()
        return told

    def net(self, taken):
        """Nanoseconds without those in the queue, where they can be told."""
        spent, waited = taken
        return spent - (waited or 0)

    def round_trip(self, word):
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

    def calibrate(self):
        """Learn what a round trip costs by itself, at first from a session that loads nothing."""

        def echo(sock):
            while sock.recv(1):
                os.sched_yield()
                sock.sendall(b"d")

        self.fork(echo)
        self.trips.extend(self.net(self.round_trip(b"e")) for _ in range(ROUND_TRIPS))
        self.close()


def _standing(pid):
    """On which cores and how urgently the kernel runs a process; 0 is this one."""
    return os.sched_getaffinity(pid), os.sched_getscheduler(pid), os.getpriority(os.PRIO_PROCESS, pid)
