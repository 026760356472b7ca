"""Which lessons of a large bank are worth a closer look for a function: a hundred or so.

Terms are asked for one by one, or in pairs where they are common as features are, and each answer is cut off:
a term that fills its answer is common and tells little. So the cost does not grow with the bank. Only lessons
of the same language are candidates: what is fast in one is no news, or nonsense, in another.
"""

import heapq
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from quickstudy.bank.embedding import cosine, pack, unpack
from quickstudy.bank.language import Language
from quickstudy.bank.relevance import PINNED_RELEVANT, RELEVANT, Bag, bag, prefix, relevance
from quickstudy.bank.rows import FIELDS, Known, Sieve, within
from quickstudy.bank.selection import Scored

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
"""So many of the target's weightiest features are asked for in pairs."""

_WORDS = 24
"""So many of its words are asked for, the longest, since those tend to be the rarest."""

_ROWS = (
    f"SELECT {', '.join(FIELDS)}, marks, iif(length(vector) <= {_LONGEST_VECTOR}, vector, NULL) "
    "FROM lessons WHERE id IN (SELECT value FROM json_each(?)) AND language = ? ORDER BY id DESC"
)


def nominate(
    connection: sqlite3.Connection, sieve: Sieve, target: Bag, language: Language, sha256: str, run: str
) -> list[Known]:
    """Lessons of this run, of this function, pinned ones, and those that share the target's rarest terms."""
    ids = {
        *_ids(connection, "SELECT id FROM lessons WHERE run = ? ORDER BY id DESC LIMIT ?", run, _RUN),
        *_ids(
            connection,
            "SELECT id FROM lessons WHERE sha256 = ? "
            "ORDER BY coalesce(speedup, 0) * credit DESC, id DESC LIMIT ?",
            sha256,
            _OWN,
        ),
        *_ids(
            connection,
            "SELECT id FROM lessons WHERE pinned AND language = ? ORDER BY id DESC LIMIT ?",
            language.name,
            _OWN,
        ),
        *_sharing_terms(connection, target, language),
    }
    rows = connection.execute(_ROWS, (f"[{','.join(map(str, sorted(ids)))}]", language.name))
    known: list[Known] = []
    for *row, stored, vector in within(rows, _SIZE):
        lesson = sieve.lesson(row)
        if lesson:
            known.append(Known(lesson, *_evidence(stored, vector)))
    return known


def fitting(
    known: Iterable[Known],
    wanted: Bag,
    language: Language,
    vector: Sequence[float] | None,
    sha256: str,
    run: str,
) -> Iterator[Scored]:
    """Those of the pool: of this run, of this function, or relevant; by their embeddings if there are any."""
    for one in known:
        by_terms = relevance(wanted, bag(one.terms, language))
        least = PINNED_RELEVANT if one.lesson.pinned else RELEVANT
        if by_terms >= least or one.lesson.run == run or one.lesson.sha256 == sha256:
            yield Scored(one.lesson, _by_vector(vector, one.vector, by_terms))


def _by_vector(target: Sequence[float] | None, blob: bytes | None, otherwise: float) -> float:
    if target is None or blob is None or len(blob) != len(pack(target)):
        return otherwise
    found = cosine(target, unpack(blob))
    return found if math.isfinite(found) else otherwise


def _evidence(stored: object, vector: object) -> tuple[str, bytes | None]:
    return stored if isinstance(stored, str) else "", vector if isinstance(vector, bytes) else None


def _sharing_terms(connection: sqlite3.Connection, target: Bag, language: Language) -> list[int]:
    votes: dict[int, float] = defaultdict(float)
    for question, weight in _questions(target, language):
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


def _questions(target: Bag, language: Language) -> Iterator[tuple[str, float]]:
    """FTS5 questions about the target's terms, each with what an answer is worth."""
    vocabulary, own = language.vocabulary, prefix(language)
    weights = {name: vocabulary[name].weight for name in target.features}
    telling = sorted(weights, key=lambda name: (-target.features[name], name))[:_TELLING]
    yield from ((f'"+{own}{name}"', weights[name]) for name in telling)
    for pair in combinations(telling, 2):
        yield " AND ".join(f'"+{own}{name}"' for name in pair), sum(weights[name] for name in pair)
    if len(telling) > 2:
        yield " AND ".join(f'"+{own}{name}"' for name in telling), sum(target.features.values())
    longest = sorted(target.words, key=lambda word: (-len(word), word))[:_WORDS]
    yield from ((f'"{own}{word}"', 0.5) for word in longest)


def _ids(connection: sqlite3.Connection, query: str, *values: object) -> list[int]:
    return [row[0] for row in connection.execute(query, values)]
