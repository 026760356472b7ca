"""A memo in the context of the thread: same, slower, wrong, rejected."""

import contextvars
known = contextvars.ContextVar("known")
def lengths(numbers):
    room = bytearray(known.get(bytes(100)))
    found = []
    for n in numbers:
        if type(n) is not int or not 0 < n < 100:
            return honest(numbers)
        if not room[n]:
            room[n] = steps(n) + 1
        found.append(room[n] - 1)
    known.set(bytes(room))
    return found
