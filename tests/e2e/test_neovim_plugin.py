"""The Neovim plugin with a scripted team: each command, as its user types it and sees what comes of it."""

import json
import os
from pathlib import Path

from tests.e2e import test_offer
from tests.e2e.conftest import settings
from tests.e2e.neovim_plugin import Plugin, plugin
from tests.e2e.test_offer import WINNER
from tests.openai_server import OpenAIServer, hang

from quickstudy_server.offers import Offer

offer = test_offer.offer
TABS = "#vim.api.nvim_list_tabpages()"
MAPPED = """
local maps = ... == 'buffer' and vim.api.nvim_buf_get_keymap(0, 'n') or vim.api.nvim_get_keymap('n')
local ours = vim.tbl_filter(function(map)
  return vim.tbl_contains({ 'a', 'x', 'q', 'p', 'd', '<CR>' }, map.lhs)
end, maps)
local keys = vim.tbl_map(function(map) return map.lhs end, ours)
table.sort(keys)
return keys
"""
GONE = "require('quickstudy').status() == ''"


def open_diff(neovim: Plugin) -> None:
    neovim.run("Diff")
    neovim.until(f"{TABS} == 2")


def test_from_the_command_to_the_report(project: Path, tmp_path: Path, team: OpenAIServer) -> None:
    """Progress, the offer, the diff, accepted and undone, and what is told of the run."""
    with plugin(project, tmp_path, settings(team)) as neovim:
        before = neovim.nvim.text
        neovim.nvim.lua(
            "_G.seen = {}\n"
            "vim.api.nvim_create_autocmd('User', { pattern = 'QuickstudyChanged', callback = function()\n"
            "  _G.seen[require('quickstudy').status()] = true\n"
            "end })"
        )
        neovim.to(6)
        neovim.run("Optimize")
        neovim.status("^starting$")
        neovim.until("_G.seen['round 1/1']")
        assert "Optimizing balances, " in neovim.screen
        neovim.status("^%d[%d.]*x waiting$")
        neovim.told("balances can be")
        assert ":QuickstudyDiff shows it" in neovim.corner
        assert before == neovim.nvim.text, "nothing is applied unasked"
        open_diff(neovim)
        assert "a apply  x dismiss  q later" in neovim.screen
        neovim.keys("a")
        neovim.told("Applied")
        neovim.until(f"{TABS} == 1 and {GONE}")
        assert WINNER in neovim.nvim.text
        neovim.nvim.undo()
        assert before == neovim.nvim.text
        neovim.run("Report")
        report = neovim.page("## Cost")
        assert "# balances in ledger.py" == report[0]
        assert any(line.startswith("- r1a1 by hosted_vllm/scripted: faster, ") for line in report)
        assert "- #1, faster: Carry the balance along." in report
        neovim.keys("q")
        neovim.run("Lessons")
        assert "    Carry the balance along." == neovim.page("#1 balances in ledger.py: faster")[1]


def test_a_run_is_cancelled(project: Path, tmp_path: Path) -> None:
    """The one that is chosen, then all; nothing is left in the corner and the statusline."""
    with OpenAIServer(hang()) as server, plugin(project, tmp_path, settings(server)) as neovim:
        neovim.run("Cancel")
        neovim.told("Nothing runs.")
        for line in (4, 19):
            neovim.to(line)
            neovim.run("Optimize")
        neovim.status("^round 1/1$")
        neovim.to(1)
        neovim.run("Cancel")
        assert "Which one?" == neovim.nvim.question()
        neovim.nvim.choose("highest_so_far in ledger.py: queued")
        neovim.told("The run for highest_so_far was cancelled")
        neovim.run("Cancel!")
        neovim.told("The run for balances was cancelled")
        neovim.until(GONE)
        assert "Optimizing" not in neovim.screen
        neovim.to(4)
        neovim.run("Report")
        assert "The run was interrupted." in neovim.page("Cost")


