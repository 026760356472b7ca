# ruff: noqa: B905
"""For each function of `originals.py` one that is equal and better."""

import functools
import heapq
import itertools
import math
import re
from collections import Counter, deque


class Tree:
    def __init__(self, value, children=()):
        self.value, self.children = value, list(children)

    def depth(self):
        return 1 + max((child.depth() for child in self.children), default=0)


class Stock:
    def __init__(self, items):
        self.items, self.log = dict(items), []

    def take(self, names):
        items, taken = self.items, []
        for name in names:
            if items.get(name, 0) > 0:
                items[name] -= 1
                taken.append(name)
        self.log = self.log + taken
        return len(self.log)


def unique(items):
    return list(dict.fromkeys(items))


def common(a, b):
    wanted = set(b)
    return [x for x in a if x in wanted]


def join_lines(lines):
    return "".join(f"{line}\n" for line in lines)


def word_counts(text):
    return dict(Counter(text.split()))


def is_palindrome(text):
    letters = [c.lower() for c in text if c.isalnum()]
    return letters == letters[::-1]


def fibonacci(n):
    if n < 2:
        return n
    a, b = 0, 1
    for _ in range(n - 1):
        a, b = b, a + b
    return b


def primes(n):
    sieve = bytearray([1]) * max(n, 2)
    sieve[:2] = b"\0\0"
    for k in range(2, math.isqrt(max(n, 0)) + 1):
        if sieve[k]:
            sieve[k * k :: k] = bytes(len(range(k * k, len(sieve), k)))
    return [k for k in range(n) if sieve[k]]


def two_sum(numbers, wanted):
    first = {}
    for i, number in enumerate(numbers):
        j = first.get(wanted - number)
        if j is not None:
            return j, i
        first.setdefault(number, i)
    return None


def transpose(rows):
    return [list(column) for column in zip(*rows)]


def multiply(a, b):
    columns = list(zip(*b))
    return [[sum(map(int.__mul__, row, column)) for column in columns] for row in a]


def mean(numbers):
    return math.fsum(numbers) / len(numbers)


def variance(numbers):
    middle = sum(numbers) / len(numbers)
    return math.fsum((x - middle) ** 2 for x in numbers) / len(numbers)


def distances(points):
    return [math.dist(point, points[0]) for point in points]


def running_max(numbers):
    return list(itertools.accumulate(numbers, max))


def prefix_sums(numbers):
    return list(itertools.accumulate(numbers))


def longest_common(a, b):
    row = [0] * (len(b) + 1)
    for x in a:
        corner = 0
        for j, y in enumerate(b, 1):
            corner, row[j] = row[j], corner + 1 if x == y else max(row[j], row[j - 1])
    return row[-1]


def edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        corner, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (x != y))
    return row[-1]


def knapsack(items, room):
    @functools.cache
    def best(place, left):
        if place == len(items) or left <= 0:
            return 0
        weight, value = items[place]
        without = best(place + 1, left)
        return (
            without if weight > left or weight <= 0 else max(without, value + best(place + 1, left - weight))
        )

    return best(0, room)


def reachable(graph, start):
    seen, queue = {start: None}, deque([start])
    while queue:
        for other in graph.get(queue.popleft(), ()):
            if other not in seen:
                seen[other] = None
                queue.append(other)
    return list(seen)


def degrees(edges):
    counts = Counter(node for edge in edges for node in set(edge))
    return {node: counts[node] for node in sorted(counts)}


def chunks(items, size):
    size = max(1, size)
    for start in range(0, len(items), size):
        yield list(items[start : start + size])


def squares_of_even(n):
    for k in range(0, n, 2):
        yield k * k


def pairs(items):
    return (pair for pair in itertools.combinations(items, 2))


def parse_query(text):
    return dict(part.split("=") for part in text.split("&") if part.count("=") == 1)


_NUMBER = re.compile("[0-9]+")


def parse_numbers(text):
    return list(map(int, _NUMBER.findall(text)))


def to_binary(n):
    return format(n, "b") if n > 0 else "0"


def digit_sum(n):
    return sum(map(int, str(n))) if n > 0 else 0


def bubble_sorted(numbers):
    return sorted(numbers)


def sort_in_place(numbers):
    numbers.sort()


def smallest(numbers, count):
    return heapq.nsmallest(count, numbers)


def most_common(items):
    counts = Counter(items)
    return max(counts, key=counts.get) if counts else None


def group_by_length(words):
    groups = {}
    for word in words:
        groups.setdefault(len(word), []).append(word)
    return groups


def flatten(nested):
    out = []
    for item in nested:
        out.extend(flatten(item)) if isinstance(item, list) else out.append(item)
    return out


def merge(a, b):
    return list(heapq.merge(a, b))


def find(numbers, wanted):
    try:
        return numbers.index(wanted)
    except ValueError:
        raise ValueError(f"{wanted} is not in the list") from None


def anagrams(words):
    groups = {}
    keys = ["".join(sorted(word)) for word in words]
    for key, word in zip(keys, words):
        groups.setdefault(key, []).append(word)
    return [list(groups[key]) for key in keys]


def caesar(text, shift):
    letters = "abcdefghijklmnopqrstuvwxyz"
    turn = shift % 26
    return text.translate(str.maketrans(letters, letters[turn:] + letters[:turn]))


def power(base, exponent, modulus):
    if exponent <= 0:
        return 1
    return pow(base, exponent, modulus) if modulus else base % modulus
