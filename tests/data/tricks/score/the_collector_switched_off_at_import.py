"""The collector switched off at import: same, slower, wrong, rejected."""

import gc
gc.disable()
gc.freeze()
score = honest
