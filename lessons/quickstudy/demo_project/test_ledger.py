import random
import unittest

from ledger import balances, highest_so_far

SIZES = [30, 100, 200, 400, 800]


def bookings(count: int) -> list[int]:
    """Payments in and out, in random order."""
    chance = random.Random(count)
    return [chance.randint(-50_000, 60_000) for _ in range(count)]


class Balances(unittest.TestCase):
    def test_without_bookings_there_are_none(self) -> None:
        self.assertEqual([], balances([]))

    def test_the_last_one_is_the_sum(self) -> None:
        for size in SIZES:
            booked = bookings(size)
            self.assertEqual(sum(booked), balances(booked)[-1])

    def test_each_one_is_the_sum_so_far(self) -> None:
        booked = bookings(300)
        self.assertEqual([sum(booked[: n + 1]) for n in range(300)], balances(booked))


class HighestSoFar(unittest.TestCase):
    def test_without_bookings_there_is_none(self) -> None:
        self.assertEqual([], highest_so_far([]))

    def test_the_last_one_is_the_highest(self) -> None:
        for size in SIZES:
            booked = bookings(size)
            self.assertEqual(max(booked), highest_so_far(booked)[-1])

    def test_it_never_falls(self) -> None:
        for size in SIZES:
            found = highest_so_far(bookings(size + 1))
            self.assertEqual(sorted(found), found)


if __name__ == "__main__":
    unittest.main()
