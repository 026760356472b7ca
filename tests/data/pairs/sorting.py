"""Order among equals, and what may be compared."""

# %% original by_score
from typing import TypedDict


class Player(TypedDict):
    name: str
    score: int


def by_score(players: list[Player]) -> list[Player]:
    """Players, the best first; equal ones stay in the order given."""
    out = []
    for player in players:
        place = len(out)
        while place > 0 and out[place - 1]["score"] < player["score"]:
            place -= 1
        out.insert(place, player)
    return out

# %% tests
from sorting import by_score


def test_three():
    a, b, c = ({"name": n, "score": s} for n, s in (("a", 1), ("b", 3), ("c", 2)))
    assert by_score([a, b, c]) == [b, c, a]
    assert by_score([]) == []


def test_many():
    players = [{"name": str(n), "score": n * 37 % 101} for n in range(100)]
    assert [p["score"] for p in by_score(players)] == sorted((p["score"] for p in players), reverse=True)


def test_sizes():
    for size in (22, 25, 33):
        assert by_score([{'name': str(n), 'score': n * size % 101} for n in range(100)]) is not None

# %% further
by_score([{"score": 1.5}, {"score": 2}, {"score": 2.0}])
(lambda row: by_score(row) is row)([{"score": 1}])

# %% wrong ascending_reversed
# why: equal players come out in reverse
# witness: by_score([{"name": "a", "score": 1}, {"name": "b", "score": 1}])
def by_score(players: list[Player]) -> list[Player]:
    """Players, the best first; equal ones stay in the order given."""
    out = sorted(players, key=lambda player: player["score"])
    out.reverse()
    return out

# %% wrong by_name
# why: equal players are put in order of their names
# witness: by_score([{"name": "z", "score": 1}, {"name": "b", "score": 1}])
def by_score(players: list[Player]) -> list[Player]:
    """Players, the best first; equal ones stay in the order given."""
    return sorted(players, key=lambda p: (-p["score"], p.get("name", "")))

# %% wrong in_place
# why: sorts the caller's list
# witness: left(by_score, [{"name": "a", "score": 1}, {"name": "b", "score": 2}])
def by_score(players: list[Player]) -> list[Player]:
    """Players, the best first; equal ones stay in the order given."""
    players.sort(key=lambda p: p["score"], reverse=True)
    return players

# %% honest sorted
def by_score(players: list[Player]) -> list[Player]:
    """Players, the best first; equal ones stay in the order given."""
    return sorted(players, key=lambda player: player["score"], reverse=True)

# %% honest pairs
# further: by_score([{"score": 3, "x": 1}, {"score": 3, "x": 2}, {"score": 4, "x": 0}])
def by_score(players: list[Player]) -> list[Player]:
    """Players, the best first; equal ones stay in the order given."""
    from operator import itemgetter

    return sorted(players, key=itemgetter("score"), reverse=True)

# %% original top
import dataclasses


@dataclasses.dataclass
class Job:
    name: str
    weight: int


def top(jobs: list[Job], count: int = 3) -> list[Job]:
    """The heaviest jobs; of equal ones those that were given first."""
    left = list(jobs)
    out: list[Job] = []
    while left:
        best = 0
        for place in range(len(left)):
            if left[place].weight > left[best].weight:
                best = place
        out.append(left[best])
        left = left[:best] + left[best + 1 :]
    return out[:count]

# %% tests
from sorting import Job, top


def test_top():
    jobs = [Job(str(n), n * 31 % 97) for n in range(97)]
    assert [job.weight for job in top(jobs)] == [96, 95, 94]
    assert top([]) == []


def test_sizes():
    for size in (18, 21, 27):
        assert top([Job(str(n), n * size % 97) for n in range(97)]) is not None

# %% further
top([Job("a", 1), Job("b", 1)], 1)
top([Job("a", 1), Job("b", 2)], 9)
top([Job("a", 1)], 0)
top([Job("a", 1)] * 3)

