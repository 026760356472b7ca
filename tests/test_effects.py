"""What a call does besides its result, compared in real calls."""

import textwrap
from pathlib import Path

import pytest
from tests.labs import judged, project

EFFECTS = """
    seen = []
    LIMIT = 5

    def note(x):
        seen.append(x)
        return len(seen)


    def naturals(log):
        log.append("begun")
        n = 0
        while True:
            yield n
            n += 1


    def checked(items, out):
        for item in items:
            out.append(item)
            if item < 0:
                raise ValueError("negative")
        return len(out)


    def growing(numbers):
        total = 0
        for n in numbers:
            for i in range(40):
                total += n * i % 7
            yield total


    def rising(numbers):
        for n in sorted(numbers):
            yield n * 2


    class Counter:
        def __init__(self):
            self.count = 0

        def step(self, by):
            self.count += by
            return self.count
"""

EFFECT_TESTS = """
    from itertools import islice
    from shop import Counter, checked, growing, naturals, note, rising

    def test_all():
        note(1), note(2)
        assert [0, 1] == list(islice(naturals([]), 2))
        assert 2 == checked([1, 2], [])
        for bad in range(-6, 0):
            try:
                checked([3, bad, 4], [])
            except ValueError:
                pass
        assert 2 == Counter().step(2)
        for n in range(1, 9):
            assert 300 * n == len(list(growing(list(range(300 * n)))))
            assert 9000 * n == len(list(rising([i * 7919 % 1000 / 8 for i in range(9000 * n)])))
"""

UNLIKE = {
    "a global that is not touched": (
        "note",
        "the global seen",
        ("seen.append(x)", "pass"),
        ("len(seen)", "len(seen) + 1"),
    ),
    "work pulled forward to the call": (
        "naturals",
        "items are asked for",
        ('log.append("begun")', 'log.append("begun")\n    return later()\n\ndef later():'),
    ),
    "all the work before the first item": (
        "growing",
        "of its work for its first item",
        ("total = 0", "total, out = 0, []"),
        ("yield total", "out.append(total)\n    yield from out"),
    ),
    "work at the call of what cannot be seen from outside": (
        "rising",
        "of its work when it is called",
        ("for n in sorted(numbers):\n        yield n * 2", "return (n * 2 for n in sorted(numbers))"),
    ),
    "an endless generator that is gathered first": (
        "naturals",
        "",
        ("yield n", "items.append(n)"),
        ("n = 0", "n, items = 0, []\n    yield None"),
    ),
    "effects before an exception": (
        "checked",
        "arguments",
        ("out.append(item)\n        if", "if"),
        ("return len(out)", "out.extend(items)\n    return len(out)"),
    ),
    "self left as it was": (
        "Counter.step",
        "arguments",
        ("self.count += by", "pass"),
        ("return self.count", "return self.count + by"),
    ),
}


@pytest.mark.parametrize("case", UNLIKE)
async def test_each_effect_of_the_original_is_kept(case: str, tmp_path: Path, few_grown: None) -> None:
    """What a call does besides its result is compared in real calls; the same text is not called wrong."""
    qualname, said, *changes = UNLIKE[case]
    project(tmp_path, shop=EFFECTS, test_shop=EFFECT_TESTS)
    text = textwrap.dedent(EFFECTS)
    broken = text
    for old, new in changes:
        assert old in broken, old
        broken = broken.replace(old, new)
    same, wrong = await judged(tmp_path, qualname, [text + "\n# another text\n", broken])
    kind = "timed_out" if "endless" in case else "wrong"
    assert (kind, True) == (wrong.verdict.kind, said in wrong.verdict.reason), wrong.verdict
    assert same.verdict.kind in ("same", "slower"), same.verdict
