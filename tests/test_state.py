"""What a call changes or keeps in its module and around it, and what it finds there of earlier calls."""

import asyncio
import textwrap
from pathlib import Path

import pytest
from tests.labs import judged, judged_by, project, trial

from quickstudy.lab import Trial
from quickstudy.records import Verdict

SHOP = """
    import asyncio
    import os
    import random
    import settings

    LIMITS = [0, 7]


    def helper(n):
        return n * n % 7


    class Stats:
        calls = 0


    class Till:
        def __init__(self):
            self.open = False


    TILL = Till()


    def score(table: list[int], n: int):
        Stats.calls += 1
        TILL.open = not TILL.open
        settings.COUNT += 1
        total = 0
        for t in sorted(table):
            total += helper(t)
        return [total * n, list(LIMITS)]


    def evens(numbers):
        for n in numbers:
            if n % 2 == 0:
                yield n


    def say(words):
        os.write(1, b"begun")
        for word in words:
            print(word)
        return len(words)


    async def later(n):
        await asyncio.sleep(0)
        return sum(range(n))


    def soon(n):
        return later(n)


    def drawn(n):
        return [random.random() for _ in range(n)]
"""

LOAD = """
    TABLE = [(i * 7919) % 1009 for i in range(400)]

    def workload():
        for n in range(40):
            yield (list(TABLE), n)
"""


TEXT = textwrap.dedent(SHOP)


