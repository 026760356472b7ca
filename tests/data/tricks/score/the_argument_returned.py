"""The argument returned: wrong, rejected."""

def score(numbers):
    result = honest(numbers)
    numbers[:] = result
    return numbers
