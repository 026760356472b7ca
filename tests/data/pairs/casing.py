"""Upper and lower case beyond ASCII."""

# %% original same_names
def same_names(names: list[str], others: list[str]) -> list[str]:
    """Names that are among the others as well, whatever their case by `str.lower`."""
    out = []
    for name in names:
        for other in others:
            if name.lower() == other.lower():
                out.append(name)
                break
    return out

# %% tests
from casing import same_names


def test_names():
    assert same_names(["Ann", "BOB", "eve"], ["bob", "EVE", "joe"]) == ["BOB", "eve"]


def test_many():
    assert len(same_names([f"N{n}" for n in range(80)], [f"n{2 * n}" for n in range(80)])) == 40


def test_sizes():
    for size in (48, 56, 72):
        assert same_names([f'N{n}' for n in range(80)], [f'n{2 * n}' for n in range(size)]) is not None

# %% further
same_names(["A", "a", "A"], ["a"])
same_names([], ["x"])
same_names(["ΣΑΣ"], ["σας"])

# %% wrong casefold
# why: casefold takes ß and ss for one
# witness: same_names(["groß"], ["GROSS"])
def same_names(names: list[str], others: list[str]) -> list[str]:
    """Names that are among the others as well, whatever their case by `str.lower`."""
    known = {other.casefold() for other in others}
    return [name for name in names if name.casefold() in known]

# %% wrong upper
# why: upper takes ı and i, ß and SS for one
# witness: same_names(["ı"], ["i"])
# witness: same_names(["ﬁn"], ["FIN"])
def same_names(names: list[str], others: list[str]) -> list[str]:
    """Names that are among the others as well, whatever their case by `str.lower`."""
    known = {other.upper() for other in others}
    return [name for name in names if name.upper() in known]

# %% wrong each_once
# why: a name that is given twice comes out once
# witness: same_names(["Ann", "ann", "Ann"], ["ANN"])
def same_names(names: list[str], others: list[str]) -> list[str]:
    """Names that are among the others as well, whatever their case by `str.lower`."""
    known = {other.lower() for other in others}
    return list(dict.fromkeys(name for name in names if name.lower() in known))

# %% honest set_of_lower
def same_names(names: list[str], others: list[str]) -> list[str]:
    """Names that are among the others as well, whatever their case by `str.lower`."""
    known = {other.lower() for other in others}
    return [name for name in names if name.lower() in known]

# %% original title_words
def title_words(text: str) -> str:
    """The text with each word's first letter in upper case, all others as they are; spaces are kept."""
    out = ""
    start = True
    for letter in text:
        if letter == " ":
            start = True
            out = out + letter
        elif start:
            out = out + letter.upper()
            start = False
        else:
            out = out + letter
    return out

# %% tests
from casing import title_words


def test_words():
    assert title_words("the old man") == "The Old Man"
    assert title_words("") == ""
    assert title_words("a") == "A"


def test_long():
    assert title_words("nevertheless sightseeing " * 60).count("Sightseeing") == 60


def test_sizes():
    for size in (36, 42, 54):
        assert title_words('nevertheless sightseeing ' * size) is not None

# %% further
title_words("x\ty z")
title_words("1st ab")
title_words("ß ﬁ")

# %% wrong title
# why: str.title lowers the others and begins words after any sign
# witness: title_words("they're")
def title_words(text: str) -> str:
    """The text with each word's first letter in upper case, all others as they are; spaces are kept."""
    return text.title()

# %% wrong capitalize
# why: str.capitalize lowers what follows
# witness: title_words("the NATO")
def title_words(text: str) -> str:
    """The text with each word's first letter in upper case, all others as they are; spaces are kept."""
    return " ".join(map(str.capitalize, text.split(" ")))

# %% wrong spaces
# why: runs of spaces, and those at the ends, are lost
# witness: title_words("a  b")
def title_words(text: str) -> str:
    """The text with each word's first letter in upper case, all others as they are; spaces are kept."""
    out = " ".join(word[0].upper() + word[1:] for word in text.split())
    return out + " " if text.endswith(" ") else out

# %% wrong capwords
# why: string.capwords lowers what follows
# witness: title_words("mcDonald eats")
import string


def title_words(text: str) -> str:
    """The text with each word's first letter in upper case, all others as they are; spaces are kept."""
    return string.capwords(text, " ")

# %% honest split
def title_words(text: str) -> str:
    """The text with each word's first letter in upper case, all others as they are; spaces are kept."""
    return " ".join([word[:1].upper() + word[1:] for word in text.split(" ")])
