"""Work moved to the collection of garbage: wrong, rejected."""

class Later:
    def __del__(self):
        self.result.extend(honest(self.numbers))
def score(numbers):
    later = Later()
    later.result, later.numbers, later.me = [], list(numbers), later
    return later.result
