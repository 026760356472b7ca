"""Notes, as it happens, when the code of a text reaches beyond itself, however it spells what it reaches for.

`languages/screen.py` finds such code by name, before it is run. The interpreter's audit events tell of it
when it runs: frames of callers, what the garbage collector knows, hooks, raw memory, text that is run as
code; and, while the text is imported, files of the project. What libraries do for it, as logging looks for
its caller, counts for nothing. A hook of this kind stays. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FrameType
    from typing import Any

_isinstance, _fsdecode, _realpath = isinstance, os.fsdecode, os.path.realpath
_frame: Any = vars(sys)["_getframe"]
_WHAT: dict[str, str] = {
    **dict.fromkeys(("sys._getframe", "sys._current_frames", "sys._current_exceptions"), "frames"),
    **dict.fromkeys(("gc.get_objects", "gc.get_referrers", "gc.get_referents"), "garbage"),
    **dict.fromkeys(("sys.settrace", "sys.setprofile", "sys.addaudithook"), "hooks"),
    "sys.monitoring.register_callback": "hooks",
    **dict.fromkeys(("ctypes.dlopen", "ctypes.dlsym", "ctypes.dlsym/handle", "mmap.__new__"), "memory"),
    **dict.fromkeys(("compile", "exec", "code.__new__", "marshal.loads"), "code"),
}
"""What an event means if the text's own code raised it."""
_ATTRIBUTES: dict[object, str] = {
    **dict.fromkeys(("tb_frame", "gi_frame", "cr_frame", "ag_frame"), "frames"),
    "__code__": "namespaces",
}
_THROUGH = ("inspect", "ctypes")
_IMPORTING = "<frozen importlib._bootstrap"


class Reaching:
    """What code of the file at `path` has reached for so far."""

    def __init__(self, path: str, project: str) -> None:
        self.path, self.project = path, _realpath(project) + os.sep
        self.found: set[str] = set()
        self.importing = True
        self.busy = False
        sys.addaudithook(self.note)

    def note(self, event: str, arguments: tuple[Any, ...]) -> None:
        what = _WHAT.get(event)
        if what is None:
            if event == "object.__getattr__":
                what = _ATTRIBUTES.get(arguments[1])
            elif event == "open" and self.importing:
                what = "files"
        if what is None or what in self.found or self.busy:
            return
        self.busy = True  # looking at a frame is an event as well
        try:
            frame = _frame(1)
            own = self.reads(frame, arguments[0]) if what == "files" else self.asks(frame)
            if own:
                self.found.add(what)
        finally:
            self.busy = False

    def is_own(self, frame: FrameType | None) -> bool:
        return frame is not None and frame.f_code.co_filename == self.path

    def asks(self, frame: FrameType | None) -> bool:
        """Whether the text's own code asks for it, by itself or through what is there for nothing else."""
        while frame is not None and frame.f_globals.get("__name__") in _THROUGH:
            frame = frame.f_back
        return self.is_own(frame)

    def reads(self, frame: FrameType | None, path: Any) -> bool:
        """Whether a file of the project is opened for the text, by itself or through a library."""
        if not _isinstance(path, (str, bytes)) or not _realpath(_fsdecode(path)).startswith(self.project):
            return False
        while frame is not None and not self.is_own(frame):
            if frame.f_code.co_filename.startswith(_IMPORTING):
                return False
            frame = frame.f_back
        return frame is not None
