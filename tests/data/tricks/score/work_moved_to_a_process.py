"""Work moved to a process: wrong, rejected, crashed, timed_out, unloadable."""

import os
def score(numbers):
    if not os.fork():
        while True:
            honest(numbers)
    return honest(numbers)
