"""Says what the arguments of the calls seen are like, as plain data from which others like them are drawn.

A shape is a dict of the kinds of values that were seen in one place, each with its details:

    "none", "bool"                       {}
    "int", "float"                       {"least", "most"}; None where they are not known
    "str", "bytes"                       {"letters", "longest"}
    "list", "set", "frozenset", "deque"  {"of": shape, "longest"}
    "tuple"                              {"each": [shape, ...]} or {"of": shape, "longest"}
    "dict"                               {"keys": shape, "values": shape, "longest"}
    "seen"                               {"where": [[call, step, ...], ...]}: values that only a call holds

Type hints give such shapes as well (`lab/hints.py`), with two kinds more: "literal" {"of": [value, ...]} and
"make" {"module", "name", "args": [shape, ...]}. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import collections
import itertools

from quickstudy.lab.python.child.messages import Group

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any, Protocol, Union

    from quickstudy.lab.python.child.messages import Shape
    from quickstudy.lab.python.child.payload import Arguments

    Place = Union[int, str]
    """The number or the name of an argument."""
    Seen = list[tuple[Any, list[Place]]]
    """Values, each with where it stands: the number of a call, the place there, and steps from that on."""

    class Calls(Protocol):
        """Calls by their numbers."""

        def __getitem__(self, number: int) -> Arguments: ...


_type: Any = type
ITEMS = 200
"""Items of a container that are looked at."""
PLACES = 12
LETTERS = 64
_SINGLE: dict[type, str] = {bool: "bool", type(None): "none"}
_NUMBERS: dict[type, str] = {int: "int", float: "float"}
_TEXTS: dict[type, str] = {str: "str", bytes: "bytes"}
_COLLECTIONS: dict[type, str] = {list: "list", set: "set", frozenset: "frozenset", collections.deque: "deque"}


def groups(calls: Calls, count: int) -> list[Group]:
    """What the calls of each signature are like."""
    alike: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for number in range(count):
        args, kwargs = calls[number]
        alike.setdefault((len(args), tuple(sorted(kwargs))), []).append(number)
    found: list[Group] = []
    for (length, names), numbers in alike.items():
        places: list[tuple[Place, Shape]] = []
        for place in (*range(length), *names):
            seen: Seen = [(_at(calls[number], place), [number, place]) for number in numbers]
            places.append((place, shape_of(seen)))
        found.append(Group(numbers, places))
    return found


def look_up(calls: Calls, where: Sequence[Any]) -> Any:
    """The value that a "seen" shape points to."""
    number, place, *steps = where
    value = _at(calls[number], place)
    for step in steps:
        value = next(itertools.islice(_parts(value), step, None))
    return value


def shape_of(seen: Seen) -> Shape:
    """The shape of values."""
    kinds: dict[type, Seen] = {}
    for value, where in seen[:ITEMS]:
        kinds.setdefault(_type(value), []).append((value, where))
    shape: Shape = {}
    for kind, some in kinds.items():
        values = [value for value, _ in some]
        if kind in _SINGLE:
            shape[_SINGLE[kind]] = {}
        elif kind in _NUMBERS:
            shape[_NUMBERS[kind]] = {"least": _bound(min, values), "most": _bound(max, values)}
        elif kind in _TEXTS:
            letters = sorted(set(itertools.chain.from_iterable(value[:ITEMS] for value in values)))
            longest = max(map(len, values))
            shape[_TEXTS[kind]] = {"letters": letters[:LETTERS], "longest": longest}
        elif kind in _COLLECTIONS:
            shape[_COLLECTIONS[kind]] = _collection(some)
        elif kind is tuple and len({len(value) for value in values}) == 1:
            columns = zip(*[_inside(value, where) for value, where in some])
            shape["tuple"] = {"each": [shape_of(list(column)) for column in columns]}
        elif kind is tuple:
            shape["tuple"] = _collection(some)
        elif kind is dict:
            keys: Seen = []
            items: Seen = []
            for value, where in some:
                inside = _inside(value, where)
                keys += inside[0::2]
                items += inside[1::2]
            longest = max(map(len, values))
            shape["dict"] = {"keys": shape_of(keys), "values": shape_of(items), "longest": longest}
        else:
            shape.setdefault("seen", {"where": []})["where"] += [where for _, where in some[:PLACES]]
    return shape


def _collection(some: Seen) -> dict[str, Any]:
    items = [pair for value, where in some for pair in _inside(value, where)]
    return {"of": shape_of(items), "longest": max(len(value) for value, _ in some)}


def _inside(value: Any, where: list[Place]) -> Seen:
    """The parts of a container with where they stand."""
    return [(part, [*where, step]) for step, part in enumerate(itertools.islice(_parts(value), ITEMS))]


def _parts(value: Any) -> Iterator[Any]:
    return itertools.chain.from_iterable(value.items()) if _type(value) is dict else iter(value)


def _at(call: Arguments, place: Place) -> Any:
    args, kwargs = call
    return kwargs[place] if isinstance(place, str) else args[place]


def _bound(pick: Callable[[Iterable[Any]], Any], values: Iterable[Any]) -> Any:
    """The least or the greatest; None if there is none among finite numbers."""
    finite = [value for value in values if value - value == 0]
    return pick(finite) if finite else None
