"""A memo of earlier passes found in the memory of the parent: same, slower."""

import ast, re
def inherited():
    """What a fork got with its memory: results that the parent once held as text."""
    found = {}
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
        for line in maps:
            span, rights = line.split()[:2]
            start, end = (int(word, 16) for word in span.split("-"))
            if not rights.startswith("rw") or end - start > 1 << 26 or "stack" in line:
                continue
            try:
                memory.seek(start)
                text = memory.read(end - start)
            except OSError:
                continue
            for results in re.finditer(rb'\{"results": \[\[.{200,}', text):
                found[len(found)] = results[0]
    return found
FOUND = inherited()
if FOUND:
    raise SystemExit("something was left: " + str(FOUND)[:200])
def score(numbers):
    return honest(numbers)
