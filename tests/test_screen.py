"""Code that reaches beyond its function is rejected, unless the module does the same itself."""

import re
from pathlib import Path
from textwrap import dedent

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


READS = "It reads files when it is imported."
AT_IMPORT = [
    "_x = open('a')",
    "_x: str = open('a').read()",
    "_x = [open(name) for name in ('a', 'b')]",
    "_x = (_y := open('a'))",
    "from io import open as o\n_x = o('a')",
    "o = open\n_x = o('a')",
    "import io\n_x = getattr(io, 'open')('a')",
    "import io\n_x = vars(io)['open']('a')",
    "import io\n_x = io.__dict__['open']('a')",
    "import io, operator\n_x = operator.attrgetter('open')(io)('a')",
    "import operator\nfrom pathlib import Path\n_x = operator.methodcaller('read_text')(Path('a'))",
    "_x = __import__('io').FileIO('a').readall()",
    "import importlib\n_x = importlib.import_module('linecache')",
    "from pathlib import Path\n_x = Path('a').read_text()",
    "import pathlib\n_x = [one.name for one in pathlib.Path('.').iterdir()]",
    "import os\n_x = os.listdir('.')",
    "import os\n_x = list(os.walk('.'))",
    "from glob import glob\n_x = glob('*')",
    "import fileinput\n_x = list(fileinput.input('a'))",
    "import tokenize\n_x = tokenize.open('a.py')",
    "import pkgutil\n_x = pkgutil.get_data('a', 'b')",
    "from importlib import resources\n_x = resources.files('a')",
    "import configparser\n_c = configparser.ConfigParser()\n_x = _c.read('a')",
    "import numpy as np\n_x = np.loadtxt('a')",
    "import inspect\n_x = inspect.getsource(inspect)",
    "_x = __loader__.get_data('a')",
    "def _h():\n    return open('a')\n_x = _h()",
    "def _g():\n    return open('a')\ndef _h():\n    return _g()\n_x = _h()",
    "def _g(name):\n    return open(name)\n_x = list(map(_g, 'ab'))",
    "_g = lambda name: open(name)\n_x = _g('a')",
    "_x = (lambda: open('a'))()",
    "import functools\n_x = functools.reduce(lambda a, b: a + open(b).read(), 'ab', '')",
    "async def _g():\n    return open('a')\nimport asyncio\n_x = asyncio.run(_g())",
    "class _X:\n    text = open('a').read()",
    "class _X:\n    def __init__(self):\n        self.text = open('a').read()\n_x = _X()",
    "class _X:\n    def load(self):\n        return open('a').read()\n_x = _X().load()",
    "class _X:\n    @property\n    def all(self):\n        return open('a').read()\n_x = _X().all",
    "class _M(type):\n    def __new__(m, *a):\n        open('a')\nclass _X(metaclass=_M):\n    pass",
    "class _B:\n    def __init_subclass__(cls):\n        open('a')\nclass _X(_B):\n    pass",
    "def _h(x, y=open('a').read()):\n    return y",
    "def _h(x, *, y=open('a').read()):\n    return y",
    "def _h(x: open('a')):\n    return x",
    "def _h(x) -> open('a'):\n    return x",
    "_x = lambda y=open('a').read(): y",
    "def _d(f):\n    open('a')\n    return f\n@_d\ndef _h(x):\n    return x",
    "def _d(name):\n    return open(name).read\n@_d('a')\ndef _h(x):\n    return x",
    "def _h():\n    def deep():\n        return open('a')\n    return deep()\n_x = _h()",
    "_x = 'a' if open('a') else 'b'",
    "o = p = open\ndef _h(_o=p):\n    return _o('a')\n_x = _h()",
    "class _X:\n    get = open\n_x = _X.get('a')",
    "_x = f\"{open('a').read()}\"",
    "_x = load()",
    "_x = Store().everything()",
]
"""Helpers that read when they are imported, with what they need."""


@pytest.mark.parametrize("helpers", AT_IMPORT)
def test_a_rewrite_reads_no_file_when_it_is_imported(helpers: str) -> None:
    """However it gets there: by an alias, a helper's helper, a default, a decorator, a class."""
    module = """
        import json
        def load():
            return json.load(open('a.json'))
        class Store:
            def everything(self):
                return load()
    """
    uses = [name for name in ("_x", "_X", "_h") if re.search(rf"\b{name}\b", helpers)]
    assert Splice(None, READS, rejected=True) == spliced("; ".join(uses), helpers, dedent(module))


@pytest.mark.parametrize(
    "helpers",
    [
        "def _h(name):\n    return open(name).read()",
        "_h = lambda name: open(name).read()",
        "_o = open\ndef _h(name):\n    return _o(name).read()",
        "def _h(name, _open=open):\n    return _open(name).read()",
        "import functools\n@functools.cache\ndef _h(name):\n    return open(name).read()",
        "class _X:\n    def load(self):\n        return open('a').read()",
        "class _X:\n    def load(self):\n        return open('a').read()\n    size = 3\n_x = _X()",
        "def _h(x: 'open') -> str:\n    return x",
        "from pathlib import Path\n_x = Path('a') / 'b'",
        "import re\n_x = re.compile('open')",
        "import ast\n_x = list(ast.walk(ast.parse('1')))",
        "_x = {'open': 1, 'glob': 2}['open']",
        "_x = frozenset(('open', 'read_text'))",
        "import os\n_x = os.path.join('a', 'b')",
        "import struct, operator\n_x = struct.Struct('<q').pack, operator.itemgetter('open')",
        "from collections import deque\n_x = deque(maxlen=3)",
        "_x = sum(1 for open in range(3) if open)",
        "import array, bisect\n_x = array.array('d', (1.0,)), bisect.bisect_left",
        "_x = cheap(3)",
    ],
)
def test_what_reads_nothing_when_it_is_imported_passes(helpers: str) -> None:
    """Tables and patterns are made at import by honest code; a helper may read when it is called."""
    module = "def cheap(n):\n    return n\ndef load(name):\n    return open(name)\n"
    uses = [name for name in ("_x", "_X", "_h") if re.search(rf"\b{name}\b", helpers)]
    new = spliced("; ".join(uses), helpers, module)
    assert (None, False) == (new.problem, new.rejected)


def test_a_module_that_reads_when_it_is_imported_may_go_on() -> None:
    """The same way of reading, and not another one; that it reads in a call is no leave to do it sooner."""
    module = "import json\nTABLE = json.load(open('a.json'))\n"
    assert spliced("_x", "_x = open('a.json').read()", module).problem is None
    assert READS == spliced("_x", "import os\n_x = os.listdir()", module).problem
    later = "def table():\n    return open('a.json')\nif __name__ == '__main__':\n    table()\n"
    assert READS == spliced("_x", "_x = open('a.json').read()", later).problem


def test_what_the_function_itself_reads_is_no_matter_of_its_import() -> None:
    """It is called in the sandbox, as ever."""
    assert spliced("open('a').read()").problem is None
    assert spliced("_h('a')", "def _h(name):\n    return open(name).read()\n").problem is None
