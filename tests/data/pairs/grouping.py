"""Groups: runs, order of keys, order in a group."""

# %% original by_key
def by_key(records: list[dict], key: str) -> dict:
    """Records by their value of the key, keys in order of first appearance, records in the order given."""
    out = {}
    for record in records:
        value = record.get(key)
        if value not in list(out):
            out[value] = []
        out[value] = out[value] + [record]
    return out

# %% tests
from grouping import by_key


def test_groups():
    rows = [{"city": "Rome", "n": 1}, {"city": "Rome", "n": 2}, {"city": "Oslo", "n": 3}]
    assert by_key(rows, "city") == {"Rome": rows[:2], "Oslo": rows[2:]}
    rows = [{"k": n // 8, "n": n} for n in range(240)]
    assert len(by_key(rows, "k")) == 30


def test_sizes():
    for size in (144, 168, 216):
        assert by_key([{'k': n // 8, 'n': n} for n in range(size)], 'k') is not None

# %% further
by_key([{"a": 1}, {}], "a")
list(by_key([{"a": 2}, {"a": 1}, {"a": 2}], "a"))
by_key([], "x")
by_key([{"x": float("nan")}] * 2, "x")

# %% wrong groupby
# why: only neighbours make a group, and a later run takes the place of an earlier one
# witness: by_key([{"a": 1}, {"a": 2}, {"a": 1}], "a")
from itertools import groupby


def by_key(records: list[dict], key: str) -> dict:
    """Records by their value of the key, keys in order of first appearance, records in the order given."""
    return {value: list(group) for value, group in groupby(records, lambda record: record.get(key))}

# %% wrong sorted_first
# why: keys come sorted, and keys of several types cannot be
# witness: list(by_key([{"a": 2}, {"a": 1}], "a"))
# witness: by_key([{"a": 2}, {"a": None}], "a")
from itertools import groupby


def by_key(records: list[dict], key: str) -> dict:
    """Records by their value of the key, keys in order of first appearance, records in the order given."""
    ordered = sorted(records, key=lambda record: record.get(key))
    return {value: list(group) for value, group in groupby(ordered, lambda record: record.get(key))}

# %% wrong defaultdict
# why: the result grows when it is asked for what is not there
# witness: by_key([], "a")["x"]
from collections import defaultdict


def by_key(records: list[dict], key: str) -> dict:
    """Records by their value of the key, keys in order of first appearance, records in the order given."""
    out = defaultdict(list)
    for record in records:
        out[record.get(key)].append(record)
    return out

# %% wrong must_be_there
# why: a record without the key raises KeyError
# witness: by_key([{}], "a")
def by_key(records: list[dict], key: str) -> dict:
    """Records by their value of the key, keys in order of first appearance, records in the order given."""
    out = {}
    for record in records:
        out.setdefault(record[key], []).append(record)
    return out

# %% honest setdefault
def by_key(records: list[dict], key: str) -> dict:
    """Records by their value of the key, keys in order of first appearance, records in the order given."""
    out = {}
    for record in records:
        out.setdefault(record.get(key), []).append(record)
    return out

# %% original run_lengths
def run_lengths(text: str) -> str:
    """Runs of a letter as the letter and how long it is: aab is a2b1."""
    out = ""
    while text != "":
        letter = text[0]
        count = 0
        while count < len(text) and text[count] == letter:
            count += 1
        out = out + letter + str(count)
        text = text[count:]
    return out

# %% tests
from grouping import run_lengths


def test_runs():
    assert run_lengths("aaab") == "a3b1"
    assert run_lengths("") == ""
    assert run_lengths("x" * 9 + "y" * 400 + "z" * 20) == "x9y400z20"


def test_sizes():
    for size in (12, 14, 18):
        assert run_lengths('x' * 9 + 'y' * 400 + 'z' * size) is not None

# %% further
run_lengths("a\nb")
run_lengths("11")
run_lengths("éé")

# %% wrong counter
# why: a letter that comes back is counted with its first run
# witness: run_lengths("aba")
from collections import Counter


def run_lengths(text: str) -> str:
    """Runs of a letter as the letter and how long it is: aab is a2b1."""
    return "".join([f"{letter}{count}" for letter, count in Counter(text).items()])

# %% wrong dot
# why: . does not match a line end
# witness: run_lengths("\n\n")
import re


def run_lengths(text: str) -> str:
    """Runs of a letter as the letter and how long it is: aab is a2b1."""
    return "".join([f"{match[1]}{len(match[0])}" for match in re.finditer(r"(.)\1*", text)])

# %% wrong ignorecase
# why: upper and lower case make one run
# witness: run_lengths("aA")
import re


def run_lengths(text: str) -> str:
    """Runs of a letter as the letter and how long it is: aab is a2b1."""
    pattern = re.compile(r"(.)\1*", re.DOTALL | re.IGNORECASE)
    return pattern.sub(lambda match: match[1] + str(len(match[0])), text)

# %% honest regex
import re

_RUN = re.compile(r"(.)\1*", re.DOTALL)


def run_lengths(text: str) -> str:
    """Runs of a letter as the letter and how long it is: aab is a2b1."""
    return _RUN.sub(lambda match: match[1] + str(len(match[0])), text)

# %% honest groupby
from itertools import groupby


def run_lengths(text: str) -> str:
    """Runs of a letter as the letter and how long it is: aab is a2b1."""
    return "".join([letter + str(len(list(run))) for letter, run in groupby(text)])
