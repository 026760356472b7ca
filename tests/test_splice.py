"""Splicing: only the function changes, whatever the file and whatever was written."""

import ast
import importlib.util
import warnings
from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quickstudy.languages import language_for
from quickstudy.records import Splice

PATH = Path("module.py")
PYTHON = language_for(PATH)

SAMPLE = """
    argparse ast bisect calendar colorsys configparser copy csv dataclasses difflib enum fractions functools
    heapq inspect ipaddress json.decoder json.encoder pickle plistlib pprint random sched shlex statistics
    string textwrap tokenize typing zipfile
"""


def spliced(text: str, qualname: str, replacement: str) -> Splice:
    return PYTHON.splice(PYTHON.find(PATH, text, qualname), replacement)


def result(text: str, qualname: str, replacement: str) -> str | None:
    return spliced(dedent(text), qualname, dedent(replacement)).text


def library(name: str) -> str:
    spec = importlib.util.find_spec(name)
    assert spec is not None and spec.origin is not None
    return PYTHON.read(Path(spec.origin))


def tabbed(text: str) -> str:
    """The module indented with tabs, or as it was where that would change its meaning."""
    rows: list[str] = []
    for row in text.split("\n"):
        code = row.lstrip(" ")
        depth, rest = divmod(len(row) - len(code), 4)
        rows.append("\t" * depth + " " * rest + code)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse("\n".join(rows))
    except SyntaxError:
        return text
    return "\n".join(rows)


DRESSES = {
    "plain": lambda text: text,
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "bom": lambda text: "\ufeff" + text,
    "tabs": tabbed,
    "no last newline": lambda text: text.rstrip("\n"),
}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(module=st.sampled_from(SAMPLE.split()), dress=st.sampled_from(sorted(DRESSES)), data=st.data())
def test_any_library_function_replaced_by_itself_changes_nothing(
    module: str, dress: str, data: st.DataObject
) -> None:
    """The same function gives the same text back, and a reprinted one changes only its own rows."""
    text = DRESSES[dress](library(module))
    names = [site.qualname for site in PYTHON.sites(text) if site.problem is None]
    target = PYTHON.find(PATH, text, data.draw(st.sampled_from(names)))
    assert PYTHON.splice(target, target.source) == Splice(text)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        new = PYTHON.splice(target, ast.unparse(ast.parse(target.source))).text
    assert new is not None
    site = next(
        site for site in PYTHON.sites(text) if site.qualname == target.qualname and site.problem is None
    )
    before, after = text.split("\n")[: site.whole.line], text.split("\n")[site.whole.end_line + 1 :]
    rows = new.split("\n")
    assert rows[: len(before)] == before
    # Comments right below the last statement are the function's own, so the text after starts behind them.
    code = [row for row in after if row.strip() and not row.strip().startswith("#")]
    assert [row for row in rows if row.strip() and not row.strip().startswith("#")][
        -len(code) :
    ] == code or not code
    again = PYTHON.find(PATH, new, target.qualname)
    assert ast.dump(ast.parse(again.source)) == ast.dump(ast.parse(target.source))


PLAIN = '''\
"""A module."""
import os
from math import sqrt

LIMIT = 10


def other(x):
    return x


# above slow
def slow(items: list[int], n: int = 3) -> int:  # noqa
    """Add up."""
    total = 0
    for item in items:
        total += item
    return total


def after():
    return slow([])
'''


def test_a_body_is_replaced_and_annotations_and_docstring_stay() -> None:
    """The original's header and docstring survive a rewrite that dropped them."""
    old = PLAIN[PLAIN.index("    total = 0") : PLAIN.index("\n\n\ndef after")]
    expected = PLAIN.replace(old, "    return sum(items)")
    assert result(PLAIN, "slow", "def slow(items, n=3):\n    return sum(items)\n") == expected


