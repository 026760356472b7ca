"""The lab with real children in the real sandbox: a small project, its workloads and the verdicts."""

import asyncio
import contextlib
import hashlib
import os
import textwrap
from collections.abc import Sequence
from pathlib import Path

import pytest

from quickstudy.errors import InputError, Unmeasurable
from quickstudy.lab import Lab
from quickstudy.records import Candidate, Judgement, Target, Workload

COMMON = '''
    def common(a, b):
        """Items of a that are in b, in order, each once.

        >>> common([1, 2, 3], [3, 2])
        [2, 3]
        """
        out = []
        for x in a:
            if x in b and x not in out:
                out.append(x)
        return out
'''

TESTS = """
    from shop import common

    def test_numbers():
        assert common([1, 2, 3, 4, 5, 6], [2, 4, 6, 8]) == [2, 4, 6]

    def test_words():
        assert common(list("abcab"), list("cba")) == ["a", "b", "c"]
        assert common([], [1]) == []
"""


def project(folder: Path, **files: str) -> Path:
    """A project folder with the given Python files."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(textwrap.dedent(text), encoding="utf-8")
    return folder


def target_in(folder: Path, qualname: str, module: str = "shop") -> Target:
    """The target by its text alone; only the lab is on test here."""
    path = folder / f"{module}.py"
    text = path.read_text(encoding="utf-8")
    return Target(path, qualname, "python", text, text, "", hashlib.sha256(text.encode()).hexdigest())


async def prepared(folder: Path, qualname: str, workload: Path | None = None) -> Workload:
    async with Lab(folder, workload=workload) as lab:
        return await lab.prepare(target_in(folder, qualname))


async def judged(
    folder: Path, qualname: str, texts: Sequence[str], workload: Path | None = None
) -> list[Judgement]:
    """The verdicts on whole module texts."""
    async with Lab(folder, workload=workload) as lab:
        await lab.prepare(target_in(folder, qualname))
        return [
            await lab.judge(Candidate(f"c{i}", "me", 0, text, textwrap.dedent(text)))
            for i, text in enumerate(texts)
        ]


async def test_a_faster_equal_variant_is_faster_and_confirmed(tmp_path: Path) -> None:
    """A better data structure is proven on grown and held-out inputs."""
    project(tmp_path, shop=COMMON, test_shop=TESTS)
    faster = """
        def common(a, b):
            wanted = set(b)
            return [x for x in dict.fromkeys(a) if x in wanted]
    """
    (judgement,) = await judged(tmp_path, "common", [faster])
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
    "a network connection": (
        "wrong",
        "raises ",
        "import socket\ndef common(a, b):\n    socket.create_connection(('127.0.0.1', 9), 1)\n",
    ),
}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judgement]:
    """All variants of VERDICTS, judged by one lab."""
    folder = project(tmp_path_factory.mktemp("shop"), shop=COMMON, test_shop=TESTS)
    judgements = asyncio.run(judged(folder, "common", [text for _, _, text in VERDICTS.values()]))
    return dict(zip(VERDICTS, judgements, strict=True))


@pytest.mark.parametrize("case", VERDICTS)
def test_each_way_to_fail_has_its_verdict_and_reason(case: str, verdicts: dict[str, Judgement]) -> None:
    """The verdict's word is the contract's; the reason says what was seen."""
    kind, said, _ = VERDICTS[case]
    verdict = verdicts[case].verdict
    assert (kind, True) == (verdict.kind, said in verdict.reason), verdict


async def test_a_memo_across_calls_gains_nothing(tmp_path: Path) -> None:
    """A module-level dict that remembers results is timed on inputs its process has never seen."""
    project(tmp_path, shop=COMMON, test_shop=TESTS)
    memo = textwrap.dedent(COMMON).replace("def common(", "def slow(") + textwrap.dedent("""
        known = {}

        def common(a, b):
            key = (tuple(a), tuple(b))
            if key not in known:
                known[key] = slow(a, b)
            return list(known[key])
    """)
    (judgement,) = await judged(tmp_path, "common", [memo])
    assert judgement.verdict.kind in ("same", "slower"), judgement.verdict


KINDS = {
    "Basket.total": ("self.prices", "def total(self):"),
    "Basket.size": ("property", "@property"),
    "Basket.of": ("class method", "def of(cls, prices):"),
    "Basket.add": ("static method", "def add(a, b):"),
    "stream": ("generator", "def stream(n):"),
    "later": ("coroutine", "async def later(n):"),
    "stream_later": ("async generator", "async def stream_later(n):"),
}

BASKET = """
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
"""

BASKET_TESTS = """
    import asyncio, unittest
    from shop import Basket, later, stream, stream_later

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
"""


@pytest.mark.parametrize("qualname", KINDS)
async def test_every_kind_of_function_is_called_and_compared(qualname: str, tmp_path: Path) -> None:
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
    )
    same, wrong = await judged(tmp_path, qualname, [text + "\n# another text\n", broken])
    assert wrong.verdict.kind == "wrong", wrong.verdict
    assert same.verdict.kind in ("same", "slower"), same.verdict


async def test_calls_come_from_tests_and_doctests_and_are_widened(tmp_path: Path) -> None:
    """Each origin is told; a third of the calls is held out."""
    project(tmp_path, shop=COMMON, test_shop=TESTS)
    workload = await prepared(tmp_path, "common")
    assert {"tests", "doctest", "generated"} == set(workload.origins)
    assert abs(workload.distinct / 3 - len(workload.held_out)) <= 1
    assert not {call.payload for call in workload.calls} & {call.payload for call in workload.held_out}


async def test_a_declared_workload_comes_first(tmp_path: Path) -> None:
    """`workload()` yields tuples, or tuples and keywords; the tests are not run."""
    project(
        tmp_path,
        shop=COMMON,
        test_shop="raise SystemExit('not to be run')",
        load="""
            def workload():
                for n in range(3, 30):
                    yield list(range(n)), list(range(0, n, 2))
                    yield (list(range(n)),), {"b": [n]}
        """,
    )
    workload = await prepared(tmp_path, "common", tmp_path / "load.py")
    assert {"declared", "generated"} == set(workload.origins)
    assert workload.seen >= 54


UNMEASURABLE = {
    "no test": (COMMON.replace(">>>", "..."), "", "No test in the project names `common`"),
    "not reached": (
        COMMON.replace(">>>", "..."),
        "from shop import common\ndef test_nothing(): pass",
        "No test reaches `common`",
    ),
    "fails its own tests": (
        COMMON,
        "from shop import common\ndef test_it(): assert common([1], [1]) == [2]",
        "fails its own test",
    ),
    "not deterministic": (
        "import os\ndef common(a, b): return os.urandom(8)",
        "from shop import common\ndef test_it(): common([1], [1])",
        "not deterministic",
    ),
    "raises always": (
        "def common(a, b): raise KeyError(a)",
        "import pytest\nfrom shop import common\ndef test_it():\n"
        "    with pytest.raises(KeyError): common([1], [1])",
        "raises KeyError on every call",
    ),
    "nothing to compare": (
        "def common(a, b): return memoryview(b'a')",
        "from shop import common\ndef test_it(): common([1], [1])",
        "cannot be compared",
    ),
    "a module that does not run": ("import nowhere\ndef common(a, b): pass", "", "does not run"),
}


@pytest.mark.parametrize("case", UNMEASURABLE)
async def test_what_cannot_be_measured_says_why(case: str, tmp_path: Path) -> None:
    """Each reason is one sentence; nothing is guessed."""
    shop, tests, said = UNMEASURABLE[case]
    project(tmp_path, shop=shop, test_shop=tests)
    with pytest.raises(Unmeasurable, match=said):
        await prepared(tmp_path, "common")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "defines no function workload"),
        ("def workload(): return []", "yields no call"),
        ("def workload(): yield [1]", "yields a list where a tuple is needed"),
        ("def workload(: pass", "SyntaxError"),
        ("def workload(): yield (lambda: 1,)", "None of its calls can be pickled"),
    ],
)
async def test_a_workload_file_that_cannot_be_used_says_why(text: str, said: str, tmp_path: Path) -> None:
    """The file is the user's to mend, so it is bad input."""
    project(tmp_path, shop=COMMON, load=text)
    with pytest.raises(InputError, match=said):
        await prepared(tmp_path, "common", tmp_path / "load.py")


