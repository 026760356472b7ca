"""The collector's threshold set at import: wrong, rejected."""

import gc
gc.set_threshold(0)
pairs = honest