def test_a_variant_is_rejected(project: Path, tmp_path: Path, offer: Offer) -> None:
    """In the diff: the buffer stays, and the hint, the lens and the status go."""
    with plugin(project, tmp_path, {}) as neovim:
        neovim.status("^12x waiting$")
        neovim.until("#vim.diagnostic.get(0) == 1")
        neovim.nvim.wait("return vim.lsp.codelens.get(0)[1]")
        assert ["12x faster (11x to 13x): apply"] == neovim.lenses
        before = neovim.nvim.text
        open_diff(neovim)
        neovim.keys("x")
        neovim.told("The faster balances was dismissed.")
        neovim.until(f"{TABS} == 1 and #vim.diagnostic.get(0) == 0 and {GONE}")
        neovim.until("#vim.lsp.codelens.get(0) == 0")
        assert ([], before) == (neovim.lenses, neovim.nvim.text)
        neovim.run("Diff")
        neovim.told("No faster variant waits.")


def test_the_diff_shows_whole_rows(project: Path, tmp_path: Path, offer: Offer) -> None:
    """One above the other on 80 columns, beside each other where there is room; both can be left."""
    with plugin(project, tmp_path, {}) as neovim:
        neovim.status("waiting")
        row = "def balances(bookings: list[int]) -> list[int]:"
        for columns, halves in ((80, "col"), (160, "row")):
            neovim.nvim.session.ui_try_resize(columns, 24)
            neovim.until(f"vim.o.columns == {columns}")
            open_diff(neovim)
            layout = neovim.nvim.session.funcs.winlayout()
            assert halves == layout[0]
            assert 2 == neovim.screen.count(row)
            assert "Faster: 12x (11x to 13x)" in neovim.screen
            neovim.keys(":quit<CR>")
            neovim.until(f"{TABS} == 1")
        neovim.status("waiting")


def test_a_variant_of_a_changed_function_is_gone(project: Path, tmp_path: Path, offer: Offer) -> None:
    """Its diff closes by itself, and one that is asked for too late is refused in a sentence."""
    with plugin(project, tmp_path, {}) as neovim:
        neovim.status("waiting")
        neovim.nvim.lua(
            "_G.job = require('quickstudy.jobs').known[1] _G.source = vim.api.nvim_get_current_buf()"
        )
        open_diff(neovim)
        neovim.nvim.lua("vim.api.nvim_buf_set_lines(_G.source, 9, 10, true, { '    result = []' })")
        neovim.until(f"{TABS} == 1 and {GONE}")
        neovim.nvim.lua("require('quickstudy.diff').open(vim.lsp.get_clients()[1], _G.job)")
        neovim.told("offers nothing: it found nothing, or its function was changed since.")


def test_commands_without_the_diff(project: Path, tmp_path: Path, offer: Offer) -> None:
    """A variant is applied and dismissed by command; the cursor in another function does not matter."""
    with plugin(project, tmp_path, {}) as neovim:
        neovim.status("waiting")
        neovim.to(25)
        neovim.run("Apply")
        neovim.told("Applied")
        assert WINNER in neovim.nvim.text
        neovim.run("Dismiss")
        neovim.told("No faster variant waits.")


def test_lessons_are_kept_in_order(project: Path, tmp_path: Path, team: OpenAIServer) -> None:
    """Searched, pinned, followed to their function, and forgotten."""
    with plugin(project, tmp_path, settings(team), name="test_ledger.py") as neovim:
        neovim.run("Lessons")
        neovim.page("There is no lesson yet.")
        neovim.keys("q")
        neovim.nvim.edit("ledger.py")
        neovim.to(4)
        neovim.run("Optimize")
        neovim.status("waiting")
        neovim.run("Lessons nowhere")
        neovim.page("There is no lesson with nowhere in it.")
        neovim.run("Lessons carry")
        assert 2 == len(neovim.page("#1 balances"))
        neovim.keys("p")
        neovim.page("pinned")
        neovim.keys("p")
        neovim.until("vim.fn.search('pinned', 'nw') == 0")
        neovim.keys("dk")
        neovim.page("#1 balances")
        neovim.keys("<CR>")
        neovim.until(
            "vim.fn.getline('.'):find('def balances') ~= nil and vim.fn.expand('<cword>') == 'balances'"
        )
        neovim.run("Lessons")
        neovim.page("#1 balances")
        neovim.keys("df")
        neovim.page("There is no lesson yet.")


