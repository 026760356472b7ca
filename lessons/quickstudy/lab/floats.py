"""Compares the floats of two descriptions: single ones, complex ones, and many that are packed.

What the tags mean stands in `child/describe.py`. A child may say anything: what cannot be read is no number.
"""

import math
import struct
from collections.abc import Sequence
from typing import Literal

Described = None | bool | int | str | list["Described"] | dict[str, "Described"]
"""A value as plain data."""

Floats = Literal["exact", "ulp", "close"]
"""`exact`: bit for bit, so 0.0 is not -0.0. `ulp`: four units in the last place. `close`: relative 1e-9.

What rounding leaves in place of a zero is `close` to it only beside larger floats: within 1e-15 of the
largest in the expected result, and within 1e-15 at most, or anything would do beside 1e18. So a result of
5.55e-17 alone is not 0.0, and a result of tiny floats is compared as any other.
"""

RELATIVE = 1e-9
RESIDUE = 1e-15
ULPS = 4
SMALL = 1 << 53
"""Integers up to here stand for themselves in a description."""
FLOATS = ("f", "c", "p")
"""The tags of what `equal` compares."""
_PACKED = {order + code for order in "<>" for code in "efdbBhHiIqQ?"}


def tag_of(described: Described) -> str:
    """The tag that a description begins with; empty for any other data."""
    first = described[0] if isinstance(described, list) and described else None
    return first if isinstance(first, str) else ""


def equal(one: Described, other: Described, dial: Floats, residue: float) -> bool | None:
    """Whether two descriptions hold equal floats; None if they do not hold equally many of one kind."""
    if one == other:
        return True
    ours, theirs = _numbers(one), _numbers(other)
    if ours is None or theirs is None or len(ours) != len(theirs) or _kind(one) != _kind(other):
        return None
    if ours and isinstance(ours[0], int):
        return False
    return all(_equal(mine, yours, dial, residue) for mine, yours in zip(ours, theirs, strict=True))


def spread(described: Described) -> Described:
    """Packed items as the list of descriptions that they stand for; anything else as it is."""
    if tag_of(described) != "p":
        return described
    if isinstance(described, list) and described[1:2] == ["s"]:
        texts = described[-1]
        return [["s", text] for text in texts] if isinstance(texts, list) else None
    numbers = _numbers(described)
    if numbers is None:
        return None
    return [["f", one.hex()] if isinstance(one, float) else _integer(one) for one in numbers]


def _integer(number: int) -> Described:
    return number if -SMALL < number < SMALL else ["i", f"{number:x}"]


def residue_beside(described: Described) -> float:
    """How far from zero rounding may leave a float of a result like this one."""
    largest = 0.0
    waiting = [described]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            waiting.extend(item.values())
        elif isinstance(item, list):
            numbers = _numbers(item)
            if numbers is None:
                waiting.extend(part for part in item if isinstance(part, list | dict))
            else:
                found = (abs(one) for one in numbers if isinstance(one, float) and math.isfinite(one))
                largest = max(largest, *found, 0.0)
    return RESIDUE * min(1.0, largest)


def _equal(one: float, other: float, dial: Floats, residue: float) -> bool:
    if one == other:
        return dial != "exact" or math.copysign(1.0, one) == math.copysign(1.0, other)
    if math.isnan(one) or math.isnan(other):
        return math.isnan(one) and math.isnan(other)
    if dial == "exact" or math.isinf(one) or math.isinf(other):
        return False
    if dial == "ulp":
        return abs(one - other) <= ULPS * math.ulp(one)
    return math.isclose(one, other, rel_tol=RELATIVE, abs_tol=residue)


def _kind(described: Described) -> Described:
    """What else than the numbers tells two descriptions of them apart."""
    assert isinstance(described, list)
    return described[:2] if described[0] == "p" else described[:1]


def _numbers(described: Described) -> Sequence[float] | None:
    """The numbers in a description of floats or of packed numbers; None if it is none, or cannot be read."""
    match described:
        case ["f" | "c", *told]:
            try:
                return [float.fromhex(str(one)) for one in told]
            except (ValueError, OverflowError):
                return None
        case ["p", str(form), str(told)] if form in _PACKED:
            try:
                raw = bytes.fromhex(told)
                return struct.unpack(f"{form[0]}{len(raw) // struct.calcsize(form)}{form[1]}", raw)
            except (ValueError, struct.error):
                return None
        case _:
            return None
