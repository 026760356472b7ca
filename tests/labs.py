"""A small project, its lab and the verdicts: what the lab's tests share."""

import hashlib
import textwrap
from collections.abc import Sequence
from pathlib import Path

from quickstudy.lab import Lab, Trial
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


async def trial(folder: Path, qualname: str, workload: Path | None = None) -> Trial:
    return await Lab(folder, workload=workload).prepare(target_in(folder, qualname))


async def prepared(folder: Path, qualname: str, workload: Path | None = None) -> Workload:
    return (await trial(folder, qualname, workload)).workload


async def judged(
    folder: Path, qualname: str, texts: Sequence[str], workload: Path | None = None
) -> list[Judgement]:
    """The verdicts on whole module texts."""
    return await judged_by(await trial(folder, qualname, workload), texts)


async def judged_by(on_trial: Trial, texts: Sequence[str]) -> list[Judgement]:
    """The same, where what is known of the original is known already."""
    return [
        await on_trial.judge(Candidate(f"c{i}", "me", 0, text, textwrap.dedent(text)))
        for i, text in enumerate(texts)
    ]
