"""Finding functions in Python files, finished and unfinished, and reading and writing those files."""

from pathlib import Path
from textwrap import dedent

import pytest

from quickstudy.errors import InputError
from quickstudy.languages import Site, Span, language_for

PATH = Path("module.py")
PYTHON = language_for(PATH)

MODULE = dedent('''\
    from typing import TYPE_CHECKING, overload

    if TYPE_CHECKING:
        def early(): ...
    else:
        def early():
            return 1

    @overload
    def twice(x: int) -> int: ...
    @overload
    def twice(x: str) -> str: ...
    def twice(x):
        return x

    def again():
        return "first"

    @deco
    @deco(2)
    async def again():
        # inside
        return "last"
        # also inside

    class A:
        class B:
            try:
                def m(self):
                    """doc
      text"""
                    return 1
            except ImportError:
                pass

        @property
        def p(self):
            return "getter"

        @p.setter
        def p(self, value):
            pass

    class Empty:
        pass

    def outer():
        def inner():
            pass
    ''')


@pytest.mark.parametrize(
    ("qualname", "source"),
    [
        ("early", "def early():\n    return 1"),
        ("twice", "def twice(x):\n    return x"),
        (
            "again",
            '@deco\n@deco(2)\nasync def again():\n    # inside\n    return "last"\n    # also inside',
        ),
        ("A.B.m", 'def m(self):\n    """doc\n  text"""\n    return 1'),
        ("A.p", '@property\ndef p(self):\n    return "getter"'),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_each_kind_of_function_is_found(qualname: str, source: str, end: str) -> None:
    """The source is the definition that counts, dedented, LF, with decorators."""
    target = PYTHON.find(PATH, MODULE.replace("\n", end), qualname)
    assert target.source == source
    assert target.qualname == qualname
    assert target.text == MODULE.replace("\n", end)


@pytest.mark.parametrize(
    ("qualname", "message"),
    [
        ("A", "A is a class; name one of its methods: A.B.m, A.p."),
        ("Empty", "Empty is a class without methods; name a function."),
        (
            "outer.inner",
            "outer.inner is defined within a function; name the enclosing one, outer, instead.",
        ),
        ("m", "module.py has no function m; the nearest names are A.B.m."),
        ("agian", "module.py has no function agian; the nearest names are again."),
        ("zzz", "module.py has no function zzz; it has early, twice, again, A.B.m, and 2 more."),
        ("", "module.py has no function ; it has early, twice, again, A.B.m, and 2 more."),
    ],
)
def test_what_is_no_function_is_named(qualname: str, message: str) -> None:
    """Each case has its own sentence, which says what to name instead."""
    with pytest.raises(InputError) as caught:
        PYTHON.find(PATH, MODULE, qualname)
    assert str(caught.value) == message


GOOD = dedent('''\
    def good(a):
        """doc"""
        return sorted(a)

    class K:
        def m(self):
            return 1
    ''')


@pytest.mark.parametrize(
    "unfinished",
    [
        "def broken():\n    x = foo(\n",
        "def broken(a, b\n",
        "x = (\n",
        "x = [\n1,\n",
        "for x in\n",
        "class Foo(\n",
        "def\n",
        's = "abc\n',
        "def f():\n    return [x for x in\n",
        "if x:\n    def q(): return 1\n    def r( return 2\n",
        "class P:\n    def a(self):\n        self.\n    def b(self):\n        return 3\n",
        "try:\n    import foo\n",
        "\0\n",
    ],
)
@pytest.mark.parametrize("place", ["above", "between", "below"])
def test_unfinished_text_elsewhere_hides_nothing(unfinished: str, place: str) -> None:
    """A function can be found whatever is being typed around it."""
    other = GOOD.replace("good", "fine").replace("K", "L")
    text = {
        "above": unfinished + other + GOOD,
        "between": other + unfinished + GOOD,
        "below": other + GOOD + unfinished,
    }[place]
    assert PYTHON.find(PATH, text, "good").source == 'def good(a):\n    """doc"""\n    return sorted(a)'
    assert PYTHON.find(PATH, text, "K.m").source == "def m(self):\n    return 1"
    assert PYTHON.find(PATH, text, "L.m").source == "def m(self):\n    return 1"


def test_functions_in_an_unfinished_class_keep_their_names() -> None:
    """Around a method that is being typed the class is still known."""
    text = "class P(Base):\n    x: int = 1\n    def a(self):\n        self.\n\n"
    text += "    def b(self):\n        return 3\n"
    assert PYTHON.find(PATH, text, "P.b").source == "def b(self):\n    return 3"
    with pytest.raises(InputError) as caught:
        PYTHON.find(PATH, text, "P.a")
    assert (
        str(caught.value) == "P.a in module.py does not parse (invalid syntax, near line 3); finish it first."
    )


def test_sites_carry_ranges_and_reasons() -> None:
    """Lines count from 0, columns in UTF-8 bytes; what is no target says why."""
    text = (
        "\ufeffdef é(): return 'ü'\nclass C:\n    @d\n    async def m(self):\n        pass\n    def x(self:\n"
    )
    assert PYTHON.sites(text) == [
        Site("é", Span(0, 7, 0, 9), Span(0, 3, 0, 24)),
        Site("C.m", Span(3, 14, 3, 15), Span(2, 4, 4, 12)),
        Site("C.x", Span(5, 8, 5, 9), Span(5, 0, 5, 15), "It does not parse yet: '(' was never closed."),
    ]


def test_only_one_definition_of_a_name_is_a_target() -> None:
    """Overloads, setters and definitions that are replaced later are told apart."""
    free = [site.qualname for site in PYTHON.sites(MODULE) if site.problem is None]
    assert free == ["early", "twice", "again", "A.B.m", "A.p", "outer"]


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbfx = 1\r\n\tpass\x0c\n",
        b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
        "é = 'ü'".encode(),
        b"",
    ],
)
def test_files_are_written_as_they_were_read(data: bytes, tmp_path: Path) -> None:
    """Byte order mark, line ends, tabs, form feeds, encoding and permissions survive."""
    path = tmp_path / "mit Leerzeichen é.py"
    path.write_bytes(data)
    path.chmod(0o754)
    link = tmp_path / "link.py"
    link.symlink_to(path)
    PYTHON.write(link, PYTHON.read(link))
    assert path.read_bytes() == data
    assert path.stat().st_mode & 0o777 == 0o754
    assert link.is_symlink()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == sorted([path.name, link.name])


