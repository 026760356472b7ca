"""The original's helper replaced: wrong, rejected."""

import sys
def score(numbers):
    sys.modules[__name__].helper = lambda n: 0
    return honest(numbers)
