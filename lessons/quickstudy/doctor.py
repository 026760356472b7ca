"""What works on this machine, and what to do about what does not: one check a line, none stops the others."""

import asyncio
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from quickstudy.assemble import embedded_models
from quickstudy.configuration import Configuration, configure, personal_file, shown_source
from quickstudy.errors import NoSandbox, QuickstudyError
from quickstudy.figures import count, size
from quickstudy.machine import cache_folder, this_machine
from quickstudy.project import Project, project_root
from quickstudy.search_path import environment
from quickstudy.settings import TABLE, Settings

State = Literal["ok", "note", "missing"]
"""`missing` keeps optimize from running; a `note` does not."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the screen."""

    name: str
    state: State
    text: str
    """What was found, and what to do about it where there is something to do."""


def examine(folder: Path) -> Iterator[Check]:
    """Look at this machine and at the project around `folder`; each check comes as it is known."""
    root = project_root(folder)
    configuration = configure(root, {})
    settings = configuration.settings
    machine = this_machine()
    yield Check("python", "ok", f"{machine.python} at {sys.executable}")
    yield Check("machine", "ok", f"{machine.platform}, {machine.cpu}")
    yield from _sandboxes()
    yield from _team(settings)
    yield _disk()
    yield _interpreter(root, settings)
    yield _bank(root, settings.bank_of(Project(root)))
    yield from _settings(root, configuration)


def _settings(root: Path, configuration: Configuration) -> Iterator[Check]:
    """The user's file, each setting that is no default and where it comes from, and what is wrong."""
    file = personal_file()
    if not file.exists():
        yield Check("settings", "ok", f"your own go into {file}, which is not there yet")
    elif file.stat().st_mode & 0o077 and b"key" in file.read_bytes():
        yield Check("settings", "note", f"others can read your keys: chmod 600 {file}")
    else:
        yield Check("settings", "ok", f"your own are in {file}")
    described = configuration.described()
    for setting in TABLE:
        source = configuration.sources[setting.name]
        if source != "default":
            value = json.dumps(described[setting.key]["value"])
            yield Check("setting", "ok", f"{setting.key} = {value}, from {shown_source(source, root)}")
    if configuration.recommended:
        team = ", ".join(agent.model for agent in configuration.recommended)
        yield Check("team", "note", f"the project recommends {team}: quickstudy agree, or name your own")
    for problem in configuration.problems:
        yield Check("setting", "note", problem)


def _sandboxes() -> Iterator[Check]:
    from quickstudy.lab.sandbox import available

    found = available()
    works = any(works for _, works, _ in found)
    for name, here, why in found:
        yield Check("sandbox", "ok" if here else ("note" if works else "missing"), f"{name}: {why}")


def _team(settings: Settings) -> Iterator[Check]:
    names = embedded_models(settings.team)
    others = [agent.model for agent in settings.team if not agent.model.startswith("local/")]
    if names:
        yield _runtime()
        yield from (_model(name) for name in names)
    if others:
        yield Check("team", "ok", f"{', '.join(others)}: asked over the network, not tried here")
    keys = sorted(name for name, value in os.environ.items() if name.endswith("_API_KEY") and value)
    yield Check(
        "keys", "ok", ", ".join(keys) if keys else "none set; hosted models need one, embedded do not"
    )


def _runtime() -> Check:
    todo = "run pip install 'quickstudy[local]', or name other models with --team"
    for module in ("xllamacpp", "pip"):
        if importlib.util.find_spec(module) is None:
            return Check("runtime", "missing", f"{module} is not installed; {todo}")
    # Loaded in a child: a library built for another processor can end the process that loads it.
    # Not from the folder we are in: it may be a stranger's, with an xllamacpp.py of its own.
    command = [sys.executable, "-P", "-c", "import xllamacpp"]
    child = subprocess.run(command, env=environment(), cwd=os.sep, capture_output=True, text=True)
    if child.returncode:
        last = (child.stderr.strip().splitlines() or [f"exit status {child.returncode}"])[-1]
        return Check("runtime", "missing", f"xllamacpp does not load ({last}); {todo}")
    return Check("runtime", "ok", "llama.cpp through xllamacpp")


def _model(name: str) -> Check:
    from quickstudy.team.catalogue import find

    try:
        model = find(name)
    except QuickstudyError as error:
        return Check("model", "missing", str(error))
    if model.present:
        return Check("model", "ok", f"{name} at {model.path}")
    facts = f"{size(model.size)}, licence {model.licence}"
    return Check("model", "note", f"{name} is fetched on first use ({facts}): quickstudy models pull {name}")


def _disk() -> Check:
    folder = cache_folder()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    return Check("disk", "ok" if free > 4e9 else "note", f"{size(free)} free in {cache_folder()}")


def _interpreter(root: Path, settings: Settings) -> Check:
    """Only asked where it is confined: it comes from the project, whoever that is from."""
    from quickstudy.lab.python.interpreter import find_interpreter
    from quickstudy.lab.sandbox import find_sandbox

    try:
        found = asyncio.run(find_interpreter(root, settings.python, find_sandbox("auto")))
    except NoSandbox:
        return Check("project", "note", f"{root}; its Python is not asked, as nothing here can confine it")
    except QuickstudyError as error:
        return Check("project", "missing", f"{root}: {error}")
    version = ".".join(map(str, found.version))
    return Check("project", "ok", f"{root}, run by Python {version} at {found.executable}")


def _bank(root: Path, file: Path) -> Check:
    from quickstudy.bank import Bank
    from quickstudy.languages import language_named

    if not os.path.lexists(file):
        parent = file.parent if file.parent.exists() else file.parent.parent
        if parent.is_dir() and os.access(parent, os.W_OK):
            return Check("bank", "ok", f"none yet; the first run begins {file}")
        return Check("bank", "missing", f"{parent} is no folder that can be written; give --bank FILE")
    try:
        with Bank.open(file, language_named, project=root, read_only=True) as bank:
            return Check("bank", "ok", f"{file}: {count(bank.stats().lessons, 'lesson')}")
    except QuickstudyError as error:
        return Check("bank", "missing", str(error))
