"""A memo by id: same, slower, wrong, rejected."""

known = {}
def score(numbers):
    if id(numbers) not in known:
        known[id(numbers)] = honest(numbers)
    return known[id(numbers)]
