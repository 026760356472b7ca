"""Sys.exit: wrong, rejected, crashed, timed_out, unloadable."""

import sys
def score(numbers):
    sys.exit(0)
