"""A memo after some calls: same, slower, wrong, rejected."""

memo = {}
calls = 0
def lengths(numbers):
    global calls
    calls += 1
    if calls < 20:
        return honest(numbers)
    return [memo[n] if n in memo else memo.setdefault(n, steps(n)) for n in numbers]
