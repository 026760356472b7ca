"""The child that supervises one text of the target's module, in the sandbox, in the project's interpreter.

It never runs that text. It imports the libraries the original leans on, then forks sessions (`session.py`)
that load the text: one for all single calls, and a new one for each timed pass, of it or of the original. So
it can do what a process with a variant in it cannot be trusted with: hold the lab's channel, take the time,
count what was left, and empty every place through which one pass could leave something for the next.

    worker.py FD     one frame {"path", "module", "package", "roots", "project", "qualname", "seed", "alone",
                     "imports"} + [original, text] is read, and answered. Then come requests:
                     {"time": false} and a frame for the session, {"mode": "observe" | "pace"} + payloads, or
                     {"time": true, "original", "modules", "retained"}, {"mode": "time", "warm"} + payloads,
                     and {"look": "results" | "retained" | null}.
                     The answer is one frame of ours, and the session's own, unread, if ours says "said".

Stdlib only, CPython 3.9 and newer; started by path.
"""

import sys

from beside import sibling  # while its folder is still the first on the path

sys.path.pop(0)
del sys.modules["beside"]  # a project may have a module of this name

import collections  # noqa: E402
import contextlib  # noqa: E402
import functools  # noqa: E402
import gc  # noqa: E402
import importlib.util  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402

FRAME = 256 << 20
ROUND_TRIPS, LAST_TRIPS = 25, 9
TOOLS = ("describe", "forcing", "loading", "payload", "reaching", "session", "settings", "state", "streams")
"""What a session uses."""


