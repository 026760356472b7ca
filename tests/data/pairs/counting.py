"""Counts and ties."""

# %% original favourite
def favourite(votes):
    """What most votes are for; on a tie what reached that count first; None without votes."""
    best = None
    best_count = 0
    for place in range(len(votes)):
        count = 0
        for vote in votes[: place + 1]:
            if vote == votes[place]:
                count += 1
        if count > best_count:
            best = votes[place]
            best_count = count
    return best

# %% tests
from counting import favourite


def test_favourite():
    assert favourite(["a", "b", "b"]) == "b"
    assert favourite([]) is None
    assert favourite([n % 7 for n in range(204)] + [3, 3]) == 3


def test_sizes():
    for size in (122, 142, 183):
        assert favourite([n % 7 for n in range(size)] + [3, 3]) is not None

# %% further
favourite("aabbb")
favourite([1, 1.0, True])
favourite((2, 2, 1))
favourite([float("nan")])

# %% wrong most_common
# why: on a tie what was seen first wins, not what got there first
# witness: favourite(["a", "b", "b", "a"])
from collections import Counter


def favourite(votes):
    """What most votes are for; on a tie what reached that count first; None without votes."""
    common = Counter(votes).most_common(1)
    return common[0][0] if common else None

# %% wrong as_keys
# why: votes must be hashable
# witness: favourite([[1], [1], [2]])
def favourite(votes):
    """What most votes are for; on a tie what reached that count first; None without votes."""
    counts = {}
    best = None
    for vote in votes:
        counts[vote] = counts.get(vote, 0) + 1
        if best is None or counts[vote] > counts[best]:
            best = vote
    return best

# %% wrong last_to_reach
# why: on a tie the last to reach the count wins
# witness: favourite(["a", "b"])
def favourite(votes):
    """What most votes are for; on a tie what reached that count first; None without votes."""
    counts = []
    seen = []
    best, best_count = None, 0
    for vote in votes:
        if vote in seen:
            counts[seen.index(vote)] += 1
        else:
            seen.append(vote)
            counts.append(1)
        count = counts[seen.index(vote)]
        if count >= best_count:
            best, best_count = vote, count
    return best

# %% honest running
def favourite(votes):
    """What most votes are for; on a tie what reached that count first; None without votes."""
    seen = []
    counts = []
    best, best_count = None, 0
    for vote in votes:
        if vote != vote:
            continue
        for place, old in enumerate(seen):
            if old == vote:
                break
        else:
            place = len(seen)
            seen.append(vote)
            counts.append(0)
        counts[place] += 1
        if counts[place] > best_count:
            best, best_count = vote, counts[place]
    return best

# %% original word_table
def word_table(text: str) -> list[tuple[str, int]]:
    """The words of the text in lower case with their counts, most first, equal counts by the alphabet."""
    words = text.lower().split()
    table: list[tuple[str, int]] = []
    for word in words:
        if word not in [known for known, _ in table]:
            table.append((word, words.count(word)))
    table.sort(key=lambda row: row[0])
    table.sort(key=lambda row: row[1], reverse=True)
    return table

# %% tests
from counting import word_table


def test_table():
    assert word_table("b a a") == [("a", 2), ("b", 1)]
    assert word_table("") == []
    text = "ape " * 5 + " ".join(w * n for n, w in enumerate("cdefg" * 30, 1)) + " bee bee"
    assert len(word_table(text)) == 152


def test_sizes():
    for size in (15, 20, 25):
        assert word_table("ape " * 5 + " ".join(w * n for n, w in enumerate("cdefg" * size, 1))) is not None

# %% further
word_table("B b A")
word_table("x\u00a0y x")

# %% wrong most_common
# why: equal counts come in order of first appearance
# witness: word_table("b a")
from collections import Counter


def word_table(text: str) -> list[tuple[str, int]]:
    """The words of the text in lower case with their counts, most first, equal counts by the alphabet."""
    return Counter(text.lower().split()).most_common()

# %% wrong alphabet_back
# why: equal counts come from the end of the alphabet
# witness: word_table("a b")
from collections import Counter


def word_table(text: str) -> list[tuple[str, int]]:
    """The words of the text in lower case with their counts, most first, equal counts by the alphabet."""
    rows = sorted([(count, word) for word, count in Counter(text.lower().split()).items()], reverse=True)
    return [(word, count) for count, word in rows]

# %% wrong at_spaces
# why: only spaces part words
# witness: word_table("a\nb a")
from collections import Counter


def word_table(text: str) -> list[tuple[str, int]]:
    """The words of the text in lower case with their counts, most first, equal counts by the alphabet."""
    found = Counter(text.lower().split(" "))
    found.pop("", None)
    return sorted(found.items(), key=lambda row: (-row[1], row[0]))

# %% honest counter
from collections import Counter


def word_table(text: str) -> list[tuple[str, int]]:
    """The words of the text in lower case with their counts, most first, equal counts by the alphabet."""
    return sorted(Counter(text.lower().split()).items(), key=lambda row: (-row[1], row[0]))