def test_imports_are_merged_and_not_doubled() -> None:
    """New imports go below the old ones, one line a module; what is there is not imported again."""
    new = result(
        PLAIN,
        "slow",
        """
        import os
        import unused
        from math import sqrt
        from itertools import accumulate, chain, count
        import numpy as np

        def slow(items, n=3):
            return np.sum(accumulate(chain(items, [sqrt(n)], os.sep)))
        """,
    )
    assert new is not None
    head = (
        '"""A module."""\nimport os\nfrom math import sqrt\nfrom itertools import accumulate, chain\n'
        "import numpy as np\n\nLIMIT = 10\n"
    )
    assert new[: len(head)] == head


def test_an_import_that_means_something_else_goes_inside() -> None:
    """A name the module binds otherwise keeps its meaning there."""
    new = result(PLAIN, "after", "from x import other, pow\n\ndef after():\n    return other(pow)\n")
    assert new is not None
    assert new.startswith(PLAIN[: PLAIN.index("def after")])
    assert (
        new[new.index("def after") :]
        == "def after():\n    from x import other\n    from x import pow\n    return other(pow)\n"
    )


def test_helpers_stand_before_the_function_under_free_names() -> None:
    """A helper that collides is renamed; an equal one is dropped; unused ones and chatter are not kept."""
    new = result(
        PLAIN,
        "slow",
        """
        import time
        time.perf_counter = lambda: 0

        LIMIT = 20
        _TABLE = {1: 2}

        def other(x):
            return x

        # doubles
        def after(x):
            return _TABLE.get(x, LIMIT)

        def unused():
            return 1

        def slow(items, n=3):
            return sum(after(other(item)) for item in items)

        print(slow([1]))
        if __name__ == "__main__":
            slow([2])
        """,
    )
    expected = PLAIN[: PLAIN.index("# above slow")] + dedent('''\
        LIMIT_2 = 20
        _TABLE = {1: 2}


        # doubles
        def after_2(x):
            return _TABLE.get(x, LIMIT_2)


        # above slow
        def slow(items: list[int], n: int = 3) -> int:  # noqa
            """Add up."""
            return sum(after_2(other(item)) for item in items)


        def after():
            return slow([])
        ''')
    assert new == expected


METHODS = """\
class Outer:\r
\tclass Inner:\r
\t\t@property\r
\t\tdef m(self):\r
\t\t\ttext = '''a\r
  b'''\r
\t\t\treturn text\r
\r
\t\t@m.setter\r
\t\tdef m(self, v):\r
\t\t\tpass\r
"""


def test_methods_take_the_file_s_tabs_and_line_ends() -> None:
    """Rows are indented as the file is, the inside of strings is left alone, the decorator stays."""
    new = spliced(
        METHODS,
        "Outer.Inner.m",
        "def helper(x):\n    return x\n\ndef m(self):\n    if self:\n        return helper('''a\n    b''')\n",
    ).text
    expected = (
        "def helper(x):\r\n\treturn x\r\n\r\n\r\nclass Outer:\r\n\tclass Inner:\r\n\t\t@property\r\n"
        "\t\tdef m(self):\r\n\t\t\tif self:\r\n\t\t\t\treturn helper('''a\r\n    b''')\r\n"
        + METHODS[METHODS.index("\r\n\t\t@m.setter") :]
    )
    assert new == expected


@pytest.mark.parametrize("opening", ["class A:\n", "class Base:\n    pass\n\nclass A(Base):\n    x = 1\n"])
def test_a_class_of_the_same_name_may_hold_the_method(opening: str) -> None:
    """Only the method is taken out of it."""
    text = "class A:\n    def m(self):\n        return 1\n\n    def k(self):\n        return 2\n"
    reply = opening + "    def k(self):\n        return 3\n\n    def m(self):\n        return self.k()\n"
    assert result(text, "A.m", reply) == text.replace("return 1", "return self.k()")


def test_decorators_of_the_rewrite_are_used() -> None:
    """A cache on the target is spliced in with its import; the lab judges it."""
    text = "@staticmethod\ndef f(n):\n    return n\n"
    new = result(text, "f", "import functools\n\n@functools.cache\ndef f(n):\n    return n\n")
    assert new == "import functools\n\n\n@functools.cache\ndef f(n):\n    return n\n"


