"""Optional parameters that no test passes."""

# %% original ranking
def ranking(scores: dict[str, int], reverse=False, limit=None, key=None) -> list[str]:
    """Names by their score, the best first, equal ones by name; `key` makes the score of what is there."""
    left = dict(scores)
    out = []
    while left:
        best = None
        for name in left:
            mine = key(left[name]) if key else left[name]
            if best is None:
                best, best_score = name, mine
            elif mine > best_score or (mine == best_score and name < best):
                best, best_score = name, mine
        del left[best]
        out.append(best)
    if reverse:
        out.reverse()
    if limit is not None:
        out = out[:limit]
    return out

# %% tests
from keywords import ranking


def test_ranking():
    assert ranking({"a": 1, "b": 3, "c": 2}) == ["b", "c", "a"]
    assert ranking({}) == []
    assert len(ranking({f"n{n}": n * 7 % 31 for n in range(90)})) == 90


def test_sizes():
    for size in (18, 21, 27):
        assert ranking({f'n{n}': n * 7 % size for n in range(90)}) is not None

# %% further
ranking({"a": 1, "b": 1, "c": 2}, reverse=True)
ranking({"a": 1, "b": 2}, limit=0)
ranking({"a": -5, "b": 2}, key=abs)
ranking({"a": "x", "b": "y"})

# %% wrong all_ignored
# why: the three parameters are not used
# witness: ranking({"a": 1, "b": 2}, True)
# witness: ranking({"a": 1, "b": 2}, limit=1)
# witness: ranking({"a": -5, "b": 2}, key=abs)
def ranking(scores: dict[str, int], reverse=False, limit=None, key=None) -> list[str]:
    """Names by their score, the best first, equal ones by name; `key` makes the score of what is there."""
    return sorted(scores, key=lambda name: (-scores[name], name))

# %% wrong reversed_sort
# why: reverse turns the order of scores but not that of equal names
# witness: ranking({"a": 1, "b": 1}, reverse=True)
def ranking(scores: dict[str, int], reverse=False, limit=None, key=None) -> list[str]:
    """Names by their score, the best first, equal ones by name; `key` makes the score of what is there."""
    score = (lambda name: key(scores[name])) if key else scores.__getitem__
    out = sorted(sorted(scores), key=score, reverse=not reverse)
    return out if limit is None else out[:limit]

# %% wrong limit_zero
# why: a limit of 0 is taken for none
# witness: ranking({"a": 1}, limit=0)
def ranking(scores: dict[str, int], reverse=False, limit=None, key=None) -> list[str]:
    """Names by their score, the best first, equal ones by name; `key` makes the score of what is there."""
    score = (lambda name: key(scores[name])) if key else scores.__getitem__
    out = sorted(sorted(scores), key=score, reverse=True)
    if reverse:
        out.reverse()
    return out[:limit] if limit else out

# %% wrong limit_first
# why: cut before it is turned
# witness: ranking({"a": 1, "b": 2, "c": 3}, reverse=True, limit=1)
def ranking(scores: dict[str, int], reverse=False, limit=None, key=None) -> list[str]:
    """Names by their score, the best first, equal ones by name; `key` makes the score of what is there."""
    score = (lambda name: key(scores[name])) if key else scores.__getitem__
    out = sorted(sorted(scores), key=score, reverse=True)[:limit]
    return out[::-1] if reverse else out

# %% wrong minus
# why: scores that are no numbers have no minus
# witness: ranking({"a": "x", "b": "y"})
def ranking(scores: dict[str, int], reverse=False, limit=None, key=None) -> list[str]:
    """Names by their score, the best first, equal ones by name; `key` makes the score of what is there."""
    score = key or (lambda value: value)
    out = sorted(scores, key=lambda name: (-score(scores[name]), name))
    if reverse:
        out.reverse()
    return out if limit is None else out[:limit]

# %% honest two_sorts
def ranking(scores: dict[str, int], reverse=False, limit=None, key=None) -> list[str]:
    """Names by their score, the best first, equal ones by name; `key` makes the score of what is there."""
    score = (lambda name: key(scores[name])) if key else scores.__getitem__
    out = sorted(sorted(scores), key=score, reverse=True)
    if reverse:
        out.reverse()
    return out if limit is None else out[:limit]

# %% original wrapped
def wrapped(text: str, width: int = 60, *, indent: str = "", keep_empty: bool = False) -> list[str]:
    """Lines of words parted at spaces, each as long as fits the width with its indent; a longer word stands alone.

    An empty text is no line, or one of the indent alone if it is to be kept.
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if word == "":
            continue
        trial = line + " " + word if line != "" else word
        if len(indent + trial) <= width or line == "":
            line = trial
        else:
            lines = lines + [indent + line]
            line = word
    if line != "":
        lines = lines + [indent + line]
    if not lines and keep_empty:
        return [indent]
    return lines

# %% tests
from keywords import wrapped


def test_wrapped():
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("") == []
    assert wrapped("abc " * 2000, 20)[:2] == ["abc abc abc abc abc"] * 2
    assert max(map(len, wrapped("some words " * 1500, 1000))) <= 1000


def test_sizes():
    for size in (12, 14, 18):
        assert wrapped('abc ' * 2000, size) is not None

# %% further
wrapped("a bb ccc", 4, indent="> ")
wrapped("   ", keep_empty=True)
wrapped("longword x", 3)
wrapped("a\nb c", 3)
wrapped("well-known thing", 7)

# %% wrong indent_beside
# why: the indent is not counted
# witness: wrapped("aa bb", 5, indent="  ")
def wrapped(text: str, width: int = 60, *, indent: str = "", keep_empty: bool = False) -> list[str]:
    """Lines of words parted at spaces, each as long as fits the width with its indent."""
    lines: list[str] = []
    words: list[str] = []
    length = -1
    for word in filter(None, text.split(" ")):
        if words and length + 1 + len(word) > width:
            lines.append(indent + " ".join(words))
            words, length = [], -1
        words.append(word)
        length += 1 + len(word)
    if words:
        lines.append(indent + " ".join(words))
    return lines or ([indent] if keep_empty else [])

# %% wrong never_kept
# why: an empty text is no line though it is to be kept
# witness: wrapped("", indent="-", keep_empty=True)
def wrapped(text: str, width: int = 60, *, indent: str = "", keep_empty: bool = False) -> list[str]:
    """Lines of words parted at spaces, each as long as fits the width with its indent."""
    room = width - len(indent)
    lines: list[str] = []
    words: list[str] = []
    length = -1
    for word in filter(None, text.split(" ")):
        if words and length + 1 + len(word) > room:
            lines.append(indent + " ".join(words))
            words, length = [], -1
        words.append(word)
        length += 1 + len(word)
    if words:
        lines.append(indent + " ".join(words))
    return lines

# %% honest words
def wrapped(text: str, width: int = 60, *, indent: str = "", keep_empty: bool = False) -> list[str]:
    """Lines of words parted at spaces, each as long as fits the width with its indent."""
    room = width - len(indent)
    lines: list[str] = []
    words: list[str] = []
    length = -1
    for word in text.split(" "):
        if not word:
            continue
        size = len(word)
        if words and length + 1 + size > room:
            lines.append(indent + " ".join(words))
            words, length = [], -1
        words.append(word)
        length += 1 + size
    if words:
        lines.append(indent + " ".join(words))
    return lines or ([indent] if keep_empty else [])
