"""Where an interpreter is installed, read off the disk: nothing is run to find out.

A cloned repository may bring a program as its `.venv/bin/python`, and a virtual environment that names any
folder of the user's as packages. So an executable in the project is used only if it is a link, of a virtual
environment, to an interpreter outside of it; and folders are shown to code only by the rule of `may_show`.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from quickstudy.errors import InputError
from quickstudy.project import UnsafePath, read_regular

LINKS = 40
"""As many as the kernel follows."""
CONFIG_BYTES = 1 << 16
_PYTHONS = ("lib", "lib64", "pyvenv.cfg")
_PARTS = (*_PYTHONS, "bin", "include", "share", "etc")
"""What of a virtual environment is shown: somebody's project may lie around it."""
_SYSTEM_FACTS = ("boot", "dev", "etc", "proc", "root", "run", "sys")
"""Top folders that tell of the machine and its users; no package lies there."""
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")


def installation_of(executable: Path, project: Path) -> tuple[Path, ...]:
    """The files and folders that an interpreter needs to start, its virtual environment among them.

    Raises InputError for a program of the project's own.
    """
    steps = list(_followed(executable))  # the first is what is started: its virtual environment is around it
    # A script that lies right in the home has all of that for its project, and it is no stranger's.
    ours = _home_folder().is_relative_to(_real(project))
    outside = [step for step in steps if ours or not lies_in(step, project)]
    environment = executable.parent.parent
    home = _home(environment)
    if len(outside) < len(steps):
        _check_own(executable, steps[-1], outside, home)
    found = [place for step in outside for place in _around(step)]
    if home is not None:
        found += _parts(environment)
        if ours or not lies_in(home, project):
            found += [place for place in _around(home / "python") if place.is_dir()]
    return tuple(dict.fromkeys(found))


def lies_in(path: Path, folder: Path) -> bool:
    """Whether a path leads into a folder, by its name or by the links on it."""
    return path.is_relative_to(folder) or _real(path.parent).is_relative_to(_real(folder))


def may_show(folder: Path) -> bool:
    """Whether a folder outside the installation, that it names as packages, may be shown to what it runs.

    As an editable install names it, it must hold Python code or be the sources of a project; and be neither
    the user's home, nor above it, nor hidden in it by a dot, nor one of the system's that tell of its users.
    """
    real, home = _real(folder), _home_folder()
    if home.is_relative_to(real):
        return False
    if real.is_relative_to(home):
        if any(part.startswith(".") for part in real.relative_to(home).parts):
            return False
    elif real.parts[1] in _SYSTEM_FACTS:
        return False
    return _holds_python(real)


def _check_own(executable: Path, last: Path, outside: Sequence[Path], home: Path | None) -> None:
    """Raises InputError unless an executable in the project is a virtual environment's link out of it."""
    if last not in outside:
        other = f", such as {home / 'python3'}" if home is not None else ""
        raise InputError(
            f"{executable} is a program that lies in the project itself, which is not run: it may be "
            "anybody's. Make its virtual environment with links, as `python -m venv --symlinks` does, or "
            f"name an interpreter outside of the project with --python{other}."
        )
    if home is None or _real(home) not in {_real(step.parent) for step in outside}:
        raise InputError(
            f"{executable} leads to {last}, but no virtual environment says so: its pyvenv.cfg is missing or "
            f"names another folder. Make the environment anew, or name {last} itself with --python."
        )


def _followed(path: Path) -> Iterator[Path]:
    """A path and each that its links lead to; the last is the file itself."""
    for _ in range(LINKS):
        yield path
        if not path.is_symlink():
            break
        path = Path(os.path.normpath(_real(path.parent) / path.readlink()))
    if path.exists():
        yield _real(path)


def _home(environment: Path) -> Path | None:
    """Where a virtual environment's interpreter lies, as its `pyvenv.cfg` says; None if it is none."""
    for line in _lines(environment / "pyvenv.cfg"):
        key, equals, value = line.partition("=")
        if equals and key.strip().lower() == "home" and value.strip().startswith(os.sep):
            return Path(value.strip())
    return None


def _lines(file: Path) -> list[str]:
    """The lines of a small plain file; none of anything else."""
    try:
        return read_regular(file, CONFIG_BYTES).decode("utf-8", "replace").replace("\0", "").splitlines()
    except (OSError, UnsafePath):
        return []


def _parts(environment: Path) -> Iterator[Path]:
    """What of a virtual environment is its own: one that a project brings may hold links to anywhere."""
    for name in _PYTHONS if _holds_more(environment) else _PARTS:
        if _real(environment / name).is_relative_to(_real(environment)):
            yield environment / name


def _around(file: Path) -> list[Path]:
    """An interpreter's file, and the installation that it lies in, if it does: its standard library tells."""
    prefix = file.parent.parent
    if any(prefix.glob("lib*/python[23]*/os.py")):
        return [*(prefix / part for part in _PYTHONS), file] if _holds_more(prefix) else [prefix, file]
    return [file]


def _holds_more(prefix: Path) -> bool:
    """Whether something is installed where all that is the user's lies."""
    home = _home_folder()
    return home.is_relative_to(_real(prefix)) or _real(prefix) == home / ".local"


def _holds_python(folder: Path) -> bool:
    """Whether a folder is one to import from, or the sources of a project: all of them, or their `src`."""
    above = [] if _home_folder().is_relative_to(folder.parent) else [folder.parent]
    try:
        if any((place / name).is_file() for place in (folder, *above) for name in _PROJECT_FILES):
            return True
        return any(True for pattern in ("*.py", "*/__init__.py") for _ in folder.glob(pattern))
    except OSError:  # a folder that is closed to us is closed to code as well
        return False


def _home_folder() -> Path:
    try:
        return _real(Path.home())
    except RuntimeError:  # a user without one
        return Path("/nonexistent")


def _real(path: Path | str) -> Path:
    return Path(os.path.realpath(path))
