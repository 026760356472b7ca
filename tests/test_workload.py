"""Where calls come from, and what is said where they come from nowhere."""

import itertools
import pickle
import struct
import sys
from pathlib import Path

import pytest
from tests.labs import COMMON, TESTS, judged, prepared, project, target_in

from quickstudy.errors import InputError, Unmeasurable
from quickstudy.lab import Lab
from quickstudy.lab.python.interpreter import find_interpreter, place_of
from quickstudy.lab.python.program import RunContext
from quickstudy.lab.python.recording import recorded_file
from quickstudy.lab.python.suite import from_tests
from quickstudy.lab.python.workload import recorded_calls
from quickstudy.lab.sandbox import find_sandbox


async def bench_in(folder: Path) -> RunContext:
    sandbox = find_sandbox("auto")
    return RunContext(
        target_in(folder, "common"),
        folder,
        await find_interpreter(folder, Path(sys.executable), sandbox),
        place_of(folder / "shop.py", folder),
        sandbox,
    )


async def test_calls_come_from_tests_and_doctests_and_are_widened(tmp_path: Path) -> None:
    """Each origin is told; a third of the calls is held out."""
    project(tmp_path, shop=COMMON, test_shop=TESTS)
    workload = await prepared(tmp_path, "common")
    assert {"tests", "doctest", "generated"} == set(workload.origins)
    assert abs(workload.distinct / 3 - len(workload.held_out)) <= 1
    assert not {call.payload for call in workload.calls} & {call.payload for call in workload.held_out}


async def test_tests_run_with_pytest_where_the_project_has_it(tmp_path: Path) -> None:
    """Its fixtures and parameters are used, and each case that passes is named."""
    tests = """
        import pytest
        from shop import common

        @pytest.fixture
        def known():
            return [2, 4]

        @pytest.mark.parametrize("number", [1, 2, 3])
        def test_numbers(known, number):
            assert common([number], known) == [number] * (number == 2)
    """
    project(tmp_path, shop=COMMON, test_shop=tests)
    bench = await bench_in(tmp_path)
    found = await from_tests(bench)
    assert [f"test_shop.py::test_numbers[{n}]" for n in (1, 2, 3)] == [
        name for name in found.passed or () if not name.startswith("doctest")
    ]
    assert found.seen >= 4


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
        "from shop import common\ndef test_it():\n    try: common([1], [1])\n    except KeyError: pass",
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
        ("def workload(): yield (open(__file__),)", "No call of the workload file"),
        ("def workload(): yield (bytes(65 << 20),)", "less than 64 MB"),
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


HINTED = """
    from dataclasses import dataclass

    @dataclass
    class Item:
        price: int

    class Cart:
        def __init__(self, items: list[Item]):
            self.items = items

        def total(self, factor: int = 2) -> int:
            return sum(item.price for item in self.items) * factor

    def common(a: list[int], b: list[int]) -> list[int]:
        out = []
        for x in a:
            if x in b and x not in out:
                out.append(x)
        return out

    def primes(n: int) -> list[int]:
        return [k for k in range(2, n) if all(k % d for d in range(2, k))]

    def strict(text: str) -> int:
        raise ValueError(text)
"""


@pytest.mark.parametrize("qualname", ["common", "primes", "Cart.total"])
async def test_type_hints_are_enough_where_nothing_calls_the_function(qualname: str, tmp_path: Path) -> None:
    """Inputs are drawn from the hints, grown until they take time, and told as what they are."""
    project(tmp_path, shop=HINTED)
    workload = await prepared(tmp_path, qualname)
    assert ("generated",) == workload.origins
    assert workload.distinct >= 20


async def test_drawn_inputs_tell_equal_from_wrong(tmp_path: Path) -> None:
    """A rewrite that forgets the order of its result is found out by them."""
    project(tmp_path, shop=HINTED)
    faster = "def common(a, b):\n    b = set(b)\n    return [x for x in dict.fromkeys(a) if x in b]\n"
    wrong = "def common(a, b):\n    return sorted(set(a) & set(b))\n"
    kinds = [judgement.verdict.kind for judgement in await judged(tmp_path, "common", [faster, wrong])]
    assert ["faster", "wrong"] == kinds


async def test_a_function_that_refuses_all_drawn_inputs_cannot_be_measured(tmp_path: Path) -> None:
    """What is missing is said, and what to do."""
    project(tmp_path, shop=HINTED)
    with pytest.raises(Unmeasurable, match="Add a test, a doctest or type hints"):
        await prepared(tmp_path, "strict")


