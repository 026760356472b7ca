"""The door to the terminal: nothing that somebody else wrote steers it."""

import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from rich.text import Text

from quickstudy.plain_text import harmless, one_line
from quickstudy.shell import terminal
from quickstudy.shell.terminal import Door

QUICKSTUDY = Path(sys.executable).with_name("quickstudy")

HOSTILE = "x\x1b[31mRED\x1b]0;title\x07\x9b2J\u202eevil"
OURS = re.compile(r"\x1b\[(?:[\d;]*m|\?25[lh]|1A|2K)")
"""Colours, and what a progress line needs."""


def on_a_terminal(command: Sequence[str], folder: Path) -> str:
    """What a command writes to a terminal, all of it."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, close_fds=True
    ) as process:
        os.close(theirs)
        written = b""
        try:
            while part := os.read(ours, 1 << 16):
                written += part
        except OSError:  # how Linux says that the last writer has gone
            pass
        process.wait()
    os.close(ours)
    return written.decode(errors="replace")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[2Ja\x07b\x7f\x9bc", "[2Jabc"),
        ("a\r\nb\rc\td", "a\nbc\td"),
        ("\u202ea\u2066b\u200ec\ufeffd\u2028e", "abcde"),
        ("tag\U000e0041s\ud800", "tags"),
        ("👩\u200d💻 naïve", "👩\u200d💻 naïve"),
    ],
)
def test_text_is_made_harmless(text: str, expected: str) -> None:
    """Steering, direction and invisible characters go; letters and their joiners stay."""
    assert expected == harmless(text)


def test_a_line_is_one_line() -> None:
    """No text can pretend to be a line of ours."""
    assert "a Done. b" == one_line("a\nDone.\n\x0b b")


def test_the_door_lets_plain_text_through_only() -> None:
    """For everybody who writes to the stream, also tracebacks and libraries."""
    stream = io.StringIO()
    print(HOSTILE, file=Door(stream))
    assert "x[31mRED]0;title2Jevil\n" == stream.getvalue()


def test_a_console_colours_and_lets_nothing_else_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own escapes reach the terminal, those in the text do not."""
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", Door(stream))
    terminal.out.cache_clear()
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    try:
        terminal.out().print(Text(HOSTILE, "bold"))
    finally:
        terminal.out.cache_clear()
    assert "\x1b[1m" in stream.getvalue()
    assert "" == "".join(re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", OURS.sub("", stream.getvalue())))


CASES = {
    "a key of pyproject.toml": (
        {"pyproject.toml": '[tool.quickstudy]\n"x\\u001b[31mRED\\u001b]0;t\\u0007" = 1\n'},
        ["measure", "app.py::f", "--variant", "app.py"],
    ),
    "a value of pyproject.toml": (
        {"pyproject.toml": '[tool.quickstudy]\nteam = ["openai/x\\u001b[2K\\u001b[1G"]\n'},
        ["doctor"],
    ),
    "a file that is not TOML": ({"pyproject.toml": "[x\x1b]0;t\x07"}, ["doctor"]),
    "an exception of a workload file": (
        {"load.py": "raise RuntimeError('x\\x1b[31mRED\\x1b]0;title\\x07')\n"},
        ["measure", "app.py::f", "--variant", "app.py", "--workload", "load.py"],
    ),
    "a name that was asked for": ({}, ["measure", "app.py::f\x1b[31m", "--variant", "app.py"]),
    "a file that was asked for": ({}, ["measure", "app\x1b]0;t\x07.py::f", "--variant", "app.py"]),
    "a wrong option": ({}, ["measure", "--x\x1b[31m"]),
    "a bank of something else": ({}, ["lessons", "list", "--bank", "b\x1b[31m.db"]),
    "a lesson": ({}, ["lessons", "import", "lessons.jsonl"]),
}


@pytest.mark.parametrize("case", CASES)
def test_nothing_from_outside_steers_the_terminal(tmp_path: Path, case: str) -> None:
    """Whatever a repository, a file or the command line holds."""
    files, arguments = CASES[case]
    plain = {"app.py": "def f(x: int) -> int:\n    return x\n", "lessons.jsonl": '{"\x1b[31m": 1}\n'}
    for name, text in {"pyproject.toml": "", **plain, **files}.items():
        (tmp_path / name).write_text(text)
    written = on_a_terminal([str(QUICKSTUDY), *arguments], tmp_path)
    assert written.strip()
    assert [] == re.findall(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202e]", OURS.sub("", written)), written
