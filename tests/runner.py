"""Loads the scripts that the lab's children run, as they load each other."""

import importlib.util
from pathlib import Path
from typing import Any

import quickstudy.lab

RUNNER = Path(quickstudy.lab.__file__).parent / "runner"


def script(name: str) -> Any:
    """One of `lab/runner/`, by its file."""
    spec = importlib.util.spec_from_file_location(f"_runner_{name}", RUNNER / f"{name}.py")
    assert spec and spec.loader
    module: Any = importlib.util.module_from_spec(spec)
    if name != "beside":
        module.sibling = script("beside").sibling
    spec.loader.exec_module(module)
    return module
