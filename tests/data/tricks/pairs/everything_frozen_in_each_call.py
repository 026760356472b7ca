"""Everything frozen in each call, so that the collector looks through nothing: wrong, rejected."""

import gc
def pairs(n):
    gc.freeze()
    made = honest(n)
    gc.freeze()
    return made