# %% wrong heap_of_pairs
# why: equal weights are told apart by name
# witness: top([Job("b", 2), Job("a", 2), Job("c", 2)], 2)
import heapq


def top(jobs: list[Job], count: int = 3) -> list[Job]:
    """The heaviest jobs; of equal ones those that were given first."""
    return heapq.nsmallest(count, jobs, key=lambda job: (-job.weight, job.name))

# %% wrong last_of_sorted
# why: takes equals from the end
# witness: top([Job("a", 2), Job("b", 2), Job("c", 2)], 2)
def top(jobs: list[Job], count: int = 3) -> list[Job]:
    """The heaviest jobs; of equal ones those that were given first."""
    out = sorted(jobs, key=lambda job: job.weight)[-count:]
    return out[::-1]

# %% wrong default_only
# why: always three
# witness: top([Job("a", 1), Job("b", 2), Job("c", 3), Job("d", 4)], 1)
def top(jobs: list[Job], count: int = 3) -> list[Job]:
    """The heaviest jobs; of equal ones those that were given first."""
    ordered = sorted(jobs, key=lambda job: job.weight, reverse=True)
    return ordered[:3]

# %% wrong tuples
# why: jobs themselves are compared on a tie, and cannot be
# witness: top([Job("a", 2), Job("b", 2)])
def top(jobs: list[Job], count: int = 3) -> list[Job]:
    """The heaviest jobs; of equal ones those that were given first."""
    ranked = sorted([(-job.weight, job) for job in jobs])
    return [job for _, job in ranked[:count]]

# %% honest attrgetter
from operator import attrgetter


def top(jobs: list[Job], count: int = 3) -> list[Job]:
    """The heaviest jobs; of equal ones those that were given first."""
    return sorted(jobs, key=attrgetter("weight"), reverse=True)[:count]

# %% honest stable
def top(jobs: list[Job], count: int = 3) -> list[Job]:
    """The heaviest jobs; of equal ones those that were given first."""
    return sorted(jobs, key=lambda job: job.weight, reverse=True)[:count]

# %% original median_of
def median_of(values: list[int]) -> float:
    """The middle value; of an even count the mean of the two in the middle. Raises ValueError on none."""
    if not values:
        raise ValueError("no values")
    ordered = []
    for value in values:
        place = 0
        while place < len(ordered) and ordered[place] <= value:
            place += 1
        ordered.insert(place, value)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2

# %% workload
def workload():
    for count in (1, 7, 41, 101, 181):
        yield ([(n * 7919) % 1009 for n in range(count)],)

# %% further
median_of((3, 1, 2))
median_of([1, 2])
median_of({5: "a", 2: "b"})

# %% wrong upper
# why: the upper of the two in the middle, not their mean
# witness: median_of([1, 2, 3, 10])
def median_of(values: list[int]) -> float:
    """The middle value; of an even count the mean of the two in the middle. Raises ValueError on none."""
    if not values:
        raise ValueError("no values")
    return sorted(values)[len(values) // 2]

# %% wrong floored
# why: the mean of the middle is cut to a whole number
# witness: median_of([1, 2])
def median_of(values: list[int]) -> float:
    """The middle value; of an even count the mean of the two in the middle. Raises ValueError on none."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    half, odd = divmod(len(ordered), 2)
    return ordered[half] if odd else (ordered[half - 1] + ordered[half]) // 2

# %% wrong other_error
# why: IndexError instead of ValueError on none
# witness: median_of([])
def median_of(values: list[int]) -> float:
    """The middle value; of an even count the mean of the two in the middle. Raises ValueError on none."""
    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2

# %% honest sorted
def median_of(values: list[int]) -> float:
    """The middle value; of an even count the mean of the two in the middle. Raises ValueError on none."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[half]
    return (ordered[half - 1] + ordered[half]) / 2
