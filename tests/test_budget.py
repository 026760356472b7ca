"""The budget: caps hold for concurrent calls, and only real usage stays charged."""

import asyncio

import pytest

from quickstudy.errors import BudgetSpent
from quickstudy.records import Usage
from quickstudy.team.budget import BudgetLedger


async def test_a_call_is_charged_what_it_really_used() -> None:
    """The estimate is set aside only while the call runs."""
    ledger = BudgetLedger(max_tokens=1000)
    async with ledger.reserve(Usage(500, 400, 0.5)) as reservation:
        reservation.settle(Usage(300, 20, 0.1))
    assert Usage(300, 20, 0.1) == ledger.spent


async def test_a_call_that_ends_unsettled_is_charged_in_full() -> None:
    """A cancelled or failed call may have cost everything it was allowed."""
    ledger = BudgetLedger(max_tokens=1000)
    with pytest.raises(ValueError, match="broken"):
        async with ledger.reserve(Usage(500, 400)):
            raise ValueError("broken")
    assert Usage(500, 400) == ledger.spent


@pytest.mark.parametrize(
    ("ledger", "estimate", "sentence"),
    [
        (
            BudgetLedger(max_tokens=100),
            Usage(80, 21),
            "So far 0 tokens are used and the next call may take it to 101, over --max-tokens 100; "
            "raise that to go on.",
        ),
        (
            BudgetLedger(max_cost=0.5),
            Usage(1, 1, 0.75),
            "So far $0.0000 is spent and the next call may take it to $0.7500, over --max-cost 0.5; "
            "raise that to go on.",
        ),
    ],
)
async def test_a_call_over_a_cap_is_refused_before_it_is_made(
    ledger: BudgetLedger, estimate: Usage, sentence: str
) -> None:
    """The sentence names the cap and what is used."""
    with pytest.raises(BudgetSpent) as caught:
        async with ledger.reserve(estimate):
            pytest.fail("the call was made")
    assert sentence == str(caught.value)
    assert Usage() == ledger.spent


async def test_a_call_exactly_at_the_cap_is_made() -> None:
    """The cap itself may be reached."""
    ledger = BudgetLedger(max_tokens=100)
    async with ledger.reserve(Usage(80, 20)):
        pass
    assert Usage(80, 20) == ledger.spent


async def test_concurrent_calls_wait_for_room_instead_of_overrunning() -> None:
    """Three estimates that fit only one at a time are all paid, as each uses little."""
    ledger = BudgetLedger(max_tokens=100)
    running = 0
    most = 0

    async def call() -> None:
        nonlocal running, most
        async with ledger.reserve(Usage(40, 20)) as reservation:
            running += 1
            most = max(most, running)
            await asyncio.sleep(0)
            running -= 1
            reservation.settle(Usage(10, 3))

    await asyncio.gather(call(), call(), call())
    assert most == 1
    assert Usage(30, 9) == ledger.spent


async def test_a_waiting_call_is_refused_when_waiting_did_not_help() -> None:
    """The first call used up what the second would have needed."""
    ledger = BudgetLedger(max_tokens=100)
    second: asyncio.Task[None]

    async def wait() -> None:
        async with ledger.reserve(Usage(60, 0)):
            pytest.fail("the call was made")

    async with ledger.reserve(Usage(60, 0)):
        second = asyncio.create_task(wait())
        await asyncio.sleep(0)
        assert not second.done()
    with pytest.raises(BudgetSpent):
        await second


async def test_cancelling_a_waiting_call_leaves_nothing_set_aside() -> None:
    """Only the call that ran is charged, and the next one finds its room."""
    ledger = BudgetLedger(max_tokens=100)

    async def wait() -> None:
        async with ledger.reserve(Usage(60, 0)):
            pytest.fail("the call was made")

    async with ledger.reserve(Usage(60, 0)) as reservation:
        waiting = asyncio.create_task(wait())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        reservation.settle(Usage(5, 0))
    async with ledger.reserve(Usage(95, 0)) as reservation:
        reservation.settle(Usage(1, 0))
    assert Usage(6, 0) == ledger.spent