async def test_random_seeds_are_fixed_before_giving_up(tmp_path: Path) -> None:
    """A function whose result depends on the hash seed is measured with seeds fixed."""
    project(
        tmp_path,
        shop="def common(a): return list({str(x) for x in a})",
        test_shop="from shop import common\ndef test_it(): common([3, 5, 7, 9])",
    )
    assert "tests" in (await prepared(tmp_path, "common")).origins


async def test_paths_with_spaces_and_unicode(tmp_path: Path) -> None:
    """A project may lie anywhere."""
    folder = tmp_path / "mein Projekt – ü"
    folder.mkdir()
    project(folder, shop=COMMON, test_shop=TESTS)
    assert "tests" in (await prepared(folder, "common")).origins


async def test_the_project_is_left_as_it_was(tmp_path: Path) -> None:
    """Neither caches nor anything else is written beside the user's files."""
    project(tmp_path, shop=COMMON, test_shop=TESTS)
    before = sorted(tmp_path.rglob("*"))
    await judged(tmp_path, "common", [COMMON.replace("out", "res")])
    assert before == sorted(tmp_path.rglob("*"))


@pytest.mark.parametrize("version", ["3.9", "3.10", "3.12", "3.13", "3.14"])
async def test_the_project_may_run_another_python(version: str, tmp_path: Path) -> None:
    """The children's scripts run on every CPython from 3.9 on, where there is one on this machine."""
    roots = [*os.environ["PATH"].split(os.pathsep), *map(str, Path.home().glob(".pyenv/versions/*/bin"))]
    found = [Path(root) / f"python{version}" for root in roots if (Path(root) / f"python{version}").exists()]
    usable = [path for path in found if "shims" not in path.parts]
    if not usable:
        pytest.skip(f"there is no python{version} on this machine")
    project(tmp_path, shop=COMMON, test_shop=TESTS.replace("def test_words", "def test_more"))
    async with Lab(tmp_path, python=usable[0]) as lab:
        await lab.prepare(target_in(tmp_path, "common"))
        judgement = await lab.judge(Candidate("c", "me", 0, "", "def common(a, b): return 1\n"))
    assert judgement.verdict.kind == "wrong"


