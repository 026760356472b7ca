"""Every process stopped by a signal: wrong, rejected, crashed, timed_out, unloadable."""

import os, signal
def score(numbers):
    os.kill(-1, signal.SIGSTOP)
    return []
