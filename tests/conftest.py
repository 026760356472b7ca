"""What several test files share."""

import asyncio
import compileall
import os
import venv
from pathlib import Path

import pytest

from quickstudy.errors import QuickstudyError
from quickstudy.lab import reference
from quickstudy.machine import cache_folder
from quickstudy.team.catalogue import Model, find
from quickstudy.team.pull import pull

collect_ignore = ["data"]
"""Projects and texts that tests work on: a file in there that is named like a test is theirs."""

LONGEST = (
    "test_honest.py",
    "test_vscode.py",
    "test_killed.py",
    "test_tricks.py",
    "test_neovim.py",
    "test_cli.py",
    "test_hostile_repositories.py",
    "test_races.py",
    "test_job.py",
    "test_lab.py",
    "test_attempt.py",
    "test_effects.py",
    "test_neovim_plugin.py",
    "test_cli_bank.py",
    "test_workload.py",
    "test_keeping.py",
    "test_hints.py",
    "test_trust.py",
    "test_suite.py",
    "test_consent.py",
    "test_no_verdict.py",
    "test_engine.py",
)
"""Files that take minutes, the longest first, so that no process is left alone with one in the end."""


def pytest_configure(config: pytest.Config) -> None:
    """Make byte code of ours, as pip does where it installs: else each command and each server makes it anew.

    Those are hundreds, and one that may write none, as `PYTHONDONTWRITEBYTECODE` says, keeps none.
    """
    if not hasattr(config, "workerinput"):
        for name in ("lessons", "server"):
            compileall.compile_dir(Path(__file__).parents[1] / name, quiet=2)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first; within a file as it stands there."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(places)))


@pytest.fixture(scope="session", autouse=True)
def bare(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the projects of all tests run on: a Python that has none of our packages."""
    folder = tmp_path_factory.mktemp("bare")
    venv.create(folder, symlinks=True)
    os.environ["VIRTUAL_ENV"] = str(folder)


@pytest.fixture(scope="session", autouse=True)
def alone(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A cache of this process's own, with what takes long to get, and no settings of the user's.

    The machine's lock lies there: a model that is slow, or never answers, in one process of the tests would
    keep those of the others waiting for as long. Shared are models, and Hypothesis' tables of Unicode.
    """
    folder = tmp_path_factory.mktemp("cache") / "quickstudy"
    folder.mkdir()
    for name in ("models", "hypothesis"):
        shared = cache_folder() / name
        shared.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(shared)
    os.environ["XDG_CACHE_HOME"] = str(folder.parent)
    os.environ["XDG_CONFIG_HOME"] = str(tmp_path_factory.mktemp("config"))
    os.environ["XDG_STATE_HOME"] = str(tmp_path_factory.mktemp("state"))


@pytest.fixture
def few_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few of the larger calls that are made to be timed: of a function that does little they take longest."""
    monkeypatch.setattr(reference, "GROWN", 2)


@pytest.fixture(scope="session")
def model() -> Model:
    """The smallest embedded model in the user's own cache, fetched if it is not there."""
    model = find("qwen2.5-coder-0.5b")
    try:
        asyncio.run(pull(model, lambda phase, done, total: None))
    except QuickstudyError as error:
        pytest.skip(str(error))
    return model
