"""Tricks that must not pay: each is judged by the real lab, as a whole module's text, and is never `faster`.

A folder of `data/tricks` is a function that some tricks are played with: its original, the calls of it, and a
file for each trick, whose first line tells it and the verdicts that it may come out with; `none` is none. In
a trick, `honest` is the original: one that is not caught may still be worth what its honest work is worth.
"""

import asyncio
import shutil
from pathlib import Path

import pytest

from quickstudy.errors import NotJudged
from quickstudy.lab import Lab
from quickstudy.records import Candidate, Target

DATA = Path(__file__).parent / "data" / "tricks"
GIVEN = {"original", "load", "test_original"}
TRICKS = {
    function.name: sorted(path.stem for path in function.glob("*.py") if path.stem not in GIVEN)
    for function in sorted(DATA.iterdir())
}
"""By the name of the function."""


async def judged(folder: Path, function: str) -> dict[str, tuple[str, object]]:
    """The verdicts on all tricks with a function, by one lab: each one's kind and itself."""
    original = (DATA / function / "original.py").read_text(encoding="utf-8")
    for name in GIVEN:
        if (DATA / function / f"{name}.py").exists():
            shutil.copy(DATA / function / f"{name}.py", folder)
    lab = Lab(folder, workload=folder / "load.py")
    path = folder / "original.py"
    trial = await lab.prepare(Target(path, function, "python", original, original, "", "0" * 64))
    honest = original.replace(f"def {function}(", "def honest(")
    found: dict[str, tuple[str, object]] = {}
    for name in TRICKS[function]:
        _, _, trick = (DATA / function / f"{name}.py").read_text(encoding="utf-8").partition("\n")
        text = honest + trick
        try:
            verdict = (await trial.judge(Candidate("c", "me", 0, text, text))).verdict
            found[name] = verdict.kind, verdict
        except NotJudged as reason:
            found[name] = "none", reason
    return found


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], tuple[str, object]]:
    """Those on all tricks, by function and trick."""
    return {
        (function, name): verdict
        for function in TRICKS
        for name, verdict in asyncio.run(judged(tmp_path_factory.mktemp(function), function)).items()
    }


@pytest.mark.parametrize(
    ("function", "name"), [(function, name) for function, names in TRICKS.items() for name in names]
)
def test_no_trick_pays(function: str, name: str, verdicts: dict[tuple[str, str], tuple[str, object]]) -> None:
    """It is caught, or it is worth what its honest work is worth."""
    first, _, _ = (DATA / function / f"{name}.py").read_text(encoding="utf-8").partition("\n")
    allowed = first.rpartition(": ")[2].strip('."').split(", ")
    assert "faster" not in allowed
    kind, verdict = verdicts[function, name]
    assert kind in allowed, verdict
