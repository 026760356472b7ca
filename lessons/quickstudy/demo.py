"""A small slow project to try things on, written into a temporary folder that stays."""

import shutil
import tempfile
from pathlib import Path

TARGET = "ledger.py::balances"
SIMILAR = "ledger.py::highest_so_far"
"""Slow for the same reason, so that it begins with the lessons of the first."""


def write_demo() -> Path:
    """A fresh copy of the project; returns its folder."""
    folder = Path(tempfile.mkdtemp(prefix="quickstudy-demo-"))
    source = Path(__file__).parent / "demo_project"
    shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return folder
