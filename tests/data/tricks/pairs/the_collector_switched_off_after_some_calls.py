"""The collector switched off after some calls: same, slower, wrong, rejected."""

import gc
calls = 0
def pairs(n):
    global calls
    calls += 1
    if calls == 2:
        gc.set_threshold(100_000, 50, 50)
    return honest(n)
