"""Runs the benchmarks one after the other and writes the README's table: `python tests/bench/figures.py`.

Raw results go to `tests/bench/figures.json`; a test compares the table with them. With names of benchmarks
only those are run anew.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

BENCH = Path(__file__).parent
README = BENCH.parents[1] / "README.md"
RAW = BENCH / "figures.json"
NAMES = ("shell", "selection", "embedded")


def table(raw: dict[str, dict[str, Any]]) -> str:
    """The README's rows, from the raw results."""
    shell, selection, embedded = raw["shell"], raw["selection"], raw["embedded"]
    rows = [
        ("`quickstudy --help`, whole process", f"{shell['help_s']:.2f} s", "0.3 s"),
        ("4 rounds by 2 agents that answer at once, 8 variants judged", f"{shell['run_s']:.0f} s", "25 s"),
        (
            "demo, embedded team: first confirmed faster variant",
            f"{embedded['first_faster_s']:.0f} s",
            "60 s",
        ),
        ("demo, embedded team: whole run", f"{embedded['whole_run_s']:.0f} s", "300 s"),
        ("4 lessons selected from 100,000, median", f"{selection['select_ms_median']:.1f} ms", "20 ms"),
        ("memory for that, whole process", f"{selection['max_rss_mb']:.0f} MB", "300 MB"),
    ]
    lines = ["| what | measured | aim: under |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def between(text: str, name: str, content: str) -> str:
    """The text with what lies between the two marks of this name replaced."""
    start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
    before, _, rest = text.partition(start)
    return f"{before}{start}\n{content}\n{end}{rest.partition(end)[2]}"


def main() -> None:
    raw = json.loads(RAW.read_text()) if RAW.exists() else {}
    for name in sys.argv[1:] or NAMES:
        done = subprocess.run(
            [sys.executable, str(BENCH / f"{name}.py")], check=True, stdout=subprocess.PIPE, text=True
        )
        raw[name] = json.loads(done.stdout)
        print(name, done.stdout.strip())
        RAW.write_text(json.dumps(raw, indent=1) + "\n")
    README.write_text(between(README.read_text("utf-8"), "figures", table(raw)), "utf-8")


if __name__ == "__main__":
    main()
