"""Keeps the calls that a command makes to the target, in any Python it starts.

Each distinct call is appended to one file as it is made, so whatever ends the command, what was seen is kept.
A record is its length and how often the call was seen since it was last told, both as 8 bytes, then its
payload (`payload.py`); one without a payload tells how many calls were not kept.

Stdlib only, CPython 3.9 and newer; loaded by `startup/sitecustomize.py`.
"""

import atexit
import importlib.abc
import importlib.util
import json
import os
import struct
import sys


class Recorder:
    """Appends distinct calls to a file until it holds enough of about the same size, by its power of two.

    `most` is how many, `size` how many bytes those may take together. So there is always room for calls of
    another size, and yet an end: there are not many powers of two up to `size`.
    """

    def __init__(self, file, most, size, dumps):
        self.file, self.most, self.size = file, most, size
        self.dumps = dumps
        self.counts = {}
        self.others = 0
        """Calls that were not kept, since it was last told."""
        self.alike = {}
        """How many calls of a size are kept, and how many bytes they take."""

    def keep(self, args, kwargs):
        """Keep a call that is about to be made; returns the arguments to make it with: as they are."""
        try:
            self.add(self.dumps(args, kwargs))
        except Exception:
            self.others += 1  # it cannot be made again from data
        return args, kwargs

    def add(self, payload):
        kind = len(payload).bit_length()
        count, size = self.alike.get(kind, (0, 0))
        if payload in self.counts:
            self.counts[payload] += 1
        elif count < self.most and size + len(payload) <= self.size:
            self.counts[payload] = 0
            self.alike[kind] = count + 1, size + len(payload)
            self.write(payload, 1)
        else:
            self.others += 1

    def write(self, payload, count):
        # One write of an appending descriptor: processes that share the file do not mix their records.
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, struct.pack("!QQ", len(payload), count) + payload)
        finally:
            os.close(descriptor)

    def finish(self):
        """Tell how often the calls came again, and how many others there were."""
        for payload, count in (*self.counts.items(), (b"", self.others)):
            if count:
                self.write(payload, count)
        self.counts, self.others = dict.fromkeys(self.counts, 0), 0


def siblings():
    """What loads the other scripts that lie here; the folder itself is on nobody's path."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "beside.py")
    spec = importlib.util.spec_from_file_location("_quickstudy_beside", path)
    beside = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(beside)
    return beside.sibling


class Finder(importlib.abc.MetaPathFinder):
    """Lets the others find a module, and wraps the target in it if it lies in the target's file."""

    def __init__(self, path, qualname, recorder, install):
        self.path, self.qualname, self.recorder, self.install = path, qualname, recorder, install

    def find_spec(self, fullname, path=None, target=None):
        for finder in sys.meta_path:
            if finder is self or not hasattr(finder, "find_spec"):
                continue
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                origin = spec.origin or ""
                if origin.endswith(".py") and os.path.realpath(origin) == self.path:
                    self._hook(spec.loader)
                return spec
        return None

    def _hook(self, loader):
        execute = loader.exec_module

        def exec_module(module):
            execute(module)
            self.install(module, self.qualname, self.recorder.keep)

        loader.exec_module = exec_module


def begin(asked):
    """Record from now on. `asked` is JSON: {"path", "qualname", "file", "most", "bytes"}."""
    order = json.loads(asked)
    sibling = siblings()
    recorder = Recorder(order["file"], order["most"], order["bytes"], sibling("payload").dumps)
    finder = Finder(os.path.realpath(order["path"]), order["qualname"], recorder, sibling("wrapping").install)
    sys.meta_path.insert(0, finder)
    atexit.register(recorder.finish)
