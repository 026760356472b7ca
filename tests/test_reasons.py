"""Reasons are data until they are worded: what a user reads, what a model may, and which fields each has."""

import ast
import re
from pathlib import Path

import pytest

import quickstudy
from quickstudy.reasons import Code, Reason, reason, sentence

ENGINE = Path(quickstudy.__file__).parent
CALLS = [
    (f"{file.relative_to(ENGINE)}:{node.lineno}", node)
    for file in ENGINE.rglob("*.py")
    for node in ast.walk(ast.parse(file.read_text("utf-8")))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "reason"
]


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        (reason(Code.OTHER_WARNINGS), "It warns in another way."),
        (
            reason(Code.OTHER_WARNINGS).under("drawn"),
            "It warns in another way, on an input drawn for checking.",
        ),
        (
            reason(Code.RAISES, exception="OSError").under("drawn", "refused"),
            "It raises OSError where the original returns a value, on an input drawn for checking. "
            "The sandbox refuses it files and the network.",
        ),
        (
            reason(Code.OTHER_VALUE, reason(Code.OTHER_KIND, found="a list", expected="a tuple")),
            "It returns another value: a list where the original gives a tuple.",
        ),
        (reason(Code.CALL_FAILS, reason(Code.EXCEPTION)), "A call of it fails: an exception."),
        (
            reason(Code.CALL_FAILS, reason(Code.EXCEPTION, name="x", line="2", row="{y}[0]", words="no")),
            "A call of it fails: an exception for `x` in line 2 (`{y}[0]`). In its own words: no",
        ),
        (
            reason(Code.ENDED_BY_SIGNAL, words="signal 31"),
            "Its process was ended by a signal. In its own words: signal 31",
        ),
        (reason(Code.ENDED_BY_SIGNAL, signal="SIGSEGV"), "Its process was ended by SIGSEGV."),
    ],
    ids=str,
)
def test_a_reason_reads_as_a_sentence(why: Reason, expected: str) -> None:
    """With its cause, its circumstances, and what the code on test says marked as that."""
    assert expected == sentence(why)


def test_a_model_reads_what_may_be_disclosed() -> None:
    """Fields one by one, in causes as well; our own words always; the candidate's never."""
    cause = reason(Code.EXCEPTION, type="KeyError", row="secret", words="secret")
    expected = "A call of it fails: KeyError (`...`)."
    assert expected == sentence(reason(Code.CALL_FAILS, cause), lambda fact: fact == "KeyError")
    assert "It may not." == sentence(reason(Code.FORBIDDEN, problem="It may not."), lambda _: False)


@pytest.mark.parametrize(("place", "call"), CALLS, ids=[place for place, _ in CALLS])
def test_each_reason_has_the_fields_of_its_sentence(place: str, call: ast.Call) -> None:
    """All that the sentence needs and none that it has no place for, wherever the engine gives a reason."""
    codes = [
        node.attr
        for node in ast.walk(call.args[0])
        if isinstance(node, ast.Attribute) and node.attr.isupper()
    ]
    given = {word.arg for word in call.keywords} - {"words"}
    for name in codes:
        template = Code[name].template
        needed = set(re.findall(r"\{(\w+)\}", re.sub(r"\[.*?\]", "", template)))
        known = set(re.findall(r"\{(\w+)\}", template))
        assert ("cause" in known) == (len(call.args) > 1), place
        if None not in given:
            assert needed - {"cause"} <= given <= known, place


def test_all_reasons_are_given_somewhere() -> None:
    """None is left from what the lab no longer does."""
    used = set(
        re.findall(r"\bCode\.([A-Z_]+)", "".join(file.read_text("utf-8") for file in ENGINE.rglob("*.py")))
    )
    assert set(Code.__members__) == used
