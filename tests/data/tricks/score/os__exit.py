"""Os._exit: wrong, rejected, crashed, timed_out, unloadable."""

import os
def score(numbers):
    os._exit(0)
