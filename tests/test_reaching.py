"""What the code of a text reaches for is noticed when it does, however it spells it."""

import json
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from quickstudy.lab.supervisor import start

WATCHING = """
import json, sys
sys.path.insert(0, sys.argv[1])
import start
Reaching = start.load("python.child.reaching").Reaching
path = sys.argv[2] + "/text.py"
reaching = Reaching(path, sys.argv[2])
space = {"__name__": "text", "HERE": sys.argv[2]}
exec(compile(sys.argv[3], path, "exec"), space)
reaching.importing = False
space.get("later", int)()
print(json.dumps(sorted(reaching.found)))
"""
REACHING = {
    "frames, by a name put together": ("frames", "import sys\ngetattr(sys, '_get' + 'frame')(1)"),
    "frames, by a traceback": (
        "frames",
        "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    error.__traceback__.tb_frame.f_back",
    ),
    "frames, by a generator": ("frames", "getattr((n for n in ()), 'gi_' + 'frame')"),
    "frames, by inspect": ("frames", "import inspect\ninspect.stack()"),
    "the garbage collector": ("garbage", "import gc\nvars(gc)['get_' + 'objects']()"),
    "a profiler": ("hooks", "import sys\nvars(sys)['setpro' + 'file'](None)"),
    "raw memory": ("memory", "ctypes = __import__('cty' + 'pes')\nctypes.CDLL(None)"),
    "memory that forks share": ("memory", "import mmap\nmmap.mmap(-1, 10)"),
    "text as code": ("code", "import builtins\nvars(builtins)['ex' + 'ec']('1')"),
    "the code of a function": ("namespaces", "getattr(lambda: 0, '__co' + 'de__')"),
    "a file of the project": ("files", "open(HERE + '/data').read()"),
    "a file, by a library": ("files", "import pathlib\npathlib.Path(HERE, 'data').read_bytes()"),
    "in a call": ("garbage", "import gc\ndef later():\n    gc.get_objects()"),
}
HONEST = {
    "nothing": "VALUE = [n * n for n in range(10)]",
    "what libraries do": """
        import collections, dataclasses, enum, logging, re, typing, warnings
        Point = collections.namedtuple("Point", "x y")
        Pair = typing.NamedTuple("Pair", [("x", int)])
        @dataclasses.dataclass
        class Row:
            x: int = re.compile("a+").flags
        class Kind(enum.Enum):
            ONE = 1
        logging.getLogger("text").warning("seen")
        warnings.warn("seen")
    """,
    "a neighbour imported": "import sys\nsys.path.insert(0, HERE)\nimport neighbour",
    "a file read in a call": "def later():\n    open(HERE + '/data').read()",
}


def told(folder: Path, text: str) -> list[str]:
    """What is noticed of a text that is run as a module of this folder."""
    (folder / "data").write_text("1")
    (folder / "neighbour.py").write_text("VALUE = 1\n")
    words = [str(Path(start.__file__).parent), str(folder), textwrap.dedent(text)]
    done = subprocess.run(
        [sys.executable, "-c", WATCHING, *words], capture_output=True, encoding="utf-8", check=True
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize("case", REACHING)
def test_what_a_rewrite_never_needs_is_noticed(case: str, tmp_path: Path) -> None:
    """By the interpreter's own events: no spelling hides it."""
    what, text = REACHING[case]
    assert [what] == told(tmp_path, text)


@pytest.mark.parametrize("case", HONEST)
def test_what_others_do_is_not(case: str, tmp_path: Path) -> None:
    """Libraries look at frames and run text for whoever uses them."""
    assert [] == told(tmp_path, HONEST[case])
