"""The plugin in a real Neovim of 80 columns, loaded as a package, with what a user would do and see.

Builds on `real_neovim`, which drives Neovim; here are the plugin's commands, its messages and the screen.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.e2e.real_neovim import Neovim, neovim

PLUGIN = Path(__file__).parents[2] / "editors" / "neovim"

_SCREEN = """
vim.cmd.redraw()
local rows = {}
for row = 1, vim.o.lines do
  local cells = {}
  for column = 1, vim.o.columns do
    cells[column] = vim.fn.screenstring(row, column)
  end
  rows[row] = (table.concat(cells):gsub('%s+$', ''))
end
return table.concat(rows, '\\n')
"""


_CORNER = """
for _, window in ipairs(vim.api.nvim_list_wins()) do
  if vim.api.nvim_win_get_config(window).relative ~= '' then
    return vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, true)
  end
end
return {}
"""


_LENSES = """
local found = {}
for name, space in pairs(vim.api.nvim_get_namespaces()) do
  if name:find('codelens', 1, true) then
    for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, space, 0, -1, { details = true })) do
      table.insert(found, mark[4].virt_text[1][1])
    end
  end
end
return found
"""


class Plugin:
    """The plugin as its user has it."""

    def __init__(self, nvim: Neovim) -> None:
        self.nvim = nvim

    def run(self, command: str) -> None:
        self.nvim.session.command(f"Quickstudy{command}")

    def keys(self, keys: str) -> None:
        """Type, and let Neovim take all of it before anything else."""
        session = self.nvim.session
        session.feedkeys(session.replace_termcodes(keys, True, True, True), "xt")

    def to(self, line: int) -> None:
        """Put the cursor at the beginning of a line, counted from 1."""
        self.nvim.session.current.window.cursor = (line, 0)

    def until(self, lua: str) -> None:
        """Wait until a Lua expression is true."""
        self.nvim.wait(f"return {lua}")

    def status(self, pattern: str) -> str:
        """Wait for a status that matches a Lua pattern."""
        return self.nvim.wait(f"return require('quickstudy').status():match({pattern!r})")

    def told(self, part: str) -> None:
        """Wait until `:messages` has a sentence with that in it."""
        self.until(f"vim.fn.execute('messages'):find({part!r}, 1, true)")

    def page(self, part: str) -> list[str]:
        """Wait until the current buffer is one of the plugin's and has that in it; its lines."""
        name = "vim.api.nvim_buf_get_name(0):find('Quickstudy: ', 1, true)"
        self.until(f"{name} and vim.fn.search({part!r}, 'nw') > 0")
        return self.nvim.session.current.buffer[:]

    @property
    def screen(self) -> str:
        """What the user sees, row by row."""
        return self.nvim.lua(_SCREEN)

    @property
    def corner(self) -> str:
        """The sentences in the corner of the screen, wherever their rows break."""
        return "\n".join(self.nvim.lua(_CORNER))

    @property
    def lenses(self) -> list[str]:
        """The code lenses that are drawn in the current buffer."""
        return self.nvim.lua(_LENSES)


@contextmanager
def plugin(
    project: Path, home: Path, settings: Mapping[str, object], options: str = "", name: str = "ledger.py"
) -> Generator[Plugin]:
    """A Neovim with the plugin, its user's options, and a file of the project open."""
    start = home / "site" / "pack" / "quickstudy" / "start"
    start.mkdir(parents=True)
    (start / "quickstudy").symlink_to(PLUGIN)
    with neovim(project) as nvim:
        nvim.session.ui_attach(80, 24, rgb=True)
        nvim.lua("vim.opt.packpath:prepend(...) vim.cmd.packloadall({ bang = true })", str(home / "site"))
        if options:
            nvim.lua(f"require('quickstudy').setup({options})")
        nvim.enable(settings)
        nvim.edit(name)
        yield Plugin(nvim)
