"""A survey after edits says the same as one from scratch."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quickstudy.languages import identity
from quickstudy.languages.python import Python
from quickstudy.languages.python.outline import outline
from quickstudy.languages.python.survey import PythonSurvey

MODULE = '''\
"""A module."""
import os

LIMIT = 3


@os.cache
def first(a, b):
    """Says `def inside():` in a string."""
    return a + b


class Shop:
    """A class."""

    tax = 0.2

    def price(self, item):
        return item * (1 + self.tax)

    @property
    def open(self):
        return True

    @open.setter
    def open(self, value):
        pass

    class Till:
        def count(self):
            text = """
def not_one():
    pass
"""
            return text

    def last(self): return 1


if LIMIT:
    def first(a):
        return a
else:
    pass

async def wait():
    await os
'''

PIECES = [
    "", " ", "\n", "x", ":", "(", ")", "#", "@", "@x\n", "    ", "def f(", "def g():\n    pass\n",
    "    def h(self):\n        pass\n", "class C:\n", "return 1\n", "else:\n", "\r\n", "\f", "ä🐎",
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(PIECES)), max_size=8))
def test_typing_gives_the_same_functions_as_reading_anew(edits: list[tuple[float, int, str]]) -> None:
    """Whenever the text parses, whatever was typed on the way; also step by step back again."""
    texts = [MODULE]
    for share, deleted, added in edits:
        at = round(share * len(texts[-1]))
        texts.append(texts[-1][:at] + added + texts[-1][at + deleted :])
    survey = PythonSurvey.of(MODULE)
    for text in [*texts, *reversed(texts)]:
        survey = survey.after(text)
        if outline(text).complete:
            assert Python().sites(text) == survey.sites


@pytest.mark.parametrize("quote", ['"', '"""', "'''"])
def test_an_open_string_is_read_anew(quote: str) -> None:
    """What follows may be inside of it, and is out of it again once it is closed."""
    at = MODULE.index("    return a + b")
    broken = MODULE[:at] + quote + MODULE[at:]
    survey = PythonSurvey.of(MODULE).after(broken)
    assert Python().sites(broken) == survey.sites
    assert Python().sites(MODULE) == survey.after(MODULE).sites


def test_a_long_module_is_not_read_again_for_a_keystroke() -> None:
    """Blocks that an edit did not touch are the very same objects."""
    text = "\n".join(MODULE.replace("first", f"first_{n}").replace("Shop", f"Shop_{n}") for n in range(40))
    before = PythonSurvey.of(text)
    at = text.index("item *", len(text) // 2)
    after = before.after(f"{text[:at]}2 * {text[at:]}")
    kept = {id(block) for block in before.blocks} & {id(block) for block in after.blocks}
    assert len(before.blocks) - len(kept) <= 3


def test_the_standard_library_survives_random_edits() -> None:
    """A large class, many edits, compared now and then."""
    text = Path(random.__file__).read_text(encoding="utf-8")
    chance = random.Random(7)
    survey = PythonSurvey.of(text)
    for number in range(60):
        at = chance.randrange(len(text))
        piece = chance.choice(["x", "\n", "    ", "(", "\n    def f(self):\n        return 1\n"])
        changed = text[:at] + piece + text[at:]
        survey = survey.after(changed)
        if number % 6 == 0:
            assert Python().sites(changed) == survey.sites
        survey = survey.after(text)
    assert Python().sites(text) == survey.sites


def test_a_site_tells_the_same_source_and_identity_as_its_target() -> None:
    """Also with comments below, decorators, tabs, other line ends and a byte order mark."""
    extra = "\ufeff\n@os.cache\ndef commented():\n\tif 1:\n\t\tpass\n\t# belongs to it\n# does not\n"
    for text in (MODULE, MODULE.replace("\n", "\r\n"), extra, "\f" + extra[2:]):
        path, language = Path("/m.py"), Python()
        for site in language.sites(text):
            if site.problem is None:
                target = language.find(path, text, site.qualname)
                source = language.source(text, site)
                assert (target.source, target.sha256) == (source, identity(source))
