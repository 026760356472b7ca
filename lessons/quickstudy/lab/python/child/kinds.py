"""What a program can do with values by their type: drain them, tell two of them apart, read their attributes.

A part of `describe.py`. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import enum
import itertools
import sys
import types

from quickstudy.lab.python.child import describe_numeric, reading
from quickstudy.lab.python.child.describe_numeric import from_loaded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_type: Any = type
_modules = sys.modules

_ITERABLES: list[Any] = [[], (), {}, {}.values(), {}.items(), set(), "", range(0)]
_ITERTOOLS: list[Any] = list(vars(itertools).values())
ITERATORS: frozenset[Any] = frozenset(
    (
        *(types.GeneratorType, map, filter, zip, enumerate, reversed),
        *(_type(iter(one)) for one in _ITERABLES),
        *(one for one in _ITERTOOLS if getattr(one, "__next__", None) is not None),
    )
)
"""The types whose values yield their items only once and only when asked."""
ITEMS_OF_AN_ITERATOR = 10_000
"""An iterator is drained no further."""
_FIXED: tuple[Any, ...] = (int, float, complex, str, bytes, tuple, frozenset)
_IMMUTABLE = frozenset(
    (
        *("datetime." + name for name in ("date", "datetime", "time", "timedelta", "timezone")),
        *("builtins.range", "builtins.slice", "decimal.Decimal", "fractions.Fraction", "uuid.UUID"),
        *("ipaddress.IPv4Address", "ipaddress.IPv6Address", "zoneinfo.ZoneInfo", "re.Pattern"),
    )
)
_UNSEEN = ("_sort_order_", "_inverted_", "__objclass__")
"""What an enum notes on its members for itself, some of it only when it is first needed."""


def attributes(value: Any, kind: Any) -> dict[str, Any]:
    """Instance dictionary and slots, without what is noted there only to be faster."""
    own = reading.attributes(value, kind)
    if own and issubclass(kind, enum.Enum):
        return {name: item for name, item in own.items() if name not in _UNSEEN}
    if own and issubclass(kind, from_loaded("pathlib", "PurePath")):
        path = _modules["pathlib"].Path
        return {name: item for name, item in own.items() if not hasattr(path, name)}
    return own


def is_immutable(kind: Any, name: str, own: dict[str, Any]) -> bool:
    """Whether one value twice cannot be told from two equal ones by what a program does with them."""
    if kind is list or kind is dict or kind is tuple:
        return kind is tuple
    if issubclass(kind, enum.Enum) or name in _IMMUTABLE:
        return True
    if issubclass(kind, _FIXED) or issubclass(kind, from_loaded("pathlib", "PurePath")):
        return not own
    if describe_numeric.is_scalar(kind, name):
        return True
    return getattr(reading.of(kind, "__dict__").get("__dataclass_params__"), "frozen", False) is True
