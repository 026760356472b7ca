"""The project around a file: its folder, and where its lessons lie."""

from pathlib import Path

MARKERS = ("pyproject.toml", "setup.py", "setup.cfg", ".git", ".quickstudy")


def project_root(path: Path) -> Path:
    """The nearest folder at or above `path` that holds a marker; else the file's own folder."""
    path = path.absolute()
    folder = path if path.is_dir() else path.parent
    for parent in (folder, *folder.parents):
        if any((parent / marker).exists() for marker in MARKERS):
            return parent
    return folder


def bank_path(root: Path) -> Path:
    """Where the project's lessons lie unless the user named another file."""
    return root / ".quickstudy" / "lessons.db"


def relative(path: Path, root: Path) -> str:
    """The path as shown and kept: from the project's root, with `/`; absolute when it lies outside."""
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
