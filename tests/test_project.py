"""The project's own folder: nothing in it is followed, and what is written is whole or not there."""

import ast
import os
import re
from pathlib import Path

import pytest

from quickstudy.project import FOLDER, LARGEST, Project, UnsafePath, check

ROOT = Path(__file__).parents[1]
SOURCES = [*(ROOT / "lessons").rglob("*.py"), *(ROOT / "server").rglob("*.py")]


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    """A file of the user's that is not the project's."""
    file = tmp_path / "outside.txt"
    file.write_text("precious")
    return file


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "project").mkdir()
    return Project(tmp_path / "project")


def test_nobody_else_knows_the_folder() -> None:
    """Neither its name nor a path that begins with it stands in another file; sentences may tell of it."""
    path = re.compile(rf"(.*/)?{re.escape(FOLDER)}(/\S*)?")
    for file in SOURCES:
        tree = ast.parse(file.read_text("utf-8"))
        found = [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and path.fullmatch(node.value)
        ]
        found += [
            node.lineno
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            and (node.module, True) == ("quickstudy.project", "FOLDER" in {each.name for each in node.names})
        ]
        assert (1 if file.name == "project.py" else 0) == len(found), (file, found)


def test_a_project_holds_its_own_files() -> None:
    """By where a file lies; one further down, or elsewhere, is no file of ours."""
    root = Path("/project")
    assert Project(root) == Project.holding(Project(root).bank)
    assert (None, None) == (
        Project.holding(root / "lessons.db"),
        Project.holding(root / FOLDER / "a" / "b.db"),
    )


def test_what_is_written_is_read_again(project: Project) -> None:
    """Folders are made on the way, and version control sees none of them."""
    assert project.write("offers/1.json", b"{}") == project.root / ".quickstudy" / "offers" / "1.json"
    assert b"{}" == project.read("offers/1.json")
    assert ["1.json"] == project.names("offers")
    assert "*\n" == (project.folder / ".gitignore").read_text()


def test_a_file_is_replaced_whole(project: Project) -> None:
    """And nothing else is left beside it."""
    project.write("faster.diff", b"long and old")
    project.write("faster.diff", b"new")
    assert b"new" == project.read("faster.diff")
    assert [".gitignore", "faster.diff"] == project.names("")


def test_a_link_in_the_place_of_a_file_is_replaced(project: Project, outside: Path) -> None:
    """It is never written through."""
    project.prepare()
    (project.folder / "faster.diff").symlink_to(outside)
    project.write("faster.diff", b"patch")
    assert ("precious", b"patch") == (outside.read_text(), project.read("faster.diff"))


def test_a_link_is_not_read(project: Project, outside: Path) -> None:
    """Nor is one whose target is not there taken for a missing file."""
    project.prepare()
    (project.folder / "dismissed").symlink_to(outside)
    (project.folder / "dangling").symlink_to(project.root / "nothing")
    for place in ("dismissed", "dangling"):
        with pytest.raises(UnsafePath, match="not followed"):
            project.read(place)


@pytest.mark.parametrize("place", [".quickstudy", ".quickstudy/offers"])
def test_a_folder_that_is_a_link_is_never_used(project: Project, tmp_path: Path, place: str) -> None:
    """Neither ours nor one inside it; nothing is made where it leads."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    link = project.root / place
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(elsewhere)
    for use in (
        lambda: project.write("offers/1.json", b""),
        lambda: project.read("offers/1.json"),
        lambda: project.names("offers"),
        lambda: project.remove("offers/1.json"),
        lambda: project.check("offers/1.json"),
    ):
        with pytest.raises(UnsafePath):
            use()
    assert [] == list(elsewhere.iterdir())


def test_a_pipe_keeps_nobody_waiting(project: Project) -> None:
    """A read of one would wait for a writer for ever."""
    project.prepare()
    os.mkfifo(project.folder / "dismissed")
    with pytest.raises(UnsafePath):
        project.read("dismissed")
    with pytest.raises(UnsafePath):
        project.check("dismissed")


def test_a_folder_in_the_place_of_a_file_is_refused(project: Project) -> None:
    """In one sentence, not with a traceback."""
    (project.folder / "dismissed").mkdir(parents=True)
    with pytest.raises(UnsafePath):
        project.read("dismissed")


def test_a_huge_file_is_not_read(project: Project) -> None:
    """One with holes costs a stranger nothing."""
    project.prepare()
    with (project.folder / "dismissed").open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(OSError, match="large"):
        project.read("dismissed")


def test_removing_a_link_leaves_its_target(project: Project, outside: Path) -> None:
    """Only the link goes; a file that is not there is no error."""
    project.prepare()
    (project.folder / "offer.md").symlink_to(outside)
    project.remove("offer.md")
    project.remove("offers/gone.md")
    assert ("precious", [".gitignore"]) == (outside.read_text(), project.names(""))


def test_a_checked_path_has_no_link_below_its_root(project: Project, outside: Path) -> None:
    """The root itself may be one: the user named it."""
    (project.root / "kept").mkdir()
    assert project.root / "kept" / "bank.db" == check(project.root, project.root / "kept" / "bank.db")
    (project.root / "kept" / "bank.db").symlink_to(outside)
    with pytest.raises(UnsafePath):
        check(project.root, project.root / "kept" / "bank.db")
