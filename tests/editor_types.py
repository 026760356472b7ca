"""What the editors believe the server answers, read from their types: field by field, and all below each."""

import re
from collections.abc import Iterator
from pathlib import Path

EDITORS = Path(__file__).parents[1] / "editors"
WIRE = (EDITORS / "vscode/src/wire.ts").read_text("utf-8")
TYPES = (EDITORS / "neovim/lua/quickstudy/types.lua").read_text("utf-8")

Shape = dict[str, set[str]]
"""The names of fields, each with the names of all fields below it."""


def typescript(name: str) -> Shape:
    """An interface of VS Code's `wire.ts`."""
    body = WIRE.partition(f"export interface {name} {{\n")[2].partition("\n}")[0]
    flat = re.sub(r"/\*\*.*?\*/", "", body, flags=re.DOTALL)
    return {field: _names(kind) for field, kind in _fields(flat)}


def lua(name: str) -> Shape:
    """A class of Neovim's `types.lua`."""
    body = re.split(r"\n\n", TYPES.partition(f"---@class quickstudy.{name}")[2])[0]
    rows = re.findall(r"^---@field (\w+)\??\s+(.*)$", body, re.MULTILINE)
    return {field: _names(kind) for field, kind in rows if "added here" not in kind}


def literals(name: str) -> set[str]:
    """The words of a union, by the name of its type or field, as both editors have it."""
    found = re.search(rf"\b{name}\b\s*[:=]\s*((?:\s*\|?\s*\"\w+\")+);", WIRE)
    assert found, name
    return set(re.findall(r'"(\w+)"', found[1]))


def _fields(body: str) -> Iterator[tuple[str, str]]:
    """The fields of an interface, each with its type, which may go over several rows."""
    depth, start = 0, 0
    for place, sign in enumerate(body):
        depth += (sign == "{") - (sign == "}")
        if sign == ";" and not depth:
            field, _, kind = body[start:place].partition(":")
            yield field.strip().rstrip("?"), kind
            start = place + 1


def _names(kind: str) -> set[str]:
    inner = kind.partition("{")[2]
    return set(re.findall(r"(\w+)\??:", inner))
