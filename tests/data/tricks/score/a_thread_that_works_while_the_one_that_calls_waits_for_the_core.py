"""A thread that works while the one that calls waits for the core: same, slower, wrong, rejected."""

import threading
def score(numbers):
    found = []
    worker = threading.Thread(target=lambda: found.append(honest(numbers)))
    worker.start()
    while worker.is_alive():
        pass
    return found[0]
