"""Which Python runs the project's code, and under which name it imports the target's module."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from quickstudy.errors import InputError, Unmeasurable

_ASK = (
    "import json,platform,sys,sysconfig;print(json.dumps({'version':list(sys.version_info[:3]),"
    "'prefixes':sorted(set([sys.prefix,getattr(sys,'base_prefix',sys.prefix),sys.exec_prefix]"
    "+list(sysconfig.get_paths().values()))),"
    "'path':sys.path,'implementation':platform.python_implementation()}))"
)
"""In words that Python 2 knows as well: it is one that a user may name."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """A Python that can run the project, and the folders it reads."""

    executable: Path
    version: tuple[int, int, int]
    folders: tuple[Path, ...]
    """Its installation, its packages, and what its `.pth` files add."""


async def find_interpreter(project: Path, named: Path | None) -> Interpreter:
    """The interpreter the user named, else the project's virtual environment, else ours.

    Raises InputError if a named one is not there, Unmeasurable if it cannot run what the lab needs.
    """
    executable = Path.cwd() / named if named else _project_python(project)
    try:
        child = await asyncio.create_subprocess_exec(
            *(str(executable), "-s", "-c", _ASK),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=os.sep,
        )
    except OSError as error:
        raise InputError(f"The interpreter {executable} cannot be started: {error.strerror}.") from error
    out, err = await child.communicate()
    try:
        told = json.loads(out.strip().rpartition(b"\n")[2])  # its start may print something itself
    except ValueError as error:
        said = err.decode(errors="replace").strip().splitlines()[-1:] or ["it printed nothing"]
        raise InputError(f"{executable} is not a working Python: {said[0]}.") from error
    version = tuple(told["version"])
    if told["implementation"] != "CPython" or version < (3, 9):
        raise Unmeasurable(
            f"{executable} is {told['implementation']} {'.'.join(map(str, version))}; "
            "the lab needs CPython 3.9 or newer. Name another one with --python."
        )
    # The folder the program was started in is on the path as ''; it is not part of the installation.
    folders = [Path(place) for place in (*told["prefixes"], *filter(None, told["path"]))]
    return Interpreter(executable, version, tuple(dict.fromkeys(folders)))


def _project_python(project: Path) -> Path:
    for folder in (".venv", "venv", "env"):
        for inside in ("bin/python", "Scripts/python.exe"):
            if (project / folder / inside).exists():
                return project / folder / inside
    active = os.environ.get("VIRTUAL_ENV")
    if active and (Path(active) / "bin" / "python").exists():
        return Path(active) / "bin" / "python"
    return Path(sys.executable)


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
