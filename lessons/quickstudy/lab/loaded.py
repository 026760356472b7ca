"""What importing a text does besides, and what its code reaches for: all that the original does may be done.

The process that imported it says so, and the kernel.
"""

from collections.abc import Collection, Mapping

from quickstudy.lab.rig import Disqualified, Loaded
from quickstudy.reasons import Code, reason

STARTS: Mapping[str, Code] = {"thread": Code.IMPORT_STARTS_THREAD, "process": Code.IMPORT_STARTS_PROCESS}
REACHES: Mapping[str, Code] = {
    "frames": Code.REACHES_FRAMES,
    "garbage": Code.REACHES_GARBAGE,
    "hooks": Code.REACHES_HOOKS,
    "memory": Code.REACHES_MEMORY,
    "code": Code.REACHES_CODE,
    "namespaces": Code.REACHES_NAMESPACES,
    "files": Code.REACHES_FILES,
}


def compare(original: Loaded, candidate: Loaded) -> None:
    """Raises Disqualified if the import of a candidate does what the original's does not."""
    for what, usual in original.started.items():
        if candidate.started[what] > usual:
            raise Disqualified(reason(STARTS[what]))
    bound(original.reaches, candidate.reaches)
    other = [name for name, value in candidate.settings.items() if original.settings.get(name) != value]
    if other:
        raise Disqualified(reason(Code.IMPORT_SETTINGS, names=", ".join(other)))


def bound(original: Collection[str], candidate: Collection[str]) -> None:
    """Raises Disqualified if the code of a candidate reaches for what the original's does not."""
    for what, code in REACHES.items():
        if what in candidate and what not in original:
            raise Disqualified(reason(code))
