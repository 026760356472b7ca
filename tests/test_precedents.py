"""Hints must be precise: which functions resemble one that became faster, and which do not."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.test_selection import FAMILIES, LESSON, PYTHON

from quickstudy.bank import Precedent, precedent, resembled
from quickstudy.bank.language import WordsOnly

FIND_COMMON = FAMILIES["membership in a list"]["find_common"]
WITH_A_SET = """
def find_common(a, b):
    wanted = set(b)
    return [x for x in a if x in wanted]
"""
HONEST = Path(__file__).parent / "data" / "honest"


def gain(slow: str, fast: str, **changes: object) -> Precedent | None:
    lesson = replace(LESSON, original=slow, candidate=fast, speedup=9.0, low=8.0, high=10.0)
    return precedent(replace(lesson, **changes), PYTHON)


def sources(file: Path) -> dict[str, str]:
    """The functions of a file by their qualified names."""
    text = file.read_text(encoding="utf-8")
    return {site.qualname: PYTHON.source(text, site) for site in PYTHON.sites(text)}


def test_only_what_has_the_same_waste_resembles() -> None:
    """The other functions of the family, and none of any other family."""
    found = gain(FIND_COMMON, WITH_A_SET)
    assert found and "membership tests in a list" == found.waste
    alike = {
        name
        for codes in FAMILIES.values()
        for name, code in codes.items()
        if resembled(code, PYTHON, [found])
    }
    assert set(FAMILIES["membership in a list"]) == alike


def test_what_is_fast_already_resembles_nothing() -> None:
    """Of forty pairs of a slow function and a fast one, no fast one resembles its own slow one."""
    slow, fast = sources(HONEST / "originals.py"), sources(HONEST / "variants.py")
    pairs = [(fast[name], found) for name in slow if (found := gain(slow[name], fast[name]))]
    assert len(pairs) > 12
    assert [] == [code for code, found in pairs if resembled(code, PYTHON, [found])]


@pytest.mark.parametrize(
    "changes",
    [{"outcome": "wrong"}, {"outcome": "same"}, {"low": 1.2}, {"low": None}, {"candidate": FIND_COMMON}],
)
def test_only_a_sure_gain_that_lost_a_waste_is_a_precedent(changes: dict[str, object]) -> None:
    """Failures, small gains, and variants that do the same as before are none."""
    assert gain(FIND_COMMON, WITH_A_SET, **changes) is None


def test_recursion_alone_is_no_likeness() -> None:
    """Every tree is walked by recursion, and only few functions gain by doing without."""
    fibonacci = sources(HONEST / "originals.py")["fibonacci"]
    assert gain(fibonacci, sources(HONEST / "variants.py")["fibonacci"]) is None


@pytest.mark.parametrize(
    "kind", ["set[int]", "dict", "collections.abc.Mapping[str, int]", "str", "Counter[str]"]
)
def test_a_parameter_of_a_known_type_is_no_list(kind: str) -> None:
    """Membership in it costs little, and its annotation says so."""
    found = gain(FIND_COMMON, WITH_A_SET)
    assert found
    code = f"def f(a: list, b: {kind}):\n    return [x for x in a if x in b]\n"
    assert not resembled(code, PYTHON, [found])
    assert resembled(code.replace(kind, "list[int]"), PYTHON, [found])


def test_the_nearest_comes_first() -> None:
    """Words that two functions share decide between precedents for the same reason."""
    users = FIND_COMMON.replace("find_common", "known_users").replace("x", "user")
    other = FIND_COMMON.replace("find_common", "rare_colours").replace("x", "colour")
    near, far = gain(users, WITH_A_SET), gain(other, WITH_A_SET, speedup=99.0)
    assert near and far
    assert [near, far] == list(resembled(users.replace("known", "new"), PYTHON, [far, near]))


def test_a_function_of_another_language_resembles_nothing() -> None:
    """What is waste in one may be no news, or nonsense, in another; one that nobody knows has no wastes."""

    class Other(type(PYTHON)):
        name = "other"

    found = gain(FIND_COMMON, WITH_A_SET)
    assert found
    assert [found] == list(resembled(FIND_COMMON, PYTHON, [found]))
    assert [] == list(resembled(FIND_COMMON, Other(), [found]))
    assert [] == list(resembled(FIND_COMMON, WordsOnly("python"), [found]))
