"""A request about an open document touches no disk: a slow one must not be felt at a keystroke."""

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.servers import Editor

from quickstudy.project import project_root

UNAUDITED = ("stat", "lstat", "access", "readlink", "fstat", "getcwd")
"""What of `os` looks at a disk without an event for an audit hook."""

AUDITED = ("open", "import", "os.", "glob.", "shutil.", "sqlite3.", "tempfile.")
"""How the events of the others begin; an import looks for files as well."""


class Disk:
    """What looked at the disk in this process, while that is watched."""

    def __init__(self) -> None:
        self.watched = False
        self.seen: list[str] = []
        sys.addaudithook(self._follow)  # which nothing takes off again

    def _follow(self, event: str, _: object) -> None:
        if self.watched and event.startswith(AUDITED):
            self.seen.append(event)

    @contextmanager
    def watch(self, monkeypatch: pytest.MonkeyPatch) -> Generator[list[str]]:
        """What looks at the disk meanwhile."""
        self.seen = []
        with monkeypatch.context() as patch:
            for name in UNAUDITED:
                patch.setattr(os, name, self._seen(name))
            self.watched = True
            try:
                yield self.seen
            finally:
                self.watched = False

    def _seen(self, name: str) -> Any:
        real = getattr(os, name)

        def look(*given: Any, **more: Any) -> Any:
            self.seen.append(f"os.{name}")
            return real(*given, **more)

        return look


DISK = Disk()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.quickstudy]\nrounds = 2\n")
    return tmp_path


async def test_a_code_action_touches_no_disk(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right after a keystroke, on functions with an offer and with a hint."""
    editor = Editor(project)
    editor.offer()
    editor.suggest()
    editor.actions(0)  # what is imported late has been by now
    with DISK.watch(monkeypatch) as seen:
        editor.type("# 1\n")
        on_offer, on_suggestion = editor.actions(1), editor.actions(5)
    assert [] == seen
    assert "Apply the 3.0x faster `balances`" == on_offer[0]["title"]
    assert "Optimize `highest` with the lesson of `find_common`" == on_suggestion[0]["title"]
    assert 5 == on_suggestion[0]["command"]["arguments"][0]["position"]["line"]


def test_whatever_looks_at_the_disk_is_seen(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the test above means what it says."""
    with DISK.watch(monkeypatch) as seen:
        project_root(project / "ledger.py")
    assert "os.stat" in seen
    for look in (lambda: list(project.iterdir()), (project / "new").touch, project.resolve, Path.cwd):
        with DISK.watch(monkeypatch) as seen:
            look()
        assert [] != seen
