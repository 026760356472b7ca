"""The lab with real children in the real sandbox: a small project and the verdicts."""

import asyncio
import contextlib
import os
import textwrap
from pathlib import Path

import pytest
from tests.labs import COMMON, TESTS, judged, judged_by, prepared, project, target_in
from tests.labs import trial as trial_of

from quickstudy.errors import InputError
from quickstudy.lab import Lab, Trial, process, reference, trial
from quickstudy.lab.decision import Stop
from quickstudy.lab.python import rig
from quickstudy.records import Candidate, Judgement, Measurement


@pytest.fixture
def few_calls(few_grown: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor are many inputs drawn, where one would do."""
    monkeypatch.setattr(reference, "EDGE_CASES", 8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that no test changes."""
    return project(tmp_path_factory.mktemp("shop"), shop=COMMON, test_shop=TESTS)


@pytest.fixture(scope="module")
def shop(folder: Path) -> Trial:
    """What is known of `common`, which takes seconds to find out: for all whose variants alone differ."""
    return asyncio.run(trial_of(folder, "common"))


async def test_a_faster_equal_variant_is_faster_and_confirmed(shop: Trial) -> None:
    """A better data structure is proven on grown and held-out inputs."""
    faster = """
        def common(a, b):
            wanted = set(b)
            return [x for x in dict.fromkeys(a) if x in wanted]
    """
    (judgement,) = await judged_by(shop, [faster])
    assert judgement.verdict.kind == "faster", judgement.verdict
    measured = judgement.verdict.measurement
    assert measured is not None
    assert 1.05 < measured.low <= measured.speedup <= measured.high


VERDICTS = {
    "another order": (
        "wrong",
        "returns another value",
        "def common(a, b):\n    return sorted(set(a) & set(b), key=str, reverse=True)\n",
    ),
    "a changed argument": (
        "wrong",
        "arguments",
        COMMON.replace("return out", "a.clear(); return out"),
    ),
    "a print": ("wrong", "prints", COMMON.replace("return out", "print(out); return out")),
    "an exception": (
        "wrong",
        "raises ValueError",
        "def common(a, b):\n    raise ValueError('no')\n",
    ),
    "an exit in the middle": ("crashed", "status 0", "import os\ndef common(a, b):\n    os._exit(0)\n"),
    "a segmentation fault": (
        "crashed",
        "SIGSEGV",
        "import os\ndef common(a, b):\n    os.kill(os.getpid(), 11)\n",
    ),
    "sys.exit": ("wrong", "raises SystemExit", "import sys\ndef common(a, b):\n    sys.exit(0)\n"),
    "an endless loop": ("timed_out", "did not finish", "def common(a, b):\n    while True: pass\n"),
    "a missing import": ("unloadable", "No module named", "import nowhere_to_be_found\n"),
    "an exit on import": ("unloadable", "ends the interpreter", "import os\nos._exit(0)\n"),
    "memory": (
        "wrong",
        "raises MemoryError",
        "def common(a, b):\n    return [0] * (1 << 40)\n",
    ),
    "a thread left behind": (
        "rejected",
        "threads",
        COMMON.replace(
            "return out",
            "import threading, time; threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"
            "        return out",
        ),
    ),
    "a thread at import": (
        "rejected",
        "thread",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"
        "def common(a, b): pass\n",
    ),
    "a slower loop": (
        "slower",
        "",
        COMMON.replace("return out", "sum(range(200000)); return out"),
    ),
    "megabytes of output": (
        "wrong",
        "raises OSError",
        COMMON.replace("return out", "print('x' * (100 << 20)); return out"),
    ),
    "a network connection": (
        "wrong",
        "The sandbox refuses it files and the network",
        "import socket\ndef common(a, b):\n    socket.create_connection(('127.0.0.1', 9), 1)\n",
    ),
}


async def test_memory_of_many_processes_together(shop: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them takes less than one may."""
    monkeypatch.setattr(process, "TOGETHER", 256 << 20)
    greedy = """
        import os, time
        def common(a, b):
            for _ in range(5):
                if not os.fork():
                    held = bytearray(b"x") * (80 << 20)
                    time.sleep(30)
                    os._exit(0)
            time.sleep(30)
    """
    (judgement,) = await judged_by(shop, [greedy])
    assert ("crashed", True) == (judgement.verdict.kind, "processes together" in judgement.verdict.reason)


async def test_memory_that_waits_in_sockets(shop: Trial, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the kernel's, in no process, and no limit counts it."""
    monkeypatch.setattr(process, "TOGETHER", 128 << 20)
    hoarder = """
        import os, socket, time
        def common(a, b):
            for _ in range(4):
                if not os.fork():
                    pairs = [socket.socketpair() for _ in range(100)]
                    for one, _ in pairs:
                        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 22)
                        one.setblocking(False)
                        try:
                            while True:
                                one.send(bytes(1 << 16))
                        except BlockingIOError:
                            pass
                    time.sleep(30)
            time.sleep(30)
    """
    (judgement,) = await judged_by(shop, [hoarder])
    assert ("crashed", True) == (judgement.verdict.kind, "processes together" in judgement.verdict.reason)


@pytest.fixture(scope="module")
def verdicts(shop: Trial) -> dict[str, Judgement]:
    """All variants of VERDICTS, judged by one lab."""
    judgements = asyncio.run(judged_by(shop, [text for _, _, text in VERDICTS.values()]))
    return dict(zip(VERDICTS, judgements, strict=True))


@pytest.mark.parametrize("case", VERDICTS)
def test_each_way_to_fail_has_its_verdict_and_reason(case: str, verdicts: dict[str, Judgement]) -> None:
    """The verdict's word is the contract's; the reason says what was seen."""
    kind, said, _ = VERDICTS[case]
    verdict = verdicts[case].verdict
    assert (kind, True) == (verdict.kind, said in verdict.reason), verdict


async def test_a_memo_across_calls_gains_nothing(shop: Trial) -> None:
    """A module-level dict that remembers results is timed on inputs its process has never seen."""
    memo = textwrap.dedent(COMMON).replace("def common(", "def slow(") + textwrap.dedent("""
        known = {}

        def common(a, b):
            key = (tuple(a), tuple(b))
            if key not in known:
                known[key] = slow(a, b)
            return list(known[key])
    """)
    (judgement,) = await judged_by(shop, [memo])
    assert judgement.verdict.kind in ("same", "slower"), judgement.verdict


KINDS = {
    "Basket.total": ("self.prices", "def total(self):"),
    "Basket.size": ("property", "@property"),
    "Basket.of": ("class method", "def of(cls, prices):"),
    "Basket.add": ("static method", "def add(a, b):"),
    "stream": ("generator", "def stream(n):"),
    "later": ("coroutine", "async def later(n):"),
    "stream_later": ("async generator", "async def stream_later(n):"),
    "doubled": ("decorated", "@logged"),
    "last": ("key", "def last(word):"),
}

BASKET = """
    import functools

    class Basket:
        def __init__(self, prices):
            self.prices = prices

        def total(self):
            return sum(self.prices)

        @property
        def size(self):
            return len(self.prices)

        @classmethod
        def of(cls, prices):
            return cls(list(prices))

        @staticmethod
        def add(a, b):
            return a + b


    def stream(n):
        yield from range(n)


    async def later(n):
        return n + 1


    async def stream_later(n):
        for i in range(n):
            yield i


    def logged(function):
        @functools.wraps(function)
        def wrapper(*args):
            return function(*args)
        return wrapper


    @logged
    def doubled(n):
        return 2 * n


    def last(word):
        return word[-1:]
"""

BASKET_TESTS = """
    import asyncio, unittest
    from shop import Basket, doubled, last, later, stream, stream_later

    async def drain(n):
        return [i async for i in stream_later(n)]

    class Tests(unittest.TestCase):
        def test_all(self):
            basket = Basket.of([1, 2, 3])
            self.assertEqual(6, basket.total())
            self.assertEqual(3, basket.size)
            self.assertEqual(5, Basket.add(2, 3))
            self.assertEqual([0, 1], list(stream(2)))
            self.assertEqual(3, asyncio.run(later(2)))
            self.assertEqual([0, 1], asyncio.run(drain(2)))
            self.assertEqual(4, doubled(2))
            self.assertEqual(["ba", "ab"], sorted(["ab", "ba"], key=last))
"""


@pytest.mark.parametrize("qualname", KINDS)
async def test_every_kind_of_function_is_called_and_compared(
    qualname: str, tmp_path: Path, few_grown: None
) -> None:
    """The same text is never called wrong; another result is."""
    project(tmp_path, shop=BASKET, test_shop=BASKET_TESTS)
    text = textwrap.dedent(BASKET)
    broken = (
        text.replace("sum(self.prices)", "sum(self.prices) + 1")
        .replace("len(self.prices)", "len(self.prices) + 1")
        .replace("cls(list(prices))", "cls(tuple(prices))")
        .replace("return a + b", "return a - b - 1")
        .replace("yield from range(n)", "yield from range(n + 1)")
        .replace("return n + 1", "return n + 2")
        .replace("for i in range(n)", "for i in range(n + 1)")
        .replace("2 * n", "3 * n")
        .replace("word[-1:]", "word[:1]")
    )
    same, wrong = await judged(tmp_path, qualname, [text + "\n# another text\n", broken])
    assert wrong.verdict.kind == "wrong", wrong.verdict
    assert same.verdict.kind in ("same", "slower"), same.verdict


async def test_an_import_that_hangs_is_waited_for_no_longer(
    shop: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A minute, as a rule."""
    monkeypatch.setattr(rig, "LOAD_SECONDS", 2.0)
    (judgement,) = await judged_by(shop, [f"while True: pass\n{textwrap.dedent(COMMON)}"])
    verdict = judgement.verdict
    assert ("timed_out", "It did not finish within 2.0 s.") == (verdict.kind, verdict.reason)


@pytest.mark.parametrize(
    ("measured", "seconds", "said"),
    [
        ((1.0, 0.8, 1.3), 1e-3, "faster or slower; this machine is too busy to tell"),
        ((1.0, 0.8, 1.3), 9.2e-6, "calls take less than 10 us together, too little to tell"),
        ((1.08, 0.99, 1.2), 1e-3, "may be faster, but not by more than the noise"),
        ((1.0, 0.99, 1.01), 1e-3, ""),
    ],
)
async def test_what_cannot_be_told_is_said(
    measured: tuple[float, float, float],
    seconds: float,
    said: str,
    shop: Trial,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same is only what an interval shows to be the same."""

    async def timed(*_: object) -> Stop:
        return Stop(Measurement(*measured, 9, seconds, seconds), measured[0])

    async def none(*_: object) -> None:
        """Nothing is kept."""

    monkeypatch.setattr(trial, "time_pairs", timed)
    monkeypatch.setattr(trial, "needed_isolation", none)
    (judgement,) = await judged_by(shop, [COMMON.replace("out", "res")])
    assert "same" == judgement.verdict.kind
    assert said in judgement.verdict.reason
    assert bool(said) == bool(judgement.verdict.reason)


async def test_paths_with_spaces_and_unicode(tmp_path: Path, few_calls: None) -> None:
    """A project may lie anywhere."""
    folder = tmp_path / "mein Projekt – ü"
    folder.mkdir()
    project(folder, shop=COMMON, test_shop=TESTS)
    assert "tests" in (await prepared(folder, "common")).origins


async def test_the_project_is_left_as_it_was(tmp_path: Path, few_calls: None) -> None:
    """Neither caches nor anything else is written beside the user's files."""
    project(tmp_path, shop=COMMON, test_shop=TESTS)
    before = sorted(tmp_path.rglob("*"))
    await judged(tmp_path, "common", [COMMON.replace("out", "res")])
    assert before == sorted(tmp_path.rglob("*"))


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.12", "3.13", "3.14"])
async def test_the_project_may_run_another_python(version: str, tmp_path: Path, few_calls: None) -> None:
    """The children's scripts run on every CPython from 3.9 on, where there is one on this machine."""
    roots = [*os.environ["PATH"].split(os.pathsep), *map(str, Path.home().glob(".pyenv/versions/*/bin"))]
    found = [Path(root) / f"python{version}" for root in roots if (Path(root) / f"python{version}").exists()]
    usable = [path for path in found if "shims" not in path.parts]
    if not usable:
        pytest.skip(f"there is no python{version} on this machine")
    project(tmp_path, shop=COMMON, test_shop=TESTS.replace("def test_words", "def test_more"))
    lab = Lab(tmp_path, runtime=usable[0])
    on_trial = await lab.prepare(target_in(tmp_path, "common"))
    judgement = await on_trial.judge(Candidate("c", "me", 0, "", "def common(a, b): return 1\n"))
    assert judgement.verdict.kind == "wrong"


async def test_an_interpreter_that_is_none_is_bad_input(tmp_path: Path) -> None:
    """--python names a file that is no Python."""
    project(tmp_path, shop=COMMON, test_shop=TESTS)
    lab = Lab(tmp_path, runtime=Path("/bin/true"))
    with pytest.raises(InputError, match="not a working Python"):
        await lab.prepare(target_in(tmp_path, "common"))


def running(word: str) -> list[str]:
    """The processes whose command line holds a word."""
    found: list[str] = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it may end while it is looked at
            found += [entry.name] if word in (entry / "cmdline").read_text(errors="replace") else []
    return found


async def test_no_child_is_left(shop: Trial, folder: Path) -> None:
    """When it has judged, every process is ended that it started."""
    await judged_by(shop, ["def common(a, b):\n    while True: pass\n"])
    assert [] == running(str(folder))


async def test_without_a_sandbox_leftovers_are_found_and_ended_as_well(
    tmp_path: Path, few_calls: None
) -> None:
    """A daemon that left its session and its parent is still below the lab's own process."""
    project(tmp_path, shop=COMMON, test_shop=TESTS)
    mark = tmp_path / "daemon.py"
    mark.write_text("import time\nwhile True: time.sleep(1)\n")
    daemon = f"""
        import subprocess, sys
        def common(a, b):
            line = [sys.executable, {str(mark)!r}]
            subprocess.Popen(["setsid", "-f", *line], stdout=-3, stderr=-3).wait()
            return [x for x in dict.fromkeys(a) if x in b]
    """
    on_trial = await Lab(tmp_path, sandbox="off").prepare(target_in(tmp_path, "common"))
    text = textwrap.dedent(daemon)
    judgement = await on_trial.judge(Candidate("c", "me", 0, text, text))
    assert "rejected" == judgement.verdict.kind, judgement.verdict
    assert [] == running(str(mark))
