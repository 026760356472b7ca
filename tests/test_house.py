"""The plan of the house: which rooms may know each other, and what is loaded only when it is used."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import quickstudy
import quickstudy_server

ENGINE = Path(quickstudy.__file__).parent
SERVER = Path(quickstudy_server.__file__).parent
ROOMS = ("languages", "team", "bank", "lab")
SHARED = (
    *("records", "events", "errors", "machine", "project", "plain_text", "search_path", "disclosure"),
    "tether",
)
HEAVY = (
    "litellm",
    "xllamacpp",
    "rich",
    "httpx",
    "openai",
    "pygls",
    "lsprotocol",
    "platformdirs",
)


def imports(file: Path) -> set[str]:
    """The modules of ours that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("quickstudy")}


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_knows_no_other(room: str) -> None:
    """Rooms import themselves and the shared nouns, nothing else of ours."""
    allowed = tuple(f"quickstudy.{name}" for name in (room, *SHARED))
    for file in (ENGINE / room).rglob("*.py"):
        strangers = {name for name in imports(file) if not name.startswith(allowed)}
        assert set() == strangers, file.name


def test_a_language_is_reached_by_its_protocol_alone() -> None:
    """Nobody imports from a language's package but the package itself, and the table that loads it."""
    languages = ENGINE / "languages"
    packages = [folder for folder in languages.iterdir() if (folder / "__init__.py").exists()]
    assert packages
    for package in packages:
        name = f"quickstudy.languages.{package.name}"
        for file in (*ENGINE.rglob("*.py"), *SERVER.rglob("*.py")):
            if not file.is_relative_to(package) and file != languages / "__init__.py":
                assert not {each for each in imports(file) if each.startswith(name)}, file


RELEASED = {
    "bank/released.py": (3, "what exported files and the identity of lessons are made of, for good"),
    "bank/migrations.py": (2, "the first step's name and meaning of a column, released"),
}
"""Where the core must name the language that it once was about: how often, and why."""


@pytest.mark.parametrize("word", ["import ast", "pickle", "python"])
def test_the_core_knows_no_language(word: str) -> None:
    """What asks models, reads replies and keeps lessons is the same for all."""
    core = [*(ENGINE / "bank").glob("*.py"), *(ENGINE / "team" / "prompts").rglob("*.txt")]
    core += [ENGINE / "team" / f"{name}.py" for name in ("prompts", "reply", "language")]
    for file in core:
        often, _ = RELEASED.get(str(file.relative_to(ENGINE)), (0, "")) if word == "python" else (0, "")
        assert often == file.read_text("utf-8").lower().count(word), file


def test_the_engine_knows_no_editor() -> None:
    """Arrows run one way: the server imports the engine."""
    for file in ENGINE.rglob("*.py"):
        assert not {name for name in imports(file) if name.startswith("quickstudy_server")}, file.name


def test_the_loop_knows_only_shapes() -> None:
    """The method imports no room; the rooms are handed in."""
    rooms = tuple(f"quickstudy.{room}" for room in ROOMS)
    assert set() == {name for name in imports(ENGINE / "loop.py") if name.startswith(rooms)}


@pytest.mark.parametrize("arguments", [("--help",), ("optimize", "--help"), ("lessons", "--help")])
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    """At run time: help is answered before anything that costs is imported."""
    code = (
        "import sys\n"
        "from quickstudy.cli import main\n"
        f"sys.argv = ['quickstudy', *{arguments!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == done.stderr.strip()


def test_the_children_of_the_lab_need_nothing_of_ours() -> None:
    """What runs in the project's interpreter is stdlib only."""
    for file in (ENGINE / "lab" / "runner").glob("*.py"):
        assert set() == imports(file), file.name
        tops = {
            alias.name.split(".")[0]
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert tops - {"pytest"} <= sys.stdlib_module_names, file.name
