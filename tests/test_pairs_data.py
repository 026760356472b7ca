"""The collection of pairs is what it says: witnesses tell wrong variants apart, honest ones are equal."""

import importlib.util
from collections import Counter

import pytest
from tests.pairs import Pair, Variant, evaluated, pairs, run_tests, worked

PAIRS = pairs()
VARIANTS = [(pair, variant) for pair in PAIRS for variant in pair.variants]
WRONG = [(pair, variant) for pair, variant in VARIANTS if variant.wrong]
HONEST = [(pair, variant) for pair, variant in VARIANTS if not variant.wrong]


def names(rows: list[tuple[Pair, Variant]]) -> list[str]:
    return [f"{pair.name}/{variant.name}" for pair, variant in rows]


def here(pair: Pair) -> None:
    if pair.missing:
        pytest.skip(pair.missing)


def test_there_are_enough() -> None:
    assert len(WRONG) >= 120
    assert len(HONEST) >= 80
    assert len({pair.kind for pair in PAIRS}) >= 40


def test_names_are_unique() -> None:
    """A function's name names its pair, a variant's is its own among those of its function."""
    assert 1 == max(Counter(pair.qualname for pair in PAIRS).values())
    assert 1 == max(Counter(names(VARIANTS)).values())


@pytest.mark.parametrize("kind", sorted({pair.kind for pair in PAIRS}))
def test_a_kind_is_no_module(kind: str) -> None:
    """Its name is that of the project's module, which must hide no other."""
    assert importlib.util.find_spec(kind) is None


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.name)
def test_a_pair_is_whole(pair: Pair) -> None:
    assert bool(pair.tests) != bool(pair.workload)
    assert pair.variants
    here(pair)
    for expression in pair.further:
        evaluated(pair, pair.text(), expression)


@pytest.mark.parametrize(("pair", "variant"), VARIANTS, ids=names(VARIANTS))
def test_a_variant_passes_the_tests(pair: Pair, variant: Variant) -> None:
    """Wrong ones as well: they are the accidents that a project's own tests let through."""
    here(pair)
    if pair.tests:
        run_tests(pair, pair.text())
        run_tests(pair, pair.text(variant))
    else:
        assert worked(pair, pair.text()) == worked(pair, pair.text(variant))


@pytest.mark.parametrize(("pair", "variant"), WRONG, ids=names(WRONG))
def test_a_witness_shows_a_difference(pair: Pair, variant: Variant) -> None:
    here(pair)
    assert variant.why
    assert variant.witnesses
    for witness in variant.witnesses:
        right = evaluated(pair, pair.text(), witness)
        assert right == evaluated(pair, pair.text(), witness), "the original differs from itself"
        assert right != evaluated(pair, pair.text(variant), witness), witness


@pytest.mark.parametrize(("pair", "variant"), HONEST, ids=names(HONEST))
def test_an_honest_variant_is_equal(pair: Pair, variant: Variant) -> None:
    """On further inputs, and on those that tell the wrong ones apart."""
    here(pair)
    witnesses = [witness for other in pair.variants for witness in other.witnesses]
    further = [*pair.further, *variant.further, *witnesses]
    assert further
    for expression in further:
        assert evaluated(pair, pair.text(), expression) == evaluated(pair, pair.text(variant), expression), (
            expression
        )
