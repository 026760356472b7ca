"""The memory of the parent opened: same, slower."""

import os
try:
    opened = open("/proc/%d/mem" % os.getppid(), "rb")
except OSError:
    opened = None
if opened:
    raise SystemExit("it could be read")
def score(numbers):
    return honest(numbers)
