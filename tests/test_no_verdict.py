"""A child that was killed from outside: what came of it says nothing about the code in it."""

import asyncio
import os
import signal

import pytest
from tests.labs import COMMON, TESTS, project, target_in

from quickstudy.errors import NotJudged, Unmeasurable
from quickstudy.lab import Lab, Trial
from quickstudy.lab.holding import below
from quickstudy.lab.python.worker import Worker
from quickstudy.records import Candidate

FASTER = "def common(a, b):\n    wanted = set(b)\n    return [x for x in dict.fromkeys(a) if x in wanted]\n"


class Killer:
    """Ends the next so many workers as soon as they have loaded."""

    def __init__(self, which: int) -> None:
        """Of a worker's processes the first is the outermost, the last the one that supervises."""
        self.which = which
        self.due = 0
        self.load = Worker.load

    async def __call__(self, worker: Worker, seconds: float) -> None:
        await self.load(worker, seconds)
        if self.due:
            self.due -= 1
            assert worker.process is not None
            os.kill([worker.process.pid, *below(worker.process.pid)][self.which], signal.SIGKILL)


@pytest.fixture(params=[0, -1], ids=["outermost", "innermost"])
def killer(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Killer:
    found = Killer(request.param)

    async def load(worker: Worker, seconds: float) -> None:
        await found(worker, seconds)

    monkeypatch.setattr(Worker, "load", load)
    return found


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Lab:
    return Lab(project(tmp_path_factory.mktemp("shop"), shop=COMMON, test_shop=TESTS))


@pytest.fixture(scope="module")
def trial(lab: Lab) -> Trial:
    """One that nobody disturbed while it was prepared."""
    return asyncio.run(lab.prepare(target_in(lab.setting.project, "common")))


async def test_a_candidate_is_judged_once_more(trial: Trial, killer: Killer) -> None:
    """Once is bad luck: the verdict is that of an undisturbed child."""
    killer.due = 1
    judgement = await trial.judge(Candidate("c", "me", 0, FASTER, FASTER))
    assert judgement.verdict.kind in ("faster", "same"), judgement.verdict
    assert 0 == killer.due


async def test_twice_there_is_no_verdict(trial: Trial, killer: Killer) -> None:
    """Neither crashed nor slower: nothing was found out."""
    killer.due = 2
    with pytest.raises(NotJudged, match="could not be judged: its process was killed twice"):
        await trial.judge(Candidate("c", "me", 0, FASTER, FASTER))


async def test_the_original_does_not_fail_by_it(killer: Killer, lab: Lab) -> None:
    """It is prepared once more; twice, the reason names what happened."""
    killer.due = 1
    assert (await lab.prepare(target_in(lab.setting.project, "common"))).workload.calls
    killer.due = 2
    with pytest.raises(Unmeasurable, match="could not be measured: its process was killed twice"):
        await lab.prepare(target_in(lab.setting.project, "common"))


async def test_a_process_that_is_killed_in_a_call_is_no_crash(trial: Trial) -> None:
    """Who sent the signal cannot be told: a variant that ends itself so gains nothing by it."""
    ending = "import os, signal\n\ndef common(a, b):\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    with pytest.raises(NotJudged):
        await trial.judge(Candidate("c", "me", 0, ending, ending))
