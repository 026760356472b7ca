"""Work moved to the end of the process: wrong, rejected."""

import atexit
def score(numbers):
    result = []
    atexit.register(lambda: result.extend(honest(numbers)))
    return result
