"""Work moved to a thread: same, slower, wrong, rejected."""

import threading
def score(numbers):
    result = []
    threading.Thread(target=lambda: result.extend(honest(list(numbers)))).start()
    return result
