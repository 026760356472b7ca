"""Whether a bank's schema is ours. A repository can bring any file as its bank, and a schema is code.

A view can be endless, a trigger can delete, an index or a column can compute. So nothing of a bank is used
before its schema is exactly what our migrations make.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import cache

from quickstudy.bank import migrations

_Entry = tuple[str, str, str, str | None]
"""Kind, name and table of something in the schema, and the statement that made it."""

_KINDS = ("table", "index", "view", "trigger")

_ENTRIES = "SELECT type, name, tbl_name, sql FROM sqlite_master LIMIT 100"


def difference(connection: sqlite3.Connection, version: int) -> str | None:
    """What the schema has that a bank of this version has not, or lacks, in words; None if it is ours."""
    found: Counter[_Entry] = Counter(tuple(row) for row in connection.execute(_ENTRIES))
    ours = _made_by(migrations.STEPS[: max(0, version)])
    if strange := found - ours:
        kind, name, *_ = min(strange, key=repr)
        return f"its {kind if kind in _KINDS else 'entry'} {name!r:.60} is not as Quickstudy makes it"
    if lacking := ours - found:
        kind, name, *_ = min(lacking, key=repr)
        return f"its {kind} {name!r} is missing"
    return None


def is_empty(connection: sqlite3.Connection) -> bool:
    """Whether the file has no schema at all, as a new one."""
    return connection.execute(_ENTRIES).fetchone() is None


@cache
def _made_by(steps: tuple[Callable[[sqlite3.Connection], None], ...]) -> Counter[_Entry]:
    """The schema of a bank that has these steps behind it, as this SQLite writes it."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as fresh:
        for step in steps:
            step(fresh)
        return Counter(tuple(row) for row in fresh.execute(_ENTRIES))
