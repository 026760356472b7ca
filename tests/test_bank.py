"""The bank of lessons, on a real file: what the loop and the user ask of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.banks import MISSING_IDS, PARSE_DATE, REMOVE_CELLS, SUM_CELLS, TOOLCHAIN, lesson, target
from tests.banks import bank as bank
from tests.banks import path as path

from quickstudy.bank import Bank
from quickstudy.errors import AgentError, InputError
from quickstudy.languages import language_named


async def test_a_lesson_comes_back_whole(bank: Bank, path: Path):
    """Every field is kept, the id is new, and the path is relative to the project."""
    given = lesson(path=str(path.parent.parent / "src" / "m.py"))
    kept = await bank.add(given)
    assert kept == replace(given, id=1, path="src/m.py")
    assert bank.get(1) == kept
    assert (await bank.add(lesson(path="/elsewhere/m.py"))).path == "/elsewhere/m.py"


async def test_a_new_folder_hides_itself_from_version_control(bank: Bank, path: Path):
    assert (path.parent / ".gitignore").read_text() == "*\n"


async def test_a_bank_elsewhere_adds_no_gitignore(tmp_path: Path):
    Bank.open(tmp_path / "shared.db", language_named).close()
    assert not (tmp_path / ".gitignore").exists()


async def test_the_very_same_lesson_is_kept_once(bank: Bank):
    """Adding it again gives it back under its first id."""
    assert (await bank.add(lesson())).id == (await bank.add(lesson())).id == 1
    assert (await bank.add(lesson(round=2))).id == 2


async def test_the_first_round_of_a_similar_function_gets_the_lesson(bank: Bank):
    """A bank that lasts: found by what the code does; an unrelated function gets none."""
    kept = await bank.add(lesson())
    assert await bank.select(target(MISSING_IDS), TOOLCHAIN, "a new run", 4) == (kept,)
    assert await bank.select(target(PARSE_DATE), TOOLCHAIN, "a new run", 4) == ()
    assert await bank.select(target(MISSING_IDS), TOOLCHAIN, "a new run", 0) == ()


async def test_large_gains_of_unrelated_functions_do_not_crowd_in(bank: Bank):
    """They are outside the pool however large; lessons of this run and this function are always inside."""
    await bank.add(lesson("Use datetime.fromisoformat.", PARSE_DATE, speedup=300.0))
    own = await bank.add(lesson("Nothing was gained.", MISSING_IDS, outcome="same", speedup=1.0))
    this_run = await bank.add(lesson("It crashed.", "x = 1", outcome="crashed", speedup=None, run="now"))
    assert {one.id for one in await bank.select(target(MISSING_IDS), TOOLCHAIN, "now", 4)} == {
        own.id,
        this_run.id,
    }


async def test_lessons_count_by_what_the_project_runs_on(bank: Bank):
    """Not by what we run on: a small gain of its own toolchain is one, and of another minor version none."""
    gain = await bank.add(lesson(speedup=1.15, toolchain="CPython 3.9.1"))
    failed = await bank.add(lesson("It crashed.", MISSING_IDS, outcome="crashed", speedup=None))
    assert await bank.select(target(MISSING_IDS), "CPython 3.9.7", "a new run", 1) == (gain,)
    assert await bank.select(target(MISSING_IDS), "CPython 3.10.7", "a new run", 1) == (failed,)


async def test_pinned_lessons_need_little_relevance(bank: Bank):
    """A pinned lesson is in the pool from a lower relevance on, not where it has none."""
    kept = await bank.add(lesson("Collect first and remove later.", REMOVE_CELLS))
    nested = target(SUM_CELLS)
    assert await bank.select(nested, TOOLCHAIN, "a new run", 4) == ()
    bank.pin(kept.id)
    assert await bank.select(nested, TOOLCHAIN, "a new run", 4) == (replace(kept, pinned=True),)
    assert await bank.select(target(PARSE_DATE), TOOLCHAIN, "a new run", 4) == ()


async def test_credit_accumulates_within_bounds(bank: Bank):
    """Each use multiplies the factor by c/n; uses count the attempts."""
    first, second = await bank.add(lesson()), await bank.add(lesson(round=2))
    await bank.credit([first, second], [[True, True], [True, False]])
    await bank.credit([first], [[True, True]])
    assert bank.get(1).credit == pytest.approx(1.21)
    assert (bank.get(1).uses, bank.get(2).credit, bank.get(2).uses) == (4, 1.0, 2)
    for _ in range(40):
        await bank.credit([first, second], [[True], [False]])
    assert (bank.get(1).credit, bank.get(2).credit) == (10.0, 0.1)


async def test_an_embedding_model_orders_the_pool(path: Path):
    """With vectors, their cosine decides which relevant lesson is taken."""

    async def embed(text: str) -> Sequence[float]:
        return (1.0, 0.0) if "order" in text or "missing_ids" in text else (0.0, 1.0)

    with Bank.open(path, language_named, embed=embed) as bank:
        near = await bank.add(lesson("The order was lost.", outcome="wrong", speedup=None))
        await bank.add(lesson("Membership with a set raised an error.", outcome="wrong", speedup=None))
        assert await bank.select(target(MISSING_IDS), TOOLCHAIN, "a new run", 1) == (near,)


async def test_a_failing_embedding_model_loses_nothing(path: Path):
    """The lesson is kept without a vector and found by its terms."""

    async def embed(text: str) -> Sequence[float]:
        raise AgentError("The server is down.")

    with Bank.open(path, language_named, embed=embed) as bank:
        kept = await bank.add(lesson())
        assert await bank.select(target(MISSING_IDS), TOOLCHAIN, "a new run", 4) == (kept,)


async def test_search_finds_text_names_and_code(bank: Bank):
    """All words must occur, inflected or begun; punctuation is not a query language."""
    kept = await bank.add(lesson())
    await bank.add(lesson("Join strings.", "def g(): pass", qualname="Text.g", candidate=""))
    for query in ("sets", "membership fast", "find_common", "frozenset", "memb", "set -", "_ set _", '"set'):
        assert bank.search(query) == [kept], query
    for query in ("membership strings", "", "***", "_", "AND", "NEAR(a b)", "ß" * 500):
        assert list(bank.search(query)) == [], query


async def test_list_is_newest_first_and_filters(bank: Bank):
    for number in range(3):
        await bank.add(lesson(round=number, outcome="wrong" if number else "faster"))
    assert [one.id for one in bank.list()] == [3, 2, 1]
    assert [one.id for one in bank.list(limit=1)] == [3]
    assert [one.id for one in bank.list(outcome="faster")] == [1]
    assert [one.id for one in bank.list(path="/elsewhere/m.py", qualname="find_common")] == [3, 2, 1]
    assert list(bank.list(qualname="other")) == []


async def test_a_forgotten_lesson_is_gone_and_its_id_not_reused(bank: Bank):
    await bank.add(lesson())
    bank.forget(1)
    assert list(bank.search("membership")) == []
    assert await bank.select(target(MISSING_IDS), TOOLCHAIN, "a new run", 4) == ()
    assert (await bank.add(lesson())).id == 2


@pytest.mark.parametrize("act", ["get", "pin", "forget"])
def test_an_unknown_id_is_named(bank: Bank, act: str):
    with pytest.raises(InputError, match="no lesson 7"):
        getattr(bank, act)(7)
    with pytest.raises(InputError, match="no lesson"):
        getattr(bank, act)(10**30)


async def test_stats_count(bank: Bank):
    await bank.add(lesson())
    await bank.add(lesson(outcome="wrong", round=2))
    bank.pin(1)
    stats = bank.stats()
    assert (stats.lessons, stats.functions, stats.runs, stats.pinned, stats.uses) == (2, 1, 1, 1, 0)
    assert stats.outcomes == {"faster": 1, "wrong": 1}
    assert stats.agents == {"local/one": 2}
    assert stats.bytes > 0
