"""Draws calls like the ones seen, and beyond them, with Hypothesis: a process of its own.

One JSON object comes on stdin: {"groups": [{"calls", "places"}], "count", "home"}; the shapes in it are those
of `child/shapes.py`. Out on stdout come frames of four bytes of length and a pickle of `(call, {place:
value})`: the call that is varied, or None, and the values that take the place of its own. What only the child
that holds the calls can give stands in the pickle by name: ("seen", where), ("make", module, name, args).

No project's code runs here and nothing seen is unpickled. Started by path; it imports nothing of ours.
"""

import io
import json
import pickle
import struct
import sys
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir

Shape = dict[str, dict[str, Any]]
Strategy = st.SearchStrategy[Any]

EDGES = (0, 1, -1, 2, 255, -(1 << 31), 1 << 31, 1 << 63, 10**18)
LONGER = 4
"""How many more items than the longest seen a drawn container may have; growing is done elsewhere."""
LONGEST = 24


@dataclass(frozen=True)
class Seen:
    """A value that stands somewhere in a seen call."""

    where: tuple[Any, ...]


@dataclass(frozen=True)
class Make:
    """What calling something by name gives."""

    module: str
    name: str
    args: tuple[Any, ...]


class Pickler(pickle.Pickler):
    """Leaves the two to whoever holds the project's code."""

    def persistent_id(self, obj: Any) -> Any:
        match obj:
            case Seen(where):
                return "seen", where
            case Make(module, name, args):
                return "make", module, name, args
            case _:
                return None


def calls(group: dict[str, Any]) -> Strategy:
    """Calls with one place varied, and calls with all of them drawn anew."""
    places = {place: values(shape) for place, shape in group["places"]}
    every = st.fixed_dictionaries(places)
    if not group["calls"]:
        return st.tuples(st.none(), every)
    base = st.sampled_from(group["calls"])
    single = [st.fixed_dictionaries({place: value}) for place, value in places.items()]
    return st.tuples(base, st.one_of(*single, every)) if single else st.tuples(base, every)


def values(shape: Shape) -> Strategy:
    """Values of any of the kinds that a shape holds."""
    return st.one_of(*(_KINDS[kind](detail) for kind, detail in shape.items())) if shape else st.none()


def _integers(detail: dict[str, Any]) -> Strategy:
    least, most = detail["least"], detail["most"]
    if least is None:
        return st.one_of(st.integers(0, 20), st.integers(-100, 100), st.sampled_from(EDGES))
    near = max(1, most - least)
    some = st.one_of(st.integers(least, most), st.integers(least - near, most + near))
    return st.one_of(some, some, st.sampled_from((*EDGES, least - 1, most + 1, -most, 2 * most)))


def _floats(detail: dict[str, Any]) -> Strategy:
    least, most = detail["least"], detail["most"]
    if least is None:
        return st.one_of(st.floats(-1e3, 1e3), st.floats())
    return st.one_of(st.floats(least, most), st.floats(least, most), st.floats())


def _texts(detail: dict[str, Any]) -> Strategy:
    longest = min(LONGEST, detail["longest"] + LONGER)
    letters = st.sampled_from(detail["letters"]) if detail["letters"] else st.characters(codec="ascii")
    return st.one_of(st.text(letters, max_size=longest), st.text(max_size=longest))


def _bytes(detail: dict[str, Any]) -> Strategy:
    longest = min(LONGEST, detail["longest"] + LONGER)
    letters = st.sampled_from(detail["letters"]) if detail["letters"] else st.integers(0, 255)
    return st.one_of(st.lists(letters, max_size=longest).map(bytes), st.binary(max_size=longest))


def _collections(make: Callable[[list[Any]], Any], distinct: bool) -> Callable[[dict[str, Any]], Strategy]:
    def drawn(detail: dict[str, Any]) -> Strategy:
        of, longest = values(detail["of"]), min(LONGEST, detail["longest"] + LONGER)
        if distinct:
            return st.lists(of.filter(_hashable), max_size=longest).map(make)
        few = st.lists(of, min_size=1, max_size=3).flatmap(
            lambda some: st.lists(st.sampled_from(some), max_size=longest)
        )
        return st.one_of(st.lists(of, max_size=longest), few, st.lists(of, max_size=1)).map(make)

    return drawn


def _tuples(detail: dict[str, Any]) -> Strategy:
    if "each" in detail:
        return st.tuples(*map(values, detail["each"]))
    return _collections(tuple, distinct=False)(detail)


def _dicts(detail: dict[str, Any]) -> Strategy:
    keys = values(detail["keys"]).filter(_hashable)
    longest = min(LONGEST, detail["longest"] + LONGER)
    return st.dictionaries(keys, values(detail["values"]), max_size=longest)


def _made(detail: dict[str, Any]) -> Strategy:
    args = st.tuples(*map(values, detail["args"]))
    return args.map(lambda some: Make(detail["module"], detail["name"], some))


def _hashable(value: Any) -> bool:
    parts = value.args if isinstance(value, Make) else value
    if isinstance(parts, tuple):
        return all(map(_hashable, cast("tuple[Any, ...]", parts)))
    return isinstance(parts, Hashable)


_KINDS: dict[str, Callable[[dict[str, Any]], Strategy]] = {
    "none": lambda _: st.none(),
    "bool": lambda _: st.booleans(),
    "int": _integers,
    "float": _floats,
    "str": _texts,
    "bytes": _bytes,
    "list": _collections(list, distinct=False),
    "deque": _collections(deque, distinct=False),
    "set": _collections(set, distinct=True),
    "frozenset": _collections(frozenset, distinct=True),
    "tuple": _tuples,
    "dict": _dicts,
    "seen": lambda detail: st.sampled_from([Seen(tuple(where)) for where in detail["where"]]),
    "literal": lambda detail: st.sampled_from(detail["of"]),
    "make": _made,
}


def drawn(groups: list[dict[str, Any]], count: int) -> Iterator[bytes]:
    """Pickles of distinct drawn calls, the same ones each time."""
    found: dict[bytes, None] = {}

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
    )
    @given(st.one_of(*map(calls, groups)))
    def keep(call: Any) -> None:
        buffer = io.BytesIO()
        Pickler(buffer, protocol=4).dump(call)
        found[buffer.getvalue()] = None

    keep()
    yield from found


def main() -> None:
    order = json.load(sys.stdin)
    set_hypothesis_home_dir(order["home"])  # it keeps tables of Unicode, else in the current folder
    for each in drawn(order["groups"], order["count"]):
        sys.stdout.buffer.write(struct.pack("!I", len(each)) + each)


if __name__ == "__main__":
    main()
