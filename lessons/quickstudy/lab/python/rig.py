"""The rig of Python: calls from declarations, recordings, tests and type hints, and children to make them."""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from quickstudy.errors import Unmeasurable
from quickstudy.lab.python.interpreter import find_interpreter, place_of
from quickstudy.lab.python.program import RunContext
from quickstudy.lab.python.suite import failing_test, from_tests, test_files
from quickstudy.lab.python.worker import Worker
from quickstudy.lab.python.workload import SuiteFound, declared, generated, recorded_calls
from quickstudy.lab.rig import Found, NotReached, Setting
from quickstudy.reasons import Reason
from quickstudy.records import Call, Target

LOAD_SECONDS = 60.0


async def open_rig(target: Target, setting: Setting) -> "PythonRig":
    """The rig for a target. Raises Unmeasurable or InputError if no interpreter can run it."""
    interpreter = await find_interpreter(setting.project, setting.runtime, setting.sandbox)
    place = place_of(target.path, setting.project)
    context = RunContext(target, setting.project, interpreter, place, setting.sandbox, hidden=setting.hidden)
    return PythonRig(context, setting.workload)


class PythonRig:
    """What a run on one Python function needs."""

    def __init__(self, context: RunContext, workload: Path | None) -> None:
        self._context = context
        self._workload = workload
        self._passed: tuple[str, ...] | None = None
        """The project's tests that reach the target and pass, once they have been run."""

    async def found(self) -> Found:
        """Declared calls, else recorded ones, else those of tests and doctests."""
        try:
            found = await self._find()
        except NotReached:
            self._show(Found((), 0))
            raise
        self._show(found)
        if isinstance(found, SuiteFound):
            self._passed = found.passed
        return found

    async def _find(self) -> Found:
        if self._workload is not None:
            return await declared(self._context, self._workload)
        recorded = recorded_calls(self._context)
        return recorded if recorded.calls else await from_tests(self._context)

    def _show(self, found: Found) -> None:
        """Let children make these calls, and not read them from where they stand."""
        context = self._context
        folders = found.folders if isinstance(found, SuiteFound) else ()
        place = replace(context.place, roots=tuple(dict.fromkeys((*context.place.roots, *folders))))
        self._context = replace(context, place=place, withheld=self._withheld(found.calls))

    def _withheld(self, calls: Sequence[Call]) -> tuple[Path, ...]:
        """The files that the calls come from: code that reads them knows all results before it is asked.

        A file stays readable if a call cannot be made without it, as one with an instance of its class.
        """
        given = self._workload
        files = [Path.cwd() / given] if given is not None else test_files(self._context)
        return tuple(
            file
            for file in files
            if file != self._context.target.path
            and not any(file.stem.encode() in call.payload for call in calls)
        )

    async def more(self, known: Sequence[Call], *, cases: int, grown: int, aim_s: float) -> Found:
        return await generated(self._context, known, cases=cases, grown=grown, aim_s=aim_s)

    @asynccontextmanager
    async def subject(
        self, text: str, *, variant: str | None = None, seed: int = 0
    ) -> AsyncGenerator[Worker]:
        async with Worker(self._context, text, variant=variant, hash_seed=seed) as worker:
            await worker.load(LOAD_SECONDS)
            yield worker

    async def failing_test(self, text: str) -> Reason | None:
        context = self._context
        if self._passed is None:
            try:
                self._passed = (await from_tests(context)).passed
            except Unmeasurable:
                self._passed = ()
        if not self._passed:
            return None
        return await failing_test(replace(context, target=replace(context.target, text=text)), self._passed)

    def is_own(self, state: str) -> bool:
        return state.startswith(f"{self._context.place.module}.")

    @property
    def toolchain(self) -> Mapping[str, str]:
        return {"CPython": ".".join(map(str, self._context.interpreter.version))}
