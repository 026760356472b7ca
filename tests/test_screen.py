"""Code that reaches beyond its function is rejected, unless the module does the same itself."""

from pathlib import Path

import pytest

from quickstudy.languages import language_for
from quickstudy.records import Splice

PATH = Path("module.py")
PYTHON = language_for(PATH)


def spliced(body: str, head: str = "", module: str = "") -> Splice:
    text = f"{module}import time\nCACHE = {{}}\n\ndef f(x):\n    return x\n"
    return PYTHON.splice(PYTHON.find(PATH, text, "f"), f"{head}\ndef f(x):\n    {body}\n    return x\n")


FRAMES = "It reads the frames of its callers."
REJECTED = [
    ("sys._getframe(1)", "import sys", FRAMES),
    ("g(1)", "from sys import _getframe as g", FRAMES),
    ("import sys as s; s._getframe()", "", FRAMES),
    ("getattr(sys, '_getframe')()", "import sys", FRAMES),
    ("x.__traceback__.tb_frame", "", FRAMES),
    ("inspect.stack()", "import inspect", FRAMES),
    ("gc.disable()", "import gc", "It steers or searches the garbage collector."),
    ("ctypes.c_int()", "import ctypes", "It goes around Python into raw memory."),
    ("__import__('ctypes')", "", "It goes around Python into raw memory."),
    ("eval('1')", "", "It runs text as code, which cannot be checked beforehand."),
    ("globals()['y'] = 1", "", "It reaches into namespaces that are not its own."),
    ("sys.modules['time'] = x", "import sys", "It reaches into namespaces that are not its own."),
    ("x.__class__ = int", "", "It reaches into namespaces that are not its own."),
    ("sys.settrace(None)", "import sys", "It hooks into the interpreter."),
    ("os._exit(0)", "import os", "It ends, forks or signals processes."),
    ("multiprocessing.Pool()", "import multiprocessing", "It starts other processes."),
    ("urllib.request.urlopen(x)", "import urllib.request", "It uses the network."),
    ("open('a', 'w')", "", "It writes to files."),
    ("open('a', mode='ab')", "", "It writes to files."),
    ("os.environ['A']", "import os", "It reads the environment of the process."),
    ("time.perf_counter = x", "", "It changes time.perf_counter, which belongs to another module."),
    ("setattr(time, 'time', x)", "", "It changes time.time, which belongs to another module."),
    ("del time.sleep", "", "It changes time.sleep, which belongs to another module."),
    ("global CACHE; CACHE = 1", "", "It changes CACHE, which belongs to the module and not to the function."),
]


@pytest.mark.parametrize(("body", "head", "reason"), REJECTED)
def test_each_reach_has_its_reason(body: str, head: str, reason: str) -> None:
    """Found however it is spelt, and said in one sentence."""
    assert spliced(body, head) == Splice(None, reason, rejected=True)


def test_helpers_are_screened_too() -> None:
    """A helper is part of the rewrite."""
    head = "import gc\ndef h():\n    gc.freeze()\n"
    assert spliced("h()", head).rejected


@pytest.mark.parametrize(
    ("body", "head"),
    [
        ("open('a').read()", ""),
        ("open('a', 'rb')", ""),
        ("time = {}; time['a'] = 1", ""),
        ("signal = [x]; signal[0] = 2", ""),
        ("x.compile(); re.compile('a')", "import re"),
        ("x.node.unlink(); x.open(y)", ""),
        ("f.seen = x", ""),
        ("global _memo; _memo = 1", "_memo = None"),
        ("time.perf_counter()", ""),
        ("time.sleep", "import gc\ngc.disable()"),
    ],
)
def test_honest_code_passes(body: str, head: str) -> None:
    """Local names that only look like modules, reading, and an own memo are nobody's business."""
    new = spliced(body, head)
    assert (new.problem, new.rejected) == (None, False)


def test_what_the_module_does_itself_is_allowed() -> None:
    """The same thing, not another of its kind."""
    module = "import os\nHOME = os.environ['HOME']\n"
    assert spliced("os.environ['A']", "", module).problem is None
    assert spliced("os._exit(1)", "", module).rejected
