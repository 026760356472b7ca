"""What a child says of floats is data from a process that loaded a variant: it may be anything."""

import math
from typing import Any

import pytest

from quickstudy.lab.compare import USUAL, compare
from quickstudy.lab.python.child import describe

FORGED: list[Any] = [
    ["p", "<d", "zz"],
    ["p", "<d", "00"],
    ["p", "<x", ""],
    ["p", "<d", 1],
    ["p", "s", 1],
    ["p", "s", ["a", 1]],
    ["p", "<q", "0000000000000000"],
    ["p"],
    ["p", "<d", "000000000000e03f" * 2],
    ["f", "0x1p99999"],
    [["f", "0x1p-1"], ["f", "half"]],
]


@pytest.mark.parametrize("told", FORGED, ids=str)
def test_what_a_child_says_of_floats_may_be_anything(told: Any) -> None:
    """It is another value then, and no error."""
    for value in ([0.5], [0.5, 0.5, 0.5], [], 0.5, [math.nan, 0.5]):
        described = describe.Describer().describe(value)
        said = told if isinstance(value, float) else ["q", 1, "builtins.list", told]
        assert compare(described, said, USUAL)
        assert compare(said, described, USUAL)
