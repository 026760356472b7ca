"""Text beyond ASCII: normal forms, combining marks, astral letters, final sigma."""

# %% original reversed_words
def reversed_words(text: str) -> str:
    """The text with the letters of each word turned round; words are parted by single spaces, which stay."""
    out = ""
    word = ""
    for letter in text + " ":
        if letter == " ":
            out = out + word + " "
            word = ""
        else:
            word = letter + word
    return out[:-1]

# %% tests
from unicodes import reversed_words


def test_words():
    assert reversed_words("abc de") == "cba ed"
    assert reversed_words("") == ""
    assert reversed_words("something " * 50) == "gnihtemos " * 50


def test_sizes():
    for size in (30, 35, 45):
        assert reversed_words('something ' * size) is not None

# %% further
reversed_words("e\u0301a b")
reversed_words("\U0001f600x y")
reversed_words("a  b")

# %% wrong normalized
# why: composes letters and their marks first
# witness: reversed_words("e\u0301a")
import unicodedata


def reversed_words(text: str) -> str:
    """The text with the letters of each word turned round; words are parted by single spaces, which stay."""
    text = unicodedata.normalize("NFC", text)
    return " ".join([word[::-1] for word in text.split(" ")])

# %% wrong whole_text
# why: other space parts words as well
# witness: reversed_words("a\tb c")
def reversed_words(text: str) -> str:
    """The text with the letters of each word turned round; words are parted by single spaces, which stay."""
    words = text[::-1].split()
    spaced = " ".join(reversed(words))
    return spaced + " " if text.endswith(" ") else spaced

# %% wrong utf16
# why: letters beyond 16 bits are torn apart
# witness: reversed_words("\U0001f600x")
def reversed_words(text: str) -> str:
    """The text with the letters of each word turned round; words are parted by single spaces, which stay."""
    data = text.encode("utf-16-le")[::-1]
    back = bytes(data).decode("utf-16-be", "replace")
    return " ".join(back.split(" ")[::-1])

# %% honest slices
def reversed_words(text: str) -> str:
    """The text with the letters of each word turned round; words are parted by single spaces, which stay."""
    return " ".join([word[::-1] for word in text.split(" ")])

# %% original plain
import unicodedata


def plain(text: str) -> str:
    """The text without the marks that combine with a letter (é is e); all else stays, composed as it was."""
    out = ""
    for letter in text:
        kept = ""
        for part in unicodedata.normalize("NFD", letter):
            if unicodedata.category(part) != "Mn":
                kept = kept + part
        out = out + unicodedata.normalize("NFC", kept)
    return out

# %% tests
from unicodes import plain


def test_plain():
    assert plain("café") == "cafe"
    assert plain("") == ""
    assert plain("plain text with no mark " * 40) == "plain text with no mark " * 40
    assert plain("Ångström, naïve " * 20) == "Angstrom, naive " * 20


def test_sizes():
    for size in (24, 28, 36):
        assert plain('plain text with no mark ' * size) is not None

# %% further
plain("e\u0301")
plain("ß ø đ")
plain("한글")
plain("\u212b")

# %% wrong ascii
# why: all that is not ASCII is lost, not only marks
# witness: plain("ß €")
import unicodedata


def plain(text: str) -> str:
    """The text without the marks that combine with a letter (é is e); all else stays, composed as it was."""
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()

# %% wrong compatible
# why: NFKD takes ligatures and fullwidth letters apart as well
# witness: plain("ﬁ ²")
import unicodedata


def plain(text: str) -> str:
    """The text without the marks that combine with a letter (é is e); all else stays, composed as it was."""
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFKD", text)
    return unicodedata.normalize("NFC", "".join([part for part in parts if not unicodedata.combining(part)]))

# %% wrong left_apart
# why: what is no mark stays taken apart, as Korean syllables
# witness: plain("한글")
import unicodedata


def plain(text: str) -> str:
    """The text without the marks that combine with a letter (é is e); all else stays, composed as it was."""
    parts = unicodedata.normalize("NFD", text)
    return "".join([part for part in parts if part.isascii() or unicodedata.category(part) != "Mn"])

# %% honest ascii_kept
# further: plain("\u1100\u1161")
import unicodedata


def plain(text: str) -> str:
    """The text without the marks that combine with a letter (é is e); all else stays, composed as it was."""
    if text.isascii():
        return text
    known = {}
    out = []
    for letter in text:
        if letter.isascii():
            out.append(letter)
            continue
        if letter not in known:
            parts = [p for p in unicodedata.normalize("NFD", letter) if unicodedata.category(p) != "Mn"]
            known[letter] = unicodedata.normalize("NFC", "".join(parts))
        out.append(known[letter])
    return "".join(out)

# %% original masked
def masked(text: str, hidden: str, mark: str = "*") -> str:
    """The text with each letter that is among the hidden ones, in upper or lower case, as the mark."""
    out = []
    for letter in text:
        found = False
        for one in hidden:
            if letter == one.lower() or letter == one.upper():
                found = True
        out.append(mark if found else letter)
    return "".join(out)

# %% tests
from unicodes import masked


def test_masked():
    assert masked("Banana", "an") == "B*****"
    assert masked("", "x") == ""
    assert masked("some longer text " * 30, "aeiou").count("*") == 150


def test_sizes():
    for size in (18, 21, 27):
        assert masked('some longer text ' * size, 'aeiou') is not None

# %% further
masked("abc", "")
masked("abc", "B", "")
masked("abc", "b", "<hidden>")

# %% wrong lowered
# why: by the lower case of both, where the lower case of İ is two letters and the Kelvin sign is a k
# witness: masked("\u212a", "k")
def masked(text: str, hidden: str, mark: str = "*") -> str:
    """The text with each letter that is among the hidden ones, in upper or lower case, as the mark."""
    gone = set(hidden.lower())
    return "".join([mark if letter.lower() in gone else letter for letter in text])

# %% wrong lower_only
# why: final sigma, and letters whose upper case is two, are told otherwise by the whole text's case
# witness: masked("σς", "ΑΣ")
# witness: masked("S", "ß")
def masked(text: str, hidden: str, mark: str = "*") -> str:
    """The text with each letter that is among the hidden ones, in upper or lower case, as the mark."""
    gone = {ord(letter): mark for letter in hidden.lower() + hidden.upper()}
    return text.translate(gone)

# %% wrong one_letter
# why: a mark of several letters cannot be mapped letter by letter
# witness: masked("abc", "b", "<hidden>")
def masked(text: str, hidden: str, mark: str = "*") -> str:
    """The text with each letter that is among the hidden ones, in upper or lower case, as the mark."""
    gone = "".join(one.lower() + one.upper() for one in hidden)
    return text.translate(str.maketrans(gone, mark * len(gone)))

# %% wrong pattern
# why: a hidden sign has a meaning in a pattern: ^ or - or ]
# witness: masked("a-c b", "a-c")
# witness: masked("^a", "^a")
import re


def masked(text: str, hidden: str, mark: str = "*") -> str:
    """The text with each letter that is among the hidden ones, in upper or lower case, as the mark."""
    return re.sub(f"[{hidden.lower()}{hidden.upper()}]", mark, text) if hidden else text

# %% honest translate
def masked(text: str, hidden: str, mark: str = "*") -> str:
    """The text with each letter that is among the hidden ones, in upper or lower case, as the mark."""
    cases = [case for one in hidden for case in (one.lower(), one.upper()) if len(case) == 1]
    return text.translate({ord(case): mark for case in cases})
