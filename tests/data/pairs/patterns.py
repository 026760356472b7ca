"""Regular expressions in place of loops, and the other way round."""

# %% original is_name
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"
DIGITS = "0123456789"


def is_name(text: str) -> bool:
    """Whether the text is a name of ASCII letters, digits and _, no digit first."""
    if len(text) == 0:
        return False
    for place in range(len(text)):
        good = False
        for letter in LETTERS:
            if text[place] == letter:
                good = True
        if place > 0:
            for digit in DIGITS:
                if text[place] == digit:
                    good = True
        if not good:
            return False
    return True

# %% tests
from patterns import is_name


def test_names():
    assert is_name("some_name_2")
    assert not is_name("2nd")
    assert not is_name("a-b")
    assert not is_name("")
    assert is_name("_" + "long" * 40)


def test_sizes():
    for size in (24, 28, 36):
        assert is_name('_' + 'long' * size) is not None

# %% further
is_name("a b")
is_name("_")

# %% wrong isidentifier
# why: letters of other scripts are taken
# witness: is_name("été")
def is_name(text: str) -> bool:
    """Whether the text is a name of ASCII letters, digits and _, no digit first."""
    return text.isidentifier()

# %% wrong word_class
# why: \w takes letters of other scripts
# witness: is_name("naïve")
import re

_NAME = re.compile(r"[^\W\d]\w*").fullmatch


def is_name(text: str) -> bool:
    """Whether the text is a name of ASCII letters, digits and _, no digit first."""
    return _NAME(text) is not None

# %% wrong dollar
# why: a line end at the end is let through
# witness: is_name("name\n")
import re

_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$").match


def is_name(text: str) -> bool:
    """Whether the text is a name of ASCII letters, digits and _, no digit first."""
    return bool(_NAME(text))

# %% wrong ignorecase
# why: without re.ASCII the long s and the Kelvin sign are letters when case is ignored
# witness: is_name("\u212a")
import re

_NAME = re.compile(r"[a-z_][a-z0-9_]*", re.IGNORECASE).fullmatch


def is_name(text: str) -> bool:
    """Whether the text is a name of ASCII letters, digits and _, no digit first."""
    return _NAME(text) is not None

# %% honest ascii_identifier
def is_name(text: str) -> bool:
    """Whether the text is a name of ASCII letters, digits and _, no digit first."""
    return text.isascii() and text.isidentifier()

# %% honest fullmatch
import re

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*").fullmatch


def is_name(text: str) -> bool:
    """Whether the text is a name of ASCII letters, digits and _, no digit first."""
    return _NAME(text) is not None

# %% original fill
def fill(template: str, values: dict[str, object]) -> str:
    """The template with each `{name}` of the values replaced, in one pass; names that are unknown stay."""
    out = ""
    place = 0
    while place < len(template):
        for name in values:
            mark = "{" + name + "}"
            if template[place : place + len(mark)] == mark:
                out += str(values[name])
                place += len(mark)
                break
        else:
            out += template[place]
            place += 1
    return out

# %% tests
from patterns import fill


def test_fill():
    assert fill("Dear {name}, {count} new", {"name": "Ann", "count": 3}) == "Dear Ann, 3 new"
    assert fill("plain", {}) == "plain"
    assert fill("{who}", {"name": 1}) == "{who}"


def test_long():
    assert fill("x{a}y{b}" * 60, {"a": 1, "b": 2, "c": 3}) == "x1y2" * 60


def test_sizes():
    for size in (36, 42, 54):
        assert fill('x{a}y{b}' * size, {'a': 1, 'b': 2, 'c': 3}) is not None

# %% further
fill("{a}{b}", {"a": "", "b": None})
fill("{a", {"a": 1})
fill("{}", {"": "x"})
fill("{{a}}", {"a": "q"})

# %% wrong replace
# why: marks in a value are replaced in turn
# witness: fill("{a} {b}", {"a": "{b}", "b": "x"})
def fill(template: str, values: dict[str, object]) -> str:
    """The template with each `{name}` of the values replaced, in one pass; names that are unknown stay."""
    for name, value in values.items():
        template = template.replace("{" + name + "}", str(value))
    return template

# %% wrong format_map
# why: braces that are no marks, and fields with more in them, are read by str.format
# witness: fill("{a} {", {"a": 1})
# witness: fill("{a!r}", {"a": "x"})
class _Kept(dict):
    def __missing__(self, name):
        return "{" + name + "}"


def fill(template: str, values: dict[str, object]) -> str:
    """The template with each `{name}` of the values replaced, in one pass; names that are unknown stay."""
    return template.format_map(_Kept(values))

# %% wrong group_reference
# why: a value is taken as the replacement's pattern, where \1 has a meaning
# witness: fill("{a}", {"a": "C:\\temp"})
import re


def fill(template: str, values: dict[str, object]) -> str:
    """The template with each `{name}` of the values replaced, in one pass; names that are unknown stay."""
    for name in values:
        if "{" + name in template:
            template = re.sub(re.escape("{" + name + "}"), str(values[name]), template)
    return template

# %% wrong words_only
# why: a name that has other signs in it is not seen
# witness: fill("{first name}", {"first name": "Ann"})
import re


def fill(template: str, values: dict[str, object]) -> str:
    """The template with each `{name}` of the values replaced, in one pass; names that are unknown stay."""
    return re.sub(r"\{(\w+)\}", lambda m: str(values[m[1]]) if m[1] in values else m[0], template)

# %% honest one_pattern
import re


def fill(template: str, values: dict[str, object]) -> str:
    """The template with each `{name}` of the values replaced, in one pass; names that are unknown stay."""
    if not values:
        return template
    marks = {"{" + name + "}": name for name in values}
    pattern = "|".join(map(re.escape, marks))
    return re.sub(pattern, lambda match: str(values[marks[match[0]]]), template)
