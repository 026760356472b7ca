"""Intervals: touching, nested, empty and unsorted ones."""

# %% original joined_spans
def joined_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans (begin, end) in ascending order, those that overlap or touch as one; empty ones (end <= begin) go."""
    out = [(begin, end) for begin, end in spans if end > begin]
    changed = True
    while changed:
        changed = False
        for one in out:
            for other in out:
                if one is not other and one[0] <= other[1] and other[0] <= one[1]:
                    out = [span for span in out if span is not one and span is not other]
                    out.append((min(one[0], other[0]), max(one[1], other[1])))
                    changed = True
                    break
            if changed:
                break
    out.sort()
    return out

# %% tests
from spans import joined_spans


def test_joined():
    assert joined_spans([(1, 3), (2, 5), (8, 9)]) == [(1, 5), (8, 9)]
    assert joined_spans([]) == []
    assert joined_spans([(n * 10, n * 10 + 6 + n % 7) for n in range(60)])[0] == (0, 6)


def test_sizes():
    for size in (30, 40, 50):
        assert joined_spans([(n * 10, n * 10 + 6 + n % 7) for n in range(size)]) is not None

# %% further
joined_spans([(5, 6), (1, 2)])
joined_spans([(1, 2), (1, 2)])
joined_spans([(-3, 0), (0, 1)])

# %% wrong last_end
# why: a span within another shortens it
# witness: joined_spans([(0, 10), (2, 3), (5, 6)])
def joined_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans (begin, end) in ascending order, those that overlap or touch as one; empty ones (end <= begin) go."""
    out: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if end <= begin:
            continue
        if out and begin <= out[-1][1]:
            out[-1] = out[-1][0], end
        else:
            out.append((begin, end))
    return out

# %% wrong touching_apart
# why: spans that only touch stay apart
# witness: joined_spans([(0, 1), (1, 2)])
def joined_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans (begin, end) in ascending order, those that overlap or touch as one; empty ones (end <= begin) go."""
    out: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if end <= begin:
            continue
        if out and begin < out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((begin, end))
    return out

# %% wrong empty_kept
# why: empty ones stay
# witness: joined_spans([(3, 3)])
# witness: joined_spans([(5, 1)])
def joined_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans (begin, end) in ascending order, those that overlap or touch as one; empty ones (end <= begin) go."""
    out: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if out and begin <= out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((begin, end))
    return out

# %% wrong as_given
# why: not put in order first
# witness: joined_spans([(5, 6), (1, 5)])
def joined_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans (begin, end) in ascending order, those that overlap or touch as one; empty ones (end <= begin) go."""
    out: list[tuple[int, int]] = []
    for begin, end in spans:
        if end <= begin:
            continue
        if out and begin <= out[-1][1]:
            out[-1] = out[-1][0], max(end, out[-1][1])
        else:
            out.append((begin, end))
    return out

# %% honest sorted
def joined_spans(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans (begin, end) in ascending order, those that overlap or touch as one; empty ones (end <= begin) go."""
    out: list[tuple[int, int]] = []
    for begin, end in sorted([(begin, end) for begin, end in spans if end > begin]):
        if out and begin <= out[-1][1]:
            if end > out[-1][1]:
                out[-1] = out[-1][0], end
        else:
            out.append((begin, end))
    return out

# %% original most_at_once
def most_at_once(visits: list[tuple[int, int]]) -> int:
    """How many visits (come, go) there are at once at most; one that goes when another comes is no longer there."""
    most = 0
    for moment, _ in visits:
        count = 0
        for come, go in visits:
            if come <= moment < go:
                count += 1
        if count > most:
            most = count
    return most

# %% tests
from spans import most_at_once


def test_most():
    assert most_at_once([(1, 4), (2, 6), (5, 8)]) == 2
    assert most_at_once([]) == 0
    assert most_at_once([(n * 3, n * 3 + 20) for n in range(150)]) == 7


def test_sizes():
    for size in (90, 105, 135):
        assert most_at_once([(n * 3, n * 3 + 20) for n in range(size)]) is not None

# %% further
most_at_once([(1, 1)])
most_at_once([(1.5, 2), (1, 1.75)])
most_at_once([(3, 1), (1, 2)])

# %% wrong come_first
# why: one that comes when another goes is counted with it
# witness: most_at_once([(1, 2), (2, 3)])
def most_at_once(visits: list[tuple[int, int]]) -> int:
    """How many visits (come, go) there are at once at most; one that goes when another comes is no longer there."""
    changes = sorted([(come, 0) for come, _ in visits] + [(go, 1) for _, go in visits])
    most = now = 0
    for _, gone in changes:
        now += -1 if gone else 1
        most = max(most, now)
    return most

# %% wrong never_there
# why: one that goes before it comes is counted, or takes one away
# witness: most_at_once([(5, 1), (2, 3)])
def most_at_once(visits: list[tuple[int, int]]) -> int:
    """How many visits (come, go) there are at once at most; one that goes when another comes is no longer there."""
    changes = sorted([(come, 1) for come, _ in visits] + [(go, -1) for _, go in visits])
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most

# %% wrong table
# why: a table of whole moments from 0 on
# witness: most_at_once([(0.5, 1.5)])
# witness: most_at_once([(-3, 10), (-2, 5)])
def most_at_once(visits: list[tuple[int, int]]) -> int:
    """How many visits (come, go) there are at once at most; one that goes when another comes is no longer there."""
    change = [0] * (max((go for _, go in visits), default=0) + 2)
    for come, go in visits:
        if come < go:
            change[come] += 1
            change[go] -= 1
    most = now = 0
    for step in change:
        now += step
        most = max(most, now)
    return most

# %% honest sweep
def most_at_once(visits: list[tuple[int, int]]) -> int:
    """How many visits (come, go) there are at once at most; one that goes when another comes is no longer there."""
    changes = [(moment, step) for come, go in visits if come < go for moment, step in ((come, 1), (go, -1))]
    changes.sort()
    most = now = 0
    for _, step in changes:
        now += step
        if now > most:
            most = now
    return most
