"""The settings of the interpreter and of its process that an import or a call may leave changed.

They are read with functions that were bound before any text was loaded. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import _signal  # pyright: ignore[reportMissingImports] # without a stub
import builtins
import gc
import os
import signal
import sys
import threading
import time
import warnings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_id, _repr, _sorted, _type, _vars = id, repr, sorted, type, vars
_enabled, _threshold, _debug, _objects = gc.isenabled, gc.get_threshold, gc.get_debug, gc.get_objects
_profiler, _tracer = sys.getprofile, sys.gettrace
_handler: Callable[[int], Any] = vars(_signal)["getsignal"]  # that of `signal` makes an enumeration of it
_alarm = signal.getitimer
_environ, _modules = os.environ, sys.modules
_monitoring: Any = getattr(sys, "monitoring", None)
_MONITORS = range(6 if _monitoring else 0)
_SIGNALS = _sorted(map(int, signal.valid_signals()))
_CLOCKS = (signal.ITIMER_REAL, signal.ITIMER_VIRTUAL, signal.ITIMER_PROF)
_HOOKS = ("displayhook", "excepthook", "unraisablehook", "breakpointhook")
_STREAMS = ("stdin", "stdout", "stderr")
_LC_ALL = 6


def _named(value: Any) -> Any:
    """What tells a hook from others, in any process."""
    if value is None or _type(value) in (int, str):
        return value
    name = getattr(value, "__qualname__", None) or _type(value).__qualname__
    return "%s.%s" % (getattr(value, "__module__", None) or _type(value).__module__, name)


def _collector() -> Any:
    return _enabled(), _threshold(), _debug(), [_named(one) for one in gc.callbacks]


def _tracing() -> Any:
    threads = [_vars(threading).get(name) for name in ("_profile_hook", "_trace_hook")]
    return [_named(one) for one in (_profiler(), _tracer(), *threads)]


def _hooks() -> Any:
    lists = [*sys.meta_path, *sys.path_hooks]
    return [_named(one) for one in (*map(_vars(sys).get, _HOOKS), *lists)]


def _monitors() -> Any:
    return [_monitoring.get_tool(tool) for tool in _MONITORS]


def _decimal() -> Any:
    found: Any = _modules.get("decimal")
    if found is None:
        return None
    now = found.getcontext()
    return now.prec, now.rounding, now.Emin, now.Emax, now.capitals, now.clamp, _repr(now.traps)


def _numpy() -> Any:
    found: Any = _modules.get("numpy")
    return None if found is None else _sorted(found.geterr().items())


def _locale() -> Any:
    found: Any = _modules.get("_locale")
    return None if found is None else found.setlocale(_LC_ALL)


_GETTERS: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("garbage collector", _collector),
    ("recursion limit", sys.getrecursionlimit),
    ("thread switching", sys.getswitchinterval),
    ("digits of integers", getattr(sys, "get_int_max_str_digits", int)),
    ("profiler and tracer", _tracing),
    ("monitoring", _monitors),
    ("hooks", _hooks),
    ("working directory", os.getcwd),
    ("environment", lambda: _sorted(_environ.items())),
    ("signal handlers", lambda: [_named(_handler(number)) for number in _SIGNALS]),
    ("alarm", lambda: [_alarm(clock) != (0.0, 0.0) for clock in _CLOCKS]),
    ("time zone", lambda: time.tzname),
    ("warning filters", lambda: _repr(warnings.filters)),
    ("decimal context", _decimal),
    ("floating-point errors of numpy", _numpy),
    ("locale", _locale),
)


frozen = gc.get_freeze_count
"""How many objects the collector does not look at any more. It counts them one by one: milliseconds."""


class Settings:
    """The settings as they are when this is made."""

    def __init__(self, at_first: int) -> None:
        """`at_first` is what was `frozen` when nothing of the text had run."""
        self.values = [get() for _, get in _GETTERS]
        self.objects = self._objects()
        self.at_first = at_first
        self.youngest: list[Any] = []
        """Among the youngest objects of the collector, until it has run or they are frozen."""

    def _has_frozen(self) -> bool:
        """Whether more is frozen than at first; fewer are there whenever one of them ends."""
        if any(one is self.youngest for one in _objects(0)):
            return False
        return frozen() > self.at_first

    def _objects(self) -> dict[str, Any]:
        """What stands for the streams and in builtins, by name."""
        return {**_vars(builtins), **{name: _vars(sys).get(name) for name in _STREAMS}}

    def changed(self) -> dict[str, str]:
        """What has changed since: by name the new value as text, which is the same in any process."""
        found = {
            name: _repr(now)
            for (name, get), before in zip(_GETTERS, self.values)
            for now in [get()]
            if now != before is not None  # or it belongs to a module that had not been imported
        }
        now = self._objects()
        if self._has_frozen():
            found["garbage that is frozen"] = "more"
        other = [name for name in {**self.objects, **now} if self.objects.get(name) is not now.get(name)]
        if other:
            found["builtins or streams"] = _repr(_sorted(other))
        return found
