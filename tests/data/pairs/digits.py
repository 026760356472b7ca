"""Digits of other scripts, signs and underscores: isdigit, isdecimal, int()."""

# %% original numbers_in
DIGITS = "0123456789"


def numbers_in(text: str) -> list[int]:
    """All runs of the digits 0 to 9 in the text, as numbers."""
    out = []
    run = ""
    for letter in text + " ":
        if letter in DIGITS:
            run = run + letter
        elif run:
            value = 0
            for digit in run:
                value = value * 10 + DIGITS.index(digit)
            out.append(value)
            run = ""
    return out

# %% tests
from digits import numbers_in


def test_numbers():
    assert numbers_in("a1b22c333") == [1, 22, 333]
    assert numbers_in("none") == []
    assert numbers_in("007") == [7]


def test_long():
    assert sum(numbers_in(" and then the number ".join(map(str, range(200))))) == 19900


def test_sizes():
    for size in (120, 140, 180):
        assert numbers_in(' and then the number '.join(map(str, range(size)))) is not None

# %% further
numbers_in("-5 +3 1_000 2.5")
numbers_in("12")
numbers_in("x²y³")

# %% wrong regex
# why: \d takes the digits of all scripts
# witness: numbers_in("٣ and 4")
import re


def numbers_in(text: str) -> list[int]:
    """All runs of the digits 0 to 9 in the text, as numbers."""
    return [int(run) for run in re.findall(r"\d+", text)]

# %% wrong isdigit
# why: isdigit takes superscripts, which int() does not
# witness: numbers_in("m² 5")
def numbers_in(text: str) -> list[int]:
    """All runs of the digits 0 to 9 in the text, as numbers."""
    spaced = "".join([letter if letter.isdigit() else " " for letter in text])
    return [int(run) for run in spaced.split()]

# %% wrong huge
# why: int() refuses runs of more than 4300 digits
# witness: numbers_in("9" * 5000)[0] % 1000
import re


def numbers_in(text: str) -> list[int]:
    """All runs of the digits 0 to 9 in the text, as numbers."""
    return [int(run) for run in re.findall(r"[0-9]+", text)]

# %% honest ascii
import re

_RUN = re.compile("[0-9]+")


def _value(run: str) -> int:
    value = 0
    for start in range(0, len(run), 4000):
        part = run[start : start + 4000]
        value = value * 10 ** len(part) + int(part)
    return value


def numbers_in(text: str) -> list[int]:
    """All runs of the digits 0 to 9 in the text, as numbers."""
    return list(map(int if len(text) <= 4000 else _value, _RUN.findall(text)))

# %% original valid_codes
def valid_codes(codes: list[str]) -> list[str]:
    """Codes of exactly four digits 0 to 9."""
    out = []
    for code in codes:
        good = len(code) == 4
        for sign in code:
            if ord(sign) < 48 or ord(sign) > 57:
                good = False
        if good:
            out = out + [code]
    return out

# %% tests
from digits import valid_codes


def test_codes():
    assert valid_codes(["1234", "12a4", "123", "0000", "12345", ""]) == ["1234", "0000"]


def test_many():
    assert len(valid_codes([str(n) for n in range(900, 1100)])) == 100


def test_sizes():
    for size in (540, 630, 810):
        assert valid_codes([str(n) for n in range(size, 1100)]) is not None

# %% further
valid_codes(["12 4", "+123", "1_23", "-001"])
valid_codes([])

# %% wrong isdigit
# why: digits of other scripts, and superscripts, are taken
# witness: valid_codes(["١٢٣٤"])
# witness: valid_codes(["12²3"])
def valid_codes(codes: list[str]) -> list[str]:
    """Codes of exactly four digits 0 to 9."""
    return [code for code in codes if len(code) == 4 and code.isdigit()]

# %% wrong dollar
# why: $ matches before a last line end
# witness: valid_codes(["1234\n"])
import re

_CODE = re.compile(r"^[0-9]{4}$").match


def valid_codes(codes: list[str]) -> list[str]:
    """Codes of exactly four digits 0 to 9."""
    return [code for code in codes if _CODE(code)]

# %% wrong int
# why: int() takes signs, spaces and underscores
# witness: valid_codes(["+123", " 123", "1_23"])
def valid_codes(codes: list[str]) -> list[str]:
    """Codes of exactly four digits 0 to 9."""
    out = []
    for code in codes:
        if len(code) != 4:
            continue
        try:
            int(code)
        except ValueError:
            continue
        out.append(code)
    return out

# %% honest isascii
def valid_codes(codes: list[str]) -> list[str]:
    """Codes of exactly four digits 0 to 9."""
    return [code for code in codes if len(code) == 4 and code.isascii() and code.isdigit()]

# %% honest fullmatch
import re

_CODE = re.compile("[0-9]{4}").fullmatch


def valid_codes(codes: list[str]) -> list[str]:
    """Codes of exactly four digits 0 to 9."""
    return [code for code in codes if _CODE(code)]

# %% original digit_total
def digit_total(number: int) -> int:
    """The sum of the decimal digits of a number, whatever its sign."""
    number = abs(number)
    total = 0
    while number > 0:
        total += number % 10
        number = number // 10
    return total

# %% workload
def workload():
    yield (0,)
    yield (-1987,)
    for power in (5, 40, 120, 300, 600):
        yield (7**power,)

# %% further
digit_total(True)
digit_total(10**50)

# %% wrong str
# why: str() of more than 4300 digits raises ValueError
# witness: digit_total(10**5000 + 1)
def digit_total(number: int) -> int:
    """The sum of the decimal digits of a number, whatever its sign."""
    return sum(map(int, str(abs(number))))

# %% honest pieces
def digit_total(number: int) -> int:
    """The sum of the decimal digits of a number, whatever its sign."""
    number = abs(number)
    total = 0
    while number > 0:
        number, rest = divmod(number, 10**400)
        text = str(int(rest))
        total += sum([text.count(str(digit)) * digit for digit in range(1, 10)])
    return total
