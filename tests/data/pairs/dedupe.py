"""Each item once: what a set or a dict loses."""

# %% original unique
def unique(items):
    """The items in order of first appearance, each once."""
    found = []
    for item in items:
        if item not in found:
            found.append(item)
    return found

# %% tests
from dedupe import unique


def test_numbers():
    assert unique([1, 1, 2, 3, 3]) == [1, 2, 3]
    assert unique([]) == []


def test_many():
    assert unique([n % 90 for n in range(400)]) == list(range(90))


def test_sizes():
    for size in (54, 63, 81):
        assert unique([n % size for n in range(400)]) is not None

# %% further
unique("abracadabra")
unique(n % 3 for n in range(10))
unique([(1, 2), (1, 2), "x", None])

# %% wrong set
# why: loses the order of first appearance
# witness: unique([30, 1, 20, 1])
def unique(items):
    """The items in order of first appearance, each once."""
    return list(set(items))

# %% wrong dict
# why: items that are not hashable raise TypeError
# witness: unique([[1], [2], [1]])
def unique(items):
    """The items in order of first appearance, each once."""
    return list(dict.fromkeys(items))

# %% wrong repr
# why: joins by text: 1 and "1" apart, but 1 and 1.0 are no longer one
# witness: unique([1, 1.0, 2])
def unique(items):
    """The items in order of first appearance, each once."""
    found = {}
    for item in items:
        found.setdefault(repr(item), item)
    return list(found.values())

# %% honest fallback
def unique(items):
    """The items in order of first appearance, each once."""
    items = list(items)
    try:
        return list(dict.fromkeys(items))
    except TypeError:
        found = []
        for item in items:
            if item not in found:
                found.append(item)
        return found

# %% original drop_repeats
def drop_repeats(values):
    """Values in order, each once; True and 1 are two values, and so are 1 and 1.0."""
    out = []
    for value in values:
        if not any(type(value) is type(old) and value == old for old in out):
            out.append(value)
    return out

# %% tests
from dedupe import drop_repeats


def test_mixed():
    assert drop_repeats([1, "a", 1, "a", None]) == [1, "a", None]


def test_long():
    assert drop_repeats([n * 7 % 50 for n in range(200)])[:3] == [0, 7, 14]


def test_sizes():
    for size in (30, 40, 45):
        assert drop_repeats([n * 7 % size for n in range(200)]) is not None

# %% further
drop_repeats([0, False, 0.0, 0])
drop_repeats([None, None, "x"])
drop_repeats([(1,), (1,), [2], [2]])

# %% wrong fromkeys
# why: 1, 1.0 and True become one
# witness: drop_repeats([1, True, 1.0, 1])
def drop_repeats(values):
    """Values in order, each once; True and 1 are two values, and so are 1 and 1.0."""
    return list(dict.fromkeys(values))

# %% wrong typed_keys
# why: lists are values too, but no keys
# witness: drop_repeats([[1], [1]])
def drop_repeats(values):
    """Values in order, each once; True and 1 are two values, and so are 1 and 1.0."""
    seen = set()
    out = []
    for value in values:
        key = type(value), value
        if key not in seen:
            seen.add(key)
            out.append(value)
    return out

# %% wrong nan
# why: by text, so that two NaN become one
# witness: drop_repeats([float("nan"), float("nan")])
def drop_repeats(values):
    """Values in order, each once; True and 1 are two values, and so are 1 and 1.0."""
    return list({(type(value), repr(value)): value for value in reversed(list(values))}.values())[::-1]

# %% honest by_type
def drop_repeats(values):
    """Values in order, each once; True and 1 are two values, and so are 1 and 1.0."""
    seen = set()
    out = []
    for value in values:
        if type(value) in (int, str, bool):
            key = type(value), value
            if key not in seen:
                seen.add(key)
                out.append(value)
        elif not any(type(value) is type(old) and value == old for old in out):
            out.append(value)
    return out

# %% original tags_of
def tags_of(posts):
    """All tags of the posts, each once, in order of first appearance, spelled as they first were."""
    tags = []
    for post in posts:
        for tag in post["tags"]:
            if tag.lower() not in [old.lower() for old in tags]:
                tags.append(tag)
    return tags

# %% tests
from dedupe import tags_of


def test_tags():
    posts = [{"tags": ["red", "blue"]}, {"tags": ["blue", "green"]}, {"tags": []}]
    assert tags_of(posts) == ["red", "blue", "green"]


def test_many_posts():
    posts = [{"tags": [f"t{n % 17}", f"t{n % 5}"]} for n in range(60)]
    assert len(tags_of(posts)) == 17


def test_sizes():
    for size in (36, 42, 54):
        assert tags_of([{'tags': [f't{n % 17}', f't{n % 5}']} for n in range(size)]) is not None

# %% further
tags_of([{"tags": ("a", "B", "b")}])
tags_of([])
tags_of([{"tags": ["İ", "i̇"]}])

# %% wrong last_spelling
# why: keeps the last spelling, not the first
# witness: tags_of([{"tags": ["Red", "red"]}])
def tags_of(posts):
    """All tags of the posts, each once, in order of first appearance, spelled as they first were."""
    return list({tag.lower(): tag for post in posts for tag in post["tags"]}.values())

# %% wrong casefold
# why: casefold joins what lower keeps apart
# witness: tags_of([{"tags": ["straße", "STRASSE"]}])
def tags_of(posts):
    """All tags of the posts, each once, in order of first appearance, spelled as they first were."""
    tags = {}
    for post in posts:
        for tag in post["tags"]:
            tags.setdefault(tag.casefold(), tag)
    return list(tags.values())

# %% honest setdefault
def tags_of(posts):
    """All tags of the posts, each once, in order of first appearance, spelled as they first were."""
    tags = {}
    for post in posts:
        for tag in post["tags"]:
            tags.setdefault(tag.lower(), tag)
    return list(tags.values())
