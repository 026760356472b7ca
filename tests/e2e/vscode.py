"""Drives VS Code itself, in headless Chromium, as a user would: by what is on the screen."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Browser, FrameLocator, Locator, Page, TimeoutError, sync_playwright
from tests.e2e.vscode_parts import EXTENSION, SERVER

SHOTS = Path(__file__).parent / "shots"
"""Pictures of the last run, for who wants to look. Not in the repository."""

SIZE = {"width": 1200, "height": 750}
PATIENCE_MS = 180_000
"""What a test waits at most for something to appear, on a machine that is busy with others."""

STEP_MS = 20_000
"""After that a list or a menu is taken for gone: something else took the focus from it."""

CHROMIUM = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Window:
    """One window of VS Code on one folder."""

    page: Page
    name: str
    """Of the test, for its pictures."""
    settings: Path
    """Those of the folder."""
    code: "Code"
    others: frozenset[int]
    """Language servers of windows before this one: VS Code keeps them for a while."""

    def servers(self) -> list[int]:
        """The language servers that run for this window."""
        return [pid for pid in self.code.servers() if pid not in self.others]

    def trust(self, yes: bool = True) -> None:
        """Answer the dialog that VS Code begins with in a folder it does not know."""
        dialog = self.page.get_by_role("dialog").filter(has_text="Do you trust the authors")
        dialog.wait_for()
        self.shot("trust")
        dialog.get_by_role("button", name="Yes, I trust" if yes else "No, I don't trust").click()
        dialog.wait_for(state="detached")

    def open(self, file: str = "ledger.py") -> Locator:
        """Open a file from the explorer; the text of its editor."""
        self.page.get_by_role("treeitem", name=file, exact=True).dblclick()
        self.page.get_by_role("tab", name=file).wait_for()
        return self.text

    @property
    def text(self) -> Locator:
        """The lines of the editor that is in front."""
        return self.page.locator(".editor-instance .view-lines").last

    def line(self, text: str) -> Locator:
        """A line of the editor; it holds spaces that do not break."""
        return self.text.locator(".view-line").filter(has_text=re.compile(text.replace(" ", r"\s")))

    def command(self, title: str) -> None:
        """Run a command from the palette."""
        palette = self.page.locator(".quick-input-widget input.input")

        def ask() -> None:
            self.page.keyboard.press("F1")
            palette.fill(f">Quickstudy: {title}" if not title.startswith(">") else title, timeout=STEP_MS)
            self.entry(title.lstrip(">")).click(timeout=STEP_MS)

        self.persist(ask)

    def light_bulb(self, title: str) -> None:
        """Open the menu of the light bulb, which has that in it."""
        bulb = self.page.locator(".codicon-light-bulb, .codicon-gutter-lightbulb").first

        def ask() -> None:
            bulb.click(timeout=STEP_MS)
            self.page.get_by_text(title).wait_for(timeout=STEP_MS)

        self.persist(ask)

    def persist(self, ask: Callable[[], None]) -> None:
        """Do what opens something to choose from, anew if that is closed before anything was chosen."""

        def done() -> bool:
            try:
                ask()
            except TimeoutError:
                self.page.keyboard.press("Escape")
                return False
            return True

        self.until(done)

    def entry(self, name: str) -> Locator:
        """An entry of the list that is open."""
        return self.page.locator(".quick-input-list").get_by_role("option", name=name).first

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that the window does not show."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while not holds():
            assert time.monotonic() < deadline
            self.page.wait_for_timeout(50)

    def says(self, pattern: str) -> Locator:
        """Wait for a notification with such a text."""
        toast = self.page.locator(".notification-toast").filter(has_text=re.compile(pattern)).first
        toast.wait_for()
        return toast

    def close_messages(self) -> None:
        self.command(">Notifications: Clear All Notifications")

    def button(self, name: str) -> Locator:
        """A button that can be clicked now."""
        return self.page.get_by_role("button", name=name).locator("visible=true").first

    def lessons(self) -> Locator:
        """Show the Lessons view; its rows."""
        self.page.get_by_role("tab", name="Quickstudy").click()
        view = self.page.get_by_role("tree", name="Lessons")
        return view.get_by_role("treeitem")

    def theme(self, name: str) -> None:
        """Change the colours, as a user does in the settings."""
        kind = "vs-dark" if "Dark" in name else "vs"
        self.settings.write_text(
            json.dumps({**json.loads(self.settings.read_text("utf-8")), "workbench.colorTheme": name}),
            "utf-8",
        )
        self.page.locator(f".monaco-workbench.{kind}").wait_for()

    @property
    def status(self) -> Locator:
        """Our item in the status bar."""
        return self.page.locator('[id="quickstudy.quickstudy.quickstudy.status"]')

    def status_is(self, text: str) -> None:
        """Wait until the item shows this and no more; an icon stands before it."""
        self.status.filter(has_text=re.compile(rf"^\s*{text}\s*$")).wait_for()

    def is_ready(self) -> None:
        """Wait until the server has started and nothing runs."""
        self.status.get_by_label("No job runs").wait_for()

    @property
    def webview(self) -> FrameLocator:
        """The page that is in front."""
        return self.page.frame_locator("iframe.webview.ready").frame_locator("iframe#active-frame")

    def shot(self, name: str, height: int = SIZE["height"]) -> None:
        """Keep a picture of the window, made as high as that for it."""
        SHOTS.mkdir(exist_ok=True)
        self.page.set_viewport_size({**SIZE, "height": height})
        self.page.screenshot(path=SHOTS / f"{self.name}-{name}.png", animations="disabled")

    def shot_of_status(self) -> None:
        """Keep a picture of our item in the status bar and what is around it."""
        box = self.status.bounding_box()
        assert box
        right = min(SIZE["width"], box["x"] + 320)
        clip = {"x": right - 480, "y": SIZE["height"] - 60, "width": 480, "height": 60}
        self.page.screenshot(path=SHOTS / f"{self.name}-status.png", clip=clip, animations="disabled")  # type: ignore[arg-type]


@dataclass(frozen=True)
class Code:
    """A server of VS Code with the extension installed, and the browser that shows its windows."""

    address: str
    browser: Browser
    storage: Path
    """Where the extension keeps what it installs."""
    user: Path
    """The user's settings on this machine."""
    pid: int

    def children(self) -> Iterator[tuple[int, str]]:
        """The processes that it has started, and those that they have, with their command lines."""
        parents = {int(file.parent.name): _parent(file) for file in Path("/proc").glob("[0-9]*/stat")}
        for pid in parents:
            above = pid
            while above and above != self.pid:
                above = parents.get(above, 0)
            if above:
                with suppress(OSError):
                    yield pid, Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()

    def servers(self) -> list[int]:
        """The language servers that it has started."""
        name = str(Path(sys.executable).with_name("quickstudy-server"))
        return [pid for pid, command in self.children() if name in command]

    @contextmanager
    def window(
        self, folder: Path, name: str, settings: Mapping[str, object], theme: str = "Default Light Modern"
    ) -> Iterator[Window]:
        """A window that nobody has used before, on a folder, with these settings of the user's."""
        self.user.parent.mkdir(exist_ok=True)
        self.user.write_text(json.dumps(settings), encoding="utf-8")
        file = folder / ".vscode" / "settings.json"
        file.parent.mkdir(exist_ok=True)
        shared = json.loads(file.read_text("utf-8")) if file.exists() else {}
        look = {**LOOK, "workbench.colorTheme": theme}
        file.write_text(json.dumps({**look, **shared}), encoding="utf-8")
        others = frozenset(self.servers())
        with self.browser.new_context(viewport=SIZE) as context:
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            page.goto(f"{self.address}/?folder={quote(str(folder))}")
            window = Window(page, name, file, self, others)
            try:
                yield window
            except BaseException:
                window.shot("failed")
                raise


