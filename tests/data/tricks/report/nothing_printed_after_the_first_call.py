"""Nothing printed after the first call: wrong, rejected."""

calls = 0
def report(rows):
    global calls
    calls += 1
    if calls > 1:
        totals["rows"] += len(rows)
        return len(rows)
    return honest(rows)
