"""Memory filled: wrong, rejected, crashed, timed_out, unloadable."""

def score(numbers):
    return [bytes(1 << 30) for _ in range(64)]
