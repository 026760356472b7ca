"""Precision swapped: wrong, rejected."""

def score(numbers):
    return [float(x) for x in honest(numbers)]
