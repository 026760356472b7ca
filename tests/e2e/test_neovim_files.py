"""What the Neovim plugin is besides its commands: how it is loaded, its help, and its check of health."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.e2e.neovim_plugin import PLUGIN, plugin
from tests.e2e.real_neovim import SERVER, executable, neovim

HELP = (PLUGIN / "doc" / "quickstudy.txt").read_text("utf-8")
README = (PLUGIN / "README.md").read_text("utf-8")
SOURCE = (PLUGIN / "plugin" / "quickstudy.lua").read_text("utf-8")
COMMANDS = [f"Quickstudy{name}" for name in re.findall(r"^command\('(\w+)'", SOURCE, re.M)]


def bare(home: Path) -> str:
    """A link in the folder of packages; nothing in the configuration."""
    start = home / "data" / "nvim" / "site" / "pack" / "quickstudy" / "start"
    start.mkdir(parents=True)
    (start / "quickstudy").symlink_to(PLUGIN)
    return ""


def managed(home: Path) -> str:
    """What lazy.nvim and vim-plug do with a folder of a repository: it is put on the runtime path."""
    return f"vim.opt.runtimepath:prepend([[{PLUGIN}]])\n"


@pytest.mark.parametrize("way", [bare, managed])
def test_it_is_loaded_as_users_load_it(tmp_path: Path, way: Callable[[Path], str]) -> None:
    """At a real start: the commands are there, the server is configured, and nothing of ours has run yet."""
    program = executable()
    config = tmp_path / "config" / "nvim"
    config.mkdir(parents=True)
    lines = way(tmp_path) + "vim.lsp.enable('quickstudy')\n"
    (config / "init.lua").write_text(lines, encoding="utf-8")
    told = (
        "local ours = vim.tbl_filter(function(name)\n"
        "  return vim.startswith(name, 'quickstudy')\n"
        "end, vim.tbl_keys(package.loaded))\n"
        "local commands = vim.tbl_filter(function(name)\n"
        "  return vim.startswith(name, 'Quickstudy')\n"
        "end, vim.tbl_keys(vim.api.nvim_get_commands({})))\n"
        "table.sort(commands)\n"
        "local config = vim.lsp.config.quickstudy\n"
        "io.stdout:write(table.concat(ours, ' '), '|', table.concat(commands, ' '), '|',\n"
        "  config.cmd[1], ' [', config.cmd_env.PYTHONPATH, ']')\n"
    )
    places = {f"XDG_{name}_HOME": str(tmp_path / name.lower()) for name in ("CONFIG", "DATA", "STATE")}
    done = subprocess.run(
        [program, "--headless", "-n", "-c", f"lua {' '.join(told.split())}", "-c", "qall"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **places},
    )
    assert f"|{' '.join(sorted(COMMANDS))}|quickstudy-server []" == done.stdout
    assert "" == done.stderr


def test_the_help_is_valid_and_whole(tmp_path: Path) -> None:
    """Its tags are unique, each link leads somewhere, and each command is described, also in the README."""
    assert len(COMMANDS) > 6
    with neovim(tmp_path) as nvim:
        copy = tmp_path / "plugin" / "doc"
        copy.mkdir(parents=True)
        (copy / "quickstudy.txt").write_text(HELP, encoding="utf-8")
        nvim.session.command(f"helptags {copy}")
        nvim.lua("vim.opt.runtimepath:append(...)", str(copy.parent))
        for link in {*re.findall(r"\|([^|\s]+)\|", HELP), *(f":{name}" for name in COMMANDS), "quickstudy"}:
            nvim.session.command(f"help {link}")
            assert "help" == nvim.session.current.buffer.options["filetype"]
    assert {*COMMANDS} <= {*re.findall(r"Quickstudy\w+", README)}
    assert max(map(len, HELP.splitlines())) < 79


def test_the_health_of_a_good_installation(project: Path, tmp_path: Path) -> None:
    """Each thing is looked at, the machine by the doctor of the same installation."""
    with plugin(project, tmp_path, {}) as neovim:
        neovim.nvim.session.command("checkhealth quickstudy")
        found = "\n".join(neovim.nvim.session.current.buffer[:])
        for part in (f"OK Server: {SERVER}", "OK Switched on", f"OK Runs for {project}", "OK python: "):
            assert part in found
        assert "OK Neovim 0." in found


def test_the_health_without_a_server(tmp_path: Path) -> None:
    """What is missing is said, with what to do."""
    with neovim(tmp_path) as nvim:
        nvim.lua("vim.opt.runtimepath:prepend(...)", str(PLUGIN))
        nvim.lua("vim.lsp.config('quickstudy', { cmd = { 'no-such-program' } })")
        nvim.session.command("checkhealth quickstudy")
        found = " ".join("\n".join(nvim.session.current.buffer[:]).split())
        assert "ERROR no-such-program was not found on PATH" in found
        assert "or give its full path: vim.lsp.config('quickstudy'" in found
        assert "WARNING Not switched on" in found
        assert "by quickstudy doctor" not in found
