"""A real Neovim with nothing but `vim.lsp.config` and `vim.lsp.enable`: from the code action to undo."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.conftest import settings
from tests.e2e.real_neovim import Neovim, neovim
from tests.openai_server import OpenAIServer

from quickstudy.team.catalogue import Model

RESULT_S = 300
"""A real model's round on a busy machine."""


def status_of_the_tests(project: Path) -> int:
    """The exit status of the project's own tests."""
    return subprocess.run([sys.executable, "-m", "unittest", "-q"], cwd=project, check=False).returncode


def test_a_function_becomes_faster_and_undo_takes_it_back(project: Path, team: OpenAIServer) -> None:
    """Open, code action, wait, apply; the buffer has it, its tests are green, undo gives the old text."""
    with neovim(project) as nvim:
        nvim.enable(settings(team))
        nvim.edit("ledger.py")
        before = nvim.text
        nvim.action("Optimize `balances`", line=6)
        assert "balances can be" in nvim.question()
        assert before == nvim.text, "nothing is applied unasked"
        nvim.choose("Apply")
        nvim.says("Applied")
        assert "return list(accumulate(bookings))" in nvim.text
        nvim.session.command("write")
        assert 0 == status_of_the_tests(project)
        nvim.undo()
        assert before == nvim.text


TOTAL = '''\
def total(prices: list[int]) -> int:
    """The sum of all prices.

    >>> total([3, 4, 5])
    12
    """
    result = 0
    for i in range(len(prices)):
        result = result + prices[i]
    return result
'''
TRIES = 12
"""So many jobs of one round the smallest model may need: it is no wizard."""


def tries(nvim: Neovim) -> Iterator[bool]:
    """For one job after the other, whether it ended with an offer."""
    for _ in range(TRIES):
        nvim.action("Optimize `total`", line=8)
        yield nvim.offers("total", RESULT_S)


@pytest.mark.model
def test_the_smallest_model_from_the_code_action_to_undo(project: Path, model: Model) -> None:
    """The same with nothing scripted, on a function that such a model can make faster."""
    (project / "prices.py").write_text(TOTAL, "utf-8")
    with neovim(project) as nvim:
        nvim.enable({"team": [f"local/{model.name}"], "rounds": 1})
        nvim.edit("prices.py")
        before = nvim.text
        assert any(tries(nvim)), nvim.lua("return _G.said")
        nvim.choose("Apply")
        nvim.says("Applied")
        assert before != nvim.text
        nvim.session.command("write")
        assert 0 == status_of_the_tests(project)
        nvim.undo()
        assert before == nvim.text
