"""Random numbers: what is drawn, in which order, and what state is left."""

# %% original sample_names
import random


def sample_names(names, count, rng=random):
    """So many names by chance, none twice: one draw of `rng.randrange` for each, among those that are left."""
    left = list(names)
    out = []
    while len(out) < count and len(left) > 0:
        place = rng.randrange(len(left))
        out = out + [left[place]]
        left = left[:place] + left[place + 1 :]
    return out

# %% tests
import random

from chance import sample_names


def test_sample():
    names = [f"n{n}" for n in range(400)]
    found = sample_names(names, 300)
    assert len(set(found)) == 300
    assert sample_names([], 3) == []
    assert set(sample_names("ab", 9)) == {"a", "b"}


def test_sizes():
    for size in (200, 250, 350):
        assert sample_names([str(n) for n in range(400)], size) is not None

# %% help
import random


def seeded(names, count, seed=7):
    random.seed(seed)
    return sample_names(names, count), random.random()


def own(names, count):
    rng = random.Random(3)
    random.seed(1)
    return sample_names(names, count, rng), rng.random(), random.random()


# %% further
seeded("abcdef", 0)
seeded("a", 1)
sample_names([1], -1)

# %% wrong sample
# why: random.sample draws otherwise, and raises ValueError for more than there are
# witness: seeded("abcdefgh", 4)
# witness: own("abcdefgh", 4)
def sample_names(names, count, rng=random):
    """So many names by chance, none twice: one draw of `rng.randrange` for each, among those that are left."""
    names = list(names)
    return rng.sample(names, min(max(count, 0), len(names)))

# %% wrong shuffled
# why: all names are shuffled, which draws once for each of them
# witness: seeded("abcdefgh", 2)
def sample_names(names, count, rng=random):
    """So many names by chance, none twice: one draw of `rng.randrange` for each, among those that are left."""
    left = list(names)
    rng.shuffle(left)
    return left[: max(count, 0)]

# %% wrong swapped_with_last
# why: the last takes the place of the one drawn, so that later draws find another
# witness: seeded("abcdefgh", 4)
def sample_names(names, count, rng=random):
    """So many names by chance, none twice: one draw of `rng.randrange` for each, among those that are left."""
    left = list(names)
    out = []
    for _ in range(min(count, len(left))):
        place = rng.randrange(len(left))
        left[place], left[-1] = left[-1], left[place]
        out.append(left.pop())
    return out

# %% wrong generator_ignored
# why: the generator given is not used
# witness: own("abcdefgh", 4)
def sample_names(names, count, rng=random):
    """So many names by chance, none twice: one draw of `rng.randrange` for each, among those that are left."""
    left = list(names)
    draw = random.randrange
    return [left.pop(draw(len(left))) for _ in range(min(count, len(left)))]

# %% honest pop
# further: (seeded("abcdefgh", 5), own("abcdefgh", 3), seeded("abc", 9))
def sample_names(names, count, rng=random):
    """So many names by chance, none twice: one draw of `rng.randrange` for each, among those that are left."""
    left = list(names)
    draw = rng.randrange
    return [left.pop(draw(len(left))) for _ in range(min(count, len(left)))]

# %% original estimate
import random


def estimate(rounds: int, seed: int = 0) -> float:
    """Pi by so many random points, from a generator with the seed; x is drawn before y, 0.0 without points."""
    random.seed(seed)
    points = []
    for _ in range(rounds):
        x = random.random()
        y = random.random()
        points.append((x, y))
    inside = []
    for place in range(len(points)):
        if points[place][0] ** 2 + points[place][1] ** 2 <= 1.0:
            inside.append(points[place])
    return 4 * len(inside) / len(points) if points else 0.0

# %% workload
def workload():
    for rounds in (0, 1, 10, 500, 3000):
        yield (rounds,)

# %% help
import random


def after(rounds, *seed):
    random.seed(99)
    return estimate(rounds, *seed), random.random()


# %% further
estimate(100, 5)
estimate(-1)

# %% wrong own_generator
# why: the module's generator is left as it was, where the original sets it
# witness: after(10)
def estimate(rounds: int, seed: int = 0) -> float:
    """Pi by so many random points, from a generator with the seed; x is drawn before y, 0.0 without points."""
    draw = random.Random(seed).random
    inside = sum([draw() ** 2 + draw() ** 2 <= 1.0 for _ in range(rounds)])
    return 4 * inside / rounds if rounds > 0 else 0.0

# %% wrong seed_ignored
# why: always seed 0
# witness: after(50, 5)
def estimate(rounds: int, seed: int = 0) -> float:
    """Pi by so many random points, from a generator with the seed; x is drawn before y, 0.0 without points."""
    random.seed(0)
    draw = random.random
    inside = 0
    for _ in range(rounds):
        x, y = draw(), draw()
        if x * x + y * y <= 1.0:
            inside += 1
    return 4 * inside / rounds if rounds > 0 else 0.0

# %% honest counted
# further: [after(n, n) for n in (0, 3, 77)]
def estimate(rounds: int, seed: int = 0) -> float:
    """Pi by so many random points, from a generator with the seed; x is drawn before y, 0.0 without points."""
    random.seed(seed)
    draw = random.random
    inside = 0
    for _ in range(rounds):
        if draw() ** 2 + draw() ** 2 <= 1.0:
            inside += 1
    return 4 * inside / rounds if rounds > 0 else 0.0
