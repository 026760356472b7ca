"""How fast the embedded team is on its demo: `python tests/bench/embedded.py`. Prints one JSON object.

The models must be here already. `first_faster_s` is from the start of the process to the line that tells
the first confirmed faster variant; `whole_run_s` is the whole process. Needs both cores to itself.
"""

import json
import subprocess
import time


def main() -> None:
    started = time.perf_counter()
    child = subprocess.Popen(
        ["quickstudy", "demo", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stderr and child.stdout
    first = None
    for line in child.stderr:
        if first is None and ": faster" in line:
            first = time.perf_counter() - started
    report = json.loads(child.stdout.read())
    child.wait()
    best = report["best"]
    figures = {
        "first_faster_s": first and round(first, 1),
        "whole_run_s": round(time.perf_counter() - started, 1),
        "speedup": best and round(best["speedup"], 1),
        "tokens": report["usage"]["prompt_tokens"] + report["usage"]["completion_tokens"],
        "verdicts": [candidate["verdict"] for candidate in report["candidates"]],
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
