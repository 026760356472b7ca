"""Paths and addresses put together and taken apart."""

# %% original normal
def normal(path: str) -> str:
    """The path without empty parts, `.` and `name/..`; `..` in front stays, a leading / stays, "" is "."."""
    parts = path.split("/")
    changed = True
    while changed:
        changed = False
        for place in range(len(parts)):
            part = parts[place]
            if part in ("", "."):
                parts = parts[:place] + parts[place + 1 :]
                changed = True
                break
            if part == ".." and place > 0 and parts[place - 1] != "..":
                parts = parts[: place - 1] + parts[place + 1 :]
                changed = True
                break
            if part == ".." and place == 0 and path[:1] == "/":
                parts = parts[1:]
                changed = True
                break
    if path[:1] == "/":
        return "/" + "/".join(parts)
    return "/".join(parts) or "."

# %% tests
from joining import normal


def test_normal():
    assert normal("a/b/../c") == "a/c"
    assert normal("/a/./b") == "/a/b"
    assert normal("") == "."
    assert normal("/".join(["a", "b", ".."] * 40)) == "/".join("a" * 40)


def test_sizes():
    for size in (24, 28, 36):
        assert normal('/'.join(['a', 'b', '..'] * size)) is not None

# %% further
normal("../a/../..")
normal("/../a")
normal("a/..")
normal("/")
normal("a//b/")
normal("/a/../../b")

# %% wrong normpath
# why: posixpath keeps two slashes in front
# witness: normal("//a")
import posixpath


def normal(path: str) -> str:
    """The path without empty parts, `.` and `name/..`; `..` in front stays, a leading / stays, "" is "."."""
    return posixpath.normpath(path)

# %% wrong front_lost
# why: a .. in front is lost
# witness: normal("../a")
def normal(path: str) -> str:
    """The path without empty parts, `.` and `name/..`; `..` in front stays, a leading / stays, "" is "."."""
    out = []
    for part in path.split("/"):
        if part == "..":
            if out:
                out.pop()
        elif part and part != ".":
            out.append(part)
    return ("/" if path[:1] == "/" else "") + "/".join(out) or "."

# %% wrong pops_dots
# why: .. after .. in front takes it away
# witness: normal("../..")
def normal(path: str) -> str:
    """The path without empty parts, `.` and `name/..`; `..` in front stays, a leading / stays, "" is "."."""
    out = []
    rooted = path.startswith("/")
    for part in path.split("/"):
        if part == ".." and out:
            out.pop()
        elif part == ".." and rooted or part in ("", "."):
            continue
        else:
            out.append(part)
    return "/" + "/".join(out) if rooted else "/".join(out) or "."

# %% wrong pattern
# why: one pass leaves what it makes, and takes ../.. for name/..
# witness: normal("a/b/../../c")
import re


def normal(path: str) -> str:
    """The path without empty parts, `.` and `name/..`; `..` in front stays, a leading / stays, "" is "."."""
    path = re.sub(r"/(\./)+|//+", "/", path)
    short = re.sub(r"[^/]+/\.\.(?:/|$)", "", path)
    return short.rstrip("/") or "." if not path.startswith("/") else short

# %% honest stack
def normal(path: str) -> str:
    """The path without empty parts, `.` and `name/..`; `..` in front stays, a leading / stays, "" is "."."""
    out = []
    rooted = path.startswith("/")
    for part in path.split("/"):
        if part == "..":
            if out and out[-1] != "..":
                out.pop()
            elif not rooted:
                out.append(part)
        elif part and part != ".":
            out.append(part)
    return "/" + "/".join(out) if rooted else "/".join(out) or "."

# %% original extension_counts
def extension_counts(names: list[str]) -> dict[str, int]:
    """How many names have each extension: what follows the last dot, in lower case; no dot is ""."""
    counts = {}
    for name in names:
        extension = ""
        dot = -1
        for place in range(len(name)):
            if name[place] == ".":
                dot = place
        if dot >= 0:
            for letter in name[dot + 1 :]:
                extension = extension + letter.lower()
        counts[extension] = counts.get(extension, 0) + 1
    return counts

# %% tests
from joining import extension_counts


def test_extensions():
    assert extension_counts(["a.py", "b.PY", "c.txt"]) == {"py": 2, "txt": 1}
    assert extension_counts(["some_long_module_name.py"] * 90) == {"py": 90}


def test_sizes():
    for size in (54, 63, 81):
        assert extension_counts(['some_long_module_name.py'] * size) is not None

# %% further
extension_counts(["a.tar.gz", "b."])
extension_counts([])
extension_counts(["dir.d/file"])

# %% wrong splitext
# why: a name that begins with its only dot has no extension there, nor has one with a dot in its folder
# witness: extension_counts([".bashrc"])
# witness: extension_counts(["dir.d/file"])
import os.path


def extension_counts(names: list[str]) -> dict[str, int]:
    """How many names have each extension: what follows the last dot, in lower case; no dot is ""."""
    counts = {}
    for name in names:
        extension = os.path.splitext(name)[1][1:].lower()
        counts[extension] = counts.get(extension, 0) + 1
    return counts

# %% wrong last_part
# why: a name without a dot is its own extension
# witness: extension_counts(["Makefile"])
def extension_counts(names: list[str]) -> dict[str, int]:
    """How many names have each extension: what follows the last dot, in lower case; no dot is ""."""
    counts = {}
    for name in names:
        extension = name.rsplit(".", 1)[-1].lower()
        counts[extension] = counts.get(extension, 0) + 1
    return counts

# %% wrong first_dot
# why: what follows the first dot
# witness: extension_counts(["a.tar.gz"])
def extension_counts(names: list[str]) -> dict[str, int]:
    """How many names have each extension: what follows the last dot, in lower case; no dot is ""."""
    counts = {}
    for name in names:
        extension = name.partition(".")[2].lower()
        counts[extension] = counts.get(extension, 0) + 1
    return counts

# %% honest rpartition
# further: extension_counts(["x.Σ", "y.ΑΣ", "z.İ"])
def extension_counts(names: list[str]) -> dict[str, int]:
    """How many names have each extension: what follows the last dot, in lower case; no dot is ""."""
    counts = {}
    for name in names:
        extension = name[name.rfind(".") + 1 :] if "." in name else ""
        extension = extension.lower() if extension.isascii() else "".join(map(str.lower, extension))
        counts[extension] = counts.get(extension, 0) + 1
    return counts
