"""What depends on the order of a set, or of a dict's keys."""

# %% original merged_words
def merged_words(first, second):
    """The words of both lists, each once, those of the first list before the others, as one line."""
    out = []
    for word in first + second:
        if out.count(word) == 0:
            out.append(word)
    return " ".join(out)

# %% tests
from order import merged_words


def test_merged():
    assert sorted(merged_words(["a", "b"], ["b", "c"]).split()) == ["a", "b", "c"]
    words = [f"w{n % 60}" for n in range(300)]
    assert len(merged_words(words, words).split()) == 60


def test_sizes():
    for size in (40, 50, 55):
        assert merged_words([f"w{n % size}" for n in range(300)], ["x"]) is not None

# %% further
merged_words([], [])
merged_words(["x", "x"], ["a", "x"])

# %% wrong union
# why: in the order of a set of texts, another in each process
# witness: merged_words([f"w{n}" for n in range(30)], [f"v{n}" for n in range(30)])
def merged_words(first, second):
    """The words of both lists, each once, those of the first list before the others, as one line."""
    return " ".join(set(first) | set(second))

# %% wrong sorted
# why: by the alphabet
# witness: merged_words(["z"], ["a"])
def merged_words(first, second):
    """The words of both lists, each once, those of the first list before the others, as one line."""
    return " ".join(sorted({*first, *second}))

# %% honest fromkeys
def merged_words(first, second):
    """The words of both lists, each once, those of the first list before the others, as one line."""
    return " ".join(dict.fromkeys(first + second))

# %% original first_shared
def first_shared(mine: list, theirs: list):
    """The first of mine that is among theirs; None if there is none."""
    shared = []
    for one in mine:
        for other in theirs:
            if one == other and one not in shared:
                shared.append(one)
    if shared:
        return shared[0]
    return None

# %% tests
from order import first_shared


def test_shared():
    assert first_shared(["a", "b"], ["b"]) == "b"
    assert first_shared([], ["b"]) is None
    assert first_shared(list(range(5, 100)), list(range(300))) == 5


def test_sizes():
    for size in (180, 210, 270):
        assert first_shared(list(range(5, 100)), list(range(size))) is not None

# %% further
first_shared("hello", "ole")
first_shared([1.0], [1])
first_shared([0], [0])

# %% wrong intersection
# why: any of the shared ones
# witness: first_shared([40, 3, 17, 8], [8, 17, 3, 40])
def first_shared(mine: list, theirs: list):
    """The first of mine that is among theirs; None if there is none."""
    return next(iter(set(mine) & set(theirs)), None)

# %% wrong substring
# why: `in` of a text finds longer pieces than its letters
# witness: first_shared(["el"], "hello")
# witness: first_shared([""], "hello")
def first_shared(mine: list, theirs: list):
    """The first of mine that is among theirs; None if there is none."""
    return next((one for one in mine if one in theirs), None)

# %% wrong theirs_first
# why: the first of theirs that is among mine
# witness: first_shared([1, 2], [2, 1])
def first_shared(mine: list, theirs: list):
    """The first of mine that is among theirs; None if there is none."""
    known = dict.fromkeys(mine)
    return next((one for one in theirs if one in known), None)

# %% honest stops_at_first
# further: first_shared([[1]], [[2], [1]])
# further: (lambda nan: first_shared([nan], [nan]))(float("nan"))
def first_shared(mine: list, theirs: list):
    """The first of mine that is among theirs; None if there is none."""
    for one in mine:
        for other in theirs:
            if one == other:
                return one
    return None