def test_text_that_the_file_s_encoding_lacks_is_refused(tmp_path: Path) -> None:
    """The file stays as it was."""
    path = tmp_path / "a.py"
    path.write_bytes(b"# coding: latin-1\n")
    with pytest.raises(InputError, match="cannot hold the new text in iso-8859-1"):
        PYTHON.write(path, "# coding: latin-1\nx = '→'\n")
    assert path.read_bytes() == b"# coding: latin-1\n"


def test_unreadable_files_say_what_to_do(tmp_path: Path) -> None:
    """No file, a folder, bytes that are not in the declared encoding, an encoding nobody knows."""
    (tmp_path / "bad.py").write_bytes(b"x = '\xe9'\n")
    (tmp_path / "odd.py").write_bytes(b"# coding: klingon\n")
    for name, sentence in [
        ("none.py", "There is no file .*none.py; check the path."),
        ("", "is a folder; name a Python file in it."),
        ("bad.py", "bad.py cannot be decoded .*; save it as UTF-8 or correct its coding line."),
        ("odd.py", "odd.py cannot be decoded .*klingon"),
    ]:
        with pytest.raises(InputError, match=sentence):
            PYTHON.read(tmp_path / name)


def test_an_unknown_language_is_refused() -> None:
    """The suffix decides."""
    with pytest.raises(InputError, match=r"main.rs is not in a language .* ending in .py"):
        language_for(Path("main.rs"))
