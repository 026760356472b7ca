"""The collector switched off for good: wrong, rejected."""

import gc
def score(numbers):
    gc.disable()
    return honest(numbers)
