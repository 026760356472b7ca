"""The bank itself: lessons in, lessons out, for the loop and for the user [LessonL §3.1, §3.3]."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import IO, Self, TextIO, TypeVar

from quickstudy.bank import exchange, queries, selection
from quickstudy.bank.access import Access, Work
from quickstudy.bank.embedding import Embed, pack, vector_of
from quickstudy.bank.files import Place
from quickstudy.bank.language import Language, Languages, WordsOnly
from quickstudy.bank.queries import Stats, sized
from quickstudy.bank.relevance import bag, terms
from quickstudy.bank.retrieval import fitting, nominate
from quickstudy.bank.rows import Row, Sieve, put, remove, row_of
from quickstudy.bank.selection import LEAST, MOST
from quickstudy.bank.spool import Spool, kept_in
from quickstudy.bank.validation import fitted
from quickstudy.errors import BankError, BankUnavailable, InputError
from quickstudy.records import Lesson, Target, VerdictKind

T = TypeVar("T")

_STEP = 500
"""Lessons of an import or export that are written or read in one transaction."""

_RUN_S = 2.0
"""How long a question of a run or of an editor may take; a tenth of a second is usual for 100,000 lessons."""

_USER_S = 20.0
"""The same for one that a person waits for, such as counting it all."""


class Bank:
    """Lessons of a project, kept in one SQLite file. Every method may raise BankError, and none takes long.

    The file is touched in a thread of the bank's own: the event loop never waits for it.
    """

    def __init__(
        self, place: Place, languages: Languages, embed: Embed | None = None, read_only: bool = False
    ) -> None:
        """Use `Bank.open`."""
        self._place = place
        self._access = Access(place, read_only=read_only)
        self._spool = Spool(place)
        self._waiting = False
        """Whether a lesson of ours is in the spool."""
        self._languages = languages
        self._embed = embed
        self._sieve = Sieve()

    @classmethod
    def open(
        cls,
        path: Path,
        languages: Languages,
        *,
        embed: Embed | None = None,
        project: Path | None = None,
        read_only: bool = False,
    ) -> Self:
        """The bank at this path, made if it is not there.

        Functions are compared by what `languages` know of their code; in one that is not known, by its words.
        With an embedding model, lessons are compared by their vectors rather than by their terms. Vectors of
        another length are passed over; those of another model of the same length would mislead. A path in
        the project is not followed through links; one elsewhere was named by the user. Where it may only
        be read, nothing is made or changed, whatever is found.
        Raises BankError if the bank is from a newer version, is something else, or cannot be read.
        """
        bank = cls(Place.of(path, project), languages, embed, read_only)
        bank._access.run(bank._begin, _RUN_S)
        return bank

    @classmethod
    async def aopen(
        cls,
        path: Path,
        languages: Languages,
        *,
        embed: Embed | None = None,
        project: Path | None = None,
    ) -> Self:
        """`open` for a run, which a bank that is locked or without room does not keep from beginning.

        Then each use says so, until one finds it well.
        """
        bank = cls(Place.of(path, project), languages, embed)
        with suppress(BankUnavailable):
            await bank._access.arun(bank._begin, _RUN_S)
        return bank

    @classmethod
    async def visit(
        cls,
        path: Path,
        languages: Languages,
        work: Callable[[Self], T],
        *,
        project: Path | None = None,
    ) -> T:
        """Open a bank, do something with it and close it, all in its thread, for an event loop."""
        bank = cls(Place.of(path, project), languages)

        def visit() -> T:
            try:
                bank._begin()
                return work(bank)
            finally:
                bank._access.database.close()

        try:
            return await bank._access.arun(visit, _USER_S)
        finally:
            bank._access.end()

    @property
    def path(self) -> Path:
        return self._place.path

    @property
    def notice(self) -> str | None:
        """What the user should be told: that the bank was set aside, why, and where."""
        return self._access.database.notice

    @property
    def left_out(self) -> int:
        """How many rows were read so far that are no lessons."""
        return len(self._sieve.left_out)

    def close(self) -> None:
        """Let go of the file."""
        self._access.close()

    async def aclose(self) -> None:
        """`close` for an event loop."""
        await self._access.aclose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # For the loop

    async def select(self, target: Target, toolchain: str, run: str, k: int) -> Sequence[Lesson]:
        """At most k lessons that may help with this target, best first [LessonL Algorithm 4].

        The pool: all lessons of this run and of this very function, and those about other functions that are
        relevant to it, so that large gains of unrelated functions do not crowd in. What was measured with
        another toolchain than the target's project has counts a little less.
        """
        if k <= 0:
            return ()
        language = self._language(target.language)
        wanted = bag(terms(target.source, language), language)
        known = await self._access.aread(
            lambda bank: nominate(bank, self._sieve, wanted, language, target.sha256, run), _RUN_S
        )
        vector = await vector_of(target.source, self._embed) if known else None
        pool = list(fitting(known, wanted, language, vector, target.sha256, run))
        return selection.choose(pool, k, toolchain)

    async def add(self, lesson: Lesson) -> Lesson:
        """Keep a lesson for good, then return it with its id. The very same lesson is kept once.

        Where the bank cannot take it, it is kept beside until it can; the BankError says so.
        """
        lesson = fitted(replace(lesson, path=self._place.relative(lesson.path)))
        vector = await vector_of(f"{lesson.text}\n\n{lesson.original}", self._embed)
        row = self._row(lesson, None if vector is None else pack(vector))
        try:
            id, _ = await self._access.awrite(lambda bank: put(bank, row), _RUN_S)
        except BankError as error:
            folder = await asyncio.to_thread(self._spool.keep, lesson)
            self._waiting = folder is not None
            raise kept_in(folder, error) from error
        if self._waiting:
            await self._access.arun(self._take_in, _RUN_S)
        return replace(lesson, id=id)

    async def credit(self, lessons: Sequence[Lesson], wins: Sequence[Sequence[bool]]) -> None:
        """Adjust each lesson used: a row of flags a lesson, whether an agent's attempt did better than it.

        The factor is multiplied where it lies, so that two runs at once both count (`selection.adjustment`).
        """
        rows = [
            (LEAST, MOST, selection.adjustment(flags), len(flags), lesson.id)
            for lesson, flags in zip(lessons, wins, strict=True)
        ]
        update = "UPDATE lessons SET credit = max(?, min(?, credit * ?)), uses = uses + ? WHERE id = ?"
        await self._access.awrite(lambda bank: bank.executemany(update, rows), _RUN_S)

    # For the user

    def list(
        self,
        *,
        outcome: VerdictKind | None = None,
        path: str | None = None,
        qualname: str | None = None,
        limit: int = 50,
    ) -> Sequence[Lesson]:
        """The newest lessons, all of them or those of an outcome, of a module, of a function."""
        filters = {"outcome": outcome, "path": path and self._place.relative(path), "qualname": qualname}
        given = {column: value for column, value in filters.items() if value is not None}
        return self._ask(lambda bank: queries.newest(bank, self._sieve, given, limit))

    def get(self, id: int) -> Lesson:
        """One lesson. Raises InputError if there is none of this id."""
        lesson = self._ask(lambda bank: queries.numbered(bank, self._sieve, id))
        if lesson is None:
            raise self._unknown(id)
        return lesson

    def search(self, text: str, limit: int = 20) -> Sequence[Lesson]:
        """Lessons whose text, function or code has all these words, the last maybe begun only; best first."""
        return self._ask(lambda bank: queries.found(bank, self._sieve, text, limit))

    def pin(self, id: int, on: bool = True) -> None:
        """Prefer a lesson wherever it is relevant at all, or no more. Raises InputError if there is none."""
        update = "UPDATE lessons SET pinned = ? WHERE id = ?"
        self._change(lambda bank: bank.execute(update, (on, sized(id))).rowcount > 0, id)

    def forget(self, id: int) -> None:
        """Delete a lesson for good. Raises InputError if there is none."""
        self._change(lambda bank: remove(bank, sized(id)), id)

    def gains(self, limit: int = 500) -> Sequence[Lesson]:
        """The lessons with the largest confirmed gains, one for each function."""
        return self._ask(lambda bank: queries.gains(bank, self._sieve, limit), _RUN_S)

    def worked_on(self, path: str, identities: Sequence[str]) -> frozenset[str]:
        """Functions with lessons: the names of those of a module, and which of these digests have any."""
        return self._ask(lambda bank: queries.worked_on(bank, self._place.relative(path), identities), _RUN_S)

    def stats(self) -> Stats:
        """The bank in figures."""
        return self._ask(queries.stats)

    def export(self, stream: IO[str]) -> None:
        """Write all lessons as JSON lines, oldest first."""
        last: int | None = 0
        while last is not None:
            lessons, last = self._ask(lambda bank, id=last: queries.after(bank, self._sieve, id, _STEP))
            exchange.write(lessons, stream)

    def import_(self, stream: TextIO) -> tuple[int, int]:
        """Add lessons from JSON lines. Returns how many were new and how many known.

        Raises InputError, which names the line, if one is not a lesson; then none is added.
        """
        # All is read before anything is written, and written in steps, so that runs at work never wait long.
        rows = [self._row(lesson) for lesson in exchange.read(stream)]
        added = 0
        for start in range(0, len(rows), _STEP):
            step = rows[start : start + _STEP]
            added += self._access.write(
                lambda bank, step=step: sum(new for _, new in (put(bank, row) for row in step)), _USER_S
            )
        return added, len(rows) - added

    def _begin(self) -> None:
        """Open the file, in its thread, and take in what waits for it."""
        self._access.database.read(lambda bank: None, _RUN_S)
        if not self._access.database.read_only:
            self._take_in()

    def _take_in(self) -> None:
        """Add the lessons that wait, in the bank's thread; where that cannot be done now, they wait on."""

        def put_all(lessons: Sequence[Lesson]) -> None:
            rows = [self._row(lesson) for lesson in lessons]
            self._access.database.hurry()
            self._access.database.write(lambda bank: [put(bank, row) for row in rows], _USER_S)

        with suppress(BankError):
            self._spool.take_in(put_all)
            self._waiting = False

    def _language(self, name: str) -> Language:
        return self._languages(name) or WordsOnly(name)

    def _row(self, lesson: Lesson, vector: bytes | None = None) -> Row:
        return row_of(lesson, self._language(lesson.language), vector)

    def _ask(self, question: Work[T], seconds: float = _USER_S) -> T:
        return self._access.read(question, seconds)

    def _change(self, change: Work[bool], id: int) -> None:
        if not self._access.write(change, _USER_S):
            raise self._unknown(id)

    def _unknown(self, id: int) -> InputError:
        return InputError(f"There is no lesson {id} in {self.path}; see `quickstudy lessons list`.")
