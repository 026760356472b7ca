"""Replies: the function is found whatever a model puts around it, and what is missing is said."""

import ast
import inspect
import json
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quickstudy.languages import language_for
from quickstudy.team.reply import lesson, read

PYTHON = language_for(Path("speed.py"))
CODE = "def speed(a, b):\n    return [x for x in a if x in set(b)]\n"

FORMS = {
    "python fence": f"Sure!\n\n```python\n{CODE}```\nThis is faster because of the set.",
    "py fence": f"```py\n{CODE}```",
    "anonymous fence": f"```\n{CODE}```",
    "tilde fence": f"~~~python\n{CODE}~~~",
    "long fence": f"````python\n{CODE}````",
    "fence with a title": f'```python title="speed.py"\n{CODE}```',
    "no fence": CODE,
    "no fence, chatter around": f"Here is the faster function:\n\n{CODE}\nIt's faster since sets are hashed.",
    "unclosed fence": f"```python\n{CODE}",
    "windows line ends": f"```python\n{CODE}```\n".replace("\n", "\r\n"),
    "thinking before": f"<think>\n```\ndef speed(a, b): pass\n```\n</think>\n```python\n{CODE}```",
    "thinking, opened by the template": f"Let me see.\n</think>\n\n```python\n{CODE}```",
    "indented in a list": f"1. Use a set:\n\n   ```python\n{textwrap.indent(CODE, '   ')}   ```\n",
    "indented as in its class": f"```python\n{textwrap.indent(CODE, '    ')}```",
    "json": json.dumps({"explanation": "a set", "code": CODE}),
    "original first": f"Original:\n```python\ndef speed(a, b):\n    ...\n```\nNew:\n```python\n{CODE}```",
    "usage after": f"```python\n{CODE}```\nUse it so:\n```python\nprint(speed([1], [1]))\n```",
    "output after": f"```python\n{CODE}```\nOutput:\n```\n[1, 2\n```",
    "helper elsewhere": f"```python\ndef other():\n    pass\n```\nand\n```python\n{CODE}```",
}


@pytest.mark.parametrize("form", FORMS)
def test_the_function_is_found_in_every_form(form: str) -> None:
    """Fences, chatter, thoughts and line ends do not matter."""
    assert read(FORMS[form], "speed", PYTHON) == (CODE, None)


def test_imports_in_a_block_of_their_own_are_kept() -> None:
    """Some models give the imports apart from the function."""
    reply = f"First:\n```python\nimport re\nfrom math import sqrt\n```\nThen:\n```python\n{CODE}```"
    assert (f"import re\nfrom math import sqrt\n{CODE}", None) == read(reply, "speed", PYTHON)


def test_helpers_and_imports_without_a_fence_are_kept() -> None:
    """From the first import to the last definition, and no sentence after it."""
    code = f"import re\n\n\ndef helper(x):\n    return x\n\n\n{CODE}"
    assert (code, None) == read(f"Faster:\n\n{code}\nDone.", "speed", PYTHON)


def test_a_class_around_the_method_is_kept() -> None:
    """The language takes the method out of its class."""
    code = "class Bag:\n    def speed(self):\n        return 1\n"
    assert (code, None) == read(f"```python\n{code}```", "speed", PYTHON)


def test_an_async_function_is_found() -> None:
    """`async def` defines a name as well."""
    code = "async def speed():\n    return 1\n"
    assert (code, None) == read(f"```python\n{code}```", "speed", PYTHON)


def test_a_docstring_with_a_fence_does_not_end_the_block() -> None:
    """The nearest closing fence is tried first, then those farther on."""
    code = 'def speed():\n    """Like this:\n\n```\nspeed()\n```\n    """\n    return 1\n'
    assert (code, None) == read(f"```python\n{code}```\nDone.", "speed", PYTHON)


def test_strings_keep_their_spaces() -> None:
    """Lines of blanks inside a string are data, not layout."""
    code = 'def speed():\n    return """a\n   \n  b"""\n'
    assert (code, None) == read(f"```python\n{code}```", "speed", PYTHON)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        ("", "The reply holds no code."),
        ("I cannot make this faster, sorry.", "The reply holds no code."),
        ("```python\n```", "The reply holds no code."),
        ("<think>It is hard, so", "The reply holds no code."),
        ("```python\ndef fast(a):\n    return a\n```", "The reply holds no function named `speed`."),
        ("def fast(a):\n    return a\n", "The reply holds no function named `speed`."),
        ("```python\ndef speed(a):\n    def inner(", "The reply breaks off before its code ends."),
        (
            "```python\ndef speed(a):\n    return a +\n```",
            "The reply's code does not parse: invalid syntax in line 2.",
        ),
        ("```python\nspeed = 1\n```", "The reply holds no function named `speed`."),
        ("[" * 100_000, "The reply holds no code."),
    ],
)
def test_what_is_missing_is_said(reply: str, problem: str) -> None:
    """Each way of having no function has its sentence."""
    assert problem == read(reply, "speed", PYTHON)[1]


def test_code_that_does_not_parse_is_kept_as_evidence() -> None:
    """The lab has no use for it, but the report shows it."""
    assert (
        read("```python\ndef speed(a):\n    return a +\n```", "speed", PYTHON)[0]
        == "def speed(a):\n    return a +\n"
    )


def _standard_functions() -> list[tuple[str, str]]:
    functions = [
        node for node in ast.parse(inspect.getsource(textwrap)).body if isinstance(node, ast.FunctionDef)
    ]
    functions += [
        node for node in ast.parse(inspect.getsource(json)).body if isinstance(node, ast.FunctionDef)
    ]
    return [(node.name, ast.unparse(node) + "\n") for node in functions]


CHATTER = st.text(
    st.characters(codec="utf-8", exclude_characters="`~\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"), max_size=200
).filter(lambda text: "think" not in text)


@given(
    st.sampled_from(_standard_functions()),
    CHATTER,
    CHATTER,
    st.sampled_from(["```python", "```", "````py", "~~~"]),
    st.booleans(),
)
@settings(deadline=None, max_examples=150)
def test_any_function_in_any_chatter_is_found_unchanged(
    function: tuple[str, str], before: str, after: str, fence: str, closed: bool
) -> None:
    """Property: what stands around the fence does not change what is read."""
    name, code = function
    marks = fence.rstrip("python")
    # An anonymous fence that is never closed cannot be told from a closing one.
    end = f"{marks}\n{after}" if closed or fence == marks else ""
    assert (code, None) == read(f"{before}\n{fence}\n{code}{end}", name, PYTHON)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A set makes lookups O(1).", "A set makes lookups O(1)."),
        ("Lesson: A set helps.", "A set helps."),
        ("**Lesson:** A set helps.", "A set helps."),
        ("- A set\n  helps.", "A set helps."),
        ("Sets help.\n```python\nx = 1\n```\nThey hash.", "Sets help. They hash."),
        ("Sets help. They are hashed, so that every loo", "Sets help."),
        ("It runs 2.5 times faster and then", "It runs 2.5 times faster and then"),
        ("<think>hm</think>\nSets help.", "Sets help."),
        ("```python\nx = 1\n```", ""),
        ("   \n", ""),
    ],
)
def test_a_lesson_is_one_line_of_whole_sentences(text: str, expected: str) -> None:
    """Code, marks and half sentences are dropped."""
    assert expected == lesson(text)


def test_a_long_lesson_ends_at_a_sentence() -> None:
    """No lesson may crowd the others out of a prompt."""
    sentence = "Sets help with membership tests because they are hashed. "
    text = lesson(sentence * 30)
    assert text.endswith("hashed.")
    assert len(text) <= 700
