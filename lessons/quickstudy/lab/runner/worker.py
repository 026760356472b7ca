"""The child that supervises one text of the target's module, in the sandbox, in the project's interpreter.

It never runs that text. It imports the libraries the original leans on, then forks sessions (`session.py`)
that load the text: one for all single calls, and a new one for each timed pass, of it or of the original. So
it can do what a process with a variant in it cannot be trusted with: hold the lab's channel, take the time,
count what was left, and empty every place through which one pass could leave something for the next.

    worker.py FD     one frame {"path", "module", "package", "roots", "project", "qualname", "seed", "alone",
                     "imports"} + [original, text] is read; one frame is sent that says how the loading went;
                     then per request one frame {"mode": "observe" | "pace" | "time", ...} + payloads, and its
                     answer: {} or a problem by name, and as its part the header the session sent, unread.

Stdlib only, CPython 3.9 and newer; started by path.
"""

import sys

from beside import sibling  # while its folder is still the first on the path

sys.path.pop(0)
del sys.modules["beside"]  # a project may have a module of this name

import contextlib  # noqa: E402
import gc  # noqa: E402
import importlib.util  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import random  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402

FRAME = 256 << 20
ROUND_TRIPS = 25


class Supervisor:
    """Forks sessions that load the text, and relays what is asked of them."""

    def __init__(self, lab, order, original, text):
        self.lab, self.order, self.original, self.text = lab, order, original, text
        self.tools = {
            name: sibling(name)
            for name in ("channel", "describe", "loading", "forcing", "payload", "session")
        }
        self.channel = self.tools["channel"]
        self.look_around = sibling("around")
        self.around = self.look_around.Around(order["alone"])
        self.watch = sibling("stopwatch").Stopwatch(order["alone"])
        # Original and candidates share one core, so that neither gains by threads or by a better core.
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        self.standing = _standing(0)
        self.pid = None
        self.sock = None
        self.idle = 0  # nanoseconds of a round trip in which nothing is done

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
                work(theirs)
            finally:
                os._exit(0)
        theirs.close()

    def open(self, text):
        """Start a session with a text; its first frame, unread."""
        session = self.tools["session"].Session
        self.fork(lambda sock: session(sock, self.tools).serve(self.order, text))
        self.watch.start(self.pid)
        return self.channel.receive_unread(self.sock, FRAME)[0]

    def close(self):
        """End the session and everything it left; nothing of it reaches the next one. Its wait status."""
        status = None
        if self.pid is not None:
            with contextlib.suppress(OSError):
                os.kill(self.pid, signal.SIGKILL)
            status = os.waitpid(self.pid, 0)[1]
            self.sock.close()
            self.pid = None
        self.around.clear()
        return status

    def ended(self):
        """What a session that closed its channel unasked ended with: a wait status."""
        pid, self.pid = self.pid, None
        self.sock.close()
        return {"ended": os.waitpid(pid, 0)[1]}

    def asked(self, order, payloads):
        """One request's answer: `(header, parts)`."""
        try:
            if order["mode"] == "time":
                return self.timed(order, payloads)
            return self.single(order, payloads)
        except self.channel.Closed:
            return self.ended(), []
        except (self.channel.Forged, ConnectionError):
            self.close()
            return {"forged": True}, []

    def single(self, order, payloads):
        """A call in a process of its own, forked by the session."""
        if self.pid is None:
            self.open(self.text)
        self.channel.send(self.sock, order, payloads)
        answer = self.channel.receive_unread(self.sock, FRAME)[0]
        if answer.startswith(b'{"end"'):
            return {"ended": self.channel.read(answer).get("end")}, []
        if "end" not in self.channel.read(self.channel.receive_unread(self.sock, FRAME)[0]):
            raise self.channel.Forged
        strays = self.around.strays((self.pid,))
        return {"strays": len(strays)}, [answer]

    def timed(self, order, payloads):
        """One pass in a session of its own, and nanoseconds of each of its parts as seen from here."""
        self.close()
        receive, watch = self.channel.receive_unread, self.watch
        loaded = self.open(self.original if order["original"] else self.text)
        told = {"import_ns": self.net(watch.stop())}
        if "loaded" not in self.channel.read(loaded):
            return told, [loaded]
        watch.start(self.pid)
        self.channel.send(self.sock, order, payloads)
        ready = receive(self.sock, FRAME)[0]
        told["before_ns"] = self.net(watch.stop())
        if "ready" not in self.channel.read(ready):
            return told, [ready]
        told["threads"] = self.look_around.threads(self.pid)
        self.round_trip(b"w")
        spent, waited = self.round_trip(b"g")
        told["ns"] = max(1, spent - self.idle)
        # A thread that was there before may have worked while the one that calls stood in the queue.
        told["waited_ns"] = None if told["threads"] else waited
        told["threads"] += self.look_around.threads(self.pid)
        told["strays"] = len(self.around.strays((self.pid,)))
        told["undisturbed"] = _standing(self.pid) == _standing(0) == self.standing
        results = []
        if order["look"]:
            watch.start(self.pid)
            self.sock.sendall(b"r")
            results = receive(self.sock, FRAME)[:1]
            told["after_ns"] = self.net(watch.stop())
        self.close()
        return told, results

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
        """Learn what a round trip costs by itself, from a session that loads nothing."""

        def echo(sock):
            while sock.recv(1):
                sock.sendall(b"d")

        self.fork(echo)
        trips = sorted(self.net(self.round_trip(b"g")) for _ in range(ROUND_TRIPS))
        self.idle = trips[ROUND_TRIPS // 2]
        self.close()


def _standing(pid):
    """On which cores and how urgently the kernel runs a process; 0 is this one."""
    return os.sched_getaffinity(pid), os.sched_getscheduler(pid), os.getpriority(os.PRIO_PROCESS, pid)


def main():
    lab = socket.socket(fileno=int(sys.argv[1]))
    channel = sibling("channel")
    order, texts = channel.receive(lab)
    supervisor = Supervisor(lab, order, *texts)
    random.seed(order["seed"])
    supervisor.preload(order["imports"])
    gc.collect()
    gc.freeze()
    supervisor.calibrate()
    try:
        loaded = supervisor.open(supervisor.text)
        threads = supervisor.look_around.threads(supervisor.pid)
        strays = len(supervisor.around.strays((supervisor.pid,)))
        channel.send(lab, {"threads": threads, "strays": strays}, [loaded])
    except channel.Closed:
        channel.send(lab, supervisor.ended())
    except channel.Forged:
        channel.send(lab, {"forged": True})
    with contextlib.suppress(channel.Closed):
        while True:
            asked, payloads = channel.receive(lab)
            channel.send(lab, *supervisor.asked(asked, payloads))


if __name__ == "__main__":
    main()
