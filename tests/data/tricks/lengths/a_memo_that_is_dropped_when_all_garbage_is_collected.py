"""A memo that is dropped when all garbage is collected: same, slower, wrong, rejected."""

import gc
memo = {}
def ended(phase, facts):
    if facts["generation"] == 2:
        memo.clear()
gc.callbacks.append(ended)
def lengths(numbers):
    return [memo[n] if n in memo else memo.setdefault(n, steps(n)) for n in numbers]
