"""The excerpt of its module that a function leans on."""

from pathlib import Path
from textwrap import dedent

from quickstudy.languages import language_for

PATH = Path("module.py")
PYTHON = language_for(PATH)


def context(text: str, qualname: str) -> str:
    return PYTHON.find(PATH, dedent(text), qualname).context


MODULE = '''\
    import os, sys
    from math import floor, sqrt
    from typing import Any, Never, NoReturn

    LIMIT = 10
    UNUSED = 11


    def helper(x):
        return deeper(x) + sqrt(LIMIT)


    def deeper(x):
        """Go deeper.

        More words.
        """
        return sys.maxsize


    class Point(Base):
        """A point.

        With more words.
        """

        x: int
        y: int = 0

        def __init__(self, x: int) -> None:
            self.x = x

        def norm(self) -> float:
            """Its length."""
            return sqrt(self.x)


    class Grid:
        """Many points."""

        __slots__ = ("points", "size")
        WIDTH = 3
        HEIGHT = 4

        def __init__(self, points: Any) -> None:
            self.points = points

        def other(self) -> None:
            pass

        def cell(self, i: int) -> Point:
            return self.points[i % self.WIDTH]

        def slow(self) -> int:
            return sum(helper(self.cell(i)) for i in range(9))


    def alone(a):
        return a


    def typed(a: Any) -> NoReturn:
        return a
    '''


def test_what_is_named_is_shown_with_what_it_leans_on() -> None:
    """Imports first, then helpers, constants, classes and the own class's used members, in module order."""
    assert context(MODULE, "Grid.slow") == dedent('''\
        import sys
        from math import sqrt
        from typing import Any

        LIMIT = 10

        def helper(x):
            return deeper(x) + sqrt(LIMIT)

        def deeper(x):
            """Go deeper.

            More words.
            """
            return sys.maxsize

        class Point(Base):
            """A point."""
            x: int
            y: int = 0
            def __init__(self, x: int) -> None:
                self.x = x
            def norm(self) -> float:
                """Its length."""
                ...

        class Grid:
            """Many points."""
            __slots__ = ("points", "size")

            WIDTH = 3

            def __init__(self, points: Any) -> None:
                self.points = points

            def cell(self, i: int) -> Point:
                return self.points[i % self.WIDTH]''')


def test_a_function_that_leans_on_nothing_has_no_context() -> None:
    """Empty, not a heading."""
    assert context(MODULE, "alone") == ""


def test_names_of_one_import_share_a_line() -> None:
    """As they did in the module, without those that are not used."""
    assert context(MODULE, "typed") == "from typing import Any, NoReturn"


def test_local_names_are_not_looked_up() -> None:
    """A parameter with the name of a constant shows nothing."""
    assert context("LIMIT = 1\ndef f(LIMIT):\n    return LIMIT\n", "f") == ""


def test_long_things_are_cut_and_the_whole_stays_short() -> None:
    """A long helper is a signature, a long table its first rows, and a hundred helpers stop at the limit."""
    table = "TABLE = {\n" + "".join(f"    {n}: {n},\n" for n in range(500)) + "}\n"
    helper = 'def long(a: int) -> int:\n    """Long."""\n' + "    a += 1\n" * 60 + "    return a\n"
    text = table + helper + "def f():\n    return long(TABLE)\n"
    assert context(text, "f") == (
        "TABLE = {\n    0: 0,\n    1: 1,\n    # ... 499 more lines\n\n"
        'def long(a: int) -> int:\n    """Long."""\n    ...'
    )
    many = "".join(f"def h{n}(a):\n    return {'a + ' * 60}1\n" for n in range(100))
    crowded = many + f"def f():\n    return {' + '.join(f'h{n}(1)' for n in range(100))}\n"
    assert 5000 < len(context(crowded, "f")) <= 6000


def test_unfinished_text_still_gives_context() -> None:
    """What parses is shown."""
    text = "import re\nx = (\nLIMIT = 3\ndef broken(:\n    pass\ndef f():\n    return re.escape(LIMIT)\n"
    assert context(text, "f") == "import re\n\nLIMIT = 3"
