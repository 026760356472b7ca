"""Tricks that must not pay: each is judged by the real lab, as a whole module's text, and is never `faster`.

The function on test is `score`, pure, about a millisecond on the inputs it is timed on. A trick that is not
caught may still come out as what its honest work is worth.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path

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

# The body of the original under another name: what a trick calls to get its results right.
HONEST_WORK = ORIGINAL.replace("def score(", "def honest(")

TRICKS = {path.stem: path for path in sorted((Path(__file__).parent / "data" / "tricks").glob("*.py"))}
"""One file each: its first line tells the trick and the verdicts it may come out with."""


@pytest.fixture(scope="module")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Judgement]:
    """Judges a text in a lab of its own loop; the project is the same for all."""
    folder = tmp_path_factory.mktemp("tricks")
    for name, text in (("trick", ORIGINAL), ("load", WORKLOAD), ("test_trick", TESTS)):
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    target = Target(folder / "trick.py", "score", "python", ORIGINAL, ORIGINAL, "", "0" * 64)

    async def all_judged() -> dict[str, Judgement]:
        lab = Lab(folder, workload=folder / "load.py")
        await lab.prepare(target)
        found: dict[str, Judgement] = {}
        for name, path in TRICKS.items():
            text = HONEST_WORK + path.read_text("utf-8").partition("\n")[2]
            found[name] = await lab.judge(Candidate("c", "me", 0, text, text))
        return found

    judged = asyncio.run(all_judged())
    return lambda name: judged[name]


@pytest.mark.parametrize("name", TRICKS)
def test_no_trick_pays(name: str, judge: Callable[[str], Judgement]) -> None:
    """It is caught, or it is worth what its honest work is worth."""
    first, _, _ = TRICKS[name].read_text("utf-8").partition("\n")
    allowed = first.rpartition(": ")[2].strip('."').split(", ")
    assert "faster" not in allowed
    verdict = judge(name).verdict
    assert verdict.kind in allowed, verdict
