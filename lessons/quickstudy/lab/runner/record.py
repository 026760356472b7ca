"""Keeps the calls that a command makes to the target, in any Python it starts; outside every sandbox.

It is the user's own command, run as the user would. Each distinct call is appended to one file as it is
made, so whatever ends the command, what was seen is kept. A record is its length and how often the call was
seen since it was last told, both as 8 bytes, then the pickle of `(args, kwargs)`.

Stdlib only, CPython 3.9 and newer; loaded by `startup/sitecustomize.py`.
"""

import atexit
import functools
import importlib.abc
import inspect
import json
import os
import pickle
import struct
import sys
import threading


class Recorder:
    """Appends distinct calls to a file until it holds enough of them."""

    def __init__(self, file, most, size):
        self.file, self.most, self.left = file, most, size
        self.counts = {}
        self.inside = threading.local()

    def keep(self, args, kwargs):
        try:
            payload = pickle.dumps((args, kwargs), protocol=4)
        except Exception:
            return  # it cannot be made again from data
        if payload in self.counts:
            self.counts[payload] += 1
        elif len(self.counts) < self.most and len(payload) <= self.left:
            self.counts[payload] = 0
            self.left -= len(payload)
            self.write(payload, 1)

    def write(self, payload, count):
        # One write of an appending descriptor: processes that share the file do not mix their records.
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(descriptor, struct.pack("!QQ", len(payload), count) + payload)
        finally:
            os.close(descriptor)

    def finish(self):
        """Tell how often the calls came again."""
        for payload, count in self.counts.items():
            if count:
                self.write(payload, count)
        self.counts = dict.fromkeys(self.counts, 0)

    def wrap(self, function, skip=0):
        """The function, with every outermost call kept before it is made."""
        recorder = self

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            if getattr(recorder.inside, "call", False):
                return function(*args, **kwargs)
            recorder.keep(args[skip:], kwargs)
            recorder.inside.call = True
            try:
                return function(*args, **kwargs)
            finally:
                recorder.inside.call = False

        return wrapper

    def install(self, module, qualname):
        """Put the wrapper where the function is found: in the module or in its class."""
        owner = module
        *outer, name = qualname.split(".")
        for part in outer:
            owner = getattr(owner, part)
        raw = inspect.getattr_static(owner, name)
        if isinstance(raw, property):
            wrapped = property(self.wrap(raw.fget), raw.fset, raw.fdel, raw.__doc__)
        elif isinstance(raw, classmethod):
            wrapped = classmethod(self.wrap(raw.__func__, skip=1))
        elif isinstance(raw, staticmethod):
            wrapped = staticmethod(self.wrap(raw.__func__))
        elif type(raw).__name__ == "cached_property":
            wrapped = type(raw)(self.wrap(raw.func))
            wrapped.__set_name__(owner, name)
        else:
            wrapped = self.wrap(raw)
        setattr(owner, name, wrapped)


class Finder(importlib.abc.MetaPathFinder):
    """Lets the others find a module, and wraps the target in it if it lies in the target's file."""

    def __init__(self, path, qualname, recorder):
        self.path, self.qualname, self.recorder = path, qualname, recorder

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
            self.recorder.install(module, self.qualname)

        loader.exec_module = exec_module


def begin(asked):
    """Record from now on. `asked` is JSON: {"path", "qualname", "file", "most", "bytes"}."""
    order = json.loads(asked)
    recorder = Recorder(order["file"], order["most"], order["bytes"])
    sys.meta_path.insert(0, Finder(os.path.realpath(order["path"]), order["qualname"], recorder))
    atexit.register(recorder.finish)
