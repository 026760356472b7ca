"""A process that has loaded one text of the target's module and calls the function in it.

It is forked from the supervisor (`worker.py`) for one timed pass, or for a series of single calls, each in
a process of its own. What it says about a call is plain data; of time it says nothing that counts, because
code that shares a process with a clock can set it. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import contextlib
import os
import random
import sys
import time
import warnings
import zlib
from _thread import _count as _threads  # pyright: ignore[reportPrivateUsage] # threading counts fewer
from gc import collect as _collect
from gc import enable as _enable

from quickstudy.lab.python.child import loading
from quickstudy.lab.python.child.describe import Describer
from quickstudy.lab.python.child.drive import DrivenCall
from quickstudy.lab.python.child.kinds import ITERATORS
from quickstudy.lab.python.child.payload import loads
from quickstudy.lab.python.child.reaching import Reaching
from quickstudy.lab.python.child.reading import name_of
from quickstudy.lab.python.child.settings import Settings, frozen
from quickstudy.lab.python.child.state import State
from quickstudy.lab.supervisor import messages, streams
from quickstudy.lab.supervisor.channel import receive, send
from quickstudy.lab.supervisor.records import plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence
    from types import ModuleType
    from typing import Any, Union

    from quickstudy.lab.python.child.messages import Load, TargetModule
    from quickstudy.lab.python.child.retention import Retention
    from quickstudy.lab.supervisor.streams import Output

    Asked = Union[messages.Observe, messages.Pace, messages.Time]
    Work = tuple[DrivenCall, list[Any], list[Any]]

_clock = time.perf_counter_ns
_fork, _wait, _yield = os.fork, os.waitpid, os.sched_yield
_recording: Any = warnings.catch_warnings
_always = warnings.simplefilter
WARM = 3


class Session:
    """One loaded text."""

    target: TargetModule
    module: ModuleType
    call: DrivenCall
    reaching: Reaching

    def __init__(
        self, sock: socket.socket, outputs: Sequence[Output], retention: Retention | None, watched: bool
    ) -> None:
        """`watched` tells whether to note what the text's code sets and reaches for, which takes time."""
        self.sock, self.outputs, self.retention = sock, outputs, retention
        self.watched = watched
        if retention is not None:
            retention.begin()
        self.state: State | None = None
        self.modules: list[tuple[ModuleType, DrivenCall]] = []
        """Further ones of the text, each with its function."""
        self.used = 0
        self.warned: list[warnings.WarningMessage] = []

    def serve(self, load: Load, text: bytes) -> None:
        """Load the text, then answer until the supervisor has gone, or one timed pass is done."""
        target = self.target = load.target
        self.seed = load.seed
        self.frozen = frozen() if self.watched else 0
        loading.prepare(target, text)
        settings = self.settings()
        if self.watched:
            self.reaching = Reaching(target.path, target.project)
        try:
            self.call = DrivenCall(loading.again(target))
            self.module = sys.modules[target.module]
        except BaseException as error:
            send(self.sock, messages.Failed(loading.raised(error, target.path)))
            return
        _collect()
        send(self.sock, messages.Loaded(settings(), self.reaches()))
        if self.watched:
            self.reaching.importing = False
        while True:
            asked, payloads = receive(
                self.sock, messages.Observe, messages.Pace, messages.Time, messages.LoadModules
            )
            if isinstance(asked, messages.LoadModules):
                self.load_again(asked.number)
            elif isinstance(asked, messages.Time) or self.is_forked():
                self.answer(asked, payloads)
                return

    def load_again(self, number: int) -> None:
        """Load the text as so many further modules. No input is here yet that they could look for."""
        try:
            for _ in range(number):
                call = DrivenCall(loading.again(self.target))
                self.modules.append((sys.modules[self.target.module], call))
            send(self.sock, messages.Loaded({}, []))
        except BaseException as error:
            send(self.sock, messages.Failed(loading.raised(error, self.target.path)))

    def is_forked(self) -> bool:
        """Fork a process that is to answer, and wait until it has. Whether this is that one."""
        if self.state is None:
            self.state = State(self.module, self.target.project)
        for one in self.outputs:
            one.stream.flush()
        child = _fork()
        if not child:
            streams.renew()
            return True
        send(self.sock, messages.Ended(_wait(child, 0)[1]))
        return False

    def settings(self) -> Callable[[], dict[str, str]]:
        """What tells later which settings have changed since."""
        return Settings(self.frozen).changed if self.watched else dict

    def reaches(self) -> list[str]:
        return sorted(self.reaching.found) if self.watched else []

    def answer(self, asked: Asked, payloads: list[bytes]) -> None:
        try:
            self.call.begin()
            _seed(self.seed)
            # Alike for all: code must not be able to tell by these what it is called for.
            with _recording(record=True) as self.warned:
                _always("always")
                if isinstance(asked, messages.Time):
                    self.timed(asked.warm, payloads)
                elif isinstance(asked, messages.Observe):
                    self.observe(payloads[0])
                else:
                    self.pace(payloads)
        except BaseException as error:
            send(self.sock, messages.Failed(loading.raised(error, self.target.path)))

    def observe(self, payload: bytes) -> None:
        """Send one call and everything it did, as plain data."""
        assert self.state is not None
        try:
            args, kwargs = loads(payload)
        except BaseException as error:
            send(self.sock, messages.Lost(loading.summarize_exception(error)))
            return
        threads = _threads()
        settings = self.settings()
        out, err = self.outputs
        describer = Describer()
        early = None
        results: list[Any] = [None]
        self.warned.clear()
        try:
            raised = self.call.run([(args, kwargs)], results, False)
            if type(results[0]) in ITERATORS:
                # What a lazy function has done by now is told apart from what it does when drained.
                idle = Describer(drain=False)
                early = messages.Early(
                    arguments=idle.describe([list(args), kwargs]),
                    globals=self.state.data(),
                    printed=[out.size(), err.size()],
                )
            outcome, value = "raise" if raised else "return", describer.describe(results[0])
        except BaseException as error:
            outcome, value = "raise", describer.describe(error)
        observation = messages.Observation(
            outcome=outcome,
            value=value,
            early=early,
            settings=settings(),
            arguments=describer.describe([list(args), kwargs]),
            globals=self.state.data(),
            rebound=self.state.rebound(),
            held=self.state.held(describer.ids),
            stdout=out.text(),
            stderr=err.text(),
            warnings=self.warnings(),
            threads=_threads() - threads,
            reaches=self.reaches(),
        )
        send(self.sock, observation)

    def warnings(self) -> list[tuple[str, str]]:
        """The category and the text of each warning so far."""
        return [(name_of(one.category), str(one.message)) for one in self.warned]

    def pace(self, payloads: Sequence[bytes]) -> None:
        """Send nanoseconds of each call: until its last item was there, it returned, its first was there."""
        spent: list[tuple[int, int, int]] = []
        self.call.run([loads(payload) for payload in payloads[-WARM:]], [None] * WARM)
        for payload in payloads:
            inputs: list[Any] = [loads(payload)]
            results: list[Any] = [None]
            marks: list[int] = []
            began = _clock()
            self.call.run(inputs, results, False)
            if type(results[0]) in ITERATORS:
                marks.append(_clock())
                with contextlib.suppress(BaseException):
                    for _ in results[0]:
                        break
                    marks.append(_clock())
                    self.call.exhaust(results[0])
            ended = _clock()
            called, first = (*marks, ended, ended)[:2]
            spent.append((ended - began, called - began, first - began))
        send(self.sock, messages.Paces(spent))

    def timed(self, number: int, payloads: list[bytes]) -> None:
        """One pass over calls whose inputs this process has never seen; then what is asked about it.

        The first `number` of them are warm calls.
        """
        warm = [self.work(payloads[:number])]
        if self.modules:
            calls = [self.work([one]) for one in payloads[number:]]
        else:
            calls = [self.work(payloads[number:])]
        payloads.clear()  # whatever frame has them
        settings = self.settings()
        _enable()
        _collect()
        send(self.sock, messages.Ready())
        # The warm calls come before the timed ones, and as they do; between them is a trip with no call.
        for word, some in ((b"w", warm), (b"e", ()), (b"g", calls)):
            if self.sock.recv(1) != word:
                return
            _yield()  # now the supervisor falls asleep, which it must be to be woken without delay
            for call, inputs, results in some:
                call.run(inputs, results)
            self.sock.sendall(b"d")
        # What is asked for is told only now, so a variant cannot behave for the occasion.
        word = self.sock.recv(1)
        effects = messages.Effects(
            printed=[one.digest() for one in self.outputs],
            settings=settings(),
            warned=zlib.crc32(repr(self.warnings()).encode("utf-8", "replace")),
        )
        if word == b"r":
            send(self.sock, messages.Results(effects), self.described(calls))
        elif word == b"k":
            del warm, calls, some, call, inputs, results  # type: ignore[possibly-undefined] # two words had calls
            reaches = self.reaches()
            send(self.sock, self.retained(effects, reaches))
        self.sock.recv(1)  # ending at once would take the core from the supervisor, whose clock still runs

    def described(self, calls: Sequence[Work]) -> list[bytes]:
        """The result of each call and its arguments after it, as plain data in bytes."""
        found: list[bytes] = []
        for _, inputs, results in calls:
            for result, (args, kwargs) in zip(results, inputs):
                describer = Describer()
                parts = [describer.describe(result), describer.describe([list(args), kwargs])]
                found.append(plain(parts))
        return found

    def retained(self, effects: messages.Effects, reaches: list[str]) -> messages.Retained:
        """What is left of the calls: memory, state, and the variables of the module."""
        assert self.retention is not None
        if self.modules:
            self.modules.clear()
            loading.drop(self.target)
            blocks, state = self.retention.measured()
            return messages.Retained(effects, reaches, blocks, state, {})
        blocks, state = self.retention.measured()
        data = State(self.module, self.target.project).data()
        return messages.Retained(effects, reaches, blocks, state, data)

    def work(self, payloads: Sequence[bytes]) -> Work:
        """What makes these calls, their inputs, and a list with room for their results."""
        call = self.call
        if self.modules:
            self.used += 1
            # Instances of its classes are made of those of this module.
            sys.modules[self.target.module], call = self.modules[self.used - 1]
        return call, [loads(payload) for payload in payloads], [None] * len(payloads)


def _seed(number: int) -> None:
    """Let chance begin as in every other process: a fork, and loading the text, have changed it."""
    random.seed(number)
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(number)
