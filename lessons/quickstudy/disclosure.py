"""What of a variant's run may be disclosed to a model: Python's own names, figures, what it has seen before.

Code on test may have read any file of the project, and it composes all that is heard of it: messages, and
also the names of the types that it raises. So a fact about it gets into a prompt only if it holds nothing
new.
"""

import builtins
import re
from collections.abc import Iterable

_LIBRARY = """
    asyncio.exceptions.CancelledError asyncio.exceptions.InvalidStateError binascii.Error copy.Error
    csv.Error _csv.Error dataclasses.FrozenInstanceError decimal.DivisionByZero decimal.FloatOperation
    decimal.InvalidOperation decimal.Overflow json.decoder.JSONDecodeError _pickle.PicklingError
    _pickle.UnpicklingError queue.Empty queue.Full re.error re.PatternError statistics.StatisticsError
    struct.error zlib.error
"""
_PYTHONS = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
) | frozenset(_LIBRARY.split())
"""Exceptions that anybody may name. Those of the library are listed: to look one up would be to import it."""
_KINDS = frozenset(
    f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
    for name in (
        *(name for name, value in vars(builtins).items() if isinstance(value, type)),
        *("array", "exception", "float", "integer", "iterator", "mapping", "named object", "number"),
        *("sequence", "string", "value"),
    )
) | {"a complex number", "attributes", "None"}
"""What the comparator calls values of Python's own types."""
_FIGURE = re.compile(r"\d{1,6}(\.\d{1,2})?%?")


def may_disclose(fact: str, known: Iterable[str]) -> bool:
    """Whether a fact tells nothing to a model that knows these texts: one word or more of them do not."""
    if fact in _PYTHONS or fact in _KINDS or _FIGURE.fullmatch(fact):
        return True
    words = re.compile(rf"(?<!\w){re.escape(fact)}(?!\w)")
    return re.search(r"\w", fact) is not None and any(words.search(text) for text in known)
