"""The lab's core with a language that is none of ours: it verifies, times and confirms by the protocol."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.toy import ToyLanguage, ToyRig, toy_target

from quickstudy import events
from quickstudy.lab import Lab
from quickstudy.lab.rig import Setting
from quickstudy.measure import measure
from quickstudy.records import Target

ORIGINAL = "900 us, gives 4"


async def open_rig(target: Target, _: Setting) -> ToyRig:
    return ToyRig(target)


async def verdicts(*variants: str) -> list[tuple[str, str]]:
    """The kind and the reason of each verdict, as `measure` gives them."""
    lab = Lab(Path("/p"), sandbox="off", rig=open_rig)
    run = measure(toy_target(ORIGINAL), ToyLanguage(), lab, variants)
    return [
        (event.verdict.kind, event.verdict.reason) async for event in run if isinstance(event, events.Judged)
    ]


@pytest.mark.parametrize(
    ("variant", "kind", "said"),
    [
        ("300 us, gives 4", "faster", ""),
        ("1800 us, gives 4", "slower", ""),
        ("300 us, gives 5", "wrong", "It returns another value: an integer that differs."),
        ("300 us, fails", "crashed", "A call of it fails: an exception."),
        (ORIGINAL, "same", "It is the original, unchanged."),
    ],
)
async def test_a_language_of_its_own_goes_through_measure(variant: str, kind: str, said: str) -> None:
    """Each verdict, with its reason."""
    assert [(kind, said)] == await verdicts(variant)


def test_the_core_loads_nothing_of_another_language() -> None:
    """A whole run with the toy, in a process of its own."""
    script = """
import asyncio, json, sys
from tests.test_rig import verdicts
kinds = asyncio.run(verdicts("300 us, gives 4"))
print(json.dumps([kinds, [name for name in sys.modules if name.startswith("quickstudy.lab.python")]]))
"""
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=root, capture_output=True, text=True, check=True
    )
    assert [[["faster", ""]], []] == json.loads(done.stdout)


async def test_a_run_of_the_core_can_be_cancelled() -> None:
    """Nothing of it waits for a child that is not there."""
    task = asyncio.create_task(verdicts("300 us, gives 4"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
