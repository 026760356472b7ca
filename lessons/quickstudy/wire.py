"""What is asked of a run and what it answers, as records; and how these travel: as JSON, one a line.

A run takes one request and answers with messages: the loop's events, and the few things that somebody must
show or be asked besides. Calls travel without their payload, which nobody but the lab's children may read.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from quickstudy import events
from quickstudy.settings import Settings

LONGEST = 64 << 20
"""Bytes of a line; a module's text stands in it once or twice."""

STOPPED = 130
"""Exit status of an engine that is ended from outside, as the shell has it."""


@dataclass(frozen=True, slots=True)
class OptimizeRequest:
    """Make a function faster, as it stands in a file or in an editor's buffer."""

    path: Path
    text: str
    """The whole module; the file is never read."""
    qualname: str
    root: Path
    settings: Settings
    lesson: int | None = None
    """A lesson that every round shall read, besides those the bank selects."""


@dataclass(frozen=True, slots=True)
class MeasureRequest:
    """Judge variants of a function that somebody wrote by hand."""

    path: Path
    text: str
    qualname: str
    root: Path
    settings: Settings
    sources: tuple[str, ...]
    """The variants, each with whatever imports and helpers it needs."""


Request = OptimizeRequest | MeasureRequest


@dataclass(frozen=True, slots=True)
class Opened:
    """The rooms are open."""

    sandbox: str
    hosts: tuple[str, ...]
    """The models that will read the user's code elsewhere than on this machine, and where."""
    notice: str | None
    """What the bank wants the user to know."""
    may_pass: tuple[str, ...] = ()
    """The models behind a server on this machine that may pass the code on."""


@dataclass(frozen=True, slots=True)
class Download:
    """An embedded model that is not on this machine yet."""

    title: str
    size: int
    """Bytes."""
    licence: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """These models must be fetched first; the run waits until somebody agrees."""

    models: tuple[Download, ...]


@dataclass(frozen=True, slots=True)
class Fetching:
    """A download or its check goes on."""

    title: str
    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Refused:
    """There is no run, and why, in one sentence."""

    reason: str
    status: int = 2
    """The shell's exit status for it."""


Message = events.Event | Opened | Wanted | Fetching | Refused
"""All that a run answers."""

_RECORDS: Mapping[str, type] = {kind.__name__: kind for kind in (*get_args(Request), *get_args(Message))}


def dump(record: Request | Message) -> bytes:
    """A record as one line, its type's name first."""
    return json.dumps([type(record).__name__, to_json(record)]).encode() + b"\n"


def read_request(line: bytes) -> Request:
    """Read a request's line."""
    return _read(line)


def read_message(line: bytes) -> Message:
    """Read a message's line."""
    return _read(line)


def _read(line: bytes) -> Any:
    name, data = json.loads(line)
    return from_json(_RECORDS[name], data)


def to_json(value: object) -> Any:
    """A record as JSON knows it."""
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Mapping):
        return {name: to_json(each) for name, each in cast("Mapping[str, object]", value).items()}
    if isinstance(value, tuple):
        return [to_json(each) for each in cast("tuple[object, ...]", value)]
    if isinstance(value, bytes):
        return None
    return str(value) if isinstance(value, Path) else value


def from_json(kind: Any, data: Any) -> Any:
    """A record of that type from its JSON, as `to_json` makes it."""
    if is_dataclass(kind):
        return cast("type[Any]", kind)(
            **{name: from_json(hint, data[name]) for name, hint in _hints(kind).items() if name in data}
        )
    if get_origin(kind) is tuple:
        return tuple(from_json(get_args(kind)[0], each) for each in data)
    if get_origin(kind) is Mapping:
        return {name: from_json(get_args(kind)[1], each) for name, each in data.items()}
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind[data]
    if kind is bytes:
        return b""
    if data is None or kind is Any or get_origin(kind) is Literal:
        return data
    if get_args(kind):
        (some,) = (each for each in get_args(kind) if each is not type(None))
        return from_json(some, data)
    return kind(data)


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)