async def test_calls_that_pickle_refuses_are_kept_as_code(tmp_path: Path) -> None:
    """Callbacks, generators and objects of the tests' own classes, from a folder of tests."""
    (tmp_path / "tests").mkdir()
    project(tmp_path, shop="def best(items, key):\n    return sorted(items, key=key)\n")
    project(
        tmp_path / "tests",
        test_shop="""
            from shop import best

            class Row:
                def __init__(self, n):
                    self.n = n

            def test_callback():
                assert [3, 2, 1] == best([1, 2, 3], key=lambda n: -n)

            def test_generator():
                assert [0, 1, 2] == best((n for n in range(3)), key=None)

            def test_rows():
                assert 1 == best([Row(2), Row(1)], lambda row: row.n)[0].n
        """,
    )
    workload = await prepared(tmp_path, "best")
    assert 3 == sum(call.origin == "tests" for call in (*workload.calls, *workload.held_out))


async def test_the_calls_kept_are_spread_over_their_sizes(tmp_path: Path) -> None:
    """A test that makes many small calls does not crowd out the few large ones after it."""
    tests = """
        from shop import common
        def test_small():
            for n in range(400):
                assert common([n], [n]) == [n]
        def test_large():
            assert len(common(list(range(800)), list(range(800)))) == 800
    """
    project(tmp_path, shop=COMMON, test_shop=tests)
    workload = await prepared(tmp_path, "common")
    sizes = [len(call.payload) for call in (*workload.calls, *workload.held_out) if call.origin == "tests"]
    assert max(sizes) > 2000
    assert len(sizes) <= 96


async def test_the_noise_of_the_machine_is_measured(tmp_path: Path) -> None:
    """The original is timed against itself before anything else is."""
    project(tmp_path, shop=COMMON, test_shop=TESTS)
    assert 0 < (await prepared(tmp_path, "common")).noise < 5


BOUNDS = """
    def least(xs):
        best = xs[0]
        for x in xs:
            if x < best:
                best = x
        return best

    def shown(xs):
        return ["yes" if isinstance(x, int) and not isinstance(x, bool) else str(x) for x in xs]

    def told(xs: list):
        return ["yes" if isinstance(x, int) and not isinstance(x, bool) else str(x) for x in xs]
"""
BOUNDS_TESTS = """
    from shop import least, shown, told
    def test_them():
        for n in (3, 40, 400):
            assert least(list(range(n))) == 0
            assert shown(list(range(n))) == ["yes"] * n == told(list(range(n)))
"""


async def test_a_call_that_raises_is_drawn_as_well(tmp_path: Path) -> None:
    """Who returns a value for an empty list where the original raises is wrong."""
    project(tmp_path, shop=BOUNDS, test_shop=BOUNDS_TESTS)
    [judgement] = await judged(tmp_path, "least", ["def least(xs):\n    return min(xs, default=None)\n"])
    assert "wrong" == judgement.verdict.kind
    assert "returns a value where the original raises IndexError, on an input" in judgement.verdict.reason


async def test_items_of_other_types_are_drawn_where_no_hint_forbids_it(tmp_path: Path) -> None:
    """The original takes them, so a faster one has to; where a hint says what comes, nothing else does."""
    project(tmp_path, shop=BOUNDS, test_shop=BOUNDS_TESTS)
    [judgement] = await judged(tmp_path, "shown", ["def shown(xs):\n    return ['yes'] * len(xs)\n"])
    assert "wrong" == judgement.verdict.kind
    workload = await prepared(tmp_path, "told")
    drawn = [pickle.loads(call.payload)[0][0] for call in (*workload.calls, *workload.held_out)]
    assert {list} == set(map(type, drawn))
    assert {int} == {type(item) for items in drawn for item in items}


async def test_arrays_are_grown(tmp_path: Path) -> None:
    """Lines and tables of numbers, if the project has numpy."""
    tests = """
        import numpy
        from shop import total
        def test_total():
            assert total(numpy.array([[1.0, 2.0]]), numpy.array([1, 2, 3])) == 9
    """
    project(tmp_path, shop="def total(a, b):\n    return a.sum() + b.sum()\n", test_shop=tests)
    on_trial = await Lab(tmp_path, runtime=Path(sys.executable)).prepare(target_in(tmp_path, "total"))
    workload = on_trial.workload
    sizes = {pickle.loads(call.payload)[0][1].size for call in (*workload.calls, *workload.held_out)}
    assert max(sizes) > 1000


async def test_calls_of_a_recording_are_taken_from_all_of_it(tmp_path: Path) -> None:
    """By their sizes, the smallest and the largest among them."""
    project(tmp_path, shop=COMMON)
    bench = await bench_in(tmp_path)
    file = recorded_file(tmp_path, bench.target)
    file.parent.mkdir(parents=True)
    sizes = [*range(1, 250), 5000, *range(250, 256)]
    file.write_bytes(b"".join(struct.pack("!QQ", size, 1) + b"x" * size for size in sizes))
    found = [len(call.payload) for call in recorded_calls(bench).calls]
    assert (96, 1, 5000) == (len(found), min(found), max(found))
    assert max(b - a for a, b in itertools.pairwise(found[:-1])) <= 3
