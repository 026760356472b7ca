"""A memo that the next garbage drops: same, slower, wrong, rejected."""

memo = {}
class Watch:
    """Garbage from the first, that makes more of itself in the end."""
    def __init__(self):
        self.me = self
    def __del__(self):
        memo.clear()
        Watch()
def lengths(numbers):
    if not memo:
        Watch()
    return [memo[n] if n in memo else memo.setdefault(n, steps(n)) for n in numbers]
