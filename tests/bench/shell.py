"""How fast the shell answers and judges: `python tests/bench/shell.py`. Prints one JSON object.

`help_s` is a whole process, the median of 11. `run_s` is a whole run of 4 rounds by 2 agents on a function
of about 1 ms a call, with a model that answers at once: a local server whose 8 variants all differ.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from openai_server import OpenAIServer, Request, ok

SLOW = '''"""Works on lists."""


def common(a, b):
    """Items of a that are in b, in order, each once."""
    out = []
    for x in a:
        if x in b and x not in out:
            out.append(x)
    return out
'''
WORKLOAD = """
import random

def workload():
    chance = random.Random(1)
    for n in range(40):
        yield [chance.randrange(400) for _ in range(220 + n)], [chance.randrange(400) for _ in range(220)]
"""
VARIANTS = [
    "    wanted = set(b)\n    return [x for x in dict.fromkeys(a) if x in wanted]",
    "    seen = set()\n    return [x for x in a if x in b and not (x in seen or seen.add(x))]",
    "    return list(dict.fromkeys(x for x in a if x in b))",
    "    wanted = frozenset(b)\n    return list(dict.fromkeys(x for x in a if x in wanted))",
    "    return sorted(set(a) & set(b))",
    "    return [x for i, x in enumerate(a) if x in b and x not in a[:i]]",
    "    raise NotImplementedError",
    "    wanted = dict.fromkeys(b)\n    return [x for x in dict.fromkeys(a) if x in wanted]",
]


def help_seconds() -> float:
    spent: list[float] = []
    for _ in range(11):
        started = time.perf_counter()
        subprocess.run(["quickstudy", "--help"], check=True, stdout=subprocess.DEVNULL)
        spent.append(time.perf_counter() - started)
    return statistics.median(spent)


def run_report() -> dict[str, object]:
    variants = iter(VARIANTS)

    def choose(request: Request):  # type: ignore[no-untyped-def]
        if "Now write" in request.prompt:
            return ok(f"```python\ndef common(a, b):\n{next(variants)}\n```")
        return ok("Looking things up in a set takes the same time however many there are.")

    with tempfile.TemporaryDirectory() as folder, OpenAIServer(choose=choose) as server:
        project = Path(folder)
        (project / "lists.py").write_text(SLOW)
        (project / "calls.py").write_text(WORKLOAD)
        agents = ", ".join(f'{{model = "openai/{name}", api_base = "{server.url}"}}' for name in "ab")
        settings = f'[tool.quickstudy]\nteam = [{agents}]\nworkload = "calls.py"\n'
        (project / "pyproject.toml").write_text(settings)
        command = ["quickstudy", "optimize", str(project / "lists.py::common"), "--json"]
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        spent = time.perf_counter() - started
    report = json.loads(done.stdout)
    if not report["candidates"]:
        raise SystemExit(f"{done.stderr}{report['reason']}")
    verdicts = [candidate["verdict"] for candidate in report["candidates"]]
    return {"run_s": round(spent, 2), "run_verdicts": verdicts, "run_usage": report["usage"]}


def main() -> None:
    print(json.dumps({"help_s": round(help_seconds(), 3), **run_report()}))


if __name__ == "__main__":
    main()
