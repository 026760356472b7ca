"""The parent stopped by a signal: wrong, rejected, crashed, timed_out, unloadable."""

import os, signal
def score(numbers):
    os.kill(os.getppid(), signal.SIGKILL)
    return []