class Supervisor:
    """Forks sessions that load the text, and relays what is asked of them."""

    def __init__(self, lab, channel, order, original, text):
        self.lab, self.channel = lab, channel
        self.order, self.original, self.text = order, original, text
        self.tools = {name: sibling(name) for name in TOOLS}
        self.tools["channel"] = channel
        self.streams = [self.tools["streams"].Output(number) for number in (1, 2)]
        self.request, self.reply = channel.Relay(FRAME), channel.Relay(FRAME)
        self.due = 0  # frames of the lab's request that were not taken yet
        self.look_around = sibling("around")
        self.around = self.look_around.Around(order["alone"])
        self.watch = sibling("stopwatch").Stopwatch(order["alone"])
        self.standing = _standing(0)
        self.kernel = sibling("kernel")
        self.kernel.open_to_others(False)
        self.retention = None  # made when it is first needed, as that takes a while
        self.pid = None
        self.sock = None
        self.trips = collections.deque(maxlen=LAST_TRIPS)  # nanoseconds of round trips with nothing done

    def preload(self, more):
        """Import the libraries that the original imports, as a forked scout found them out.

        Then loading a text costs little, however often; the project's own modules stay out of this process.
        """
        reader, writer = os.pipe()
        if not os.fork():
            try:
                with contextlib.suppress(BaseException):
                    self.tools["loading"].load(self.order, self.original)
                names = [name for name, module in list(sys.modules.items()) if self._library(module)]
                with open(writer, "w") as stream:
                    json.dump(names, stream)
            finally:
                os._exit(0)
        os.close(writer)
        with open(reader) as stream:
            names = json.loads(stream.read() or "[]")
        os.wait()
        for name in (*names, *more):
            if name not in sys.modules:
                with contextlib.suppress(BaseException):
                    top = importlib.util.find_spec(name.partition(".")[0])
                    if self._library(top):
                        importlib.import_module(name)

    def _library(self, module):
        """Whether a module, or a spec of one, belongs to the interpreter's installation."""
        spec = getattr(module, "__spec__", None) or module
        origin = getattr(spec, "origin", None)
        if origin in ("built-in", "frozen"):
            return True
        prefixes = {sys.prefix, sys.base_prefix, sys.exec_prefix}
        return bool(origin) and any(origin.startswith(prefix + os.sep) for prefix in prefixes)

    def fork(self, work):
        """Start a session that does `work` with its end of a channel."""
        self.sock, theirs = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            try:
                self.lab.close()
                self.sock.close()
                self.tools["streams"].close_others(theirs.fileno())
                self.tools["streams"].renew()
                self.kernel.open_to_others(True)  # it is no secret, and programs look into their own /proc
                work(theirs)
            finally:
                os._exit(0)
        theirs.close()

    def open(self, text, watched=True):
        """Start a session with a text; whether it loaded. If not, its reply says why."""
        session = self.tools["session"].Session
        self.fork(
            lambda sock: session(sock, self.tools, self.streams, self.retention, watched).serve(
                self.order, text
            )
        )
        self.watch.start(self.pid)
        return self.has_loaded()

    def has_loaded(self):
        """Whether the session says next that it has loaded what it was to load."""
        return bytes(self.reply.take(self.sock)).startswith(b'{"loaded": true')

    def close(self):
        """End the session and everything it left; nothing of it reaches the next one."""
        if self.pid is not None:
            self.ended()
        self.around.clear()

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
        except (self.channel.Closed, ConnectionError):
            told = {"ended": self.ended()}
        except (self.channel.Forged, self.channel.Flood) as problem:
            self.close()
            told = {"flood" if isinstance(problem, self.channel.Flood) else "forged": True}
        for _ in range(self.due):
            self.request.take(self.lab)
        self.due = 0
        self.channel.send(self.lab, told)
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
        threads = self.look_around.threads(self.pid)
        return {"said": True, "threads": threads, "strays": len(self.around.strays((self.pid,)))}

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
            raise self.channel.Forged
        return {"said": True, "strays": len(self.around.strays((self.pid,)))}

    def timed(self, original, modules, retained):
        """One pass in a session of its own, and nanoseconds of each of its parts as seen from here.

        `modules` are so many further ones that the text is loaded as. What the calls keep can be told if it
        is said now that it may be asked; the session is not told.
        """
        self.due = 2
        self.close()
        if retained and self.retention is None:
            self.retention = sibling("retention").Retention(self)
        watch = self.watch
        loaded = self.open(self.original if original else self.text, watched=retained)
        told = {"said": True, "import_ns": self.net(watch.stop()), "again_ns": 0}
        if loaded and modules:
            watch.start(self.pid)
            self.channel.send(self.sock, {"mode": "modules", "number": modules})
            loaded = self.has_loaded()
            told["again_ns"] = self.net(watch.stop())
        if not loaded:
            return told
        watch.run_up()  # while no input is there that a session could work on
        watch.start(self.pid)
        self.pass_on()
        ready = self.reply.take(self.sock) == b'{"ready": true}'
        told["before_ns"] = self.net(watch.stop())
        if not ready:
            return told
        told["threads"] = self.look_around.threads(self.pid)
        told["before_ns"] += self.net(self.round_trip(b"w"))
        empty = self.net(self.round_trip(b"e"))
        spent, told["waited_ns"] = self.round_trip(b"g")
        # Not before: between the trips both sides must find the same, to the page that is written to.
        if original:  # a variant could take its time there, to have it taken off
            self.trips.append(empty)
        told["ns"] = spent - sorted(self.trips)[LAST_TRIPS // 2]
        told["between_ns"] = empty + watch.gaps()
        told["threads"] += self.look_around.threads(self.pid)
        told["strays"] = len(self.around.strays((self.pid,)))
        told["kept"] = self.around.kept(self.pid)
        told["undisturbed"] = _standing(self.pid) == _standing(0) == self.standing
        # What is looked at is read only now: the session has all the memory of this process.
        self.due -= 1
        look = self.channel.receive(self.lab)[0]["look"]
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
            raise self.channel.Closed
        if done != b"d":
            raise self.channel.Forged
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


def main():
    lab = socket.socket(fileno=int(sys.argv[1]))
    channel = sibling("channel")
    order, texts = channel.receive(lab)
    supervisor = Supervisor(lab, channel, order, *texts)
    random.seed(order["seed"])
    supervisor.preload(order["imports"])
    for one in supervisor.streams:
        one.stream.flush()  # what libraries print when they are imported is no session's
    if "asyncio" in sys.modules or b"async" in texts[0]:
        supervisor.tools["forcing"].prepare()
    gc.collect()
    gc.freeze()
    supervisor.calibrate()
    supervisor.answer(supervisor.loaded)
    with contextlib.suppress(channel.Closed):
        while True:
            asked, _ = channel.receive(lab)
            work = (
                functools.partial(supervisor.timed, asked["original"], asked["modules"], asked["retained"])
                if asked["time"]
                else supervisor.single
            )
            supervisor.answer(work)


if __name__ == "__main__":
    main()
