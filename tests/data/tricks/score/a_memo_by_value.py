"""A memo by value: same, slower."""

known = {}
def score(numbers):
    key = tuple(numbers)
    if key not in known:
        known[key] = honest(numbers)
    return list(known[key])
