"""split, strip and the signs that count as space."""

# %% original fields
def fields(line: str) -> list[str]:
    """The parts of a line between single spaces; an empty part is a part too."""
    parts = []
    part = ""
    for sign in line:
        if sign == " ":
            parts.append(part)
            part = ""
        else:
            part += sign
    parts.append(part)
    return parts

# %% tests
from splitting import fields


def test_fields():
    assert fields("a b c") == ["a", "b", "c"]
    assert fields("one") == ["one"]


def test_long():
    assert fields(" ".join(str(n) for n in range(300)))[250] == "250"


def test_sizes():
    for size in (180, 210, 270):
        assert fields(' '.join((str(n) for n in range(size)))) is not None

# %% further
fields(" a ")
fields("a\tb\u00a0c")
fields("\n")

# %% wrong split
# why: runs of spaces are one, and tabs part as well
# witness: fields("a  b")
# witness: fields("a\tb")
# witness: fields("")
def fields(line: str) -> list[str]:
    """The parts of a line between single spaces; an empty part is a part too."""
    return line.split()

# %% wrong filtered
# why: empty parts are dropped
# witness: fields("a  b ")
def fields(line: str) -> list[str]:
    """The parts of a line between single spaces; an empty part is a part too."""
    return [part for part in line.split(" ") if part]

# %% wrong stripped
# why: spaces at the ends are lost
# witness: fields(" a")
def fields(line: str) -> list[str]:
    """The parts of a line between single spaces; an empty part is a part too."""
    return line.strip().split(" ")

# %% honest split_at_space
def fields(line: str) -> list[str]:
    """The parts of a line between single spaces; an empty part is a part too."""
    return line.split(" ")

# %% original trimmed
def trimmed(lines):
    """The lines without spaces and tabs at their ends, those left empty dropped."""
    out = []
    for line in lines:
        while line and line[0] in " \t":
            line = line[1:]
        while line and line[-1] in " \t":
            line = line[:-1]
        if line != "":
            out.append(line)
    return out

# %% tests
from splitting import trimmed


def test_trimmed():
    assert trimmed(["  a ", "\tb c", "   ", ""]) == ["a", "b c"]


def test_many():
    assert trimmed([" " * (n % 40) + "x" + " " * 30 for n in range(60)]) == ["x"] * 60


def test_sizes():
    for size in (24, 28, 36):
        assert trimmed([' ' * (n % size) + 'x' + ' ' * 30 for n in range(60)]) is not None

# %% further
trimmed([])
trimmed(["a\n"])
trimmed(line for line in ("a ", " "))

# %% wrong strip
# why: line ends, no-break spaces and form feeds go as well
# witness: trimmed(["a \n"])
# witness: trimmed(["\u00a0a"])
def trimmed(lines):
    """The lines without spaces and tabs at their ends, those left empty dropped."""
    return [line.strip() for line in lines if line.strip()]

# %% wrong dropped_before
# why: a line of tabs and spaces only stays, as an empty one
# witness: trimmed([" x", "\t \t"])
def trimmed(lines):
    """The lines without spaces and tabs at their ends, those left empty dropped."""
    return [line.strip(" \t") for line in lines if line.strip(" ")]

# %% honest strip_two
def trimmed(lines):
    """The lines without spaces and tabs at their ends, those left empty dropped."""
    return [short for line in lines if (short := line.strip(" \t"))]

# %% original numbered
def numbered(text):
    """The lines of a text, parted by the sign of a line end, each with its number before it."""
    out = ""
    number = 1
    rest = text
    while True:
        place = rest.find("\n")
        if place < 0:
            out = out + str(number) + ": " + rest
            return out
        out = out + str(number) + ": " + rest[:place] + "\n"
        rest = rest[place + 1 :]
        number += 1

# %% tests
from splitting import numbered


def test_numbered():
    assert numbered("a\nb") == "1: a\n2: b"
    assert numbered("a") == "1: a"


def test_long():
    text = "\n".join("line of some length" for _ in range(600))
    assert numbered(text).endswith("600: line of some length")


def test_sizes():
    for size in (360, 420, 540):
        assert numbered('\n'.join(('line of some length' for _ in range(size)))) is not None

# %% further
numbered("a\r\nb")
numbered("a\rb")

# %% wrong splitlines
# why: other line ends part as well, and the empty line after the last end is lost
# witness: numbered("a\n")
# witness: numbered("a\x0cb")
# witness: numbered("")
def numbered(text):
    """The lines of a text, parted by the sign of a line end, each with its number before it."""
    return "\n".join([f"{number}: {line}" for number, line in enumerate(text.splitlines(), 1)])

# %% wrong keepends
# why: a carriage return alone parts as well
# witness: numbered("a\rb")
def numbered(text):
    """The lines of a text, parted by the sign of a line end, each with its number before it."""
    lines = text.splitlines(keepends=True) or [""]
    if lines[-1].endswith("\n"):
        lines.append("")
    return "".join([f"{number}: {line}" for number, line in enumerate(lines, 1)])

# %% honest split
def numbered(text):
    """The lines of a text, parted by the sign of a line end, each with its number before it."""
    return "\n".join([f"{number}: {line}" for number, line in enumerate(text.split("\n"), 1)])
