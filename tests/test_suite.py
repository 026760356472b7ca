"""The project's own tests: what stops them, what the sandbox makes fail, and what a winner has to pass."""

import pickle
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
from tests.labs import COMMON, judged, prepared, project
from tests.test_workload import bench_in

from quickstudy.errors import Unmeasurable
from quickstudy.lab.python import suite
from quickstudy.lab.python.child.messages import Collected
from quickstudy.lab.python.suite import failing_test, from_tests
from quickstudy.lab.supervisor.channel import frame
from quickstudy.reasons import Code, reason

PLAIN = COMMON.replace(">>>", "...")
GOOD = """
    from shop import common
    def test_good():
        assert common([1, 2], [2]) == [2]
"""


async def test_a_winner_has_to_pass_the_projects_own_tests(tmp_path: Path) -> None:
    """Equal on all calls of the workload is not enough where a test knows another one."""
    tests = """
        from shop import common
        def test_words():
            assert common("abcab", "cab") == ["a", "b", "c"]
    """
    load = """
        def workload():
            for n in range(90, 120):
                yield list(range(n)), list(range(0, 2 * n, 3))
    """
    project(tmp_path, shop=PLAIN, test_shop=tests, load=load)
    faster = "def common(a, b):\n    b = set(b)\n    return [x for x in dict.fromkeys(a) if x in b]\n"
    numbers = faster.replace("    b =", "    a = [] if isinstance(a, str) else a\n    b =", 1)
    verdicts = [
        judgement.verdict
        for judgement in await judged(tmp_path, "common", [faster, numbers], tmp_path / "load.py")
    ]
    assert ["faster", "wrong"] == [verdict.kind for verdict in verdicts]
    assert "It fails the project's own test test_shop::test_words." == verdicts[1].reason


FORGERIES = {
    "names": {"failed": [["sesame", "x"]], "calls": []},
    "a number": {"failed": 3, "calls": []},
    "nothing": {},
    "text": {"failed": "sesame", "passed": {"sesame": 1}, "calls": []},
    "half of it": {"failed": [], "calls": []},
    "other calls": {"failed": [], "calls": ["tests"]},
}


@pytest.mark.parametrize("what", FORGERIES)
async def test_an_answer_in_place_of_the_tests_own_ends_no_run(what: str, tmp_path: Path) -> None:
    """A variant, or a test, may write to the channel."""
    forging = f"""
        import json, os, socket, struct, sys
        head = json.dumps({FORGERIES[what]!r}).encode()
        sock = socket.socket(fileno=int(sys.orig_argv[-1]))
        sock.sendall(struct.pack("!BIQ", {Collected.KIND}, 1, len(head)) + head)
        os._exit(0)
    """
    project(tmp_path, shop=PLAIN, test_common=GOOD)
    bench = await bench_in(tmp_path)
    forged = replace(bench, target=replace(bench.target, text=dedent(forging)))
    told = await failing_test(forged, ["test_common.py::test_good"])
    assert reason(Code.NO_TESTS, reason(Code.FORGED)) == told


async def test_no_folder_is_shown_that_lies_outside_the_project(tmp_path: Path) -> None:
    """Who speaks for the tests may name any folder, or one that leads out by a link."""
    place = tmp_path / "project"
    (place / "tests").mkdir(parents=True)
    (place / "out").symlink_to(tmp_path)
    named = [str(place / "tests"), str(place / "out"), str(place) + "2", "/etc", f"{place}/\0"]
    payload = pickle.dumps((([1], [1]), {}))
    report = Collected(["tests"], 1, 0, None, [], [], [], [], named, [])
    forging = f"""
        import os, socket, sys
        socket.socket(fileno=int(sys.orig_argv[-1])).sendall({frame(report, [payload])!r})
        os._exit(0)
    """
    project(place, shop=PLAIN, test_common=GOOD)
    context = await bench_in(place)
    forged = replace(context, target=replace(context.target, text=dedent(forging)))
    assert (place / "tests",) == (await from_tests(forged)).folders


async def test_a_test_is_named_only_as_the_original_s_run_named_it(tmp_path: Path) -> None:
    """What else fails with a variant, the variant may have named."""
    project(tmp_path, shop=PLAIN, test_common=GOOD)
    bench = await bench_in(tmp_path)
    wrong = replace(bench, target=replace(bench.target, text="def common(a, b): return 'sesame'\n"))
    assert reason(Code.FAILS_TESTS) == await failing_test(wrong, ["test_words"])


