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
GIVEN = {"original", "load", "test_original"}
TRICKS = [path for path in (BENCH.parent / "data" / "tricks").glob("*/*.py") if path.stem not in GIVEN]
HONEST = 40
"""A test each, of tests/test_tricks.py and tests/test_honest.py; `.ci/run` shows that they pass."""
README = BENCH.parents[1] / "README.md"
RAW = BENCH / "figures.json"
NAMES = ("shell", "selection", "embedded", "lab", "server")
OURS, JEDI, PYLSP = "quickstudy-server", "jedi-language-server", "pylsp"

Raw = dict[str, Any]
Row = tuple[str, str, str]


def of_the_shell(shell: Raw, selection: Raw, embedded: Raw) -> list[Row]:
    return [
        ("`quickstudy --help`, whole process", f"{shell['help_s']:.2f} s", "under 0.3 s"),
        (
            "4 rounds by 2 agents that answer at once, 8 variants judged",
            f"{shell['run_s']:.0f} s",
            "under 25 s",
        ),
        (
            "demo, embedded team: first confirmed faster variant",
            f"{embedded['first_faster_s']:.0f} s",
            "under 60 s",
        ),
        ("demo, embedded team: whole run", f"{embedded['whole_run_s']:.0f} s", "under 300 s"),
        ("4 lessons selected from 100,000, median", f"{selection['select_ms_median']:.1f} ms", "under 20 ms"),
        ("memory for that, whole process", f"{selection['max_rss_mb']:.0f} MB", "under 300 MB"),
    ]


def of_the_lab(lab: Raw) -> list[Row]:
    aa, gain, latency = lab["aa"], lab["gain"], lab["latency"].values()
    usual, great = (
        max(
            (row["off"] for row in lab["ratios"]["rows"] if (row["reference"] > 10) is large),
            key=abs,
        )
        for large in (False, True)
    )
    right, clear = sum(kind["right"] for kind in latency), sum(kind["of"] for kind in latency)
    return [
        (
            "a function against itself, 1 us to 100 ms, other core loaded: called faster",
            f"{aa['false_faster']} of {aa['judgements']}",
            "none",
        ),
        (
            "the same, called once, 1 us to 100 us: called faster",
            f"{lab['once']['false_faster']} of {lab['once']['judgements']}",
            "none",
        ),
        ("a real gain of 10 %: found", f"{gain['found']} of {gain['judgements']}", "95 of 100"),
        ("the longest of these judgements", f"{gain['most_s']:.1f} s", "under 5 s"),
        ("known speedups of 1.2 to 5: farthest from pyperf's", f"{usual:+.1%}", "within 5 %"),
        ("known speedups of 20 and 100: farthest from pyperf's", f"{great:+.1%}", "within 5 %"),
        ("variants that are wrong, or 2x either way: called so", f"{right} of {clear}", "all"),
        ("tricks to look faster, a test each: accepted", f"0 of {len(TRICKS)}", "none"),
        ("equal and faster variants, a test each: accused", f"0 of {HONEST}", "none"),
        (
            "the same: seconds to the verdict, the slowest kind's median",
            f"{max(kind['median_s'] for kind in latency):.1f} s",
            "under 2 s",
        ),
    ]


def of_the_server(server: Raw) -> list[Row]:
    """Each figure beside those of two other servers, where they have it."""
    ours, *others = (server[name] for name in (OURS, JEDI, PYLSP))

    def row(what: str, aim: str, unit: str, *path: str) -> Row:
        figures: list[str] = []
        for each in (ours, *others):
            for key in path:
                each = each[key]
            figures.append(f"{each:.3g}" if each < 100 else f"{each:.0f}")
        return (what, f"{figures[0]} {unit} (jedi {figures[1]}, pylsp {figures[2]})", aim)

    return [
        row("language server: start to `initialize` answered", "under jedi's", "ms", "initialize_ms"),
        row("code action in 5,000 lines, p99", "under 10 ms", "ms", "code_action_ms", "p99"),
        *after_a_key(ours.get("after_key_ms")),
        row("one character typed there, p99", "under 5 ms", "ms", "keystroke_ms", "p99"),
        row("memory with 50 files open", "under 80 MB", "MB", "memory_50_files_mb"),
        ("cancel to no process left, the slowest", f"{ours['cancel_s']:.2f} s", "under 1 s"),
        (
            "code action while the embedded team works, p99",
            f"{ours['busy_code_action_ms']['p99']:.1f} ms",
            "under 30 ms",
        ),
    ]


def after_a_key(figures: Raw | None) -> list[Row]:
    """None while that has not been measured."""
    if figures is None:
        return []
    found = f"{figures['p50']:.1f} and {figures['p99']:.1f} ms"
    return [("code action right after a keystroke there, median and p99", found, "under 5 and 15 ms")]


def table(raw: dict[str, Raw]) -> str:
    """The README's rows, from the raw results; none about the lab while it has no figures of its own."""
    rows = of_the_shell(raw["shell"], raw["selection"], raw["embedded"])
    rows += of_the_lab(raw["lab"]) if "lab" in raw else []
    rows += of_the_server(raw["server"])
    lines = ["| what | measured | aim |", "|---|---|---|"]
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
