"""A generator in place of a list: wrong, rejected."""

def score(numbers):
    return (x for x in honest(numbers))
