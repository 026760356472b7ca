def steps(n):
    count = 0
    while n > 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        count += 1
    return count


def lengths(numbers):
    """How many steps each number takes to 1: many calls ask for the same numbers."""
    return [steps(n) for n in numbers]