async def test_an_interpreter_that_is_none_is_bad_input(tmp_path: Path) -> None:
    """--python names a file that is no Python."""
    project(tmp_path, shop=COMMON, test_shop=TESTS)
    async with Lab(tmp_path, python=Path("/bin/true")) as lab:
        with pytest.raises(InputError, match="not a working Python"):
            await lab.prepare(target_in(tmp_path, "common"))


async def test_no_child_is_left(tmp_path: Path) -> None:
    """Closing the lab ends every process it started."""
    project(tmp_path, shop=COMMON, test_shop=TESTS)
    await judged(tmp_path, "common", ["def common(a, b):\n    while True: pass\n"])
    found: list[str] = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it may end while it is looked at
            found += [entry.name] if str(tmp_path) in (entry / "cmdline").read_text(errors="replace") else []
    assert [] == found


EFFECTS = """
    seen = []
    LIMIT = 5

    def note(x):
        seen.append(x)
        return len(seen)


    def naturals(log):
        log.append("begun")
        n = 0
        while True:
            yield n
            n += 1


    def checked(items, out):
        for item in items:
            out.append(item)
            if item < 0:
                raise ValueError("negative")
        return len(out)


    class Counter:
        def __init__(self):
            self.count = 0

        def step(self, by):
            self.count += by
            return self.count
"""

EFFECT_TESTS = """
    from itertools import islice
    from shop import Counter, checked, naturals, note

    def test_all():
        note(1), note(2)
        assert [0, 1] == list(islice(naturals([]), 2))
        assert 2 == checked([1, 2], [])
        for bad in range(-6, 0):
            try:
                checked([3, bad, 4], [])
            except ValueError:
                pass
        assert 2 == Counter().step(2)
"""

UNLIKE = {
    "a global that is not touched": (
        "note",
        "the global seen",
        ("seen.append(x)", "pass"),
        ("len(seen)", "len(seen) + 1"),
    ),
    "work pulled forward to the call": (
        "naturals",
        "items are asked for",
        ('log.append("begun")', 'log.append("begun")\n    return later()\n\ndef later():'),
    ),
    "an endless generator that is gathered first": (
        "naturals",
        "",
        ("yield n", "items.append(n)"),
        ("n = 0", "n, items = 0, []\n    yield None"),
    ),
    "effects before an exception": (
        "checked",
        "arguments",
        ("out.append(item)\n        if", "if"),
        ("return len(out)", "out.extend(items)\n    return len(out)"),
    ),
    "self left as it was": (
        "Counter.step",
        "arguments",
        ("self.count += by", "pass"),
        ("return self.count", "return self.count + by"),
    ),
}


@pytest.mark.parametrize("case", UNLIKE)
async def test_each_effect_of_the_original_is_kept(case: str, tmp_path: Path) -> None:
    """What a call does besides its result is compared in real calls; the same text is not called wrong."""
    qualname, said, *changes = UNLIKE[case]
    project(tmp_path, shop=EFFECTS, test_shop=EFFECT_TESTS)
    text = textwrap.dedent(EFFECTS)
    broken = text
    for old, new in changes:
        assert old in broken, old
        broken = broken.replace(old, new)
    same, wrong = await judged(tmp_path, qualname, [text + "\n# another text\n", broken])
    kind = "timed_out" if "endless" in case else "wrong"
    assert (kind, True) == (wrong.verdict.kind, said in wrong.verdict.reason), wrong.verdict
    assert same.verdict.kind in ("same", "slower"), same.verdict


async def test_a_helper_is_reached_through_its_callers(tmp_path: Path) -> None:
    """Tests that name neither the function nor its module, but another function of it, are run."""
    helper = "def _shared(a, b):\n    return [x for x in a if x in b]\n\n"
    text = f"{helper}def overlap(a, b):\n    return _shared(a, b)\n"
    project(
        tmp_path,
        shop=text,
        api="from shop import *",
        test_api="""
        from api import overlap
        def test_it(): assert [1] == overlap([1, 2], [1])
    """,
    )
    assert "tests" in (await prepared(tmp_path, "_shared")).origins
