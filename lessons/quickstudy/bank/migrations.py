"""The shape of a bank file: append-only steps, each in a transaction of its own, numbered by `user_version`.

A released step never changes, not by a blank, since `schema.py` compares a bank with what the steps make; a
new shape is a new step at the end of `STEPS`. Each step documents the columns it makes in the table
`columns`, so that the file explains itself in any SQLite tool.
"""

import sqlite3
from collections.abc import Callable, Mapping

from quickstudy.bank import released

APPLICATION_ID = 0x51535459
"""`QSTY` in the file's header: this database is a lesson bank."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the bank to the newest shape. Safe when another process does the same at the same time."""
    for number, step in enumerate(STEPS, 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if version(connection) < number:
                step(connection)
                connection.execute(f"PRAGMA user_version = {number}")
            connection.execute("COMMIT")
        except BaseException:
            connection.rollback()
            raise


def version(connection: sqlite3.Connection) -> int:
    """How many steps the bank has behind it."""
    return connection.execute("PRAGMA user_version").fetchone()[0]


def _lessons(bank: sqlite3.Connection) -> None:
    """The first shape: lessons with their evidence, full-text search, and an index of terms for retrieval."""
    bank.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    columns = {
        # AUTOINCREMENT: the id of a forgotten lesson, which old reports name, is never given to another.
        "id": ("INTEGER PRIMARY KEY AUTOINCREMENT", "number of the lesson, never used twice"),
        "text": ("TEXT NOT NULL", "the lesson, in the words of the agent that made the attempt"),
        "outcome": ("TEXT NOT NULL", "verdict on the attempt, such as faster, wrong or crashed"),
        "speedup": ("REAL", "original time / candidate time, 1.0 is no change; null if it was not timed"),
        "low": ("REAL", "lower bound of the speedup's 95 % interval"),
        "high": ("REAL", "upper bound of the speedup's 95 % interval"),
        "agent": ("TEXT NOT NULL", "model that made the attempt and wrote the lesson"),
        "round": ("INTEGER NOT NULL", "round of the attempt, from 1"),
        "path": ("TEXT NOT NULL", "module of the function, relative to the project where it lies inside"),
        "qualname": ("TEXT NOT NULL", "dotted name of the function in its module"),
        "sha256": ("TEXT NOT NULL", "digest of the original function"),
        "original": ("TEXT NOT NULL", "the function as it was"),
        "candidate": ("TEXT NOT NULL", "the attempt, as the agent gave it"),
        "run": ("TEXT NOT NULL", "identity of the run that asked for the lesson"),
        "python": ("TEXT NOT NULL", "version of Python the speedup was measured on"),
        "platform": ("TEXT NOT NULL", "platform the speedup was measured on"),
        "created": ("TEXT NOT NULL", "when it was learnt, UTC, ISO 8601"),
        "uses": ("INTEGER NOT NULL DEFAULT 0", "how many later attempts it was given to"),
        "credit": ("REAL NOT NULL DEFAULT 1.0", "factor f, above 1 if those attempts did better than it"),
        "pinned": ("INTEGER NOT NULL DEFAULT 0", "1 if the user pinned it"),
        "digest": ("TEXT NOT NULL UNIQUE", "identity of the content, so that an import makes no doubles"),
        "marks": ("TEXT NOT NULL", "relevance: +trait of the code, ~trait the text speaks of, plain words"),
        "identifiers": ("TEXT NOT NULL", "words of the identifiers in both codes, for full-text search"),
        "vector": ("BLOB", "embedding of the lesson as float32, if an embedding model was configured"),
    }
    shape = ", ".join(f"{name} {declaration}" for name, (declaration, _) in columns.items())
    bank.execute(f"CREATE TABLE lessons ({shape}) STRICT")
    for column in ("run", "sha256"):
        bank.execute(f'CREATE INDEX "idx_lessons_{column}"\n    ON "lessons" ("{column}")')
    bank.execute("CREATE INDEX idx_lessons_pinned ON lessons (id) WHERE pinned")
    bank.execute(_COLUMNS)
    document(bank, "lessons", {name: meaning for name, (_, meaning) in columns.items()})
    for statement in _SEARCH:
        bank.execute(statement)


_COLUMNS = """CREATE TABLE "columns" (
   "table" TEXT,
   "column" TEXT,
   "meaning" TEXT,
   PRIMARY KEY ("table", "column")
)"""

_TEXT_SEARCH = """CREATE VIRTUAL TABLE "lessons_fts" USING FTS5 (
    "text", "qualname", "identifiers",
    tokenize='porter unicode61',
    content="lessons"
)"""

_ENTER = """INSERT INTO "lessons_fts" (rowid, "text", "qualname", "identifiers") \
VALUES (new.rowid, new."text", new."qualname", new."identifiers");"""

_LEAVE = """INSERT INTO "lessons_fts" ("lessons_fts", rowid, "text", "qualname", "identifiers") \
VALUES('delete', old.rowid, old."text", old."qualname", old."identifiers");"""

_SEARCH = (
    _TEXT_SEARCH,
    f'CREATE TRIGGER "lessons_ai" AFTER INSERT ON "lessons" BEGIN\n  {_ENTER}\nEND',
    f'CREATE TRIGGER "lessons_ad" AFTER DELETE ON "lessons" BEGIN\n  {_LEAVE}\nEND',
    f'CREATE TRIGGER "lessons_au" AFTER UPDATE ON "lessons" BEGIN\n  {_LEAVE}\n  {_ENTER}\nEND',
    # Which lessons have a term and no more: no positions, no copy of the text. `ascii` keeps terms whole.
    "CREATE VIRTUAL TABLE marked USING fts5 "
    "(marks, content='', detail=none, columnsize=0, tokenize=\"ascii tokenchars '+~'\")",
    "CREATE TRIGGER lessons_mark AFTER INSERT ON lessons BEGIN "
    "INSERT INTO marked (rowid, marks) VALUES (new.id, new.marks); END",
    "CREATE TRIGGER lessons_unmark AFTER DELETE ON lessons BEGIN "
    "INSERT INTO marked (marked, rowid, marks) VALUES ('delete', old.id, old.marks); END",
)


def _no_triggers(bank: sqlite3.Connection) -> None:
    """The indexes are written by `rows.py`: no code in the file, so that none of a stranger's is ever run.

    Nor would SQLite let a trigger write a full-text index once it distrusts schemas.
    """
    for trigger in ("lessons_ai", "lessons_ad", "lessons_au", "lessons_mark", "lessons_unmark"):
        bank.execute(f"DROP TRIGGER {trigger}")


def document(bank: sqlite3.Connection, table: str, meanings: Mapping[str, str]) -> None:
    """Write down what columns mean, in the bank itself."""
    rows = [(table, column, meaning) for column, meaning in meanings.items()]
    bank.executemany("INSERT INTO columns VALUES (?, ?, ?)", rows)


def _languages(bank: sqlite3.Connection) -> None:
    """Lessons of any language: what was the version of the only one becomes the toolchain of any."""
    bank.execute(f"ALTER TABLE lessons RENAME COLUMN {released.VERSION} TO toolchain")
    bank.execute("UPDATE lessons SET toolchain = ? || toolchain", (released.TOOLCHAIN,))
    bank.execute(f"ALTER TABLE lessons ADD COLUMN language TEXT NOT NULL DEFAULT '{released.LANGUAGE}'")
    bank.execute('DELETE FROM columns WHERE "column" = ?', (released.VERSION,))
    meanings = {
        "language": "language of the function; lessons help within it only",
        "toolchain": "what the speedup was measured with, as a kind of interpreter and its version",
    }
    document(bank, "lessons", meanings)


STEPS: tuple[Callable[[sqlite3.Connection], None], ...] = (_lessons, _no_triggers, _languages)
