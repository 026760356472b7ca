"""What a process keeps of calls whose arguments and results are gone, and of imports: memory, and state.

It is asked after a pass that was made like any other, so that nothing can be kept in timed passes only. State
is told by digests, which are the same in every process that came to the same state: of the variables of each
module that was loaded, and of whatever else has changed, in whichever module or class, since before any text
was loaded. Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import contextvars
import gc
import mmap
import random
import sys
import types
import weakref

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

GROUP = 64
"""Objects whose change is noticed together: one by one it takes four times as long."""
ADDED = "added to "
"""What the name of state begins with that the text's code gave another module or class."""
REACHED = 20_000
"""Objects that are looked at for the state of one module."""
_hash, _vars, _view, _bytes = hash, vars, memoryview, bytes
_map: Any = map
_type: Any = type
_id: Callable[[Any], int] = object.__hash__  # where it lies; the function `id` tells each hook of every call
_referents, _collect, _blocks = gc.get_referents, gc.collect, sys.getallocatedblocks
_context, _chance, _modules = contextvars.copy_context, random.getstate, sys.modules
_PLAIN = (type(None), bool, int, float, complex, str, bytes)
_SETS = (set, frozenset)
_CODE = (types.FunctionType, types.BuiltinFunctionType, types.CodeType, types.ModuleType)
_FIXED = (
    *(tuple, frozenset, weakref.ref, types.ModuleType, types.BuiltinFunctionType),
    *(types.WrapperDescriptorType, types.MethodDescriptorType, types.ClassMethodDescriptorType),
    *(types.GetSetDescriptorType, types.MemberDescriptorType),
)
"""What leads to the same for good; of modules, their dicts are looked at."""
_SKIPPED = (types.CodeType, types.ModuleType, types.FrameType)


class Retention:
    """Made before any text is loaded, in the process that is then forked."""

    def __init__(self, owner: object) -> None:
        """What belongs to `owner`, as it changes from one fork to the next, is no state."""
        gc.unfreeze()
        _collect()
        own = _belongings(owner) | {_id(self), _id(_vars(self))}
        known: list[Any] = [one for one in gc.get_objects() if _id(one) not in own]
        # Small dicts and tuples are known to the collector by what leads to them only.
        more = {_id(part): part for part in _referents(*known) if _type(part) in (dict, tuple, bytearray)}
        for one in known:
            more.pop(_id(one), None)
        known += more.values()
        self.known: frozenset[int] = frozenset(_map(_id, known))
        # A name that a module or a class of these has not yet, it does not get from itself.
        self.names = {_id(space): (name, frozenset(space)) for name, space in _namespaces(known)}
        known = [one for one in known if _type(one) not in _FIXED]
        self.groups = [known[start : start + GROUP] for start in range(0, len(known), GROUP)]
        self.marks = [_mark(group) for group in self.groups]
        self.each = [[_mark([one]) for one in group] for group in self.groups]
        self.begun = 0
        self.left = 0
        self.spaces: dict[int, str] = {}
        gc.freeze()

    def begin(self) -> None:
        """Count from here on, in a process that was just forked."""
        self.begun = _blocks()

    def measured(self) -> tuple[int, dict[str, int]]:
        """Blocks of memory that are in use since it began, and by name the digests of the state."""
        gc.disable()  # what garbage does when it is collected would change the state
        loaded = {
            name: _vars(module)
            for name, module in list(_modules.items())
            if _type(module) is types.ModuleType and _id(module) not in self.known
        }
        self.spaces = {_id(space): name for name, space in loaded.items()}
        self.left = REACHED
        state = {"context": self._digest(list(_context().items())), "chance": _hash(_chance())}
        for name, space in loaded.items():
            self.left = REACHED
            for variable, value in list(space.items()):
                if not variable.startswith("__"):
                    state["%s.%s" % (name, variable)] = self._digest([value])
        self.left = REACHED
        for place, one in self._changed():
            state["object %d of other modules" % place] = self._digest(_referents(one))
            owner, names = self.names.get(_id(one), ("", ()))
            for name, value in list(one.items()) if owner else ():
                if name not in names and _type(value) is not types.ModuleType and name[:2] != "__":
                    state["%s%s.%s" % (ADDED, owner, name)] = self._digest([value])
        _collect()
        # Without the name and the digest of each entry.
        return _blocks() - self.begun - 2 * len(state), state

    def _changed(self) -> Iterator[tuple[int, Any]]:
        """What was there before and leads to other objects now, with its number."""
        for number, (group, mark, each) in enumerate(zip(self.groups, self.marks, self.each)):
            if _mark(group) != mark:
                for place, (one, before) in enumerate(zip(group, each)):
                    if _mark([one]) != before and not _lists_subclasses(one):
                        yield number * GROUP + place, one

    def _digest(self, values: list[Any]) -> int:
        """A number that is the same for the same content and sharing, wherever it lies in memory."""
        seen: dict[int, int] = {}
        found = 0
        waiting = values[::-1]
        while waiting and self.left:
            value = waiting.pop()
            kind, number = _type(value), _id(value)
            if kind in _PLAIN:
                found = _hash((found, kind.__name__, value if value == value else "nan"))
            elif number in self.known or number in self.spaces or number in seen:
                found = _hash((found, self.spaces.get(number) or seen.get(number) or number))
            elif kind not in _SKIPPED:
                self.left -= 1
                seen[number] = len(seen) + 1
                parts = _referents(value)
                found = _hash((found, kind.__name__, len(parts), _content(value)))
                if kind in _SETS:  # their order may depend on where their items lie
                    found = _hash((found, sum(_hash(part) for part in parts if _type(part) in _PLAIN)))
                else:
                    waiting.extend(parts[::-1])
        return found


def _namespaces(known: Iterable[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The dicts of modules and of classes, each with its owner's name."""
    for one in known:
        if _type(one) is types.ModuleType:
            yield one.__name__, _vars(one)
        elif isinstance(one, type):
            for part in _referents(one):
                if _type(part) is dict and "__module__" in part:
                    yield one.__qualname__, part


def _lists_subclasses(one: Any) -> bool:
    """Whether this is where a class notes what is derived from it: each that exists, by its address."""
    return _type(one) is dict and all(
        _type(key) is int and _type(value) is weakref.ref for key, value in one.items()
    )


def _belongings(owner: object) -> set[int]:
    """The ids of what an object leads to, code aside."""
    found: set[int] = set()
    waiting = [owner]
    while waiting:
        one = waiting.pop()
        if _id(one) not in found and not isinstance(one, (type, *_CODE)):
            found.add(_id(one))
            waiting += _referents(one)
    return found


def _mark(group: list[Any]) -> int:
    # Forks have no part of the room that the supervisor keeps for frames.
    held = [_content(one) for one in group if _type(one) not in (mmap.mmap, _view)]
    return _hash((*_map(_id, _referents(*group)), *held))


_without: set[type] = set()
"""Types that hold objects only."""


def _content(value: Any) -> int:
    """What is in a bytearray, an array or the like."""
    kind = _type(value)
    if kind in _without:
        return 0
    try:
        return _hash(_bytes(_view(value)))
    except Exception:
        _without.add(kind)
        return 0
