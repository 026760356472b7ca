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
def test_an_open_string_is_a_matter_of_its_function(quote: str) -> None:
    """All others are where they were, only further down; nothing is certain until it is closed again."""
    at = MODULE.index("    return a + b")
    broken = f"{MODULE[:at]}    {quote}\n{MODULE[at:]}"
    before = PythonSurvey.of(MODULE)
    survey = before.after(broken)
    typed = next(site for site in survey.sites if site.qualname == "first")
    assert "does not parse" in (typed.problem or "")
    assert [(site.qualname, site.name.line + 1) for site in before.sites[1:]] == [
        (site.qualname, site.name.line) for site in survey.sites[1:]
    ]
    assert (True, False) == (before.complete, survey.complete)
    assert before.sites == survey.after(MODULE).sites
    closed = broken.replace(f"{quote}\n", f"{quote}Adds.{quote}\n", 1)
    assert Python().sites(closed) == survey.after(closed).sites


def test_functions_within_quotes_are_none() -> None:
    """However the text came to be: the ends are typed one after the other, and taken away again."""
    parts = [f"def {name}():\n    return 1\n\n\n" for name in "abc"]
    texts = [
        "".join(parts),
        f'{parts[0]}"""\n{parts[1]}{parts[2]}',
        f'{parts[0]}"""\n{parts[1]}"""\n{parts[2]}',
    ]
    survey = PythonSurvey.of(texts[0])
    for text, names in zip([*texts, *reversed(texts)], ["abc", None, "ac", "ac", None, "abc"], strict=True):
        survey = survey.after(text)
        if names:
            assert list(names) == [site.qualname for site in survey.sites]
            assert Python().sites(text) == survey.sites


def test_a_function_is_found_by_its_name_with_its_own_text() -> None:
    """That which the name stands for, wherever it is now; none while it does not parse."""
    text = f"# above\n\n{MODULE}"
    survey = PythonSurvey.of(MODULE).after(text)
    for name in ("first", "Shop.open", "Shop.Till.count", "wait"):
        found = survey.function(name)
        assert found
        site, source = found
        assert site in [each for each in Python().sites(text) if each.problem is None]
        assert Python().find(Path("/m.py"), text, name).source == source
    assert None is survey.function("Shop.none")
    assert None is survey.after(text.replace("await os", "await (")).function("wait")


def test_a_long_module_is_not_read_again_for_a_keystroke() -> None:
    """Blocks that an edit did not touch are the very same objects."""
    text = "\n".join(MODULE.replace("first", f"first_{n}").replace("Shop", f"Shop_{n}") for n in range(40))
    before = PythonSurvey.of(text)
    at = text.index("item *", len(text) // 2)
    after = before.after(f"{text[:at]}2 * {text[at:]}")
    kept = {id(block) for block in before.blocks} & {id(block) for block in after.blocks}
    assert len(before.blocks) - len(kept) <= 3


def test_a_function_typed_below_a_class_does_not_have_that_read_again() -> None:
    """Though the space in which it is typed belongs to the class until then."""
    text = "class Shop:\n" + "".join(f"    def sell_{n}(self):\n        return {n}\n\n" for n in range(40))
    text += "\n\ndef last():\n    pass\n"
    before = survey = PythonSurvey.of(text)
    at = text.index("\n\ndef last") + 1
    for number in range(1, len(typed := "def new(a):\n    return a\n") + 1):
        now = text[:at] + typed[:number] + text[at:]
        survey = survey.after(now)
        kept = {id(block) for block in before.blocks} & {id(block) for block in survey.blocks}
        assert len(before.blocks) - len(kept) <= 2
        if outline(now).complete:
            assert Python().sites(now) == survey.sites


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
