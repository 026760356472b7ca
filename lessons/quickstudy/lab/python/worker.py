"""The lab's end of a child that supervises one text of the module: single calls, and timed passes.

Passes of the original are timed in the same child: two processes that were started apart can differ in pace
by a tenth, for as long as they live, where their memory happens to lie.
"""

import ast
import os
import signal
from collections.abc import Mapping, Sequence

from quickstudy.lab.laziness import Pace
from quickstudy.lab.process import R
from quickstudy.lab.python.child.messages import Load
from quickstudy.lab.python.program import Program, RunContext, encoded
from quickstudy.lab.python.raised import Sources, read
from quickstudy.lab.rig import ChildFailed, Disqualified, Killed, Loaded, Lost, Pass, Verify
from quickstudy.lab.supervisor import messages
from quickstudy.lab.supervisor.messages import Observation, PassTimes, Raised, Results, Retained
from quickstudy.reasons import Code, reason
from quickstudy.records import Call

_SIGNALS: Mapping[int, str] = {
    signal.SIGABRT: "SIGABRT",
    signal.SIGBUS: "SIGBUS",
    signal.SIGFPE: "SIGFPE",
    signal.SIGILL: "SIGILL",
    signal.SIGSEGV: "SIGSEGV",
    signal.SIGXCPU: "SIGXCPU",
}
"""What ends a process that did something wrong."""


