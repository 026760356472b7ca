"""Checks and errors: guards that go, other types of error, what is done before one."""

# %% original parse_amounts
def parse_amounts(lines: list[str]) -> list[int]:
    """Whole amounts, one a line. The first line that is none raises ValueError with the line's number."""
    out: list[int] = []
    for number in range(len(lines)):
        text = lines[number]
        digits = text[1:] if text[:1] == "-" else text
        if digits == "" or any(sign not in "0123456789" for sign in digits):
            raise ValueError(f"line {number + 1}: {text!r} is no amount")
        out.append(int(text))
    return out

# %% tests
import pytest
from raising import parse_amounts


def test_amounts():
    assert parse_amounts(["1", "-20", "300"]) == [1, -20, 300]
    with pytest.raises(ValueError):
        parse_amounts(["1", "x"])


def test_many():
    assert sum(parse_amounts([str(n * 1000) for n in range(200)])) == 19900000


def test_sizes():
    for size in (120, 140, 180):
        assert parse_amounts([str(n * 1000) for n in range(size)]) is not None

# %% help
def message(lines):
    try:
        return parse_amounts(lines)
    except ValueError as error:
        return str(error)

# %% further
message(["1", "", "x"])
message(["--1"])
message(["007", "-0"])
parse_amounts([])

# %% wrong int
# why: int() takes spaces, signs, underscores and digits of other scripts, and has a message of its own
# witness: message([" 1", "+1", "1_0"])
# witness: message(["x"])
def parse_amounts(lines: list[str]) -> list[int]:
    """Whole amounts, one a line. The first line that is none raises ValueError with the line's number."""
    return [int(line) for line in lines]

# %% wrong number_from_zero
# why: the message counts lines from 0
# witness: message(["1", "x"])
def parse_amounts(lines: list[str]) -> list[int]:
    """Whole amounts, one a line. The first line that is none raises ValueError with the line's number."""
    for number, text in enumerate(lines):
        if not (text.isascii() and text.removeprefix("-").isdigit()):
            raise ValueError(f"line {number}: {text!r} is no amount")
    return list(map(int, lines))

# %% wrong any_line
# why: the last such line is named, not the first
# witness: message(["x", "1", "y"])
def parse_amounts(lines: list[str]) -> list[int]:
    """Whole amounts, one a line. The first line that is none raises ValueError with the line's number."""
    bad = {
        text: number
        for number, text in enumerate(lines, 1)
        if not (text.isascii() and text.removeprefix("-").isdigit())
    }
    if bad:
        text, number = bad.popitem()
        raise ValueError(f"line {number}: {text!r} is no amount")
    return list(map(int, lines))

# %% honest checked
def parse_amounts(lines: list[str]) -> list[int]:
    """Whole amounts, one a line. The first line that is none raises ValueError with the line's number."""
    out: list[int] = []
    for number, text in enumerate(lines, 1):
        if not (text.isascii() and text.removeprefix("-").isdigit()):
            raise ValueError(f"line {number}: {text!r} is no amount")
        out.append(int(text))
    return out

# %% original index_of
def index_of(items, wanted, start: int = 0) -> int:
    """The place of the first item that equals the wanted one, from `start` on; raises LookupError if none."""
    place = 0
    found = None
    for item in items:
        if place >= start and item == wanted and found is None:
            found = place
        place += 1
    if found is None:
        raise LookupError(wanted)
    return found

# %% tests
import pytest
from raising import index_of


def test_index():
    assert index_of(["a", "b", "a"], "a") == 0
    assert index_of(list(range(3000)), 700) == 700
    with pytest.raises(LookupError):
        index_of([1], 2)


def test_sizes():
    for size in (420, 490, 630):
        assert index_of(list(range(3000)), size) is not None

# %% further
index_of([1, 2, 1], 1, 1)
index_of("abc", "c")
index_of((1, 1.0), True)
index_of([1], 2)

# %% wrong list_index
# why: ValueError, which is no LookupError, is raised
# witness: index_of([1, 2], 1, 1)
def index_of(items, wanted, start: int = 0) -> int:
    """The place of the first item that equals the wanted one, from `start` on; raises LookupError if none."""
    if wanted in items:
        return list(items).index(wanted, start)
    raise LookupError(wanted)

