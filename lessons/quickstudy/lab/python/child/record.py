"""Keeps the calls that a command makes to the target, in any Python it starts.

Each distinct call is appended to one file as it is made, so whatever ends the command, what was seen is kept.
A record is its length and how often the call was seen since that was last written, both as 8 bytes, then its
payload (`payload.py`); one without a payload says how many calls were not kept.

Stdlib only, CPython 3.9 and newer; loaded by `startup/sitecustomize.py`.
"""

from __future__ import annotations

import atexit
import json
import os
import struct
import sys

from quickstudy.lab.python.child import payload
from quickstudy.lab.python.child.wrapping import install

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any


class Recorder:
    """Appends distinct calls to a file until it holds enough of about the same size, by its power of two.

    `most` is how many, `size` how many bytes those may take together. So there is always room for calls of
    another size, and yet an end: there are not many powers of two up to `size`.
    """

    def __init__(self, file: str, most: int, size: int) -> None:
        self.file, self.most, self.size = file, most, size
        self.counts: dict[bytes, int] = {}
        self.others = 0
        """Calls that were not kept, since that was last written."""
        self.alike: dict[int, tuple[int, int]] = {}
        """How many calls of a size are kept, and how many bytes they take."""

    def keep(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> payload.Arguments:
        """Keep a call that is about to be made; returns the arguments to make it with: as they are."""
        try:
            self.add(payload.dumps(args, kwargs))
        except Exception:
            self.others += 1  # it cannot be made again from data
        return args, kwargs

    def add(self, call: bytes) -> None:
        kind = len(call).bit_length()
        count, size = self.alike.get(kind, (0, 0))
        if call in self.counts:
            self.counts[call] += 1
        elif count < self.most and size + len(call) <= self.size:
            self.counts[call] = 0
            self.alike[kind] = count + 1, size + len(call)
            self.write(call, 1)
        else:
            self.others += 1

    def write(self, call: bytes, count: int) -> None:
        # One write of an appending descriptor: processes that share the file do not mix their records.
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, struct.pack("!QQ", len(call), count) + call)
        finally:
            os.close(descriptor)

    def finish(self) -> None:
        """Write how often the calls came again, and how many others there were."""
        for call, count in (*self.counts.items(), (b"", self.others)):
            if count:
                self.write(call, count)
        self.counts, self.others = dict.fromkeys(self.counts, 0), 0


class Finder:
    """Lets the others find a module, and wraps the target in it if it lies in the target's file."""

    def __init__(self, path: str, qualname: str, recorder: Recorder) -> None:
        self.path, self.qualname, self.recorder = path, qualname, recorder

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
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

    def _hook(self, loader: Any) -> None:
        execute: Callable[[ModuleType], None] = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            execute(module)
            install(module, self.qualname, self.recorder.keep)

        loader.exec_module = exec_module


def begin(asked: str) -> None:
    """Record from now on. `asked` is JSON: {"path", "qualname", "file", "most", "bytes"}."""
    order = json.loads(asked)
    recorder = Recorder(order["file"], order["most"], order["bytes"])
    sys.meta_path.insert(0, Finder(os.path.realpath(order["path"]), order["qualname"], recorder))
    atexit.register(recorder.finish)
