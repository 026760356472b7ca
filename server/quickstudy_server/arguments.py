"""The one object that each command takes: read with care, as anything may come from a client."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

from quickstudy.errors import QuickstudyError
from quickstudy_server.messages import plain

REQUEST_FAILED = -32803

Json = dict[str, Any]

ARGUMENTS = {
    "uri": ("text", "a document; for lessons, a document or folder of the project that is meant"),
    "position": ("`{line, character}`", "where in the document, as LSP counts; the line is what matters"),
    "lesson": ("whole number", "a lesson's `id`"),
    "job": ("text", "what `quickstudy.optimize` answered"),
    "query": ("text", "words that a lesson's text, function or code has; empty for all"),
    "pinned": ("true or false", "false takes the pin off; true if it is left out"),
}
"""Every field that the object of a command may have: its type, and what it means."""


@contextmanager
def answered() -> Generator[None]:
    """The border: a failure the user can mend becomes the request's answer."""
    try:
        yield
    except QuickstudyError as error:
        raise JsonRpcException(plain(str(error)), REQUEST_FAILED) from error


def table(arguments: Any) -> Json:
    if not isinstance(arguments, dict):
        raise JsonRpcInvalidParams("The command takes one object.")
    return cast("Json", arguments)


def text(arguments: Any, name: str) -> str:
    value = table(arguments).get(name)
    if not isinstance(value, str):
        raise JsonRpcInvalidParams(f"The command's object needs a text named {name}.")
    return value


def maybe_text(arguments: Any, name: str) -> str | None:
    return None if table(arguments).get(name) is None else text(arguments, name)


def number(arguments: Any, name: str) -> int:
    value = table(arguments).get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise JsonRpcInvalidParams(f"The command's object needs a whole number named {name}.")
    return value


def maybe_number(arguments: Any, name: str) -> int | None:
    return None if table(arguments).get(name) is None else number(arguments, name)


def flag(arguments: Any, name: str, default: bool) -> bool:
    value = table(arguments).get(name, default)
    if not isinstance(value, bool):
        raise JsonRpcInvalidParams(f"The command's object needs {name} to be true or false.")
    return value


def position(arguments: Any) -> types.Position:
    place = table(arguments).get("position")
    line = cast("Json", place).get("line") if isinstance(place, dict) else None
    if not isinstance(line, int) or line < 0:
        raise JsonRpcInvalidParams("The command's object needs a position with a line.")
    return types.Position(line, 0)