class Worker(Program):
    """A child that answers about one text: what single calls do, and how long passes take."""

    timed = True
    """Neither text gains by threads or by a better core, nor by what an earlier pass left."""

    def __init__(
        self, context: RunContext, text: str, *, variant: str | None = None, hash_seed: int = 0
    ) -> None:
        """`variant` is what its author gave of the text; without one, that is the target's own source."""
        super().__init__(context, "worker", hash_seed=hash_seed)
        self.text = text
        self.sources = Sources(context.target, context.target.source if variant is None else variant, text)
        self.loaded: Loaded
        """What importing the text left; set by `load`."""

    async def load(self, seconds: float) -> None:
        """Import the text. Raises ChildFailed, `unloadable` if it does not import."""
        load = Load(
            self.context.target_module,
            seed=self.hash_seed,
            alone=self.context.sandbox.name != "off",
            imports=_imports(self.text),
        )
        self.send(load, [encoded(self.context.target.text), encoded(self.text)])
        try:
            started = await self._supervised(seconds, messages.Started)
            loaded, _ = await self.receive(seconds, messages.Loaded, messages.Failed)
        except ChildFailed as failed:
            if self.process is not None and failed.why.kind == "crashed":
                raise ChildFailed(reason(Code.IMPORT_ENDS)) from None
            raise
        if isinstance(loaded, messages.Failed):
            raise self._failed(Code.UNIMPORTABLE, loaded.raised)
        begun = {"thread": started.threads, "process": started.orphans}
        self.loaded = Loaded(begun, loaded.settings, frozenset(loaded.reaches))

    async def observe(self, call: Call, seconds: float) -> Observation:
        """One call in a process of its own, and everything it did. Raises ChildFailed, Lost among them."""
        self.send(messages.Single())
        self.send(messages.Observe(), [call.payload])
        answered = await self._supervised(seconds, messages.Answered)
        observed, _ = await self._of_session(seconds, Code.CALL_FAILS, Observation, messages.Lost)
        if isinstance(observed, messages.Lost):
            raise Lost(reason(Code.LOST_ARGUMENTS, words=observed.words))
        return observed.replace(orphans=answered.orphans)

    async def pace(self, calls: Sequence[Call], seconds: float) -> list[Pace]:
        """The pace of each call after the others."""
        self.send(messages.Single())
        self.send(messages.Pace(), [call.payload for call in calls])
        await self._supervised(seconds, messages.Answered)
        paces, _ = await self._of_session(seconds, Code.CALL_FAILS, messages.Paces)
        if len(paces.marks) != len(calls):
            raise ChildFailed(reason(Code.FORGED))
        return [Pace(*(mark * 1e-9 for mark in marks)) for marks in paces.marks]

    async def clock(
        self,
        original: bool,
        warm: Sequence[Call],
        calls: Sequence[Call],
        seconds: float,
        verify: Verify | None = None,
        reload: bool = False,
    ) -> Pass:
        """One timed pass over the original or over the text.

        What there is to `verify`, the process with the text learns only afterwards. `reload` makes each call
        in a module of its own, where it finds nothing that another one kept.
        """
        # The supervisor takes each of these when it is due: what it has read, a session could find in there.
        modules = len(calls) + 1 if reload else 0
        self.send(messages.Timed(original, modules, retained=verify == "retained"))
        payloads = [call.payload for call in (*warm, *calls)]
        self.send(messages.Time(warm=len(warm)), payloads)
        self.send(messages.Verify(verify))
        times = await self._supervised(seconds, PassTimes, messages.NotTimed)
        if isinstance(times, messages.NotTimed):
            await self._of_session(seconds, Code.PASS_FAILS, messages.Ready)
            raise ChildFailed(reason(Code.ENDED_BEFORE_CALL))
        verified: Results | Retained | None = None
        results: list[bytes] = []
        if verify is not None and times.after_ns is not None:
            due = Results if verify == "results" else Retained
            verified, results = await self._of_session(seconds, Code.PASS_FAILS, due)
        if times.orphans:
            raise Disqualified(reason(Code.LEAVES_CHILDREN))
        if not times.undisturbed:
            raise Disqualified(reason(Code.CHANGES_CORE))
        return Pass(times, verified, results)

    def _failed(self, code: Code, exception: Raised) -> ChildFailed:
        """That an exception ended it, as the process with the text says."""
        return ChildFailed(reason(code, read(exception, self.sources)))

    async def _supervised(self, seconds: float, *due: type[R]) -> R:
        """What the supervisor answers. Raises ChildFailed if the session gave it no answer."""
        answer, _ = await self.receive(seconds, *due, messages.Ended, messages.Forgery, messages.Flooded)
        if isinstance(answer, messages.Ended):
            raise _ended(answer.status)
        if isinstance(answer, messages.Forgery):
            raise ChildFailed(reason(Code.FORGED))
        if isinstance(answer, messages.Flooded):
            raise ChildFailed(reason(Code.TOO_LARGE_RESULTS))
        return answer

    async def _of_session(self, seconds: float, failing: Code, *due: type[R]) -> tuple[R, list[bytes]]:
        """What the process with the text says: data, never trusted.

        Raises ChildFailed, with `failing` if an exception ended it.
        """
        answer, parts = await self.receive(seconds, *due, messages.Failed, messages.Ended)
        if isinstance(answer, messages.Failed):
            raise self._failed(failing, answer.raised)
        if isinstance(answer, messages.Ended):
            raise _ended(answer.status)
        return answer, parts


def _imports(text: str) -> list[str]:
    """The modules that a text names in its imports. Libraries among them are no work of the variant's own."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []  # the child will say what is wrong with it
    found: dict[str, None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= dict.fromkeys(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found[node.module] = None
    return list(found)


def _ended(status: int) -> ChildFailed:
    """How a process ended in the middle of a call. It may have chosen the status, and the signal.

    Raises Killed.
    """
    if not os.WIFSIGNALED(status):
        words = f"exit status {os.WEXITSTATUS(status)}"
        return ChildFailed(reason(Code.ENDED_ITSELF, words=words))
    number = os.WTERMSIG(status)
    if number == signal.SIGKILL:
        raise Killed
    name = _SIGNALS.get(number)
    if name is None:
        return ChildFailed(reason(Code.ENDED_BY_SIGNAL, words=f"signal {number}"))
    return ChildFailed(reason(Code.ENDED_BY_SIGNAL, signal=name))
