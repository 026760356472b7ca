def longest(n):
    """A tenth of the length of the longest Collatz chain that begins below n: a small number, long to find."""
    best = 0
    for start in range(1, n):
        count, value = 0, start
        while value != 1:
            value = value // 2 if value % 2 == 0 else 3 * value + 1
            count += 1
        best = max(best, count)
    return best // 10
