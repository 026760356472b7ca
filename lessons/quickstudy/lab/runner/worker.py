"""The child that runs one text of the target's module, in the sandbox, in the project's interpreter.

It loads the text once and then answers requests, each in a process of its own, forked from the loaded
state: a request's process has never seen another input, and the process that forks never sees any. The
clock, the describer and the channel are bound before the text is loaded.

    worker.py FD     one frame {"path", "module", "package", "roots", "project", "qualname", "seed"}
                     + [text] is read,
                     {"loaded": true} or {"problem": ...} is sent; then per request: one byte, one frame
                     {"mode": "observe" | "time", "warm": n} + payloads, and its answers;
                     {"end": status} tells that the request's process is gone.

Stdlib only, CPython 3.9 and newer; started by path.
"""

import sys

HERE = sys.path.pop(0)

import contextlib  # noqa: E402
import gc  # noqa: E402
import importlib.util  # noqa: E402
import io  # noqa: E402
import os  # noqa: E402
import pickle  # noqa: E402
import random  # noqa: E402
import socket  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402
from _thread import _count as _threads  # noqa: E402

_clock = time.perf_counter_ns
_fork, _exit, _wait = os.fork, os._exit, os.waitpid
_collect, _freeze, _enable = gc.collect, gc.freeze, gc.enable
_loads = pickle.loads
CAPTURED = 1 << 20


def sibling(name):
    """Load a script that lies beside this one, under a name that no project has."""
    full = "_quickstudy_" + name
    spec = importlib.util.spec_from_file_location(full, os.path.join(HERE, name + ".py"))
    sys.modules[full] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


def observe(call, payload, describe):
    """One call and everything it did, as plain data."""
    args, kwargs = _loads(payload)
    before = _threads()
    out, err = io.StringIO(), io.StringIO()
    kept = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    describer = describe.Describer()
    described_error = None
    result = None
    try:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always")
            started = _clock()
            try:
                result = call(args, kwargs)
                spent = _clock() - started
                outcome = ["return", describer.describe(result)]
            except BaseException as error:
                spent = _clock() - started
                described_error = error
    finally:
        sys.stdout, sys.stderr = kept
    if described_error is not None:
        outcome = ["raise", describer.describe(described_error)]
    return {
        "outcome": outcome,
        "arguments": describer.describe([list(args), kwargs]),
        "stdout": out.getvalue()[:CAPTURED],
        "stderr": err.getvalue()[:CAPTURED],
        "warnings": [[describe.name_of(item.category), str(item.message)] for item in warned],
        "ns": spent,
        "threads": _threads() - before,
        "children": children(),
    }


def children():
    """Whether a process was left behind."""
    try:
        _wait(-1, os.WNOHANG)
    except ChildProcessError:
        return False
    return True


def clocked(sock, channel, call, payloads, warm, describe):
    """Time one pass over calls whose inputs this process has never seen, then describe the results."""
    calls = [_loads(payload) for payload in payloads]
    silence = io.TextIOWrapper(io.FileIO(os.devnull, "w"))
    kept = sys.stdout, sys.stderr
    sys.stdout = sys.stderr = silence
    warnings.simplefilter("ignore")
    results = []
    keep = results.append
    exhaust = call.exhaust
    for args, kwargs in calls[:warm]:
        with contextlib.suppress(BaseException):
            exhaust(call(args, kwargs))
    calls = calls[warm:]
    _enable()
    _collect()
    channel.send(sock, {"ready": True})
    if sock.recv(1) != b"g":
        return
    threads = _threads()
    started = _clock()
    for args, kwargs in calls:
        try:
            keep(exhaust(call(args, kwargs)))
        except Exception as error:
            keep(error)
    spent = _clock() - started
    channel.send(sock, {"ns": spent, "count": len(results), "threads": _threads() - threads})
    sys.stdout, sys.stderr = kept
    # Whether the results are looked at is told only now, so a variant cannot behave for the occasion.
    if sock.recv(1) != b"r":
        return
    described = []
    for result, (args, kwargs) in zip(results, calls):
        describer = describe.Describer()
        described.append([describer.describe(result), describer.describe([list(args), kwargs])])
    channel.send(sock, {"results": described, "children": children()})


def answer(sock, channel, call, describe, fit):
    """One request, in its own process."""
    order, payloads = channel.receive(sock)
    try:
        call.begin()
        if order["mode"] == "observe":
            channel.send(sock, observe(call, payloads[0], describe))
        else:
            clocked(sock, channel, call, payloads, order["warm"], describe)
    except BaseException as error:
        channel.send(sock, {"problem": fit(error)})


def main():
    sock = socket.socket(fileno=int(sys.argv[1]))
    channel, describe = sibling("channel"), sibling("describe")
    loading, forcing = sibling("loading"), sibling("forcing")
    order, (text,) = channel.receive(sock)
    if hasattr(os, "sched_setaffinity"):
        # Original and candidates share one core, so that neither gains by threads or by a better core.
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    random.seed(order["seed"])
    before = _threads()
    try:
        call = forcing.Forced(loading.load(order, text), describe)
    except BaseException as error:
        channel.send(sock, {"problem": loading.fit(error)})
        return
    _collect()
    _freeze()
    channel.send(sock, {"loaded": True, "threads": _threads() - before})
    while sock.recv(1):
        child = _fork()
        if not child:
            try:
                answer(sock, channel, call, describe, loading.fit)
            finally:
                _exit(0)
        channel.send(sock, {"end": _wait(child, 0)[1]})


if __name__ == "__main__":
    main()
