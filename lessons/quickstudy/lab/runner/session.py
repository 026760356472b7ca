"""A process that has loaded one text of the target's module and calls the function in it.

It is forked from the supervisor (`worker.py`) for one timed pass, or for a series of single calls, each in
a process of its own. What it says about a call is plain data; of time it says nothing that counts, because
code that shares a process with a clock can set it. Stdlib only, CPython 3.9 and newer.
"""

import contextlib
import gc
import io
import os
import signal
import sys
import time
import warnings
from _thread import _count as _threads

_clock = time.perf_counter_ns
_fork, _exit, _wait, _yield = os.fork, os._exit, os.waitpid, os.sched_yield
_collect, _freeze, _enable = gc.collect, gc.freeze, gc.enable
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
WIDEST = 1000
"""Items of a module's global that are still looked at after each call."""
_DATA = (bool, int, float, str, bytes, tuple, list, dict, set, frozenset)


class Session:
    """One loaded text. `tools` are the modules beside this one, bound before the text was loaded."""

    def __init__(self, sock, tools):
        self.sock, self.tools = sock, tools
        self.send, self.receive = tools["channel"].send, tools["channel"].receive
        self.loads = tools["payload"].loads
        self.call = None
        self.module = None

    def serve(self, order, text):
        """Load the text, then answer until the supervisor has gone, or one timed pass is done."""
        loading = self.tools["loading"]
        try:
            function = loading.load(order, text)
            self.call = self.tools["forcing"].Forced(function, self.tools["describe"])
            self.module = sys.modules[order["module"]]
        except BaseException as error:
            self.send(self.sock, {"problem": loading.fit(error)})
            return
        _collect()
        self.send(self.sock, {"loaded": True})
        while True:
            asked, payloads = self.receive(self.sock)
            if asked["mode"] == "time":
                self.answer(asked, payloads)
                return
            child = _fork()
            if not child:
                try:
                    self.answer(asked, payloads)
                finally:
                    _exit(0)
            self.send(self.sock, {"end": _wait(child, 0)[1]})

    def answer(self, asked, payloads):
        try:
            self.call.begin()
            if asked["mode"] == "observe":
                self.send(self.sock, self.observe(payloads[0]))
            elif asked["mode"] == "pace":
                self.send(self.sock, {"ns": self.pace(payloads)})
            else:
                self.timed(payloads, asked["warm"])
        except BaseException as error:
            self.send(self.sock, {"problem": self.tools["loading"].fit(error)})

    def observe(self, payload):
        """One call and everything it did, as plain data."""
        describe = self.tools["describe"]
        try:
            args, kwargs = self.loads(payload)
        except BaseException as error:
            return {"lost": self.tools["loading"].fit(error)}
        before = _threads()
        settings = [get() for _, get in _settings]
        out, err = io.StringIO(), io.StringIO()
        kept = sys.stdout, sys.stderr
        sys.stdout, sys.stderr = out, err
        describer = describe.Describer()
        caught = None
        early = None
        try:
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always")
                try:
                    result = self.call(args, kwargs)
                    if type(result) in describe.ITERATORS:
                        # What a lazy function has done by now is told apart from what it does when drained.
                        early = [describe.Describer().describe([list(args), kwargs]), out.tell(), err.tell()]
                    outcome = ["return", describer.describe(result)]
                except BaseException as error:
                    caught = error
        finally:
            sys.stdout, sys.stderr = kept
        if caught is not None:
            outcome = ["raise", describer.describe(caught)]
        after = [get() for _, get in _settings]
        return {
            "outcome": outcome,
            "early": early,
            "arguments": describer.describe([list(args), kwargs]),
            "globals": self.globals(),
            "settings": [name for (name, _), one, two in zip(_settings, settings, after) if one != two],
            "stdout": out.getvalue()[:CAPTURED],
            "stderr": err.getvalue()[:CAPTURED],
            "warnings": [[describe.name_of(item.category), str(item.message)] for item in warned],
            "threads": _threads() - before,
        }

    def globals(self):
        """The module's data by name. Large data is left out: it would have to be read after every call."""
        describe = self.tools["describe"]
        found = {}
        for name, value in list(vars(self.module).items()):
            plain = value is None or isinstance(value, _DATA)
            sized = isinstance(value, (tuple, list, dict, set, frozenset))
            if plain and not name.startswith("__") and not (sized and len(value) > WIDEST):
                found[name] = describe.Describer(WIDEST).describe(value)
        return found

    def pace(self, payloads):
        """Nanoseconds of each call, one after the other: how long the original takes, for planning."""
        spent = []
        with self.silence():
            self.call.run([self.loads(payload) for payload in payloads[-WARM:]], [None] * WARM)
            for payload in payloads:
                args, kwargs = self.loads(payload)
                started = _clock()
                with contextlib.suppress(BaseException):
                    self.call.exhaust(self.call(args, kwargs))
                spent.append(_clock() - started)
        return spent

    def timed(self, payloads, warm):
        """One pass over calls whose inputs this process has never seen; then the results, if wanted."""
        calls = [self.loads(payload) for payload in payloads]
        describe = self.tools["describe"]
        results = [None] * len(calls)
        with self.silence():
            _enable()
            _collect()
            self.send(self.sock, {"ready": True})
            # The warm calls come right before the timed ones, and as they do.
            for word, some in ((b"w", calls[:warm]), (b"g", calls[warm:])):
                if self.sock.recv(1) != word:
                    return
                _yield()  # now the supervisor falls asleep, which it must be to be woken without delay
                self.call.run(some, results)
                self.sock.sendall(b"d")
        # Whether the results are looked at is told only now, so a variant cannot behave for the occasion.
        if self.sock.recv(1) != b"r":
            return
        described = []
        for result, (args, kwargs) in zip(results, calls[warm:]):
            describer = describe.Describer()
            described.append([describer.describe(result), describer.describe([list(args), kwargs])])
        self.send(self.sock, {"results": described})
        self.sock.recv(1)  # ending at once would take the core from the supervisor, whose clock still runs

    @contextlib.contextmanager
    def silence(self):
        kept = sys.stdout, sys.stderr
        sys.stdout = sys.stderr = io.TextIOWrapper(io.FileIO(os.devnull, "w"))
        warnings.simplefilter("ignore")
        try:
            yield
        finally:
            sys.stdout, sys.stderr = kept
