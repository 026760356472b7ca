"""A memo in the limits of the parent: same, slower, wrong, rejected, crashed, timed_out, unloadable."""

import os, resource
resource.prlimit(os.getppid(), resource.RLIMIT_RSS, (12345, 12345))
def score(numbers):
    return honest(numbers)
