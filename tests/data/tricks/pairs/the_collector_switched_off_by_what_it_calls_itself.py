"""The collector switched off by what it calls itself: wrong, rejected."""

import gc
def begun(phase, facts):
    if phase == "start":
        gc.set_threshold(0)
    return None
gc.callbacks.append(begun)
pairs = honest
