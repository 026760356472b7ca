"""Calls drawn from shapes: those of calls that were seen, and those that type hints tell."""

import ast
import asyncio
import io
import json
import math
import pickle
import textwrap
from typing import Any

import pytest

from quickstudy.lab.python.child import shapes
from quickstudy.lab.python.hints import hinted
from quickstudy.lab.python.workload import draw


class Reader(pickle.Unpickler):
    """Shows what a draft leaves to the child."""

    def persistent_load(self, pid: Any) -> Any:
        return pid


def drawn(groups: list[Any], count: int = 150) -> list[Any]:
    drafts = asyncio.run(draw(json.loads(json.dumps(groups)), count))
    return [Reader(io.BytesIO(draft)).load() for draft in drafts]


def values(*seen: Any) -> list[Any]:
    """What is drawn in place of the only argument of these calls."""
    groups = list(map(vars, shapes.groups([((value,), {}) for value in seen], len(seen))))
    return [changes[0] for _, changes in drawn(groups)]


def test_numbers_like_those_seen_and_edges() -> None:
    """Within what was seen, just beyond, and at the edges of machine words."""
    made = values(10, 20, 30)
    assert all(type(value) is int for value in made)
    assert any(10 <= value <= 30 for value in made)
    assert {0, -1, 1 << 63} <= set(made)


def test_floats_hold_what_is_no_number() -> None:
    """NaN, infinities and both zeros are floats as well."""
    made = values(0.5, 2.5)
    assert any(math.isnan(value) for value in made)
    assert any(math.isinf(value) for value in made)


def test_texts_use_the_letters_seen_and_others() -> None:
    """Some stay in the alphabet of the calls, some leave ASCII, one is empty."""
    made = values("abba", "baab")
    assert "" in made
    assert any(value and set(value) <= set("ab") for value in made)
    assert any(not value.isascii() for value in made)


def test_containers_are_empty_have_one_item_and_repeat_some() -> None:
    """Every type of item was seen in that place."""
    made = values([1, None, 2], [3])
    assert [] in made
    assert any(len(value) == 1 for value in made)
    assert any(len(value) > 2 and len(set(value)) < len(value) for value in made)
    assert {int, type(None)} == {type(item) for value in made for item in value}


def test_what_only_a_call_holds_is_named_by_its_place() -> None:
    """An object of the project is never made here."""
    made = values([object(), object()])
    names = [item for value in made for item in value]
    assert names
    assert all(kind == "seen" and tuple(where[:2]) == (0, 0) for kind, where in names)


def test_look_up_finds_the_value_again() -> None:
    """By call, place and steps inwards; a dict's steps go over keys and values in turn."""
    calls = [(([1, {"a": ("x", "y")}],), {"k": 5})]
    assert "y" == shapes.look_up(calls, [0, 0, 1, 1, 1])
    assert 5 == shapes.look_up(calls, [0, "k"])


def test_the_same_calls_give_the_same_drafts() -> None:
    """A verdict can be had again."""
    assert values("ab", "c") == values("ab", "c")


CONTEXT = """
    from dataclasses import dataclass
    from enum import Enum
    from typing import NewType, TypeVar

    T = TypeVar("T")
    Grid = list[list[int]]
    Name = NewType("Name", str)

    class Color(Enum):
        RED = "r"
        BLUE = "b"

    @dataclass
    class Point:
        x: int
        y: float = 0.0

    class Loop:
        def __init__(self, inner: "Loop"): ...

    class Walk:
        def __init__(self, points: list[Point]): ...
        def length(self, factor: int) -> float: ...
        @classmethod
        def of(cls, points: list[int]): ...
        @staticmethod
        def near(a: float, b: float): ...
"""

KNOWN = {
    "def f(a: int, b: 'list[str]' = ()): ...": ["int", "list"],
    "def f(a: int | None): ...": ["int none"],
    "def f(a: Optional[Union[int, bytes]]): ...": ["bytes int none"],
    "def f(a: typing.Sequence[float]): ...": ["list"],
    "def f(a: Mapping[str, set[int]], b: tuple[int, ...]): ...": ["dict", "tuple"],
    "def f(a: Grid, b: Name, c: T): ...": ["list", "str", "int"],
    "def f(a: Literal[1, 'b'], b: Color): ...": ["literal", "make"],
    "def f(a: Point): ...": ["make"],
    "def f(a: Iterator[int], *rest, **more): ...": ["make"],
    "def f(a: int, b=None, *, c=3): ...": ["int"],
    "async def f(a: bool): ...": ["bool"],
    "def f(): ...": [],
}
UNKNOWN = [
    "def f(a): ...",
    "def f(a: Callable[[int], int]): ...",
    "def f(a: np.ndarray): ...",
    "def f(a: Loop): ...",
    "def f(a: int, *, b): ...",
]


def kinds(text: str, qualname: str) -> list[str] | None:
    source = textwrap.dedent(CONTEXT) + text
    ast.parse(source)
    group = hinted(source, "shop", qualname)
    return group and [" ".join(sorted(shape)) for _, shape in group["places"]]


@pytest.mark.parametrize("text", KNOWN)
def test_hints_that_tell_enough(text: str) -> None:
    """Each required parameter has a shape; what has a default may keep it."""
    assert KNOWN[text] == kinds(text, "f")


@pytest.mark.parametrize("text", UNKNOWN)
def test_hints_that_do_not(text: str) -> None:
    """Nothing is guessed."""
    assert kinds(text, "f") is None


def test_methods_get_an_instance_made_from_its_own_hints() -> None:
    """A class method and a static method need none."""
    found = [kinds("", f"Walk.{name}") for name in ("length", "of", "near")]
    assert [["make", "int"], ["list"], ["float", "float"]] == found


def test_a_drawn_object_names_its_class_and_arguments() -> None:
    """The child makes it, in the project's interpreter."""
    group = hinted(textwrap.dedent(CONTEXT) + "def f(a: Point): ...", "shop", "f")
    made = [changes[0] for call, changes in drawn([group]) if call is None]
    assert made
    assert {("make", "shop", "Point")} == {tuple(each[:3]) for each in made}
    assert all(type(each[3][0]) is int for each in made)
