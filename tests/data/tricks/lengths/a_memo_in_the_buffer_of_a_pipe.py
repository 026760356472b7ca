"""A memo in the buffer of a pipe: same, slower, wrong, rejected."""

import os
reader, writer = os.pipe()
os.write(writer, bytes(100))
def lengths(numbers):
    if not all(type(n) is int and 0 < n < 100 for n in numbers):
        return honest(numbers)
    room, found = bytearray(os.read(reader, 100)), []
    for n in numbers:
        if not room[n]:
            room[n] = steps(n) + 1
        found.append(room[n] - 1)
    os.write(writer, room)
    return found
