"""Finds the files of a project that hold secrets, by their names: code in the sandbox must not see them.

They are looked for at every depth of all folders that are shown, but not among the packages installed for the
interpreter: `cacert.pem` of certifi is no secret, and needed. A link with such a name hides what it leads to;
another name of the same file, by a hard link, is hidden as well. A process that has started sees what comes
into being later; the next one does not, save that a search is reused for a short while.
"""

import os
import stat
import time
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from quickstudy.errors import InputError
from quickstudy.lab.secret_names import kind_of, looks_empty, stays

MANY, MOST = 150, 600
"""Places to hide: if there are many, folders without code are hidden whole in their place, and there may be
no more than the most. Each costs the start of a process time: 500 take bubblewrap 0.4 s, 1000 take 2 s."""
MOST_ENTRIES = 1_000_000
REUSED = 20
"""For how many times as long as it took a search is reused: so all of them take a twentieth of the time."""
LONGEST = 3000
"""Bytes of a folder's path. What lies deeper can be reached step by step, but no mount can be put over it."""
_PACKAGES = ("site-packages", "dist-packages")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a process is shown, and which names are hidden in it."""

    folders: tuple[Path, ...]
    """The folders in which secrets may lie."""
    interpreter: tuple[Path, ...] = ()
    """What its interpreter needs, wherever that lies."""
    names: tuple[str, ...] = ()
    """Patterns that the user added to the table."""


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is hidden of all that a process is shown."""

    empty: tuple[Path, ...] = ()
    """Files that read as empty."""
    refused: tuple[Path, ...] = ()
    """Files that cannot be opened, and folders that are empty."""

    @property
    def all(self) -> tuple[Path, ...]:
        """Both."""
        return (*self.empty, *self.refused)


_searches: dict[Shown, tuple[float, Secrets]] = {}
"""Until when each is reused, and what it found."""


def find_secrets(shown: Shown) -> Secrets:
    """The files and folders to hide. Raises InputError if they, or all there is to look at, are too many."""
    began = time.monotonic()
    until, secrets = _searches.get(shown, (began, Secrets()))
    if began >= until:
        search = _Search(shown)
        search.look()
        kept = sorted({*search.modules, *search.needed})
        found = [Path(path) for path in _gathered(sorted(search.found), kept)]
        empty = [path for path in found if looks_empty(path.name)]
        secrets = Secrets(tuple(empty), tuple(path for path in found if path not in empty))
        ended = time.monotonic()
        _searches[shown] = ended + REUSED * (ended - began), secrets
    return secrets


class _Search:
    """One walk through all that is shown."""

    def __init__(self, shown: Shown) -> None:
        self.found: set[str] = set()
        self.modules: set[str] = set()
        """Folders with modules right in them."""
        self.folders: list[str] = []
        """All that were looked into."""
        self.installed = [os.path.realpath(place) for place in shown.interpreter]
        self.needed = [*map(os.path.realpath, shown.folders), *self.installed]
        """Places that stay in view though a folder above them may be called like a secret."""
        self._names = shown.names
        self._tops = [os.path.realpath(folder) for folder in shown.folders]
        self._home = os.path.realpath(Path("~").expanduser())
        self._entries = 0

    def look(self) -> None:
        """Find all names in the table, and then other names of the same files."""
        for top in self._tops:
            if not any(_within(top, other) for other in self._tops if other != top):
                self._walk(top)
        linked = {found for found in map(_linked, self.found) if found}
        numbers = {number for _, number in linked}
        for folder in self.folders if linked else ():
            for entry in _entries(folder) or ():
                if entry.inode() in numbers and _linked(entry.path) in linked:
                    self.found.add(entry.path)

    def _walk(self, top: str) -> None:
        waiting = [(top, False)]
        while waiting:
            folder, secret = waiting.pop()
            entries = _entries(folder) if len(os.fsencode(folder)) <= LONGEST else None
            if entries is None:
                self.found.add(folder)
                continue
            self.folders.append(folder)
            self._entries += len(entries)
            if self._entries > MOST_ENTRIES:
                raise InputError(
                    f"{top} holds more than {MOST_ENTRIES:,} files, too many to look for secrets among them. "
                    "Move the file into a folder of its own."
                )
            if any(stays(entry.name) for entry in entries):
                self.modules.add(folder)
            waiting += [inner for entry in entries if (inner := self._look_at(entry, folder, secret))]

    def _look_at(self, entry: "os.DirEntry[str]", folder: str, secret: bool) -> tuple[str, bool] | None:
        """Note an entry that is to be hidden. Or a folder to look into, and whether its files are secret."""
        name, path = entry.name, entry.path
        if folder == self._home and name.startswith(".") and not entry.is_symlink():
            return None  # the sandbox hides these where all of the home is shown
        kind = kind_of(name, self._names)
        if not entry.is_dir(follow_symlinks=False):
            if (kind != "no" or (secret and not stays(name))) and not self._is_needed(path):
                self.found.add(path)
            return None
        if name in _PACKAGES and any(_within(path, place) for place in self.installed):
            return None
        if kind in ("no", "file") or self._is_needed(path):
            return path, False
        if kind == "part" and any(stays(inner.name) for inner in _entries(path) or ()):
            return path, True
        self.found.add(path)
        return None

    def _is_needed(self, path: str) -> bool:
        real = os.path.realpath(path)
        return any(_within(place, real) for place in self.needed)


def _entries(folder: str) -> "list[os.DirEntry[str]] | None":
    """What a folder holds. None if that cannot be known, and yet may be to others."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (PermissionError, FileNotFoundError, NotADirectoryError):
        return []
    except OSError:
        return None


def _linked(path: str) -> tuple[int, int] | None:
    """Device and number of a file that has other names as well."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if stat.S_ISREG(found.st_mode) and found.st_nlink > 1 else None


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _gathered(found: list[str], kept: list[str]) -> list[str]:
    """The places to hide, if they are many with folders in their stead that hold nothing to be `kept`.

    Both are sorted. Raises InputError if even so they are too many.
    """
    while len(found) > MANY:
        groups: defaultdict[str, list[str]] = defaultdict(list)
        for path in found:
            groups[path.rpartition(os.sep)[0]].append(path)
        free = [folder for folder in groups if not _holds(folder, kept)]
        free.sort(key=lambda folder: len(groups[folder]), reverse=True)
        if not free:
            break
        excess = len(found) - MANY
        while free and excess > 0:
            folder = free.pop(0)
            excess -= len(groups[folder]) - 1
            groups[folder] = [folder]
        found = sorted({path for paths in groups.values() for path in paths})
    if len(found) > MOST:
        raise InputError(
            f"{len(found)} files, such as {found[0]}, are called like files with secrets, and at most {MOST} "
            "can be hidden one by one. Move them into folders without code."
        )
    return found


def _holds(folder: str, places: list[str]) -> bool:
    """Whether one of the places, which are sorted, is a folder or lies in it."""
    at = bisect_left(places, folder)
    inside = bisect_left(places, folder + os.sep, at)
    return any(at < len(places) and _within(places[at], folder) for at in (at, inside))
