"""The files that other editors take: each parses, and starts our server as it has to be started."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest

from quickstudy.settings import TABLE
from quickstudy_server.settings import choose

EDITORS = Path(__file__).parents[1] / "editors"
SERVER = "quickstudy-server"
TOKEN = re.compile(r""";[^\n]*|\s+|(?P<token>"(?:[^"\\]|\\.)*"|[()]|['`,]|[^\s()"';`,]+)""")


def read(name: str) -> str:
    return (EDITORS / name).read_text("utf-8")


def forms(text: str) -> list[Any]:
    """The forms of a piece of Lisp as lists and words; ValueError if a parenthesis has no partner."""
    stack: list[list[Any]] = [[]]
    at = 0
    while at < len(text):
        found = TOKEN.match(text, at)
        if found is None:
            raise ValueError(text[at : at + 20])
        at = found.end()
        match found["token"]:
            case None | "'" | "`" | ",":
                pass
            case "(":
                stack.append([])
            case ")":
                done = stack.pop()
                if not stack:
                    raise ValueError("a parenthesis too many")
                stack[-1].append(done)
            case token:
                stack[-1].append(token)
    if len(stack) > 1:
        raise ValueError("a parenthesis is missing")
    return stack[0]


def test_helix() -> None:
    """A server beside those that are used anyway, and settings that are ours."""
    table = tomllib.loads(read("helix/languages.toml"))
    server = table["language-server"]["quickstudy"]
    assert (SERVER, {"PYTHONPATH": ""}) == (server["command"], server["environment"])
    assert () == choose(Path(), server["config"]).problems
    (python,) = table["language"]
    assert ("python", "quickstudy") == (python["name"], python["language-servers"][-1])


def test_zed() -> None:
    """Our server stands in the place of one that Zed knows, and that Python uses."""
    table = json.loads(read("zed/settings.json"))
    ((name, server),) = table["lsp"].items()
    assert name in table["languages"]["Python"]["language_servers"]
    assert (SERVER, {"PYTHONPATH": ""}) == (server["binary"]["path"], server["binary"]["env"])
    assert () == choose(Path(), server["initialization_options"]).problems


def test_sublime() -> None:
    """One client for Python, and settings that are ours."""
    client = json.loads(read("sublime/LSP.sublime-settings"))["clients"]["quickstudy"]
    assert ([SERVER], {"PYTHONPATH": ""}) == (client["command"], client["env"])
    assert (True, "source.python") == (client["enabled"], client["selector"])
    ours = {key.removeprefix("quickstudy."): value for key, value in client["settings"].items()}
    assert () == choose(Path(), ours).problems


def test_emacs() -> None:
    """The server is the one of Python's modes, and its settings are ours."""
    program, settings = (form for form in forms(read("emacs/quickstudy.el")) if len(form) == 3)
    modes, _, command = program[2]
    assert ["python-mode", "python-ts-mode"] == modes
    assert ["env", "PYTHONPATH=", SERVER] == [json.loads(word) for word in command]
    section, table = settings[2]
    assert ":quickstudy" == section
    assert {word.lstrip(":") for word in table[::2]} <= {setting.camel for setting in TABLE}


def test_emacs_asks_before_a_repository_has_its_way() -> None:
    """Eglot calls its settings safe in `.dir-locals.el`, whatever they are; our file takes that back."""
    assert ["put", "eglot-workspace-configuration", "safe-local-variable", "nil"] in forms(
        read("emacs/quickstudy.el")
    )


FILES_OF_PROJECTS = {
    "helix": ".helix/languages.toml",
    "zed": ".zed/settings.json",
    "sublime": "*.sublime-project",
    "emacs": ".dir-locals.el",
    "neovim": ".nvim.lua",
    "vscode": "pyproject.toml",
}


@pytest.mark.parametrize("editor", FILES_OF_PROJECTS)
def test_each_page_tells_what_a_repository_may_decide(editor: str) -> None:
    """By the file that the editor would read of it."""
    assert f"`{FILES_OF_PROJECTS[editor]}`" in read(f"{editor}/README.md")


@pytest.mark.skipif(shutil.which("emacs") is None, reason="there is no Emacs here to read its file")
def test_emacs_reads_it() -> None:
    """Emacs itself finds the forms whole."""
    file = EDITORS / "emacs" / "quickstudy.el"
    whole = "(progn (emacs-lisp-mode) (check-parens))"
    subprocess.run(["emacs", "--batch", str(file), "--eval", whole], check=True, capture_output=True)


@pytest.mark.parametrize("text", ["(a (b)", "(a))", '("a'])
def test_broken_lisp_is_seen(text: str) -> None:
    """The reader of these tests takes no file that is cut."""
    with pytest.raises(ValueError, match=r"."):
        forms(text)


@pytest.mark.parametrize("editor", ["helix", "zed", "emacs", "sublime", "neovim"])
def test_each_editor_is_in_the_readme(editor: str) -> None:
    """The README leads to its page, and the page names the file to take."""
    main = (EDITORS.parent / "README.md").read_text("utf-8")
    assert f"(editors/{editor}/README.md)" in main
    page = read(f"{editor}/README.md")
    files = [file.name for file in (EDITORS / editor).iterdir() if file.is_file() and file.suffix != ".md"]
    assert all(f"`{name}`" in page for name in files)
