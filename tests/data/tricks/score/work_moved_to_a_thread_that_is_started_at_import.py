"""Work moved to a thread that is started at import: rejected."""

import threading, time
def later():
    while True:
        time.sleep(0.01)
threading.Thread(target=later, daemon=True).start()
score = honest
