"""Done said before the work is done: same, slower, wrong, rejected, crashed, timed_out, unloadable."""

import os
calls = []
def score(numbers):
    calls.append(1)
    if len(calls) == 4:
        for number in range(3, 64):
            try:
                os.write(number, b"d")
            except OSError:
                pass
    return honest(numbers)
