"""The real parts that the tests of the VS Code extension run in, and how they are had.

`python tests/e2e/vscode_parts.py` installs VS Code itself into the user's cache, where all checkouts find it,
and what builds the extension into its folder. Chromium comes from the system, as by `apt install chromium`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

VERSION = "4.100.3"
"""Of code-server, whose `lib/vscode` is Microsoft's own VS Code 1.100 as a server with a web page."""

EXTENSION = Path(__file__).parents[2] / "editors" / "vscode"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "quickstudy-tests"
VSCODE = CACHE / f"vscode-{VERSION}"
SERVER = VSCODE / "out" / "server-main.js"

QUIET = ("--no-audit", "--no-fund", "--loglevel=error")


def missing() -> str | None:
    """What is not on this machine, in one sentence; None if all is there."""
    if shutil.which("node") is None:
        return "node is not installed"
    if shutil.which("chromium") is None:
        return "chromium is not installed"
    if not SERVER.exists() or not (EXTENSION / "node_modules").exists():
        return "VS Code is not installed for the tests: python tests/e2e/vscode_parts.py"
    return None


def install_vscode() -> None:
    """VS Code without its native modules: the tests open no terminal and search no files."""
    if SERVER.exists():
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as scratch:
        run("npm", "pack", "--silent", f"code-server@{VERSION}", cwd=scratch)
        run("tar", "xzf", f"code-server-{VERSION}.tgz", "package/lib/vscode", cwd=scratch)
        whole = Path(scratch) / "package" / "lib" / "vscode"
        run("npm", "install", "--omit=dev", "--ignore-scripts", *QUIET, cwd=whole)
        whole.rename(VSCODE)


def run(*command: str, cwd: Path | str) -> None:
    subprocess.run(command, cwd=cwd, check=True)


def main() -> None:
    install_vscode()
    run("npm", "ci", "--ignore-scripts", *QUIET, cwd=EXTENSION)
    if (reason := missing()) is not None:
        sys.exit(reason)


if __name__ == "__main__":
    main()
