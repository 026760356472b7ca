"""Forty honest variants, equal and better, judged by the real lab: none is rejected, none is called wrong."""

import asyncio
import importlib.util
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quickstudy.lab import Lab
from quickstudy.lab.policy import USUAL_TIMING
from quickstudy.records import Candidate, Judgement, Target

DATA = Path(__file__).parent / "data" / "honest"
AT_ONCE = 2
BRIEF = replace(USUAL_TIMING, candidate_budget_s=0.8, screening_budget_s=0.4, aa_budget_s=0.3)
"""Shorter than a user's: results of timed calls are checked in these as well, figures matter elsewhere."""


def names() -> list[str]:
    """The functions, from the table of their workloads."""
    spec = importlib.util.spec_from_file_location("calls", DATA / "calls.py")
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(DATA))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(DATA))
    return list(module.CALLS)


NAMES = names()


@pytest.fixture(scope="module")
def judgements(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Judgement]:
    """Each variant in a lab of its own; a few are checked at once, one at a time is timed."""
    folder = tmp_path_factory.mktemp("honest")
    for name in ("originals", "calls"):
        shutil.copy(DATA / f"{name}.py", folder)
    text = (DATA / "originals.py").read_text(encoding="utf-8")
    variant = (DATA / "variants.py").read_text(encoding="utf-8")
    places = asyncio.Semaphore(AT_ONCE)

    async def judged(name: str) -> Judgement:
        load = folder / f"load_{name.replace('.', '_')}.py"
        load.write_text(f"from calls import CALLS\n\ndef workload():\n    yield from CALLS[{name!r}]\n")
        async with places:
            lab = Lab(folder, workload=load, policy=BRIEF)
            trial = await lab.prepare(
                Target(folder / "originals.py", name, "python", text, text, "", "0" * 64)
            )
            return await trial.judge(Candidate("c", "me", 0, variant, variant))

    async def all_judged() -> list[Judgement]:
        return await asyncio.gather(*map(judged, NAMES))

    return dict(zip(NAMES, asyncio.run(all_judged()), strict=True))


def test_there_are_forty() -> None:
    """The bar is forty variants."""
    assert 40 == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_honest_variant_is_not_accused(name: str, judgements: dict[str, Judgement]) -> None:
    """Its speed is whatever it is; its results are equal, and that is seen."""
    verdict = judgements[name].verdict
    assert verdict.kind in ("faster", "same", "slower"), verdict
