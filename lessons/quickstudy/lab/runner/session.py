"""A process that has loaded one text of the target's module and calls the function in it.

It is forked from the supervisor (`worker.py`) for one timed pass, or for a series of single calls, each in
a process of its own. What it says about a call is plain data; of time it says nothing that counts, because
code that shares a process with a clock can set it. Stdlib only, CPython 3.9 and newer.
"""

import _tracemalloc
import contextlib
import gc
import io
import os
import random
import signal
import sys
import time
import warnings
from _thread import _count as _threads

_clock = time.perf_counter_ns
_fork, _exit, _wait, _yield = os.fork, os._exit, os.waitpid, os.sched_yield
_collect, _enable = gc.collect, gc.enable
_trace, _traced, _stop = _tracemalloc.start, _tracemalloc.get_traced_memory, _tracemalloc.stop
_settings = (
    ("garbage collector", gc.isenabled),
    ("garbage collector", gc.get_threshold),
    ("recursion limit", sys.getrecursionlimit),
    ("thread switching", sys.getswitchinterval),
    ("profiler", sys.getprofile),
    ("tracer", sys.gettrace),
    ("working directory", os.getcwd),
    ("environment", lambda environ=os.environ: sorted(environ.items())),
    ("alarm", lambda get=signal.getitimer: get(signal.ITIMER_REAL) != (0.0, 0.0)),
)
CAPTURED = 1 << 20
WARM = 3


