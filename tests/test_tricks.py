"""Tricks that must not pay: each is judged by the real lab, as a whole module's text, and is never `faster`.

The function on test is `score`, pure, about a millisecond on the inputs it is timed on. What a trick may
come out as stands beside it; `HONEST` is whatever an honest function of its speed may be called.
"""

import asyncio
import textwrap
from collections.abc import Callable

import pytest

from quickstudy.lab import Lab
from quickstudy.records import Candidate, Judgement, Target

ORIGINAL = '''
def helper(n):
    return n * n % 7


def score(numbers):
    """How far apart the residues of neighbours are, as running sums."""
    total, sums = 0, []
    for i in range(len(numbers) - 1):
        total += abs(helper(numbers[i]) - helper(numbers[i + 1]))
        sums.append(total)
    return sums
'''

WORKLOAD = """
def workload():
    for n in range(40):
        yield ([(i * 7919 + n * n) % 1009 for i in range(1000 + 40 * n)],)
"""

TESTS = """
from trick import score

def test_score():
    assert score([1, 2, 3]) == [3, 5]
    assert score(list(range(30)))[-1] > 0
"""

HONEST = {"same", "slower"}
CAUGHT = {"rejected", "wrong"}
ENDED = {"crashed", "timed_out", "unloadable", *CAUGHT}

# The body of the original under another name: what a trick calls to get its results right.
HONEST_WORK = ORIGINAL.replace("def score(", "def honest(")


def module(trick: str) -> str:
    """A variant that has the honest work at hand."""
    return HONEST_WORK + textwrap.dedent(trick)


TRICKS: dict[str, tuple[set[str], str]] = {}


def trick(name: str, allowed: set[str], text: str) -> None:
    TRICKS[name] = (allowed, module(text))


