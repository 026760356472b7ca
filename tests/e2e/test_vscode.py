"""The extension in VS Code itself, in headless Chromium: what a user does, and what they then see."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.conftest import environment
from tests.e2e.vscode_parts import missing
from tests.openai_server import Behaviour, Exchange, OpenAIServer, Request, hang, ok

if (reason := missing()) is not None:
    pytest.skip(reason, allow_module_level=True)

from tests.e2e.vscode import Code, Window, code

FAST = "Carry the balance along.\n\n```python\nfrom itertools import accumulate\n\ndef balances(bookings):\n    return list(accumulate(bookings))\n```\n"
SUMS = "Use sum.\n\n```python\ndef balances(bookings):\n    return [sum(bookings[: i + 1]) for i in range(len(bookings))]\n```\n"
WRONG = "Drop doubles.\n\n```python\ndef balances(bookings):\n    return sorted(set(bookings))\n```\n"
SAME = "Keep a running total.\n\n```python\ndef balances(bookings):\n    total = 0\n    result = []\n    for booking in bookings:\n        total += booking\n        result.append(total)\n    return result\n```\n"


class Team:
    """Two scripted models. The second answers its last question when the test says so."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.server = OpenAIServer(choose=self._choose)
        self._proposals = {"first": [WRONG, FAST], "second": [SUMS, SAME]}
        self._lessons = {
            WRONG: "Sorting a set loses doubles and the order, so the balances are not the same.",
            FAST: "accumulate carries the sum along, so each booking is added once and not again for every row.",
            SUMS: "The built-in sum does the inner loop in C, but still adds every booking again for each row.",
            SAME: "A running total adds each booking once; the loop itself is now what takes the time.",
        }

    @property
    def settings(self) -> dict[str, object]:
        agents = [{"model": f"openai/{name}", "apiBase": self.server.url} for name in self._proposals]
        return {"quickstudy.team": agents, "quickstudy.rounds": 2}

    def _choose(self, request: Request) -> Behaviour:
        name = request.body["model"]
        if "Now write the faster" not in request.prompt:
            code = re.findall(r"```python\n(.*?)```", request.prompt, re.S)[-1].strip()
            return ok(next(text for reply, text in self._lessons.items() if code.split("\n", 3)[-1][-40:] in reply))
        reply = self._proposals[name].pop(0)

        def answer(exchange: Exchange) -> None:
            if reply is SAME:
                self.go.wait(60)
            ok(reply, prompt_tokens=612, completion_tokens=74)(exchange)

        return answer


@pytest.fixture(scope="module")
def vscode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Code]:
    with code(tmp_path_factory.mktemp("vscode"), environment()) as started:
        yield started


def test_a_function_is_made_faster(vscode: Code, project: Path) -> None:
    """Light bulb, job, progress, offer, diff, apply, undo; then the lessons and the report."""
    team = Team()
    with team.server, vscode.window(project, "flow", team.settings, "Default Dark Modern") as window:
        window.trust()
        window.open()
        window.is_ready()
        window.line("balance = 0").click()
        window.page.locator(".codicon-light-bulb, .codicon-gutter-lightbulb").first.click()
        window.page.get_by_text("Optimize `balances` with the team").wait_for()
        window.shot("lightbulb")
        window.page.keyboard.press("Enter")
        window.status_is("round 2/2")
        window.shot("running")
        team.go.set()
        toast = window.says(re.compile("balances can be .* faster"))
        window.status_is(r"\dx waiting")
        window.shot("offered")
        toast.get_by_role("button", name="Show diff").click()
        window.page.get_by_role("tab", name=re.compile("faster")).wait_for()
        window.line("return list").wait_for()
        window.shot("diff")
        window.page.get_by_role("button", name="Apply the Faster Variant").click()
        window.says(re.compile("Applied"))
        window.line("return list").wait_for()
        window.shot("applied")
        assert "accumulate" not in (project / "ledger.py").read_text("utf-8")
        window.line("return list").click()
        window.page.keyboard.press("Control+z")
        window.line("balance = 0").wait_for()
        window.shot("undone")
        window.page.get_by_role("tab", name="Quickstudy").click()
        window.page.get_by_role("treeitem", name=re.compile("Faster")).wait_for()
        window.shot("lessons")
        window.command("Show Report on a Job")
        window.webview.get_by_role("heading", name="Every variant").wait_for()
        window.shot("report")
