"""Which Python runs the project's code, and under which name it imports the target's module."""

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from quickstudy.errors import InputError, Unmeasurable
from quickstudy.lab.python.asking import ask
from quickstudy.lab.python.installation import installation_of, may_show
from quickstudy.lab.sandbox import SYSTEM, Sandbox

MOST_SOURCES = 200
"""Folders of packages outside the installation that are looked at."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that can run the project, and the folders it reads."""

    executable: Path
    version: tuple[int, int, int]
    folders: tuple[Path, ...]
    """Its installation and its packages."""
    sources: tuple[Path, ...] = ()
    """Other folders that it imports from, as editable installs name them; secrets may lie beside."""

    @property
    def readable(self) -> tuple[Path, ...]:
        """All that a process of it must be shown."""
        return (*self.folders, *self.sources)


async def find_interpreter(project: Path, named: Path | None, sandbox: Sandbox) -> Interpreter:
    """The interpreter the user named, else the project's virtual environment, else ours.

    It is asked in the sandbox what it is.

    Raises InputError if it is not there or a program of the project's own, and Unmeasurable if it cannot run
    what the lab needs.
    """
    executable = _executable(project, named)
    folders = () if sandbox.name == "off" else installation_of(executable, project)
    facts = await ask(executable, folders, sandbox)
    if facts.implementation != "CPython" or facts.version < (3, 9):
        raise Unmeasurable(
            f"{executable} is {facts.implementation} {'.'.join(map(str, facts.version))}; "
            "the lab needs CPython 3.9 or newer. Name another one with --python."
        )
    major, minor, micro = (*facts.version, 0, 0)[:3]
    sources = _sources(facts.folders, (project, *folders, *SYSTEM))
    return Interpreter(executable, (major, minor, micro), folders, sources)


def _executable(project: Path, named: Path | None) -> Path:
    """The one that was named, or that is found. Raises InputError if it is no program."""
    executable = Path(os.path.normpath(Path.cwd() / named)) if named else _project_python(project)
    if not os.access(executable, os.X_OK) or executable.is_dir():
        problem = "it is no program" if os.access(executable, os.F_OK) else "there is no such file"
        raise InputError(f"The interpreter {executable} cannot be started: {problem}.")
    return executable


def _project_python(project: Path) -> Path:
    for folder in (".venv", "venv", "env"):
        for inside in ("bin/python", "Scripts/python.exe"):
            if os.access(project / folder / inside, os.F_OK):
                return project / folder / inside
    active = os.environ.get("VIRTUAL_ENV")
    if active and os.access(Path(active) / "bin" / "python", os.F_OK):
        return Path(active) / "bin" / "python"
    return Path(sys.executable)


def _sources(named: Iterable[Path], known: Iterable[Path]) -> tuple[Path, ...]:
    """The folders to import from that lie in none that is known and that may be shown."""
    tops = [Path(os.path.realpath(top)) for top in known]
    others = [
        folder
        for folder in named
        if not any(Path(os.path.realpath(folder)).is_relative_to(top) for top in tops)
    ]
    return tuple(folder for folder in others[:MOST_SOURCES] if may_show(folder))


@dataclass(frozen=True, slots=True)
class Place:
    """How a file is imported: its dotted name and the folders that must be on the path."""

    module: str
    package: bool
    roots: tuple[Path, ...]


def place_of(path: Path, project: Path) -> Place:
    """The dotted name of a file, from the `__init__.py` files above it."""
    parts = [path.stem]
    folder = path.parent
    while (folder / "__init__.py").exists() and folder != folder.parent:
        parts.insert(0, folder.name)
        folder = folder.parent
    package = path.stem == "__init__" and len(parts) > 1
    if package:
        parts.pop()
    name = ".".join(part.replace(".", "_") for part in parts)
    return Place(name, package, tuple(dict.fromkeys([folder, project])))