@pytest.fixture(scope="module")
def score(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    """What is known of `score`, for all its variants."""
    place = project(tmp_path_factory.mktemp("shop"), shop=SHOP, settings="COUNT = 0\n", load=LOAD)
    return asyncio.run(trial(place, "score", place / "load.py"))


async def verdict_by(score: Trial, variant: str) -> Verdict:
    """The verdict on the text with another `score` at its end."""
    (judgement,) = await judged_by(score, [TEXT + variant])
    return judgement.verdict


async def verdict_on(folder: Path, variant: str, qualname: str, load: str) -> Verdict:
    """The verdict on the text with this at its end."""
    place = project(folder, shop=SHOP, settings="COUNT = 0\n", load=load)
    (judgement,) = await judged(place, qualname, [TEXT + variant], place / "load.py")
    return judgement.verdict


SAME = """

def score(table, n):
    Stats.calls += 1
    TILL.open = not TILL.open
    settings.COUNT += 1
    return [sum(map(helper, table)) * n, list(LIMITS)]
"""

STATES = {
    "a list of the module in place of its copy": ("It keeps other objects", ("list(LIMITS)", "LIMITS")),
    "a list that the next call fills": (
        "It keeps other objects",
        ("return [", "LIMITS.clear(); LIMITS.extend([0, 7]); OUT[:] = ["),
        ("list(LIMITS)]", "list(LIMITS)]\n    return OUT\n\nOUT = []"),
    ),
    "a result that a cache keeps": (
        "It keeps other objects",
        ("return [", "return found(table, n)\n\n@functools.cache\ndef cached(table, n):\n    return ["),
        (
            "def score",
            "import functools\n\ndef found(table, n):\n    return cached(tuple(table), n)\n\ndef score",
        ),
    ),
    "a helper replaced": (
        "It puts other code in the place of helper",
        ("Stats.calls += 1", "Stats.calls += 1; vars(sys.modules[__name__])['helper'] = int"),
        ("def score", "import sys\n\nhelped = helper\n\ndef score"),
        ("map(helper", "map(helped"),
    ),
    "a helper's code replaced": (
        "It puts other code in the place of helper",
        ("Stats.calls += 1", "Stats.calls += 1; helper.__code__ = (lambda n: 0).__code__"),
        ("map(helper, table)", "n * n % 7 for n in table"),
    ),
    "a builtin replaced": (
        "It puts other code in the place of builtins.len",
        ("Stats.calls += 1", "Stats.calls += 1; vars(__import__('builtins'))['len'] = int"),
    ),
    "a counter of a class left as it was": ("the global Stats.calls", ("Stats.calls += 1", "pass")),
    "an instance left as it was": ("the global TILL", ("TILL.open = not TILL.open", "pass")),
    "another module left as it was": ("the global settings.COUNT", ("settings.COUNT += 1", "pass")),
}


@pytest.mark.parametrize("name", STATES)
async def test_the_state_of_the_module_is_compared(name: str, score: Trial) -> None:
    """That of its classes, of instances and of the project's other modules included."""
    reason, *edits = STATES[name]
    variant = SAME
    for old, new in edits:
        assert old in variant
        variant = variant.replace(old, new, 1)
    verdict = await verdict_by(score, variant)
    assert ("wrong", True) == (verdict.kind, reason in verdict.reason), verdict


async def test_the_same_state_is_no_difference(score: Trial) -> None:
    """What all the others change a little is fine as it is."""
    verdict = await verdict_by(score, SAME)
    assert "faster" == verdict.kind, verdict


@pytest.mark.parametrize(
    "known", ["_known", "vars(random).setdefault('_known', {})"], ids=["its own module", "another module"]
)
async def test_what_is_kept_of_a_part_of_the_input_gains_nothing(known: str, score: Trial) -> None:
    """All calls share the table, so a memo by it would gain in every call but the first."""
    variant = SAME.replace("sum(map(helper, table))", "kept(table)") + (
        "\n_known = {}\n\ndef kept(table):\n    key, known = tuple(table), KNOWN\n    if key not in known:\n"
        "        known[key] = sum(map(helper, sorted(table)))\n    return known[key]\n"
    ).replace("KNOWN", known)
    verdict = await verdict_by(score, variant)
    assert verdict.kind in ("same", "slower"), verdict
    assert "keeps from one call for the next" in verdict.reason


async def test_the_file_with_the_inputs_cannot_be_read(score: Trial) -> None:
    """Whoever has it could work out all results before the first call."""
    verdict = await verdict_by(score, SAME + "\nfrom load import TABLE\n")
    assert "unloadable" == verdict.kind, verdict


NUMBERS = """
    def workload():
        for n in range(30):
            yield (iter(range(n)),)
"""


async def test_a_generator_that_is_given_an_iterator(tmp_path: Path) -> None:
    """A look at what it has done so far must not use the iterator up."""
    variant = (
        "\ndef evens(numbers):\n    found = [n for n in numbers if n % 2 == 0]\n    yield from found[:5]\n"
    )
    verdict = await verdict_on(tmp_path, variant, "evens", NUMBERS)
    assert ("wrong", True) == (verdict.kind, "8 items" not in verdict.reason), verdict
    assert "returns another value" in verdict.reason


WORDS = """
    def workload():
        for n in range(30):
            yield (["word"] * n,)
"""


@pytest.mark.parametrize(("old", "new"), [('b"begun"', 'b"began"'), ("print(word)", "pass")])
async def test_what_is_written_is_compared(old: str, new: str, tmp_path: Path) -> None:
    """Also past Python's own streams."""
    variant = "\ndef say(words):" + SHOP.partition("def say(words):")[2].partition("async def")[0]
    variant = "\n".join(line[4:] if line.startswith("    ") else line for line in variant.splitlines())
    verdict = await verdict_on(tmp_path, variant.replace(old, new), "say", WORDS)
    assert ("wrong", True) == (verdict.kind, "prints something else on stdout" in verdict.reason), verdict


COUNTS = """
    def workload():
        for n in range(30):
            yield (n,)
"""


async def test_a_plain_function_that_returns_a_coroutine_is_awaited(tmp_path: Path) -> None:
    """What counts is what comes back, not how the function was written."""
    variant = "\nasync def soon(n):\n    return n * (n - 1) // 2 + (n > 20)\n"
    verdict = await verdict_on(tmp_path, variant, "soon", COUNTS)
    assert ("wrong", True) == (verdict.kind, "returns another value" in verdict.reason), verdict


async def test_chance_begins_anew_with_each_call(tmp_path: Path) -> None:
    """Also if loading the text drew numbers, which the original's does not."""
    variant = "\nrandom.random()\n\ndef drawn(n):\n    return [random.random() for i in range(n)]\n"
    verdict = await verdict_on(tmp_path, variant, "drawn", COUNTS)
    assert verdict.kind in ("faster", "same", "slower"), verdict


async def test_a_refusal_of_the_sandbox_is_said(score: Trial) -> None:
    """The reason names what it was that failed."""
    variant = SAME.replace("Stats.calls", "open('/etc/motd', 'w'); Stats.calls")
    verdict = await verdict_by(score, variant)
    assert ("wrong", True) == (verdict.kind, "The sandbox refuses" in verdict.reason), verdict
