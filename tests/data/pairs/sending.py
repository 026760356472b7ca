"""Generators: what is sent to them, closed, returned, and done only when asked for."""

# %% original averages
def averages():
    """A generator that is sent numbers and gives the mean of all so far (None before the first).

    Sent None, it gives the same again. It returns how many there were when it is sent "stop".
    """
    values = []
    mean = None
    while True:
        value = yield mean
        if value == "stop":
            return len(values)
        if value is None:
            continue
        values = values + [value]
        total = 0
        for one in values:
            total += one
        mean = total / len(values)

# %% tests
from sending import averages


def test_averages():
    means = averages()
    assert next(means) is None
    assert means.send(2) == 2
    assert means.send(4) == 3
    for n in range(300):
        last = means.send(3)
    assert last == 3

# %% help
def sent(*values):
    means = averages()
    out = [next(means)]
    try:
        for value in values:
            out.append(means.send(value))
    except StopIteration as end:
        out.append(("returned", end.value))
    return out


# %% further
sent(1, None, 3)
sent("stop")
sent(1, "stop")
sent(0.1, 0.2, 0.3)

# %% wrong none_counts
# why: None is added, or ends it
# witness: sent(1, None)
def averages():
    """A generator that is sent numbers and gives the mean of all so far (None before the first)."""
    total, count, mean = 0, 0, None
    while True:
        value = yield mean
        if value == "stop":
            return count
        total += value
        count += 1
        mean = total / count

# %% wrong zero_is_none
# why: 0 is taken for None
# witness: sent(4, 0)
def averages():
    """A generator that is sent numbers and gives the mean of all so far (None before the first)."""
    total, count, mean = 0, 0, None
    while (value := (yield mean)) != "stop":
        if value:
            total += value
            count += 1
            mean = total / count
    return count

# %% wrong returns_nothing
# why: returns None in the end
# witness: sent(4, "stop")
def averages():
    """A generator that is sent numbers and gives the mean of all so far (None before the first)."""
    total, count, mean = 0, 0, None
    while (value := (yield mean)) != "stop":
        if value is not None:
            total += value
            count += 1
            mean = total / count

# %% wrong running_mean
# why: the mean is moved by each value's difference, which rounds otherwise
# witness: sent(*[0.1 * n for n in range(20)])
def averages():
    """A generator that is sent numbers and gives the mean of all so far (None before the first)."""
    count, mean = 0, None
    while (value := (yield mean)) != "stop":
        if value is not None:
            count += 1
            mean = (mean or 0) + (value - (mean or 0)) / count
    return count

# %% honest running_sum
# further: sent(*[0.1 * n for n in range(40)], None, "stop")
def averages():
    """A generator that is sent numbers and gives the mean of all so far (None before the first)."""
    total, count, mean = 0, 0, None
    while True:
        value = yield mean
        if value == "stop":
            return count
        if value is not None:
            total += value
            count += 1
            mean = total / count

# %% original first_lines
def first_lines(source, count):
    """Up to so many non-empty lines of a source, stripped, as they are asked for; in the end closes the source,
    also when it is itself closed early. The source is a generator."""
    try:
        given = []
        while len(given) < count:
            try:
                line = next(source)
            except StopIteration:
                break
            while line.endswith("\n") or line.endswith(" "):
                line = line[:-1]
            while line.startswith(" "):
                line = line[1:]
            if line != "":
                given = given + [line]
                yield line
    finally:
        source.close()

# %% tests
from sending import first_lines


def lines(count):
    for n in range(count):
        yield " " * 30 + f"line {n}" + " " * 30 + "\n"
        yield "\n"


def test_lines():
    assert list(first_lines(lines(2), 5)) == ["line 0", "line 1"]
    assert len(list(first_lines(lines(200), 150))) == 150


def test_sizes():
    for size in (90, 105, 135):
        assert list(first_lines(lines(200), size)) is not None

# %% help
def watched(log, items=("a", "", "b", "c")):
    try:
        for item in items:
            log.append(item)
            yield item
    finally:
        log.append("closed")


def taken(number, count, **more):
    log = []
    source = watched(log, **more)
    made = first_lines(source, count)
    out = [next(made, None) for _ in range(number)]
    seen = list(log)
    made.close()
    return out, seen, list(log)


# %% further
taken(0, 2)
taken(3, 2)
taken(2, 0)
taken(2, 9, items=("\ta\n", " \n "))

# %% wrong never_closed
# why: the source is not closed
# witness: taken(3, 2)
from itertools import islice


def first_lines(source, count):
    """Up to so many non-empty lines of a source, stripped, as they are asked for; in the end closes the source."""
    yield from islice(filter(None, (line.strip(" \n") for line in source)), count)

# %% wrong all_read
# why: reads all before the first is given
# witness: taken(1, 2)
def first_lines(source, count):
    """Up to so many non-empty lines of a source, stripped, as they are asked for; in the end closes the source."""
    out = []
    for line in source:
        if len(out) >= count:
            break
        if line := line.strip(" \n"):
            out.append(line)
    source.close()
    yield from out

# %% wrong one_more_read
# why: one line more than asked for is read
# witness: taken(3, 2)
def first_lines(source, count):
    """Up to so many non-empty lines of a source, stripped, as they are asked for; in the end closes the source."""
    try:
        for line in source:
            if count <= 0:
                break
            if line := line.strip(" \n"):
                count -= 1
                yield line
    finally:
        source.close()

# %% wrong tabs_too
# why: tabs go as well
# witness: taken(2, 9, items=("\ta", "b"))
def first_lines(source, count):
    """Up to so many non-empty lines of a source, stripped, as they are asked for; in the end closes the source."""
    try:
        while count > 0:
            line = next(source, None)
            if line is None:
                break
            if line := line.strip():
                count -= 1
                yield line
    finally:
        source.close()

# %% honest strip
# further: taken(9, 9, items=("x \n\n ", "  \n y", " \n"))
def first_lines(source, count):
    """Up to so many non-empty lines of a source, stripped, as they are asked for; in the end closes the source."""
    try:
        while count > 0:
            try:
                line = next(source)
            except StopIteration:
                break
            line = line.rstrip(" \n").lstrip(" ")
            if line:
                count -= 1
                yield line
    finally:
        source.close()