class Session:
    """One loaded text. `tools` are the modules beside this one, bound before the text was loaded."""

    def __init__(self, sock, tools):
        self.sock, self.tools = sock, tools
        self.send, self.receive = tools["channel"].send, tools["channel"].receive
        self.loads = tools["payload"].loads
        self.order = None
        self.call = None
        self.module = None
        self.state = None

    def serve(self, order, text):
        """Load the text, then answer until the supervisor has gone, or one timed pass is done."""
        loading = self.tools["loading"]
        self.order = order
        try:
            self.call = self.forced(loading.load(order, text))
            self.module = sys.modules[order["module"]]
        except BaseException as error:
            self.send(self.sock, {"problem": loading.raised(error, order["path"])})
            return
        _collect()
        self.send(self.sock, {"loaded": True})
        while True:
            asked, payloads = self.receive(self.sock)
            if asked["mode"] == "time":
                self.answer(asked, payloads)
                return
            if self.state is None:
                self.state = self.tools["state"].State(self.module, self.order, self.tools["describe"])
            child = _fork()
            if not child:
                try:
                    self.answer(asked, payloads)
                finally:
                    _exit(0)
            self.send(self.sock, {"end": _wait(child, 0)[1]})

    def forced(self, function):
        return self.tools["forcing"].Forced(function, self.tools["describe"])

    def answer(self, asked, payloads):
        try:
            self.call.begin()
            _seed(self.order["seed"])
            if asked["mode"] == "observe":
                self.send(self.sock, self.observe(payloads[0]))
            elif asked["mode"] == "pace":
                self.send(self.sock, {"paces": self.pace(payloads)})
            elif asked["mode"] == "keep":
                self.send(self.sock, {"kept": self.keep(payloads, asked["reload"])})
            else:
                self.timed(payloads[: asked["warm"]], payloads[asked["warm"] :], asked["reload"])
        except BaseException as error:
            self.send(self.sock, {"problem": self.tools["loading"].raised(error, self.order["path"])})

    def observe(self, payload):
        """One call and everything it did, as plain data."""
        describe = self.tools["describe"]
        try:
            args, kwargs = self.loads(payload)
        except BaseException as error:
            return {"lost": self.tools["loading"].fit(error)}
        before = _threads()
        settings = [get() for _, get in _settings]
        out, err = _Captured(1), _Captured(2)
        describer = describe.Describer()
        caught = None
        early = None
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            try:
                result = self.call(args, kwargs)
                if type(result) in describe.ITERATORS:
                    # What a lazy function has done by now is told apart from what it does when drained.
                    idle = describe.Describer(drain=False)
                    early = {
                        "arguments": idle.describe([list(args), kwargs]),
                        "globals": self.state.data(),
                        "printed": [out.size(), err.size()],
                    }
                outcome = ["return", describer.describe(result)]
            except BaseException as error:
                caught = error
        if caught is not None:
            outcome = ["raise", describer.describe(caught)]
        after = [get() for _, get in _settings]
        return {
            "outcome": outcome,
            "early": early,
            "arguments": describer.describe([list(args), kwargs]),
            "globals": self.state.data(),
            "rebound": self.state.rebound(),
            "held": self.state.held(describer.ids),
            "settings": [name for (name, _), one, two in zip(_settings, settings, after) if one != two],
            "stdout": out.text(),
            "stderr": err.text(),
            "warnings": [[describe.name_of(item.category), str(item.message)] for item in warned],
            "threads": _threads() - before,
        }

    def pace(self, payloads):
        """Nanoseconds of each call: until its last item was there, it returned, its first item was there."""
        spent = []
        iterators = self.tools["describe"].ITERATORS
        with self.silence():
            self.call.run([self.loads(payload) for payload in payloads[-WARM:]], [None] * WARM)
            for payload in payloads:
                args, kwargs = self.loads(payload)
                marks = []
                began = _clock()
                with contextlib.suppress(BaseException):
                    result = self.call(args, kwargs)
                    if type(result) in iterators:
                        marks.append(_clock())
                        for _ in result:
                            break
                        marks.append(_clock())
                        self.call.exhaust(result)
                ended = _clock()
                called, first = (*marks, ended, ended)[:2]
                spent.append([mark - began for mark in (ended, called, first)])
        return spent

    def keep(self, payloads, reload):
        """Of each call: the bytes it keeps, and the names of the module that it made lead to other things.

        `reload` makes each in a module of its own, and counts what is kept when that is gone as well. A call
        that is made again finds in a cache what it kept; what it takes all the same, as old Pythons take
        memory for frames, is none.
        """
        # As in a timed pass, all modules are there before the first call.
        waiting = [[self.work([payload], reload) for _ in range(2)] for payload in reversed(payloads)]
        if reload:
            self.tools["loading"].drop(self.order)
        kept = []
        with self.silence():
            while waiting:
                pair = waiting.pop()
                before = {} if reload else self.state.fingerprints()
                taken = self.taken(pair)
                after = {} if reload else self.state.fingerprints()
                changed = [name for name in after if before.get(name) != after[name]]
                kept.append([taken - self.taken(pair), changed])
        return kept

    def taken(self, waiting):
        """The bytes that a call took and that are not given back when its inputs and its result are gone."""
        call, inputs, results = waiting.pop()  # with nothing else that holds them
        _trace()
        call.run(inputs, results)
        del call, inputs, results
        _collect()
        taken = _traced()[0]
        _stop()
        return taken

    def timed(self, warm, payloads, reload):
        """One pass over calls whose inputs this process has never seen; then the results, if wanted.

        `reload` makes each of these calls in a module of its own, that holds nothing of the others.
        """
        warm = [self.work(warm, reload)]
        calls = [self.work([one], reload) for one in payloads] if reload else [self.work(payloads, False)]
        describe = self.tools["describe"]
        with self.silence():
            _enable()
            _collect()
            self.send(self.sock, {"ready": True})
            # The warm calls come before the timed ones, and as they do; between them is a trip with no call.
            for word, some in ((b"w", warm), (b"e", ()), (b"g", calls)):
                if self.sock.recv(1) != word:
                    return
                _yield()  # now the supervisor falls asleep, which it must be to be woken without delay
                for call, inputs, results in some:
                    call.run(inputs, results)
                self.sock.sendall(b"d")
        # Whether the results are looked at is told only now, so a variant cannot behave for the occasion.
        if self.sock.recv(1) != b"r":
            return
        described, plain = [], self.tools["channel"].plain
        for _, inputs, results in calls:
            for result, (args, kwargs) in zip(results, inputs):
                describer = describe.Describer()
                parts = [describer.describe(result), describer.describe([list(args), kwargs])]
                described.append(plain(parts))
        self.send(self.sock, {}, described)
        self.sock.recv(1)  # ending at once would take the core from the supervisor, whose clock still runs

    def work(self, payloads, reload):
        """What makes these calls, their inputs, and a list with room for their results."""
        call = self.forced(self.tools["loading"].again(self.order)) if reload else self.call
        return call, [self.loads(payload) for payload in payloads], [None] * len(payloads)

    @contextlib.contextmanager
    def silence(self):
        kept = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = io.TextIOWrapper(io.FileIO(os.devnull, "w"))
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            sys.stdout, sys.stderr = kept


class _Captured:
    """A file in place of standard output or error, also for who writes to the descriptor itself."""

    def __init__(self, descriptor):
        path = os.path.join(os.environ.get("TMPDIR", "/tmp"), ".quickstudy-%d-%d" % (os.getpid(), descriptor))
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        os.unlink(path)
        os.dup2(file, descriptor)
        self.file = file
        raw = io.BufferedWriter(io.FileIO(descriptor, "w", closefd=False))
        self.stream = io.TextIOWrapper(raw, "utf-8", "surrogateescape")
        setattr(sys, "stdout" if descriptor == 1 else "stderr", self.stream)

    def size(self):
        self.stream.flush()
        return os.fstat(self.file).st_size

    def text(self):
        size = self.size()
        start = os.pread(self.file, CAPTURED, 0).decode("utf-8", "replace")
        return start if size <= CAPTURED else "%s... (%d bytes)" % (start, size)


def _seed(number):
    """Let chance begin as in every other process: a fork, and loading the text, have changed it."""
    random.seed(number)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(number)
