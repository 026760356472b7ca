"""What the behaviours of a language are tried on; a new language adds its own to `ALL`."""

from dataclasses import dataclass
from pathlib import Path

from tests.conformance.toy import Toy

from quickstudy.languages import Language, language_for


@dataclass(frozen=True)
class Samples:
    """Texts of one language. Each holds the function `pick`, but where it says otherwise."""

    language: Language
    path: Path
    text: str
    """A whole text with more than one function."""
    unfinished: str
    """A text of which something else than `pick` does not parse."""
    broken: str
    """A text in which `pick` itself does not parse."""
    rewrite: str
    """Another `pick`, which needs nothing new."""
    misfits: tuple[str, ...]
    """Rewrites that cannot take its place."""
    unfair: str
    """A rewrite that reaches beyond its function."""
    imports: str
    """Code that is nothing but what other code needs."""
    source: str
    """A function with a feature that is a waste."""
    renamed: str
    """The same with other names throughout."""
    reformatted: str
    """The same with other white space, and a comment."""


PYTHON = Samples(
    language_for(Path("m.py")),
    Path("/project/m.py"),
    text="import os\n\n\ndef first(a):\n    return a[0]\n\n\ndef pick(a, b):\n"
    "    return [x for x in a if x in b]  # ä🐎\n\n\nclass Bag:\n    def last(self):\n        return 1\n",
    unfinished="def first(a:\n    return a[0\n\n\ndef pick(a, b):\n    return [x for x in a if x in b]\n",
    broken="def first(a):\n    return a[0]\n\n\ndef pick(a, b):\n    return [x for x in\n",
    rewrite="def pick(a, b):\n    wanted = set(b)\n    return [x for x in a if x in wanted]\n",
    misfits=(
        "",
        "\0",
        "def pick(a, b):\n    return [",
        "def other(a, b):\n    return a\n",
        "def pick(a):\n    return a\n",
    ),
    unfair="import sys\n\n\ndef pick(a, b):\n    return sys._getframe().f_back\n",
    imports="import re\nfrom math import sqrt\n",
    source="def pick(a, b):\n    return [x for x in a if x in b]\n",
    renamed="def choose(one, two):\n    return [each for each in one if each in two]\n",
    reformatted="# Both.\ndef pick(a,b):\n  return [ x\n    for x in a if x in b ]\n",
)

TOY = Samples(
    Toy(),
    Path("/project/m.toy"),
    text="use math\n# ä🐎\nfn first(a) = a.0\nfn pick(a, b) = each a within b\nfn last(a) = a.9\n",
    unfinished="fn first(a\nfn pick(a, b) = each a within b\n",
    broken="fn first(a) = a.0\nfn pick(a, b\n",
    rewrite="fn pick(a, b) = each a known set b\n",
    misfits=("", "\0", "fn pick(a, b)", "fn other(a, b) = a\n", "fn pick(a) = a\n"),
    unfair="fn pick(a, b) = peek\n",
    imports="use math\nuse sets\n",
    source="fn pick(a, b) = each a within b\n",
    renamed="fn choose(one, two) = each one within two\n",
    reformatted="# Both.\nfn pick(a, b) = each   a   within b\n",
)

ALL = (PYTHON, TOY)
