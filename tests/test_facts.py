"""English is no API: what a program must know is a field, and no sentence of ours is read back."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EDITORS = [*(ROOT / "editors/vscode/src").glob("*.ts"), *(ROOT / "editors/neovim").rglob("*.lua")]

SENTENCES = ("said", "text", "reason", "message", "title", "stdout")
"""The fields that are words, of our answers and of a command's."""

READ = re.compile(
    rf"\.(?:{'|'.join(SENTENCES)})\s*(?::(?:match|find|gmatch)\(|\.(?:match|search|split|startsWith|includes)\()"
    rf"|\.exec\([^)]*\.(?:{'|'.join(SENTENCES)})\)"
    rf"|\.test\([^)]*\.(?:{'|'.join(SENTENCES)})\)"
)


@pytest.mark.parametrize("file", EDITORS, ids=lambda file: file.name)
def test_no_editor_reads_a_sentence(file: Path) -> None:
    """Round and phase, checks of the doctor: each is a field of the answer."""
    assert [] == [row.strip() for row in file.read_text("utf-8").splitlines() if READ.search(row)]


@pytest.mark.parametrize(
    "row",
    [
        "const round = /^round (\\d+) of (\\d+)/.exec(job.said);",
        "local round, rounds = job.said:match('^round (%d+) of (%d+)')",
        "if (report.reason.includes('locked'))",
    ],
)
def test_reading_would_be_seen(row: str) -> None:
    """The pattern of this test finds what there was."""
    assert READ.search(row)