def test_helpers_do_not_part_overloads() -> None:
    """They go above the first overload."""
    text = (
        "from typing import overload\n\n\n@overload\ndef f(x: int) -> int: ...\n"
        "@overload\ndef f(x: str) -> str: ...\ndef f(x):\n    return x\n"
    )
    new = result(text, "f", "def g(x):\n    return x\n\ndef f(x):\n    return g(x)\n")
    assert new == text.replace("\n\n\n@over", "\n\n\ndef g(x):\n    return x\n\n\n@over", 1).replace(
        "def f(x):\n    return x", "def f(x):\n    return g(x)"
    )


def test_unfinished_text_elsewhere_stays_as_it_is() -> None:
    """A module that is being typed in can still take a rewrite."""
    text = "import os\n\ndef broken():\n    x = foo(\n\ndef f(a):\n    return [x for x in a]\n"
    new = result(text, "f", "import re\ndef f(a):\n    return list(re.escape(a))\n")
    assert new == text.replace("import os\n", "import os\nimport re\n").replace(
        "[x for x in a]", "list(re.escape(a))"
    )


@pytest.mark.parametrize("opening", ["\ufeff", "\ufeff# note\n", "\ufeff\f", ""])
def test_a_function_on_the_first_rows_can_take_helpers(opening: str) -> None:
    """The byte order mark stays first, and imports come before what uses them."""
    text = opening + "def f(a): return a\n"
    new = result(text, "f", "import re\nK = 1\ndef f(a): return re.escape(a, K)")
    assert new is not None
    assert new.startswith("\ufeff") is opening.startswith("\ufeff")
    assert new.count("\ufeff") == opening.count("\ufeff")
    assert new.endswith("def f(a):\n    return re.escape(a, K)\n")
    kinds = [type(node) for node in ast.parse(new.removeprefix("\ufeff")).body]
    assert kinds == [ast.Import, ast.Assign, ast.FunctionDef]


def test_an_opening_comment_stays_first() -> None:
    """The interpreter and coding lines keep their place above a new import."""
    text = "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n# about f\ndef f(a):\n    return a"
    new = result(text, "f", "import re\ndef f(a):\n    return re.escape(a)")
    assert new == (
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n\nimport re\n\n# about f\n"
        "def f(a):\n    return re.escape(a)"
    )


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("def slow(items, n=3):\n    return (", "It does not parse: '(' was never closed (line 2)."),
        ("", "It holds no function named slow."),
        ("def fast(items, n=3):\n    return 1", "It holds no function named slow."),
        ("def slow(items):\n    return 1", "It changes the signature; keep `slow(items, n=3)`."),
        ("def slow(items, n=4):\n    return 1", "It changes the signature; keep `slow(items, n=3)`."),
        ("async def slow(items, n=3):\n    return 1", "It changes the kind of function; keep a plain `def`."),
        (
            "def slow(items, n=3):\n    yield 1",
            "The original is no generator and the rewrite now is; callers would get something else.",
        ),
        (
            "from math import *\ndef slow(items, n=3):\n    return 1",
            "It imports everything with `import *`; name what is imported.",
        ),
        (
            "def after(x):\n    return x\ndef slow(items, n=3):\n    return (lambda after: after)(after(n))",
            "Its name after is already used in the module, and it is also a local variable; "
            "choose another name.",
        ),
        ("return 1", "It does not parse: 'return' outside function (line 1)."),
        ("x = 1\0", "It does not parse: source code string cannot contain null bytes."),
    ],
)
def test_a_bad_replacement_is_a_problem_in_one_sentence(reply: str, problem: str) -> None:
    """Nothing that a model writes raises."""
    assert spliced(PLAIN, "slow", reply) == Splice(None, problem)


def test_a_method_cannot_bring_new_members_along() -> None:
    """What the class would need besides is named."""
    text = "class A:\n    def m(self):\n        return 1\n"
    reply = "class A:\n    def m(self):\n        return self._n()\n    def _n(self):\n        return 1\n"
    problem = (
        "It needs a new member A._n, and only the function itself can be replaced; "
        "make it a function of the module."
    )
    assert spliced(text, "A.m", reply) == Splice(None, problem)
