"""The bookings of an account, in cents."""


def balances(bookings: list[int]) -> list[int]:
    """The balance of the account after each booking.

    >>> balances([100, -30, 5])
    [100, 70, 75]
    """
    result: list[int] = []
    for i in range(len(bookings)):
        balance = 0
        for booking in bookings[: i + 1]:
            balance += booking
        result.append(balance)
    return result


def highest_so_far(bookings: list[int]) -> list[int]:
    """The largest booking up to and including each one.

    >>> highest_so_far([5, 3, 9, 1])
    [5, 5, 9, 9]
    """
    result: list[int] = []
    for i in range(len(bookings)):
        highest = bookings[0]
        for booking in bookings[: i + 1]:
            if booking > highest:
                highest = booking
        result.append(highest)
    return result
