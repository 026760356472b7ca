"""Typed records, and their form in a frame: a kind, which is a byte of its own, and their fields as JSON.

The annotations of a record are its schema, for both ends and for whoever reads it. What is decoded has
exactly these fields, each of its type and in its bounds; all else is `Invalid`. An annotation is one of

    None  bool  int  float  str  Literal["a", "b"]  Data, which is any JSON  NAME, of a record or in `TYPES`
    X | Y  list[X]  dict[str, X]  tuple[X, Y]

Stdlib only, CPython 3.9 and newer. `typing` is not needed, nor `dataclasses`, which would cost each child its
time.
"""

from __future__ import annotations

import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar, TypeVar, Union

    from typing_extensions import Self, dataclass_transform

    Data = Union[None, bool, int, str, list["Data"], dict[str, "Data"]]
    Read = Callable[[Any], Any]
    R = TypeVar("R", bound="Record")
else:

    def dataclass_transform(**_):
        return lambda kind: kind


_type: Any = type  # of what comes from outside nothing is known before it is read
_INTEGERS = 1 << 63
_DEEPER = 40
"""How many calls deeper than anybody looks at data it is decoded: what is nested too deep fails here."""


class Invalid(Exception):
    """What came is not the record that was due."""


@dataclass_transform(frozen_default=True)
class Record:
    """Plain data with the fields that a subclass annotates. Not changed once it is made."""

    KIND = 0
    """What a frame with such a record begins with; 0 of one that is only a part of others."""
    FRACTIONS = False
    """Whether numbers may be fractions: only in what is told to children, or of which bounds are drawn."""
    fields: ClassVar[dict[str, Read]] = {}
    defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        own = vars(cls).get("__annotations__", {})
        cls.fields = {**cls.fields, **{name: reader(annotation) for name, annotation in own.items()}}
        cls.defaults = {**cls.defaults, **{name: vars(cls)[name] for name in own if name in vars(cls)}}
        TYPES[cls.__name__] = cls.read

    if not TYPE_CHECKING:

        def __init__(self, *values, **named):
            given = {**self.defaults, **dict(zip(self.fields, values)), **named}
            if given.keys() != self.fields.keys() or len(values) > len(given):
                raise TypeError("%s has other fields." % type(self).__name__)
            vars(self).update(given)

    def replace(self, **changes: Any) -> Self:
        """The same with other values of some fields."""
        return type(self)(**{**vars(self), **changes})

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment] # fields may be lists

    def __repr__(self) -> str:
        fields = ", ".join("%s=%r" % pair for pair in vars(self).items())
        return "%s(%s)" % (type(self).__name__, fields)

    @classmethod
    def read(cls, value: Any) -> Self:
        """The record that an object of JSON stands for. Raises Invalid."""
        if _type(value) is not dict or value.keys() != cls.fields.keys():
            raise Invalid
        record = cls.__new__(cls)
        vars(record).update({name: read(value[name]) for name, read in cls.fields.items()})
        return record


def _refused(text: str) -> Any:
    raise Invalid


_encode = json.JSONEncoder(default=vars).encode
_decode = json.JSONDecoder(parse_float=_refused, parse_constant=_refused).decode
_decode_fractions = json.JSONDecoder(parse_constant=_refused).decode


def encode(record: Record) -> bytes:
    """The payload of a frame."""
    return _encode(vars(record)).encode("ascii")


def plain(data: Any) -> bytes:
    """Plain data as bytes."""
    return _encode(data).encode("ascii")


def decode(kind: type[R], payload: bytes) -> R:
    """The record of a kind that a payload holds. Raises Invalid."""
    data = parsed(payload, fractions=kind.FRACTIONS)
    try:
        return kind.read(data)
    except RecursionError:
        raise Invalid from None


def parsed(payload: bytes, fractions: bool = False) -> Any:
    """Plain data from its bytes. Raises Invalid."""
    try:
        return _parsed(_decode_fractions if fractions else _decode, payload.decode("ascii"), _DEEPER)
    except (ValueError, RecursionError):
        raise Invalid from None


def _parsed(parse: Read, text: str, deeper: int) -> Any:
    return _parsed(parse, text, deeper - 1) if deeper else parse(text)


def reader(annotation: str) -> Read:
    """What gives the value that a part of JSON stands for, or raises Invalid if it is not as annotated."""
    if annotation not in TYPES:  # as few of them are: reading annotations costs each child its time
        TYPES[annotation] = _reader(annotation)
    return TYPES[annotation]


def _reader(annotation: str) -> Read:
    parts = _split(annotation, " | ")
    if len(parts) > 1:
        return _one_of([reader(part) for part in parts])
    name, _, inside = annotation[:-1].partition("[")
    if name == "Literal":
        return _choice([word.strip("'") for word in inside.split(", ")])
    readers = [reader(part) for part in _split(inside, ", ")]
    return {"list": _list, "dict": _dict, "tuple": _tuple}[name](*readers)


def _split(text: str, mark: str) -> list[str]:
    """The parts of an annotation between marks that stand in no brackets."""
    found, depth = [""], 0
    for piece in text.split(mark):
        if depth:
            found[-1] += mark + piece
        else:
            found.append(piece)
        depth += piece.count("[") - piece.count("]")
    return found[1:]


def _only(kind: type) -> Read:
    def read(value: Any) -> Any:
        if _type(value) is not kind:
            raise Invalid
        return value

    return read


def between(least: int, most: int) -> Read:
    """A reader of whole numbers in these bounds, which are in them."""

    def read(value: Any) -> int:
        if _type(value) is not int or not least <= value <= most:
            raise Invalid
        return value

    return read


def _choice(words: list[str]) -> Read:
    def read(value: Any) -> str:
        if _type(value) is not str or value not in words:
            raise Invalid
        return value

    return read


def _one_of(readers: list[Read]) -> Read:
    def read(value: Any) -> Any:
        for one in readers:
            try:
                return one(value)
            except Invalid:
                continue
        raise Invalid

    return read


def _list(of: Read) -> Read:
    def read(value: Any) -> list[Any]:
        if _type(value) is not list:
            raise Invalid
        return [of(item) for item in value]

    return read


def _dict(keys: Read, values: Read) -> Read:
    def read(value: Any) -> dict[str, Any]:
        if _type(value) is not dict:
            raise Invalid
        return {keys(name): values(item) for name, item in value.items()}

    return read


def _tuple(*of: Read) -> Read:
    def read(value: Any) -> tuple[Any, ...]:
        if _type(value) is not list or len(value) != len(of):
            raise Invalid
        return tuple(one(item) for one, item in zip(of, value))

    return read


TYPES: dict[str, Read] = {
    "None": _only(type(None)),
    "bool": _only(bool),
    "int": between(-_INTEGERS, _INTEGERS - 1),
    "float": _only(float),
    "str": _only(str),
    "Data": lambda value: value,
}
"""Readers by the names that stand in annotations."""
