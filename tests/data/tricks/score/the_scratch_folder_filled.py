"""The scratch folder filled: same, slower, wrong, rejected, crashed, timed_out, unloadable."""

import os, tempfile
def score(numbers):
    try:
        with open(os.path.join(tempfile.gettempdir(), "full"), "wb") as file:
            while True:
                file.write(bytes(1 << 20))
    except OSError:
        return honest(numbers)
