"""Which lessons of a large bank are worth a closer look for a function: a hundred or so.

Marks are asked for one by one, or in pairs where they are common as traits are, and each answer is cut off: a
mark that fills its answer is common and tells little. So the cost does not grow with the bank.
"""

import heapq
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from quickstudy.bank.relevance import (
    PINNED_RELEVANT,
    RELEVANT,
    Bag,
    bag,
    cosine,
    pack,
    relevance,
    unpack,
)
from quickstudy.bank.rows import FIELDS, Known, Sieve, within
from quickstudy.bank.selection import Scored
from quickstudy.bank.traits import TRAITS

_ANSWER = 200
"""At most so many lessons are fetched for one question, the newest first."""

_NOMINATED = 64
"""At most so many lessons of other functions are read in full."""

_OWN = 64
"""At most so many lessons of this very function, or pinned ones."""

_RUN = 256
"""At most so many lessons of this run."""

_SIZE = 4 << 20
"""At most so many characters of all are read, some times what 200 lessons about long functions have."""

_LONGEST_VECTOR = 1 << 16
"""Bytes of an embedding; the longest in use have a quarter of that."""

_TELLING = 4
"""So many of the target's weightiest traits are asked for in pairs."""

_WORDS = 24
"""So many of its words are asked for, the longest, since those tend to be the rarest."""

_ROWS = (
    f"SELECT {', '.join(FIELDS)}, marks, iif(length(vector) <= {_LONGEST_VECTOR}, vector, NULL) "
    "FROM lessons WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC"
)


def nominate(connection: sqlite3.Connection, sieve: Sieve, target: Bag, sha256: str, run: str) -> list[Known]:
    """Lessons of this run, of this function, pinned ones, and those that share the target's rarest marks."""
    ids = {
        *_ids(connection, "SELECT id FROM lessons WHERE run = ? ORDER BY id DESC LIMIT ?", run, _RUN),
        *_ids(
            connection,
            "SELECT id FROM lessons WHERE sha256 = ? "
            "ORDER BY coalesce(speedup, 0) * credit DESC, id DESC LIMIT ?",
            sha256,
            _OWN,
        ),
        *_ids(connection, "SELECT id FROM lessons WHERE pinned ORDER BY id DESC LIMIT ?", _OWN),
        *_sharing_marks(connection, target),
    }
    rows = connection.execute(_ROWS, (f"[{','.join(map(str, sorted(ids)))}]",))
    known: list[Known] = []
    for *row, marked, vector in within(rows, _SIZE):
        lesson = sieve.lesson(row)
        if lesson:
            known.append(Known(lesson, *_evidence(marked, vector)))
    return known


def fitting(
    known: Iterable[Known], wanted: Bag, vector: Sequence[float] | None, sha256: str, run: str
) -> Iterator[Scored]:
    """Those of the pool: of this run, of this function, or relevant; by their embeddings if there are any."""
    for one in known:
        by_marks = relevance(wanted, bag(one.marks))
        least = PINNED_RELEVANT if one.lesson.pinned else RELEVANT
        if by_marks >= least or one.lesson.run == run or one.lesson.sha256 == sha256:
            yield Scored(one.lesson, _by_vector(vector, one.vector, by_marks))


def _by_vector(target: Sequence[float] | None, blob: bytes | None, otherwise: float) -> float:
    if target is None or blob is None or len(blob) != len(pack(target)):
        return otherwise
    found = cosine(target, unpack(blob))
    return found if math.isfinite(found) else otherwise


def _evidence(marked: object, vector: object) -> tuple[str, bytes | None]:
    return marked if isinstance(marked, str) else "", vector if isinstance(vector, bytes) else None


def _sharing_marks(connection: sqlite3.Connection, target: Bag) -> list[int]:
    votes: dict[int, float] = defaultdict(float)
    for question, weight in _questions(target):
        found = _ids(
            connection,
            "SELECT rowid FROM marked WHERE marked MATCH ? ORDER BY rowid DESC LIMIT ?",
            question,
            _ANSWER,
        )
        vote = weight * math.log(1 + _ANSWER / max(1, len(found)))
        for id in found:
            votes[id] += vote
    return heapq.nlargest(_NOMINATED, votes, key=lambda id: (votes[id], id))


def _questions(target: Bag) -> Iterator[tuple[str, float]]:
    """FTS5 questions about the target's marks, each with what an answer is worth."""
    telling = sorted(target.traits, key=lambda trait: (-target.traits[trait], trait))[:_TELLING]
    yield from ((f'"+{trait}"', TRAITS[trait].weight) for trait in telling)
    for pair in combinations(telling, 2):
        yield " AND ".join(f'"+{trait}"' for trait in pair), sum(TRAITS[trait].weight for trait in pair)
    if len(telling) > 2:
        yield " AND ".join(f'"+{trait}"' for trait in telling), sum(target.traits.values())
    longest = sorted(target.words, key=lambda word: (-len(word), word))[:_WORDS]
    yield from ((f'"{word}"', 0.5) for word in longest)


def _ids(connection: sqlite3.Connection, query: str, *values: object) -> list[int]:
    return [row[0] for row in connection.execute(query, values)]
