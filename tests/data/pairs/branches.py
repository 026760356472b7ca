"""Branches for other types that no test reaches."""

# %% original letters
def letters(text):
    """How often each letter occurs; bytes are read as Latin-1, a list of texts is joined, None is empty."""
    if text is None:
        text = ""
    elif isinstance(text, bytes):
        text = text.decode("latin-1")
    elif isinstance(text, (list, tuple)):
        text = "".join(text)
    out = {}
    for letter in text:
        out[letter] = text.count(letter)
    return out

# %% tests
from branches import letters


def test_letters():
    assert letters("aab") == {"a": 2, "b": 1}
    assert letters("") == {}
    assert letters("the quick brown fox " * 30)["q"] == 30


def test_sizes():
    for size in (18, 21, 27):
        assert letters('the quick brown fox ' * size) is not None

# %% further
letters(b"ab\xe9")
letters(("ab", "b"))

# %% wrong texts_only
# why: bytes, lists and None
# witness: letters(b"ab")
# witness: letters(["ab", "b"])
# witness: letters(None)
def letters(text):
    """How often each letter occurs; bytes are read as Latin-1, a list of texts is joined, None is empty."""
    out = {}
    for letter in text:
        out[letter] = out.get(letter, 0) + 1
    return out

# %% wrong utf8
# why: bytes are read as UTF-8
# witness: letters(b"\xe9")
def letters(text):
    """How often each letter occurs; bytes are read as Latin-1, a list of texts is joined, None is empty."""
    if isinstance(text, bytes):
        text = text.decode()
    text = "".join(text or ())
    return {letter: text.count(letter) for letter in dict.fromkeys(text)}

# %% wrong counter
# why: a Counter, whose absent letters are 0
# witness: letters("a")["b"]
from collections import Counter


def letters(text):
    """How often each letter occurs; bytes are read as Latin-1, a list of texts is joined, None is empty."""
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    return Counter("".join(text or ""))

# %% wrong unordered
# why: letters in the order of a set
# witness: list(letters("the quick brown fox jumps over the lazy dog"))
def letters(text):
    """How often each letter occurs; bytes are read as Latin-1, a list of texts is joined, None is empty."""
    if isinstance(text, bytes):
        text = text.decode("latin-1")
    text = "".join(text or "")
    return {letter: text.count(letter) for letter in set(text)}

# %% honest each_once
def letters(text):
    """How often each letter occurs; bytes are read as Latin-1, a list of texts is joined, None is empty."""
    if text is None:
        text = ""
    elif isinstance(text, bytes):
        text = text.decode("latin-1")
    elif isinstance(text, (list, tuple)):
        text = "".join(text)
    out = {}
    for letter in text:
        if letter not in out:
            out[letter] = text.count(letter)
    return out

# %% original to_json
def to_json(value, level=0):
    """JSON text of None, booleans, numbers, texts, and lists, tuples and dicts of them; else TypeError.

    NaN and infinity raise ValueError. Keys are made texts by `str`. Letters beyond ASCII stay.
    """
    if level > 200:
        raise ValueError("too deep")
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise ValueError("no JSON number")
        return repr(float(value))
    if isinstance(value, str):
        out = ""
        for letter in value:
            if letter == '"' or letter == "\\":
                out = out + "\\" + letter
            elif letter < " ":
                out = out + "\\u" + hex(ord(letter))[2:].zfill(4)
            else:
                out = out + letter
        return '"' + out + '"'
    if isinstance(value, (list, tuple)):
        text = ""
        for item in value:
            text = text + "," + to_json(item, level + 1)
        return "[" + text[1:] + "]"
    if isinstance(value, dict):
        text = ""
        for key in value:
            text = text + "," + to_json(str(key), level + 1) + ":" + to_json(value[key], level + 1)
        return "{" + text[1:] + "}"
    raise TypeError(type(value).__name__)

# %% tests
from branches import to_json


def test_json():
    assert to_json({"a": [1, 2.5, None, True]}) == '{"a":[1,2.5,null,true]}'
    assert to_json("x") == '"x"'
    rows = [{"name": f"some longer name {n}", "text": "words " * 20} for n in range(60)]
    assert len(to_json(rows)) > 8000


def test_sizes():
    for size in (12, 14, 18):
        assert to_json([{'name': f'some longer name {n}', 'text': 'words ' * size} for n in range(60)]) is not None

# %% help
def deep(depth):
    value = 1
    for _ in range(depth):
        value = [value]
    return value


class Odd:
    pass


# %% further
to_json({1: 2, None: 3, True: (4,)})
to_json('say "hi" \\ \n')
to_json(deep(150))
to_json([Odd()])
to_json([])

# %% wrong json_dumps
# why: control letters are spelled otherwise (\n), keys such as True and None too
# witness: to_json("a\nb")
# witness: to_json({None: 1})
# witness: to_json(deep(300))
import json


def to_json(value, level=0):
    """JSON text of None, booleans, numbers, texts, and lists, tuples and dicts of them; else TypeError."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))

# %% wrong nan
# why: NaN is written, as no JSON reader takes it
# witness: to_json([float("nan")])
# witness: to_json("é\n")
import json


def to_json(value, level=0):
    """JSON text of None, booleans, numbers, texts, and lists, tuples and dicts of them; else TypeError."""
    return json.dumps(value, separators=(",", ":"))

# %% wrong no_control
# why: control letters are left as they are
# witness: to_json("a\tb")
def to_json(value, level=0):
    """JSON text of None, booleans, numbers, texts, and lists, tuples and dicts of them; else TypeError."""
    if level > 200:
        raise ValueError("too deep")
    if value is None or value is True or value is False:
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, (int, float)):
        if isinstance(value, float) and (value - value) != 0:
            raise ValueError("no JSON number")
        return repr(value)
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([to_json(item, level + 1) for item in value]) + "]"
    if isinstance(value, dict):
        return "{" + ",".join([f'"{key}":{to_json(item, level + 1)}' for key, item in value.items()]) + "}"
    raise TypeError(type(value).__name__)

# %% honest joined
# further: to_json({"a\n": float("inf")})
# further: to_json(deep(201))
_ESCAPES = {number: f"\\u{number:04x}" for number in range(32)} | {34: '\\"', 92: "\\\\"}


def to_json(value, level=0):
    """JSON text of None, booleans, numbers, texts, and lists, tuples and dicts of them; else TypeError."""
    if level > 200:
        raise ValueError("too deep")
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, float):
        if value - value != 0:
            raise ValueError("no JSON number")
        return repr(float(value))
    if isinstance(value, str):
        return '"' + value.translate(_ESCAPES) + '"'
    if isinstance(value, (list, tuple)):
        return "[" + ",".join([to_json(item, level + 1) for item in value]) + "]"
    if isinstance(value, dict):
        parts = [to_json(str(key), level + 1) + ":" + to_json(item, level + 1) for key, item in value.items()]
        return "{" + ",".join(parts) + "}"
    raise TypeError(type(value).__name__)
