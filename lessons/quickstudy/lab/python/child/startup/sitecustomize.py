"""Found first on the path of a recorded command's Pythons: begins to record, then hands on to the real one.

Stdlib only, CPython 3.9 and newer.
"""

import importlib.util
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
START = os.path.join(HERE, os.pardir, os.pardir, os.pardir, "supervisor", "start.py")


def begin() -> None:
    spec = importlib.util.spec_from_file_location("_quickstudy_start", os.path.normpath(START))
    assert spec and spec.loader
    start = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(start)
    start.load("python.child.record").begin(os.environ["QUICKSTUDY_RECORD"])


sys.path[:] = [place for place in sys.path if os.path.abspath(place) != HERE]
if "QUICKSTUDY_RECORD" in os.environ:
    begin()
# The machine may have a module of this name itself, which this one must not hide.
ours = sys.modules.pop("sitecustomize")
try:
    import sitecustomize  # noqa: F401 # pyright: ignore # the machine's, if it has one
except ImportError as error:
    sys.modules["sitecustomize"] = ours
    if error.name != "sitecustomize":
        raise
