"""A program of ours in the project's interpreter: where it runs, what it is shown, and what it is told."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from quickstudy.lab import supervisor
from quickstudy.lab.process import Child, Command
from quickstudy.lab.python import child
from quickstudy.lab.python.asking import NO_BYTE_CODE
from quickstudy.lab.python.child.messages import TargetModule
from quickstudy.lab.python.interpreter import Interpreter, Place
from quickstudy.lab.sandbox import START, Sandbox
from quickstudy.lab.secret_files import Secrets, Shown, find_secrets
from quickstudy.records import Target

CHILDREN = (Path(*supervisor.__path__), Path(*child.__path__))
"""The folders with all that a child runs of ours."""
ENVIRONMENT = {
    **NO_BYTE_CODE,
    # All is timed on one core, where a library's own threads would only disturb each other.
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
}


@dataclass(frozen=True, slots=True)
class RunContext:
    """Where children run: the target's project, its interpreter, its name there, and the sandbox."""

    target: Target
    project: Path
    interpreter: Interpreter
    place: Place
    sandbox: Sandbox
    withheld: tuple[Path, ...] = ()
    """Files with the inputs in them, which code that is timed on these must not read."""
    hidden: tuple[str, ...] = ()
    """Patterns of more names of files with secrets, which no child sees."""

    @property
    def target_module(self) -> TargetModule:
        """What every child is told about the target."""
        return TargetModule(
            path=str(self.target.path),
            module=self.place.module,
            package=self.place.package,
            roots=[str(root) for root in self.place.roots],
            qualname=self.target.qualname,
            project=str(self.project),
        )

    def secrets(self, *others: Path) -> Secrets:
        """What is hidden of the folders that a child is shown, these among them."""
        if self.sandbox.name == "off":
            return Secrets()
        folders = (self.project, *self.place.roots, *self.interpreter.sources, *others)
        return find_secrets(Shown(folders, self.interpreter.folders, self.hidden))


class Program(Child):
    """One of `child/`, by the name of its module."""

    def __init__(
        self,
        context: RunContext,
        name: str,
        *,
        hash_seed: int = 0,
        readable: Sequence[Path] = (),
    ) -> None:
        super().__init__(context.sandbox)
        self.context = context
        self.name = name
        self.hash_seed = hash_seed
        self.readable = readable
        self.secrets: Secrets
        """What it does not see of the folders it is shown."""

    async def command(self) -> Command:
        _compile()
        context = self.context
        self.secrets = secrets = await asyncio.to_thread(context.secrets, *self.readable)
        interpreter, place = context.interpreter, context.place
        return Command(
            argv=(str(interpreter.executable), "-s", "-B", str(START), f"python.child.{self.name}"),
            folder=context.project,
            readable=(context.project, *place.roots, *interpreter.readable, *CHILDREN, *self.readable),
            hidden=(*secrets.empty, *(context.withheld if self.timed else ())),
            refused=tuple(secrets.refused),
            environment={**ENVIRONMENT, "PYTHONHASHSEED": str(self.hash_seed)},
        )


@cache
def _compile() -> None:
    """Make byte code of what children run for our own Python, as children may write none."""
    import compileall

    for folder in CHILDREN:
        compileall.compile_dir(folder, quiet=2)


def encoded(text: str) -> bytes:
    """A module's text as the import system reads it, whatever encoding its file declares."""
    return text.encode("utf-8", "surrogatepass")