LOOK: dict[str, object] = {
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "editor.minimap.enabled": False,
    "editor.cursorBlinking": "solid",
    "extensions.ignoreRecommendations": True,
    "telemetry.telemetryLevel": "off",
    "files.autoSave": "off",  # in a browser it saves after a second
    "window.title": "${rootName}",
}
"""Nothing that moves, or that is not about us."""


@contextmanager
def code(folder: Path, environment: Mapping[str, str]) -> Iterator[Code]:
    """Build the extension, install it into VS Code, and start that on a free port."""
    places = [f"--user-data-dir={folder / 'user'}", f"--extensions-dir={folder / 'extensions'}"]
    vsix = folder / "quickstudy.vsix"
    _run("npm", "run", "package", "--", "--out", str(vsix), cwd=EXTENSION)
    _run("node", str(SERVER), "--install-extension", str(vsix), *places, cwd=folder)
    start = ["--host=127.0.0.1", "--port=0", "--without-connection-token", "--accept-server-license-terms"]
    # As when a project's own environment was active where VS Code was started.
    path = os.pathsep.join(
        (str(folder / "bait" / "bin"), str(Path(sys.executable).parent), os.environ["PATH"])
    )
    with (
        (folder / "server.log").open("w") as log,
        subprocess.Popen(
            ["node", str(SERVER), *start, *places],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env={**environment, "PATH": path, "VSCODE_CLI": "1"},  # which keeps PATH as it is
        ) as server,
    ):
        try:
            assert server.stdout is not None
            port = next(
                found[1] for line in server.stdout if (found := re.search(r"listening on (\d+)", line))
            )
            with sync_playwright() as playwright:
                chromium = shutil.which("chromium")
                browser = playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM))
                storage = folder / "user" / "User" / "globalStorage" / "quickstudy.quickstudy"
                user = folder / "user" / "Machine" / "settings.json"
                yield Code(f"http://127.0.0.1:{port}", browser, storage, user, server.pid)
                browser.close()
        finally:
            server.terminate()


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rpartition(")")[2].split()[1])
    except OSError:  # it ended meanwhile
        return 0


def _run(*command: str, cwd: Path) -> None:
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
