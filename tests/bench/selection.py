"""How fast 4 lessons are selected from a bank of 100,000: `python tests/bench/selection.py [LESSONS]`.

Prints one JSON object. The bank is built by importing generated lessons about distinct functions, with a
mixture of patterns, names and outcomes such as a project has. A fresh process selects, as in a run.
"""

import asyncio
import hashlib
import io
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from quickstudy.bank import Bank, exchange
from quickstudy.languages import language_named
from quickstudy.records import Lesson, Target

_NOUNS = """
    order invoice user account token record packet sample pixel vector matrix city route parcel ticket
    message thread author book page chapter station train sensor reading price stock share bond player
    score team match recipe step student course grade exam file folder block chunk frame node edge graph
    tree leaf branch queue job task event signal channel region country street house room door lamp
    cable engine wheel driver garage bridge river lake forest animal plant seed flower garden tool part
    stage layer filter mask shape colour font glyph word phrase letter
"""
NOUNS = _NOUNS.split()
_VERBS = """
    collect merge find build make compute gather resolve pick drop join match rank group index scan
    parse render format check count total reduce expand fold split trim clean read load store update
    apply select sort order
"""
VERBS = _VERBS.split()
_BODIES = """
    {kept} = []
    for {one} in {many}:
        if {one} not in {kept}:
            {kept}.append({one})

    {kept} = ""
    for {one} in {many}:
        {kept} += str({one}.{field}) + ";"

    {kept} = {{}}
    for {one} in {many}:
        {kept}[{one}] = {many}.count({one})

    {kept} = []
    for i in range(len({many})):
        {kept}.append(max({many}[: i + 1]))

    {kept} = []
    for {one} in {many}:
        {kept}.append({one})
        {kept} = sorted({kept})

    {kept} = 0
    for {one} in range(1, {many}):
        if {many} % {one} == 0:
            {kept} += {one}

    {kept} = 0
    for i in range(len({many})):
        for j in range(len({many}[i])):
            {kept} += {many}[i][j]

    {kept} = []
    while {many}:
        {kept}.append({many}.pop(0).{field})

    {kept} = {{}}
    for {one} in {many}:
        {kept}.setdefault({one}.{field}, []).append({one})

    {kept} = []
    for {one} in {many}:
        {kept}.append(re.sub("[a-z]+", "", {one}.{field}))

    {kept} = {many}.{field} * 2
"""
BODIES = [body.strip("\n") for body in _BODIES.split("\n\n")]
TEXTS = (
    "The {verb} of {noun} got faster because a set makes membership a hash lookup, not a pass over {field}.",
    "Joining the parts of each {noun} once at the end avoids copying the {field} string again and again.",
    "Caching {field} for the {noun} did not pay, because each {verb} is called once with new arguments.",
    "Sorting {noun} once before the loop replaced a sort in every step of the {verb}; {field} stays.",
    "The rewrite of {verb} lost the order of {noun}, so its result differs where {field} occurs twice.",
)
OUTCOMES = ("faster", "faster", "same", "slower", "wrong", "crashed")
ROUNDS = 300


def main() -> None:
    if sys.argv[1:2] == ["--select"]:
        print(json.dumps(asyncio.run(_select(Path(sys.argv[2])))))
        return
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lessons.db"
        with Bank.open(path, language_named) as bank:
            for start in range(0, size, 10_000):
                lines = io.StringIO()
                exchange.write((_lesson(number) for number in range(start, min(size, start + 10_000))), lines)
                lines.seek(0)
                bank.import_(lines)
            assert bank.stats().lessons == size
        child = [sys.executable, __file__, "--select", str(path)]
        figures = json.loads(subprocess.run(child, check=True, capture_output=True, text=True).stdout)
        print(json.dumps({**figures, "file_mb": round(path.stat().st_size / 1e6, 1), "lessons": size}))


async def _select(path: Path) -> dict[str, float]:
    seconds: list[float] = []
    busy = 0.0
    with Bank.open(path, language_named) as bank:
        for number in range(ROUNDS):
            source = _function(random.Random(10**9 + number))
            target = Target(
                path, "f", "python", source, source, "", hashlib.sha256(source.encode()).hexdigest()
            )
            started, before = time.perf_counter(), time.process_time()
            await bank.select(target, "CPython 3.11.2", "a new run", 4)
            seconds.append(time.perf_counter() - started)
            busy += time.process_time() - before
    cuts = statistics.quantiles(seconds, n=100)
    return {
        "select_ms_first": round(seconds[0] * 1e3, 2),
        "select_ms_median": round(statistics.median(seconds) * 1e3, 2),
        "select_ms_p99": round(cuts[98] * 1e3, 2),
        "select_cpu_ms": round(busy / ROUNDS * 1e3, 2),
        "max_rss_mb": round(_peak_kb() / 1024, 1),
    }


def _peak_kb() -> int:
    """This process's own peak; `getrusage` would count what its parent had before the fork."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1])


def _function(chance: random.Random) -> str:
    verb, one, field, kept = chance.choice(VERBS), *chance.sample(NOUNS, 3)
    names = {"one": one, "many": one + "s", "kept": kept, "field": field}
    bodies = chance.sample(BODIES, chance.choice((1, 1, 2, 3)))
    body = "\n".join(bodies).format(**names)
    return f"def {verb}_{one}_{field}s({one}s):\n{body}\n    return {kept}\n"


def _lesson(number: int) -> Lesson:
    chance = random.Random(number)
    source = _function(chance)
    outcome = chance.choice(OUTCOMES)
    speedup = {"faster": chance.uniform(1.05, 40), "same": 1.0, "slower": chance.uniform(0.2, 0.95)}.get(
        outcome
    )
    words = {"verb": chance.choice(VERBS), "noun": chance.choice(NOUNS), "field": chance.choice(NOUNS)}
    return Lesson(
        id=0,
        text=chance.choice(TEXTS).format(**words) + f" Seen with {number % 977} {chance.choice(NOUNS)}s.",
        outcome=outcome,
        speedup=speedup,
        low=speedup and speedup * 0.97,
        high=speedup and speedup * 1.03,
        agent=chance.choice(("local/qwen2.5-coder-1.5b", "local/qwen2.5-coder-0.5b")),
        round=chance.randint(1, 4),
        path=f"src/{chance.choice(NOUNS)}.py",
        qualname=source[4 : source.index("(")],
        language="python",
        sha256=hashlib.sha256(source.encode()).hexdigest(),
        original=source,
        candidate=source.replace("append", "add"),
        run=f"run{number // 8}",
        toolchain="CPython 3.11.2",
        platform="Linux-6.1",
        created="2026-01-02T03:04:05+00:00",
        uses=chance.randint(0, 6),
        credit=chance.uniform(0.5, 1.5),
    )


if __name__ == "__main__":
    main()