ENDLESS = """
    import time
    from shop import common
    def test_endless():
        common([3], [3])
        while True:
            try:
                time.sleep(60)
            except Exception:
                pass
    def test_late():
        assert common([4], [5]) == []
"""


@pytest.mark.parametrize("runs", ["pytest", "unittest"])
async def test_tests_that_take_too_long_are_cut_off(
    runs: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came before counts; the test cut off gives its call, but is neither passed nor failed."""
    project(tmp_path, shop=PLAIN, test_common=GOOD, test_later=ENDLESS)
    if runs == "unittest":
        (tmp_path / "pytest.py").write_text("raise ImportError")
    monkeypatch.setattr(suite, "TEST_SECONDS", 5.0)
    bench = await bench_in(tmp_path)
    found = await from_tests(bench)
    assert ["test_good"] == [name.rpartition("::")[2] for name in found.passed or ()]
    assert 2 == found.seen == len(found.calls)
    assert await failing_test(bench, found.passed or ()) is None
    expected = reason(Code.UNFINISHED_TEST, test="test_late")
    assert expected == await failing_test(bench, [*(found.passed or ()), "test_late"])


@pytest.mark.parametrize("runs", ["pytest", "unittest"])
async def test_a_test_file_that_cannot_be_loaded_is_named_with_the_reason(runs: str, tmp_path: Path) -> None:
    """Most often the project's Python lacks a library that only the tests need."""
    project(tmp_path, shop=PLAIN, test_shop="    import nowhere\n" + GOOD)
    if runs == "unittest":
        (tmp_path / "pytest.py").write_text("raise ImportError")
    said = r"test_shop.py cannot be loaded \(ModuleNotFoundError: No module named 'nowhere'\)"
    with pytest.raises(Unmeasurable, match=f"No test reaches `common`: {said}"):
        await from_tests(await bench_in(tmp_path))


@pytest.mark.parametrize(
    ("hook", "said"),
    [
        ("import nowhere", "ModuleNotFoundError: No module named 'nowhere'"),
        (
            "def pytest_configure(config): raise DeprecationWarning('an option is unset')",
            "DeprecationWarning: an option is unset",
        ),
    ],
)
async def test_a_pytest_that_cannot_begin_is_named_with_the_reason(
    hook: str, said: str, tmp_path: Path
) -> None:
    """As where a project turns warnings into errors, and a plugin warns."""
    project(tmp_path, shop=PLAIN, test_shop=GOOD, conftest=hook)
    with pytest.raises(Unmeasurable, match=rf"pytest cannot be loaded \({said}\)"):
        await from_tests(await bench_in(tmp_path))


REFUSED = {
    "files": "open('/root/secret/list.txt', 'w')",
    "network": "socket.create_connection(('127.0.0.1', 9))",
    "names": "socket.getaddrinfo('example.org', 80)",
    "passed on": "fetch()",
}


def refused(what: str) -> str:
    return f"""
    import pathlib, socket
    from shop import common

    def fetch():
        try:
            socket.create_connection(("example.org", 80))
        except OSError as error:
            raise RuntimeError("no answer") from error

    def test_refused():
        common([7], [8])
        {REFUSED[what]}
    """


@pytest.mark.parametrize("what", REFUSED)
async def test_a_test_that_only_the_sandbox_makes_fail_is_left_out(what: str, tmp_path: Path) -> None:
    """With its calls, if there are others; if there are none, that is said."""
    project(tmp_path, shop=PLAIN, test_refused=refused(what))
    with pytest.raises(
        Unmeasurable, match="refuses it files outside the project, files with secrets, or the network"
    ):
        await prepared(tmp_path, "common")
    project(tmp_path, test_common=GOOD)
    found = await from_tests(await bench_in(tmp_path))
    assert ["test_common.py::test_good"] == list(found.passed or ())
    assert (1, 2) == (len(found.calls), found.seen)


async def test_a_doctest_may_be_refused_as_well(tmp_path: Path) -> None:
    """Its examples are no failure of the original."""
    refusing = COMMON.replace(">>> common", ">>> open('/root/list.txt', 'w')\n        >>> common")
    project(tmp_path, shop=refusing, test_common=GOOD)
    found = await from_tests(await bench_in(tmp_path))
    assert ["test_common.py::test_good"] == list(found.passed or ())


async def test_a_test_file_that_cannot_be_loaded_stops_no_other(tmp_path: Path) -> None:
    """As without pytest."""
    project(tmp_path, shop=PLAIN, test_common=GOOD, test_broken="import nowhere\nfrom shop import common")
    found = await from_tests(await bench_in(tmp_path))
    assert ["test_common.py::test_good"] == list(found.passed or ())
