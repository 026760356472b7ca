"""The plan of the house: which rooms may know each other, and what is loaded only when it is used."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import quickstudy
import quickstudy_server

ENGINE = Path(quickstudy.__file__).parent
SERVER = Path(quickstudy_server.__file__).parent
ROOMS = ("languages", "team", "bank", "lab")
SHARED = (
    *("records", "events", "errors", "machine", "project", "plain_text", "search_path", "disclosure"),
    *("tether", "reasons", "verdicts", "figures"),
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
HANDLERS = {"app", "actions", "commands", "documents", "lessons", "__main__"}
"""Of the server: what answers messages, and so is handed the whole of it."""


def imports(file: Path) -> set[str]:
    """The modules of ours that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.startswith("quickstudy")}


def modules(package: Path) -> dict[str, Path]:
    """The files of a package by the names under which they are imported."""
    names = {file: file.relative_to(package.parent).with_suffix("").parts for file in package.rglob("*.py")}
    return {".".join(parts).removesuffix(".__init__"): file for file, parts in names.items()}


def test_no_import_goes_in_a_circle() -> None:
    """Neither in the engine nor in the server; nor do imports that only type checkers see, or late ones."""
    files = modules(ENGINE) | modules(SERVER)
    graph: dict[str, set[str]] = {}
    for name, file in files.items():
        # A name that is no module of its own is a part of the one that it stands in.
        found = {each if each in files else each.rpartition(".")[0] for each in imports(file)}
        graph[name] = (found & files.keys()) - {name}
    TopologicalSorter(graph).prepare()  # a CycleError has the circle in it


def test_no_room_of_the_server_knows_the_whole() -> None:
    """The server puts its rooms together; only handlers of messages are handed it."""
    for file in SERVER.glob("*.py"):
        known = {name for name in imports(file) if name.startswith("quickstudy_server.server")}
        assert file.stem in HANDLERS or set() == known, file.name


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


def test_files_are_short_and_say_what_they_are_for() -> None:
    """At most 300 lines each, and the first of them sums it up; what are mostly tables may be longer."""
    tables = {"settings.py", "reasons.py", "features.py"}
    for file in [*ENGINE.rglob("*.py"), *SERVER.rglob("*.py")]:
        text = file.read_text("utf-8")
        assert file.name in tables or text.count("\n") <= 300, file.name
        assert "demo_project" in file.parts or text.startswith('"""'), file.name


def test_the_core_of_the_lab_knows_no_language() -> None:
    """In names, strings and imports; what files with secrets are called, it knows of many languages."""
    for file in sorted((ENGINE / "lab").glob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        docs = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        words = [
            str(getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "value", ""))
            for node in ast.walk(tree)
            if isinstance(node, (ast.Name, ast.Attribute, ast.Constant)) and id(node) not in docs
        ]
        named = {word for word in words if "python" in word.lower()}
        assert file.stem == "secret_names" or set() == named, file.name
        used = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        assert set() == used & {"ast", "pickle"}, file.name
        assert set() == {name for name in imports(file) if name.startswith("quickstudy.lab.python")}, (
            file.name
        )


CHILDREN = {"supervisor": ("supervisor",), "python/child": ("supervisor", "python.child")}


@pytest.mark.parametrize("package", CHILDREN)
def test_the_children_of_the_lab_need_nothing_of_ours(package: str) -> None:
    """What runs in the project's interpreter is stdlib only, and what children of any language run under."""
    allowed = tuple(f"quickstudy.lab.{name}" for name in CHILDREN[package])
    for file in (ENGINE / "lab" / package).glob("*.py"):
        assert set() == {name for name in imports(file) if not name.startswith(allowed)}, file.name
        tops = {
            alias.name.split(".")[0]
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            if isinstance(node, ast.Import)
            for alias in node.names
        }
        assert tops - {"pytest", "quickstudy"} <= sys.stdlib_module_names, file.name


def test_the_lab_hides_nothing_from_tools() -> None:
    """Its modules are imported plainly, at the tops of files, and a type that is ignored says why."""
    hidden = re.compile(r"sibling\(|tools\[\"|# noqa: E402|# type: ignore(\[[\w-]+\])?\s*$", re.MULTILINE)
    for file in (ENGINE / "lab").rglob("*.py"):
        assert [] == hidden.findall(file.read_text("utf-8")), file.name
