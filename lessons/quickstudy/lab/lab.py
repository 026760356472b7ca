"""The lab: finds the calls of a function, learns what the original does in them, and opens a trial."""

import importlib
from dataclasses import replace
from functools import partial
from pathlib import Path

from quickstudy.errors import Unmeasurable
from quickstudy.lab.compare import USUAL, Tolerances
from quickstudy.lab.policy import USUAL_TIMING, TimingPolicy
from quickstudy.lab.reference import learn
from quickstudy.lab.rig import Disqualified, Killed, RigMaker, Setting
from quickstudy.lab.sandbox import Mode, find_sandbox
from quickstudy.lab.trial import KILLED, Bench, Trial, twice
from quickstudy.reasons import sentence
from quickstudy.records import Target

LEAST_GAIN = 1.05


class Lab:
    """Prepares trials. Between calls nothing of it runs."""

    def __init__(
        self,
        project: Path,
        *,
        runtime: Path | None = None,
        workload: Path | None = None,
        sandbox: Mode = "auto",
        least_gain: float = LEAST_GAIN,
        tolerances: Tolerances = USUAL,
        hidden: tuple[str, ...] = (),
        policy: TimingPolicy = USUAL_TIMING,
        rig: RigMaker | None = None,
    ) -> None:
        """`rig` is by default that of the target's language. For the others see `Setting`.

        Raises NoSandbox if nothing here can confine code and `sandbox` is not "off".
        """
        self.setting = Setting(project, find_sandbox(sandbox), runtime, workload, hidden)
        self.least_gain = least_gain
        self.tolerances = tolerances
        self.policy = policy
        self.rig = rig

    @property
    def sandbox_name(self) -> str:
        return self.setting.sandbox.name

    async def prepare(self, target: Target) -> "Trial":
        """Find the workload and see that the original does the same twice.

        Raises Unmeasurable with the reason, and InputError for a workload file that cannot be used.
        """
        try:
            return await twice(partial(self._prepared, target))
        except Killed:
            raise Unmeasurable(f"The original could not be measured: {KILLED}") from None

    async def _prepared(self, target: Target) -> "Trial":
        rig = await (self.rig or _rig_of(target.language))(target, self.setting)
        seed = 0
        declared = self.setting.workload is not None
        reference = await learn(rig, target.text, seed, declared=declared)
        bench = Bench(
            rig,
            reference,
            seed,
            self.least_gain,
            self.tolerances,
            self.policy,
            self.sandbox_name != "off",
        )
        try:
            async with bench.subject(target.text) as subject:
                observed = (one.observed for one in (*reference.search_calls, *reference.holdout))
                reaches = subject.loaded.reaches.union(*(one.reaches for one in observed))
                usual = replace(subject.loaded, reaches=reaches)
                budget, width = self.policy.aa_budget_s, self.policy.screening_width
                against_itself = (
                    await bench.time(subject, reference.search_calls, budget, width)
                ).measurement
        except Disqualified as out:
            raise Unmeasurable(
                f"The original fails when its calls follow each other. {sentence(out.why)}"
            ) from out
        return Trial(bench, usual, max(against_itself.high - 1, 1 - against_itself.low))


def _rig_of(language: str) -> RigMaker:
    """The rig of a language is the one in the package of its name."""
    return importlib.import_module(f"quickstudy.lab.{language}.rig").open_rig
