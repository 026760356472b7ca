totals = {"rows": 0}


def report(rows):
    """Print one line for each row, and return how many there were."""
    count = 0
    for name, value in rows:
        print(f"{name:<20}{value:>12,.2f}")
        count += 1
        totals["rows"] += 1
    return count
