"""A process that has loaded one text of the target's module and calls the function in it.

It is forked from the supervisor (`worker.py`) for one timed pass, or for a series of single calls, each in
a process of its own. What it says about a call is plain data; of time it says nothing that counts, because
code that shares a process with a clock can set it. Stdlib only, CPython 3.9 and newer.
"""

import contextlib
import os
import random
import sys
import time
import warnings
import zlib
from _thread import _count as _threads
from gc import collect as _collect
from gc import enable as _enable

from quickstudy.lab.python.child import describe, loading
from quickstudy.lab.python.child.drive import DrivenCall
from quickstudy.lab.python.child.payload import loads
from quickstudy.lab.python.child.reaching import Reaching
from quickstudy.lab.python.child.settings import Settings
from quickstudy.lab.python.child.state import State
from quickstudy.lab.supervisor import streams
from quickstudy.lab.supervisor.channel import plain, receive, send

_clock = time.perf_counter_ns
_fork, _wait, _yield = os.fork, os.waitpid, os.sched_yield
_recording, _always = warnings.catch_warnings, warnings.simplefilter
WARM = 3


class Session:
    """One loaded text."""

    def __init__(self, sock, outputs, retention, watched):
        """`watched` tells whether to note what the text's code sets and reaches for, which takes time."""
        self.sock, self.outputs, self.retention = sock, outputs, retention
        self.watched = watched
        if retention is not None:
            retention.begin()
        self.order = self.reaching = None
        self.call = None
        self.state = None
        self.module = None
        self.modules = []  # further ones of the text, each with its function
        self.used = 0
        self.warned = []

    def serve(self, order, text):
        """Load the text, then answer until the supervisor has gone, or one timed pass is done."""
        self.order = order
        loading.prepare(order, text)
        settings = self.settings()
        if self.watched:
            self.reaching = Reaching(order["path"], order["project"])
        try:
            self.call = DrivenCall(loading.again(order))
            self.module = sys.modules[order["module"]]
        except BaseException as error:
            send(self.sock, {"problem": loading.raised(error, order["path"])})
            return
        _collect()
        send(self.sock, {"loaded": True, "settings": settings(), "reaches": self.reaches()})
        if self.watched:
            self.reaching.importing = False
        while True:
            asked, payloads = receive(self.sock)
            if asked["mode"] == "modules":
                self.load_again(asked["number"])
            elif asked["mode"] == "time" or self.is_forked():
                self.answer(asked, payloads)
                return

    def load_again(self, number):
        """Load the text as so many further modules. No input is here yet that they could look for."""
        try:
            for _ in range(number):
                call = DrivenCall(loading.again(self.order))
                self.modules.append((sys.modules[self.order["module"]], call))
            send(self.sock, {"loaded": True})
        except BaseException as error:
            send(self.sock, {"problem": loading.raised(error, self.order["path"])})

    def is_forked(self):
        """Fork a process that is to answer, and wait until it has. Whether this is that one."""
        if self.state is None:
            self.state = State(self.module, self.order)
        for one in self.outputs:
            one.stream.flush()
        child = _fork()
        if not child:
            streams.renew()
            return True
        send(self.sock, {"end": _wait(child, 0)[1]})
        return False

    def settings(self):
        """What tells later which settings have changed since."""
        return Settings().changed if self.watched else dict

    def reaches(self):
        return self.reaching.told() if self.watched else []

    def answer(self, asked, payloads):
        modes = {"observe": self.observe, "pace": self.pace, "time": self.timed}
        try:
            self.call.begin()
            _seed(self.order["seed"])
            # Alike for all: code must not be able to tell by these what it is called for.
            with _recording(record=True) as self.warned:
                _always("always")
                modes[asked["mode"]](asked, payloads)
        except BaseException as error:
            send(self.sock, {"problem": loading.raised(error, self.order["path"])})

    def observe(self, asked, payloads):
        """Send one call and everything it did, as plain data."""
        try:
            args, kwargs = loads(payloads[0])
        except BaseException as error:
            send(self.sock, {"lost": loading.summarize_exception(error)})
            return
        threads = _threads()
        settings = self.settings()
        out, err = self.outputs
        describer = describe.Describer()
        early = None
        results = [None]
        self.warned.clear()
        try:
            raised = self.call.run([(args, kwargs)], results, False)
            if type(results[0]) in describe.ITERATORS:
                # What a lazy function has done by now is told apart from what it does when drained.
                idle = describe.Describer(drain=False)
                early = {
                    "arguments": idle.describe([list(args), kwargs]),
                    "globals": self.state.data(),
                    "printed": [out.size(), err.size()],
                }
            outcome = ["raise" if raised else "return", describer.describe(results[0])]
        except BaseException as error:
            outcome = ["raise", describer.describe(error)]
        send(
            self.sock,
            {
                "outcome": outcome,
                "early": early,
                "settings": settings(),
                "arguments": describer.describe([list(args), kwargs]),
                "globals": self.state.data(),
                "rebound": self.state.rebound(),
                "held": self.state.held(describer.ids),
                "stdout": out.text(),
                "stderr": err.text(),
                "warnings": self.warnings(),
                "threads": _threads() - threads,
                "reaches": self.reaches(),
            },
        )

    def warnings(self):
        """The category and the text of each warning so far."""
        return [[describe.name_of(one.category), str(one.message)] for one in self.warned]

    def pace(self, asked, payloads):
        """Send nanoseconds of each call: until its last item was there, it returned, its first was there."""
        spent = []
        iterators = describe.ITERATORS
        self.call.run([loads(payload) for payload in payloads[-WARM:]], [None] * WARM)
        for payload in payloads:
            inputs, results = [loads(payload)], [None]
            marks = []
            began = _clock()
            self.call.run(inputs, results, False)
            if type(results[0]) in iterators:
                marks.append(_clock())
                with contextlib.suppress(BaseException):
                    for _ in results[0]:
                        break
                    marks.append(_clock())
                    self.call.exhaust(results[0])
            ended = _clock()
            called, first = (*marks, ended, ended)[:2]
            spent.append([mark - began for mark in (ended, called, first)])
        send(self.sock, {"paces": spent})

    def timed(self, asked, payloads):
        """One pass over calls whose inputs this process has never seen; then what is asked about it."""
        number = asked["warm"]
        warm = [self.work(payloads[:number])]
        if self.modules:
            calls = [self.work([one]) for one in payloads[number:]]
        else:
            calls = [self.work(payloads[number:])]
        payloads.clear()  # whatever frame has them
        settings = self.settings()
        _enable()
        _collect()
        send(self.sock, {"ready": True})
        # The warm calls come before the timed ones, and as they do; between them is a trip with no call.
        for word, some in ((b"w", warm), (b"e", ()), (b"g", calls)):
            if self.sock.recv(1) != word:
                return
            _yield()  # now the supervisor falls asleep, which it must be to be woken without delay
            for call, inputs, results in some:
                call.run(inputs, results)
            self.sock.sendall(b"d")
        # What is looked at is told only now, so a variant cannot behave for the occasion.
        word = self.sock.recv(1)
        told = {"printed": [one.digest() for one in self.outputs], "settings": settings()}
        told["warned"] = zlib.crc32(repr(self.warnings()).encode("utf-8", "replace"))
        if word == b"r":
            send(self.sock, told, self.described(calls))
        elif word == b"k":
            del warm, calls, some, call, inputs, results
            send(self.sock, {**told, "reaches": self.reaches(), **self.retained()})
        self.sock.recv(1)  # ending at once would take the core from the supervisor, whose clock still runs

    def described(self, calls):
        """The result of each call and its arguments after it, as plain data in bytes."""
        found = []
        for _, inputs, results in calls:
            for result, (args, kwargs) in zip(results, inputs):
                describer = describe.Describer()
                parts = [describer.describe(result), describer.describe([list(args), kwargs])]
                found.append(plain(parts))
        return found

    def retained(self):
        """What is left of the calls: memory, state, and the variables of the module."""
        if self.modules:
            self.modules.clear()
            loading.drop(self.order)
            return self.retention.told()
        told = self.retention.told()
        state = State(self.module, self.order)
        return {**told, "globals": state.data()}

    def work(self, payloads):
        """What makes these calls, their inputs, and a list with room for their results."""
        call = self.call
        if self.modules:
            self.used += 1
            # Instances of its classes are made of those of this module.
            sys.modules[self.order["module"]], call = self.modules[self.used - 1]
        return call, [loads(payload) for payload in payloads], [None] * len(payloads)


def _seed(number):
    """Let chance begin as in every other process: a fork, and loading the text, have changed it."""
    random.seed(number)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(number)
