"""What a process says of an exception is read as facts that stand in the sources, and words of its own."""

from pathlib import Path
from typing import Any

import pytest

from quickstudy.lab.python.raised import Sources, read
from quickstudy.lab.supervisor.messages import Raised
from quickstudy.reasons import Code, Reason, reason, sentence
from quickstudy.records import Target

ORIGINAL = "def count(words):\n    total = 0\n    return total\n"
VARIANT = """\
import shelf

def count(words):
    total = 0
    seen = shelf.Case(words)
    total = 0
    return seen.total
"""
MODULE = "import shelf\n\nTOKEN = 'hidden1'\n\n\nclass Desk:\n" + "".join(
    f"    {row}\n" for row in VARIANT.splitlines()[2:]
)
TARGET = Target(Path("/p/desk.py"), "Desk.count", "python", MODULE, ORIGINAL, "LIMIT = 3", "0")
SOURCES = Sources(TARGET, VARIANT, MODULE)


def exception(**more: Any) -> Reason:
    raised = Raised(types=["KeyError", "LookupError"], lines=[], missed=None, words="")
    return read(raised.replace(**more), SOURCES)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, "KeyError"),
        ({"types": ["desk.hidden1", "ValueError", "Exception"]}, "ValueError"),
        ({"types": ["shelf.Case", "Exception"]}, "shelf.Case"),
        ({"types": ["hidden1"]}, "an exception"),
        ({"types": []}, "an exception"),
        ({"missed": "total"}, "KeyError for `total`"),
        ({"missed": "shelf.Case"}, "KeyError for `shelf.Case`"),
        ({"missed": "shelf.hidden1"}, "KeyError"),
        ({"missed": "hidden1"}, "KeyError"),
        ({"missed": "4242"}, "KeyError"),
        ({"types": ["4242"]}, "an exception"),
        ({"lines": [9]}, "KeyError in line 5 (`seen = shelf.Case(words)`)"),
        ({"lines": [8]}, "KeyError in line 4 (`total = 0`)"),
        ({"lines": [10]}, "KeyError in line 6 (`total = 0`)"),
        ({"lines": [9, 3]}, "KeyError in line 5 (`seen = shelf.Case(words)`)"),
        ({"lines": [3, 2, 0, -1, 99]}, "KeyError"),
    ],
)
def test_only_what_stands_in_the_sources_is_a_fact(more: dict[str, Any], expected: str) -> None:
    """A type by its first base that may be disclosed, a line by its place in the variant's own source."""
    assert f"A call of it fails: {expected}." == sentence(reason(Code.CALL_FAILS, exception(**more)))


def test_a_row_that_is_too_long_is_told_by_its_number() -> None:
    """A table in one row says nothing that its number does not."""
    row = f"TABLE = {list(range(100))}"
    sources = Sources(TARGET, f"{row}\n{VARIANT}", f"{row}\n{MODULE}")
    cause = read(Raised(types=["KeyError"], lines=[1], missed=None, words=""), sources)
    assert {"type": "KeyError", "line": "1"} == cause.fields


def test_words_are_one_line_of_bounded_length() -> None:
    """They are shown in a report."""
    assert "a b" == exception(words="a\n\n  b").words
    assert 400 == len(exception(words="x" * 10_000).words)
