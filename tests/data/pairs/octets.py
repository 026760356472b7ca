"""bytes, bytearray, memoryview and str."""

# %% original checksum
def checksum(data):
    """The sum of all bytes modulo 65521; text is taken as UTF-8, any other buffer as its bytes."""
    if isinstance(data, str):
        data = data.encode()
    total = 0
    for place in range(len(bytes(data))):
        total = (total + bytes(data)[place]) % 65521
    return total

# %% tests
from octets import checksum


def test_checksum():
    assert checksum(b"\x01\x02") == 3
    assert checksum("abc") == 294
    assert checksum(b"") == 0
    assert checksum(b"\xff" * 3000) == 765000 % 65521


def test_sizes():
    for size in (1800, 2100, 2700):
        assert checksum(b'\xff' * size) is not None

# %% help
import array

# %% further
checksum(bytearray(b"ab"))
checksum("é")
checksum(memoryview(b"abcd")[::2])

# %% wrong ord
# why: text is taken by its code points
# witness: checksum("é")
def checksum(data):
    """The sum of all bytes modulo 65521; text is taken as UTF-8, any other buffer as its bytes."""
    return (sum(map(ord, data)) if isinstance(data, str) else sum(data)) % 65521

# %% wrong items
# why: the items of an array are not its bytes
# witness: checksum(array.array("i", [1000, 2000]))
def checksum(data):
    """The sum of all bytes modulo 65521; text is taken as UTF-8, any other buffer as its bytes."""
    if isinstance(data, str):
        data = data.encode()
    return sum(data) % 65521

# %% wrong latin
# why: text as Latin-1, which has no other letters
# witness: checksum("€")
def checksum(data):
    """The sum of all bytes modulo 65521; text is taken as UTF-8, any other buffer as its bytes."""
    return sum(data.encode("latin-1") if isinstance(data, str) else bytes(data)) % 65521

# %% honest sum
def checksum(data):
    """The sum of all bytes modulo 65521; text is taken as UTF-8, any other buffer as its bytes."""
    return sum(data.encode() if isinstance(data, str) else bytes(data)) % 65521

# %% original xored
def xored(data: bytes, key: bytes) -> bytes:
    """The data with each byte xored with the key's, the key again and again; without a key the data."""
    if not key:
        return data
    out = b""
    for place in range(len(data)):
        out = out + bytes([data[place] ^ key[place % len(key)]])
    return out

# %% tests
from octets import xored


def test_xored():
    assert xored(b"abc", b"\x01") == b"`cb"
    assert xored(b"abc", b"") == b"abc"
    assert xored(xored(b"some text " * 60, b"key12"), b"key12") == b"some text " * 60


def test_sizes():
    for size in (36, 42, 54):
        assert xored(xored(b'some text ' * size, b'key12'), b'key12') is not None

# %% further
xored(b"", b"k")
xored(b"\x00\x00a", b"\x00")
xored(bytearray(b"ab"), b"k")
xored(b"ab", b"longer key")

# %% wrong int_lost_length
# why: bytes that are 0 in front are lost
# witness: xored(b"kab", b"k")
def xored(data: bytes, key: bytes) -> bytes:
    """The data with each byte xored with the key's, the key again and again; without a key the data."""
    if not key:
        return data
    pad = (key * (len(data) // len(key) + 1))[: len(data)]
    number = int.from_bytes(data, "big") ^ int.from_bytes(pad, "big")
    return number.to_bytes((number.bit_length() + 7) // 8, "big")

# %% wrong whole_keys
# why: what is left after the last whole key is lost
# witness: xored(b"abcde", b"xy")
def xored(data: bytes, key: bytes) -> bytes:
    """The data with each byte xored with the key's, the key again and again; without a key the data."""
    if not key:
        return data
    return bytes([one ^ other for one, other in zip(data, key * (len(data) // len(key)))])

# %% wrong bytearray
# why: a bytearray, which can be changed and is no key
# witness: hash(xored(b"a", b"b"))
def xored(data: bytes, key: bytes) -> bytes:
    """The data with each byte xored with the key's, the key again and again; without a key the data."""
    if not key:
        return data
    out = bytearray(data)
    for start in range(len(key)):
        out[start :: len(key)] = out[start :: len(key)].translate(bytes([n ^ key[start] for n in range(256)]))
    return out

# %% honest cycle
from itertools import cycle


def xored(data: bytes, key: bytes) -> bytes:
    """The data with each byte xored with the key's, the key again and again; without a key the data."""
    if not key:
        return data
    return bytes([one ^ other for one, other in zip(data, cycle(key))])

# %% honest int
def xored(data: bytes, key: bytes) -> bytes:
    """The data with each byte xored with the key's, the key again and again; without a key the data."""
    if not key:
        return data
    size = len(data)
    pad = (key * (size // len(key) + 1))[:size]
    return (int.from_bytes(data, "big") ^ int.from_bytes(pad, "big")).to_bytes(size, "big")