trick(
    "a clock patched in the time module",
    HONEST,
    """
    import time
    time.perf_counter = time.perf_counter_ns = time.monotonic = time.time = lambda: 0
    score = honest
    """,
)
trick(
    "a clock patched in the main module and in every module loaded",
    HONEST,
    """
    import sys
    for loaded in list(sys.modules.values()):
        for name in ("_clock", "clock", "perf_counter_ns", "perf_counter"):
            if hasattr(loaded, name):
                setattr(loaded, name, lambda: 0)
    score = honest
    """,
)
trick(
    "a clock patched in the frames and functions that the garbage collector knows",
    HONEST | ENDED,
    """
    import gc, types
    gc.unfreeze()
    for found in gc.get_objects():
        if isinstance(found, types.FunctionType) and "_clock" in found.__code__.co_names:
            found.__globals__["_clock"] = lambda: 0
        if isinstance(found, dict) and "_clock" in found:
            found["_clock"] = lambda: 0
    score = honest
    """,
)
trick(
    "the collector switched off for good",
    CAUGHT,
    """
    import gc
    def score(numbers):
        gc.disable()
        return honest(numbers)
    """,
)
trick(
    "the collector switched off at import",
    HONEST | CAUGHT,
    "import gc\ngc.disable()\ngc.freeze()\nscore = honest\n",
)
trick(
    "patched builtins that call everything equal",
    HONEST | ENDED,
    """
    import builtins
    builtins.len = lambda value: 0
    builtins.sorted = lambda *a, **k: []
    builtins.isinstance = lambda *a: True
    builtins.zip = lambda *a: []
    def score(numbers):
        return []
    """,
)
trick(
    "the describer patched to do the work after the clock has stopped",
    HONEST | ENDED,
    """
    import gc, types
    class Later(list):
        pass
    def score(numbers):
        later = Later()
        later.numbers = list(numbers)
        return later
    gc.unfreeze()
    for found in gc.get_objects():
        if isinstance(found, type) and found.__name__ == "Describer":
            kept = found.describe
            def describe(self, value, kept=kept):
                return kept(self, honest(value.numbers) if type(value) is Later else value)
            found.describe = describe
    """,
)
trick(
    "the caller's frames searched for results and inputs",
    HONEST | ENDED,
    """
    import sys
    seen = {}
    def score(numbers):
        frame = sys._getframe(1)
        while frame:
            for value in list(frame.f_locals.values()):
                if isinstance(value, dict) and "outcome" in value:
                    return value["outcome"][1]
                if isinstance(value, list) and value and isinstance(value[0], tuple):
                    for args in value:
                        if isinstance(args[0], list) and args[0] and isinstance(args[0][0], list):
                            seen[tuple(args[0][0])] = None
            frame = frame.f_back
        return honest(numbers)
    """,
)
trick(
    "all results of a pass worked out in its first call",
    HONEST | ENDED,
    """
    import sys
    known = {}
    def score(numbers):
        if not known:
            frame = sys._getframe(1)
            while frame and "calls" not in frame.f_locals:
                frame = frame.f_back
            for args, kwargs in frame.f_locals["calls"] if frame else ():
                known[tuple(args[0])] = honest(*args)
        found = known.get(tuple(numbers))
        return honest(numbers) if found is None else found
    """,
)
trick(
    "a memo by value",
    HONEST,
    """
    known = {}
    def score(numbers):
        key = tuple(numbers)
        if key not in known:
            known[key] = honest(numbers)
        return list(known[key])
    """,
)
trick(
    "a memo by id",
    HONEST | CAUGHT,
    """
    known = {}
    def score(numbers):
        if id(numbers) not in known:
            known[id(numbers)] = honest(numbers)
        return known[id(numbers)]
    """,
)
trick(
    "a memo in files",
    HONEST | ENDED,
    """
    import os, pickle, tempfile
    def score(numbers):
        for folder in (tempfile.gettempdir(), "/dev/shm"):
            path = os.path.join(folder, "memo-%d-%d-%d" % (len(numbers), hash(tuple(numbers)), os.getuid()))
            if os.path.exists(path):
                return pickle.load(open(path, "rb"))
            try:
                with open(path, "wb") as file:
                    pickle.dump(honest(numbers), file)
            except OSError:
                pass
        return honest(numbers)
    """,
)
trick(
    "a memo in memory that is shared with later processes",
    HONEST | ENDED,
    """
    import mmap, pickle, struct
    shared = mmap.mmap(-1, 1 << 24)
    def score(numbers):
        key = hash(tuple(numbers)) & 0xFFFF
        shared.seek(key * 256)
        (size,) = struct.unpack("i", shared.read(4))
        if size:
            return pickle.loads(shared.read(size))
        result = honest(numbers)
        data = pickle.dumps(result)
        shared.seek(key * 256)
        shared.write(struct.pack("i", len(data)) + data)
        return result
    """,
)
trick(
    "a memo in a process that outlives the call",
    HONEST | ENDED,
    """
    import os, socket, pickle
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    ours.settimeout(0.2)
    if not os.fork():
        known = {}
        while True:
            key, value = pickle.loads(theirs.recv(1 << 20))
            if value is not None:
                known[key] = value
            theirs.send(pickle.dumps(known.get(key)))
    def score(numbers):
        ours.send(pickle.dumps((hash(tuple(numbers)), None)))
        found = pickle.loads(ours.recv(1 << 20))
        if found is None:
            found = honest(numbers)
            ours.send(pickle.dumps((hash(tuple(numbers)), found)))
            ours.recv(1 << 20)
        return found
    """,
)
trick(
    "results worked out at import for the workload found on disk",
    HONEST | ENDED,
    """
    import glob, os
    known = {}
    for path in glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "*load*.py")):
        space = {}
        exec(open(path).read(), space)
        for (numbers,) in space["workload"]():
            known[tuple(numbers)] = honest(numbers)
    def score(numbers):
        found = known.get(tuple(numbers))
        return honest(numbers) if found is None else found
    """,
)
trick(
    "a lazy list that works when it is asked",
    CAUGHT,
    """
    class Lazy(list):
        __module__, __qualname__ = "builtins", "list"
        def __init__(self, numbers):
            self.numbers = numbers
        def __iter__(self):
            return iter(honest(self.numbers))
        def __len__(self):
            return len(honest(self.numbers))
        def __reduce__(self):
            return list, (honest(self.numbers),)
    def score(numbers):
        return Lazy(list(numbers))
    """,
)
trick(
    "an object that equals everything and calls itself a list",
    CAUGHT,
    """
    class Equal:
        __module__, __qualname__ = "builtins", "list"
        __class__ = list
        def __eq__(self, other):
            return True
        def __len__(self):
            return 0
        def __iter__(self):
            return iter(())
        def __reduce__(self):
            return list, ()
    def score(numbers):
        return Equal()
    """,
)
trick(
    "the argument returned",
    CAUGHT,
    """
    def score(numbers):
        result = honest(numbers)
        numbers[:] = result
        return numbers
    """,
)
trick(
    "a generator in place of a list",
    CAUGHT,
    """
    def score(numbers):
        return (x for x in honest(numbers))
    """,
)
trick(
    "work moved to a thread",
    HONEST | CAUGHT,
    """
    import threading
    def score(numbers):
        result = []
        threading.Thread(target=lambda: result.extend(honest(list(numbers)))).start()
        return result
    """,
)
trick(
    "work moved to a thread that is started at import",
    {"rejected"},
    """
    import threading, time
    def later():
        while True:
            time.sleep(0.01)
    threading.Thread(target=later, daemon=True).start()
    score = honest
    """,
)
trick(
    "work moved to a process",
    ENDED,
    """
    import os
    def score(numbers):
        if not os.fork():
            while True:
                honest(numbers)
        return honest(numbers)
    """,
)
trick(
    "work moved to the end of the process",
    CAUGHT,
    """
    import atexit
    def score(numbers):
        result = []
        atexit.register(lambda: result.extend(honest(numbers)))
        return result
    """,
)
trick(
    "work moved to the collection of garbage",
    CAUGHT,
    """
    class Later:
        def __del__(self):
            self.result.extend(honest(self.numbers))
    def score(numbers):
        later = Later()
        later.result, later.numbers, later.me = [], list(numbers), later
        return later.result
    """,
)
trick("os._exit", ENDED, "import os\ndef score(numbers):\n    os._exit(0)\n")
trick("sys.exit", ENDED, "import sys\ndef score(numbers):\n    sys.exit(0)\n")
trick(
    "the parent stopped by a signal",
    ENDED,
    "import os, signal\ndef score(numbers):\n    os.kill(os.getppid(), signal.SIGKILL)\n    return []\n",
)
trick(
    "every process stopped by a signal",
    ENDED,
    "import os, signal\ndef score(numbers):\n    os.kill(-1, signal.SIGSTOP)\n    return []\n",
)
trick(
    "result messages forged on every descriptor",
    ENDED,
    """
    import json, os, struct
    def forge(header):
        head = json.dumps(header).encode()
        return struct.pack("!IQ", 1, len(head)) + head
    def score(numbers):
        for number in range(3, 64):
            try:
                os.write(number, b"d" + forge({"count": 40, "results": []}) + forge({"end": 0}))
            except OSError:
                pass
        return []
    """,
)
trick(
    "done said before the work is done",
    HONEST | ENDED,
    """
    import os
    calls = []
    def score(numbers):
        calls.append(1)
        if len(calls) == 4:
            for number in range(3, 64):
                try:
                    os.write(number, b"d")
                except OSError:
                    pass
        return honest(numbers)
    """,
)
trick(
    "the original's helper replaced",
    CAUGHT,
    """
    import sys
    def score(numbers):
        sys.modules[__name__].helper = lambda n: 0
        return honest(numbers)
    """,
)
trick(
    "special cases for small sizes",
    CAUGHT,
    """
    def score(numbers):
        return honest(numbers) if len(numbers) < 1500 else []
    """,
)
trick(
    "errors caught and turned into a result",
    CAUGHT,
    """
    def score(numbers):
        try:
            return honest(numbers)[:1700]
        except (RecursionError, TimeoutError, MemoryError):
            return []
    """,
)
trick(
    "precision swapped",
    CAUGHT,
    """
    def score(numbers):
        return [float(x) for x in honest(numbers)]
    """,
)
trick(
    "the core left",
    HONEST | ENDED,
    """
    import os
    def score(numbers):
        os.sched_setaffinity(0, range(os.cpu_count()))
        return honest(numbers)
    """,
)
trick(
    "a fork bomb",
    HONEST | ENDED,
    """
    import os
    def score(numbers):
        try:
            while True:
                os.fork()
        except OSError:
            return honest(numbers)
    """,
)
trick(
    "the scratch folder filled",
    HONEST | ENDED,
    """
    import os, tempfile
    def score(numbers):
        try:
            with open(os.path.join(tempfile.gettempdir(), "full"), "wb") as file:
                while True:
                    file.write(bytes(1 << 20))
        except OSError:
            return honest(numbers)
    """,
)
trick("memory filled", ENDED, "def score(numbers):\n    return [bytes(1 << 30) for _ in range(64)]\n")
trick(
    "the work moved into how the inputs are rebuilt",
    HONEST | ENDED,
    """
    import pickle
    results = {}
    kept = pickle.loads
    def loads(data):
        args, kwargs = kept(data)
        results[tuple(args[0])] = honest(*args)
        return args, kwargs
    pickle.loads = loads
    import gc
    gc.unfreeze()
    for found in gc.get_objects():
        if isinstance(found, dict) and found.get("_loads") is kept:
            found["_loads"] = loads
    def score(numbers):
        found = results.get(tuple(numbers))
        return honest(numbers) if found is None else found
    """,
)
trick(
    "the settings of the interpreter changed",
    CAUGHT,
    """
    import sys
    def score(numbers):
        sys.setswitchinterval(100)
        sys.setrecursionlimit(100000)
        return honest(numbers)
    """,
)
trick(
    "files of the user and keys of the environment read",
    HONEST | ENDED,
    """
    import os
    def score(numbers):
        if any(map(os.path.exists, ("/etc/passwd", "/etc/shadow", "/home", "/root/.ssh", "/root/.netrc"))):
            return []
        if any("KEY" in name or "TOKEN" in name for name in os.environ):
            return []
        return honest(numbers)
    """,
)
trick(
    "a thread that works while the one that calls waits for the core",
    HONEST | CAUGHT,
    """
    import threading
    def score(numbers):
        found = []
        worker = threading.Thread(target=lambda: found.append(honest(numbers)))
        worker.start()
        while worker.is_alive():
            pass
        return found[0]
    """,
)
trick(
    "a child that works while its parent waits for the core",
    HONEST | CAUGHT,
    """
    import os, pickle
    def score(numbers):
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            os.write(writer, pickle.dumps(honest(numbers)))
            os._exit(0)
        os.close(writer)
        while not os.waitpid(child, os.WNOHANG)[0]:
            pass
        with open(reader, "rb") as stream:
            return pickle.loads(stream.read())
    """,
)


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Judgement]:
    """Judges a text in a lab of its own loop; the project is the same for all."""
    folder = tmp_path_factory.mktemp("tricks")
    for name, text in (("trick", ORIGINAL), ("load", WORKLOAD), ("test_trick", TESTS)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    target = Target(folder / "trick.py", "score", "python", ORIGINAL, ORIGINAL, "", "0" * 64)

    async def all_judged() -> dict[str, Judgement]:
        async with Lab(folder, workload=folder / "load.py") as lab:
            await lab.prepare(target)
            found: dict[str, Judgement] = {}
            for name, (_, text) in TRICKS.items():
                found[name] = await lab.judge(Candidate("c", "me", 0, text, text))
            return found

    judged = asyncio.run(all_judged())
    return lambda name: judged[name]


@pytest.mark.parametrize("name", TRICKS)
def test_no_trick_pays(name: str, judge: Callable[[str], Judgement]) -> None:
    """It is caught, or it is worth what its honest work is worth."""
    allowed, _ = TRICKS[name]
    verdict = judge(name).verdict
    assert verdict.kind in allowed, verdict