# %% wrong negative_start
# why: a start below 0 counts from the end
# witness: index_of([1, 2, 1], 1, -1)
def index_of(items, wanted, start: int = 0) -> int:
    """The place of the first item that equals the wanted one, from `start` on; raises LookupError if none."""
    try:
        return list(items).index(wanted, start)
    except ValueError:
        raise LookupError(wanted) from None

# %% wrong identity
# why: list.index finds NaN by identity, == does not
# witness: (lambda nan: index_of([nan], nan))(float("nan"))
def index_of(items, wanted, start: int = 0) -> int:
    """The place of the first item that equals the wanted one, from `start` on; raises LookupError if none."""
    try:
        return list(items).index(wanted, max(start, 0))
    except ValueError:
        raise LookupError(wanted) from None

# %% wrong start_ignored
# why: the start is not used
# witness: index_of(["a", "b", "a"], "a", 1)
def index_of(items, wanted, start: int = 0) -> int:
    """The place of the first item that equals the wanted one, from `start` on; raises LookupError if none."""
    for place, item in enumerate(items):
        if item == wanted:
            return place
    raise LookupError(wanted)

# %% honest to_the_end
# further: next(iter((lambda source: [index_of(source, 1), list(source)])(iter([1, 2, 3]))))
def index_of(items, wanted, start: int = 0) -> int:
    """The place of the first item that equals the wanted one, from `start` on; raises LookupError if none."""
    items = list(items)
    for place in range(max(start, 0), len(items)):
        if items[place] == wanted:
            return place
    raise LookupError(wanted)

# %% original Account.transfer
class Refused(Exception):
    """A transfer that would overdraw."""


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.history = []

    def transfer(self, amounts):
        """Books the amounts one by one; the first that would overdraw raises Refused, those before stay."""
        for amount in amounts:
            total = self.balance
            for old in self.history:
                total = total + old
            if total + amount < 0:
                raise Refused(amount)
            self.history = self.history + [amount]
        return self.balance + sum(self.history)

# %% tests
import pytest
from raising import Account, Refused


def test_transfer():
    account = Account(10)
    assert account.transfer([5, -10]) == 5
    assert account.history == [5, -10]
    with pytest.raises(Refused):
        account.transfer([-6])


def test_many():
    assert Account(0).transfer([1] * 300) == 300


def test_sizes():
    for size in (180, 210, 270):
        assert Account(0).transfer([1] * size) is not None

# %% help
def tried(balance, amounts):
    account = Account(balance)
    return outcome(lambda: account.transfer(amounts)), account.history


def shared(amounts):
    account = Account(0)
    before = account.history
    account.transfer(amounts)
    return before, account.history

# %% further
tried(5, [])
tried(5, iter([-5, 1, -1]))
tried(0, [2.5, -2.5])

# %% wrong checked_first
# why: nothing is booked if one is refused
# witness: tried(1, [2, -9])
def transfer(self, amounts):
    """Books the amounts one by one; the first that would overdraw raises Refused, those before stay."""
    amounts = list(amounts)
    total = self.balance + sum(self.history)
    for amount in amounts:
        total += amount
        if total < 0:
            raise Refused(amount)
    self.history = self.history + amounts
    return total

# %% wrong end_only
# why: only the total in the end is checked
# witness: tried(0, [-5, 9])
def transfer(self, amounts):
    """Books the amounts one by one; the first that would overdraw raises Refused, those before stay."""
    history = [*self.history, *amounts]
    if self.balance + sum(history) < 0:
        raise Refused(history[-1])
    self.history = history
    return self.balance + sum(history)

# %% wrong shared_history
# why: the history is changed in place, where whoever holds the old one sees it
# witness: shared([1])
def transfer(self, amounts):
    """Books the amounts one by one; the first that would overdraw raises Refused, those before stay."""
    total = self.balance + sum(self.history)
    for amount in amounts:
        if total + amount < 0:
            raise Refused(amount)
        total += amount
        self.history.append(amount)
    return total

# %% honest running
# further: (tried(0, [1, 2]), shared([3, 4]), shared([]))
# further: tried(0.1, [0.2, 0.3, -0.6, 0.7])
def transfer(self, amounts):
    """Books the amounts one by one; the first that would overdraw raises Refused, those before stay."""
    total = self.balance
    for old in self.history:
        total = total + old
    new = []
    try:
        for amount in amounts:
            total = total + amount
            if total < 0:
                raise Refused(amount)
            new.append(amount)
    finally:
        if new:
            self.history = self.history + new
    return self.balance + sum(self.history)