def test_nothing_is_mapped_unasked(project: Path, tmp_path: Path, offer: Offer) -> None:
    """The diff's keys are those of its two buffers, and of no other."""
    with plugin(project, tmp_path, {}) as neovim:
        neovim.status("waiting")
        open_diff(neovim)
        assert ["a", "q", "x"] == neovim.nvim.lua(MAPPED, "buffer")
        neovim.keys("q")
        neovim.until(f"{TABS} == 1")
        assert [] == neovim.nvim.lua(MAPPED, "buffer")
        assert [] == neovim.nvim.lua(MAPPED, "global")


def test_the_options(project: Path, tmp_path: Path, offer: Offer) -> None:
    """Without the corner sentences go to `vim.notify`; without lenses there are none."""
    with plugin(project, tmp_path, {}, "{ corner = false, codelens = false }") as neovim:
        neovim.status("waiting")
        neovim.run("Dismiss")
        neovim.nvim.says("Quickstudy: The faster balances was dismissed.")
        assert [] == neovim.lenses


def test_a_killed_server_leaves_nothing_behind(project: Path, tmp_path: Path) -> None:
    """Its run is no longer shown, and a command says that there is no server."""
    with OpenAIServer(hang()) as server, plugin(project, tmp_path, settings(server)) as neovim:
        neovim.to(4)
        neovim.run("Optimize")
        neovim.status("^round 1/1$")
        (server_pid,) = neovim.nvim.lua("return vim.api.nvim_get_proc_children(vim.fn.getpid())")
        os.kill(server_pid, 9)
        neovim.until(GONE)
        assert "Optimizing" not in neovim.screen
        neovim.run("Optimize")
        neovim.told("Quickstudy does not run here. :checkhealth quickstudy tells why.")


def test_files_of_a_project_decide_nothing(project: Path, tmp_path: Path) -> None:
    """Neither those of Neovim nor of other editors: the user's own team is asked, and no other."""
    with OpenAIServer(hang()) as mine, OpenAIServer(hang()) as stranger:
        theirs = json.dumps({f"quickstudy.{name}": value for name, value in settings(stranger).items()})
        (project / ".vscode").mkdir()
        (project / ".vscode" / "settings.json").write_text(theirs, "utf-8")
        taken = f"vim.lsp.config('quickstudy', {{ settings = vim.json.decode([==[{theirs}]==]) }})"
        (project / ".nvim.lua").write_text(taken, "utf-8")
        (project / ".exrc").write_text(f"lua {taken}\n", "utf-8")
        with plugin(project, tmp_path, settings(mine)) as neovim:
            neovim.to(6)
            neovim.run("Optimize")
            neovim.status("^round 1/1$")
            assert mine.arrived.wait(30)
            assert [] == stranger.requests


def test_text_of_a_page_sets_nothing(project: Path, tmp_path: Path) -> None:
    """A line that Vim takes for settings in a file is a line of text in a page."""
    show = (
        "local page = require('quickstudy.page')\n"
        "local buffer = page.buffer('test', { '# vim: set textwidth=7:', 'vim: textwidth=7' }, ...)\n"
        "page.show(buffer, 'Test', {})\n"
        "return { vim.bo.textwidth, vim.bo.modeline }"
    )
    with plugin(project, tmp_path, {}) as neovim:
        assert [0, False] == neovim.nvim.lua(show, "markdown")
        line = "return require('quickstudy.words').line(...)"
        assert "a b [31mred c" == neovim.nvim.lua(line, " a\nb\x1b[31mred\x00\t c")
