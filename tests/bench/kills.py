"""A soak: `kill -9` of a whole run at random moments, as JSON: `tests/bench/kills.py [TIMES] [SEED]`.

Each run is of a scripted team on the demo's function, killed once, at a moment drawn over all that it does:
by turns undisturbed, while another process locks the bank, and on a bank that is read-only. After each
nothing may be left running within a second, each lesson that was printed lies in the bank or waits in a
spool, and each lesson there has the outcome of its variant. In the end a plain run must work. It takes about
a quarter of a minute a run.
"""

import json
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.openai_server import Behaviour, OpenAIServer, Request, ok

from quickstudy.demo import write_demo
from quickstudy.lab.holding import below

WITHIN_S = 1.0
LONGEST_S = 30.0
"""About what a whole run takes."""
VARIANTS = {
    "faster": "import itertools as it\n\ndef balances(bookings):\n    return list(it.accumulate(bookings))\n",
    "wrong": "def balances(bookings):\n    return sorted(bookings)\n",
    "rejected": "def balances(bookings):\n    import os\n    os.abort()\n",
    "unloadable": "def balances(bookings)\n    return []\n",
}
"""By the verdict that each must have."""
TROUBLES = ("none", "locked", "read-only")


def reply(request: Request) -> Behaviour:
    """A variant, drawn; or, to one that was judged, a lesson that names it."""
    tried = [kind for kind, source in VARIANTS.items() if source.strip() in request.prompt]
    if tried:
        return ok(f"Lesson {random.randrange(10**9)} of a variant that is {tried[0]}.")
    return ok(f"```python\n{random.choice(list(VARIANTS.values()))}```")


def lessons_in(folder: Path) -> dict[str, str]:
    """The outcome by text of each lesson in the bank, and of those that wait to be taken in."""
    found: dict[str, str] = {}
    file = folder / ".quickstudy" / "lessons.db"
    if file.exists():
        with closing(sqlite3.connect(file)) as bank:
            found |= dict(bank.execute("SELECT text, outcome FROM lessons"))
    for waiting in [*file.parent.rglob("*.jsonl"), *(folder / "state").rglob("*.jsonl")]:
        found |= {row["text"]: row["outcome"] for row in map(json.loads, waiting.read_text().splitlines())}
    return found


def killed_run(folder: Path, env: dict[str, str], trouble: str) -> tuple[str, list[int]]:
    """What a run printed until it was killed, and what it left running."""
    command = [sys.executable, "-m", "quickstudy", "optimize", "ledger.py::balances", "--rounds", "4"]
    bank, printed = folder / ".quickstudy" / "lessons.db", folder / "printed"
    locks = trouble == "locked" and bank.exists()
    with printed.open("wb") as out, closing(sqlite3.connect(bank if locks else ":memory:")) as other:
        other.execute("BEGIN IMMEDIATE")
        if trouble == "read-only" and bank.exists():
            bank.chmod(0o400)
        process = subprocess.Popen(
            [*command, "--team", "openai/a,openai/b"],
            cwd=folder,
            env=env,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        started: set[int] = set()
        until = time.monotonic() + random.uniform(0.1, LONGEST_S)
        while process.poll() is None and time.monotonic() < until:
            started.update(below(process.pid))
            time.sleep(0.005)
        started.update(below(process.pid))
        process.kill()
        process.wait()
    if bank.exists():
        bank.chmod(0o600)
    left = [*started]
    until = time.monotonic() + WITHIN_S
    while left and time.monotonic() < until:
        left = [pid for pid in left if is_running(pid)]
        time.sleep(0.01)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    return printed.read_text(errors="replace"), left


def is_running(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def problems_of(printed: str, left: list[int], lessons: dict[str, str]) -> list[str]:
    """What of the promises did not hold after a run."""
    # Lines are wrapped to the terminal's width.
    shown = set(re.findall(r"Lesson \d+ of a variant that is \w+\.", " ".join(printed.split())))
    found = [f"left running: {pid}" for pid in left] + [f"lost: {text}" for text in shown - lessons.keys()]
    for text, outcome in lessons.items():
        timed = ("faster", "same", "slower")
        expected = timed if text.endswith(" faster.") else (text.rpartition(" ")[2].strip("."),)
        if outcome not in expected:
            found.append(f"false: {outcome} for {text}")
    return found + ([f"traceback: {printed[-500:]}"] if "Traceback" in printed else [])


def main(times: int = 100, seed: int = 1) -> None:
    random.seed(seed)
    problems: list[str] = []
    made = write_demo()
    with tempfile.TemporaryDirectory() as name, OpenAIServer(choose=reply) as server:
        folder = Path(name) / "project"
        shutil.move(made, folder)
        ours = {
            "OPENAI_API_KEY": "sk-test",
            "OPENAI_API_BASE": server.url,
            "XDG_STATE_HOME": f"{folder}/state",
        }
        env = {**os.environ, **ours}
        for number in range(times):
            printed, left = killed_run(folder, env, TROUBLES[number % len(TROUBLES)])
            found = problems_of(printed, left, lessons_in(folder))
            problems += [f"run {number}, {problem}" for problem in found]
        plain = [sys.executable, "-m", "quickstudy", "optimize", "ledger.py::balances", "--rounds", "1"]
        done = subprocess.run(
            [*plain, "--team", "openai/a"], cwd=folder, env=env, capture_output=True, text=True
        )
        if done.returncode not in (0, 1):
            problems.append(f"the run after them: {done.stderr[-500:]}")
        print(
            json.dumps({"kills": times, "lessons": len(lessons_in(folder)), "problems": problems}, indent=1)
        )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
