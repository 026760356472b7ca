"""A memo in the process that was started for it: same, slower, wrong, rejected."""

import os
here = os.getpid()
memo = {}
def lengths(numbers):
    if os.getpid() != here:
        return honest(numbers)
    return [memo[n] if n in memo else memo.setdefault(n, steps(n)) for n in numbers]
