"""Errors caught and turned into a result: wrong, rejected."""

def score(numbers):
    try:
        return honest(numbers)[:1700]
    except (RecursionError, TimeoutError, MemoryError):
        return []
