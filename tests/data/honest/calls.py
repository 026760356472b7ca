# ruff: noqa: B905, RUF007, SIM905
"""The workload of each function of `originals.py`."""

from originals import Stock, Tree

WORDS = [
    w * (1 + n % 3)
    for n, w in enumerate("stone notes onset river drive cat act dog god tea eat ate".split() * 5)
]
NUMBERS = [(n * 7919) % 1009 for n in range(300)]
FLOATS = [n / 7 + 0.1 for n in NUMBERS]
GRAPH = {n: [(n * 7 + 1) % 200, (n * 3 + 2) % 200] for n in range(200)}
TABLE = [[(i * j) % 17 for j in range(15)] for i in range(15)]
SIZES = (3, 40, 160, 280)


def tree(depth):
    return Tree(depth, [tree(depth - 1) for _ in range(2)] if depth else ())


CALLS = {
    "Tree.depth": [(tree(n),) for n in range(1, 7)],
    "Stock.take": [(Stock({"a": n, "b": 3}), ["a", "b", "c"] * n) for n in (1, 20, 60)],
    "unique": [([n % 90 for n in NUMBERS[:k]],) for k in SIZES],
    "common": [(NUMBERS[:k], NUMBERS[k // 2 :]) for k in SIZES],
    "join_lines": [(WORDS[:k],) for k in SIZES],
    "word_counts": [(" ".join(WORDS[:k]),) for k in SIZES],
    "is_palindrome": [("ab c" * k + "x" + "c ba" * k,) for k in SIZES],
    "fibonacci": [(n,) for n in (1, 8, 14, 17)],
    "primes": [(n,) for n in SIZES],
    "two_sum": [(NUMBERS[:k], 2017) for k in SIZES],
    "transpose": [(TABLE[:k],) for k in (1, 8, 15)],
    "multiply": [(TABLE[:k], TABLE) for k in (1, 8, 15)],
    "mean": [(FLOATS[:k],) for k in SIZES],
    "variance": [(FLOATS[:k],) for k in (3, 40, 90)],
    "distances": [([*zip(FLOATS[:k], FLOATS[1:])],) for k in SIZES],
    "running_max": [(NUMBERS[:k],) for k in SIZES],
    "prefix_sums": [(NUMBERS[:k],) for k in SIZES],
    "longest_common": [("abcde" * k, "badce" * k) for k in (1, 4, 10)],
    "edit_distance": [("stone"[:k], "notes") for k in (2, 4, 5)],
    "knapsack": [([(n % 5 + 1, n) for n in range(k)], 12) for k in (4, 8, 12)],
    "reachable": [(GRAPH, n) for n in (0, 7, 31)],
    "degrees": [([(n % 30, (n * 7) % 30) for n in range(k)],) for k in SIZES],
    "chunks": [(NUMBERS[:k], 7) for k in SIZES],
    "squares_of_even": [(k,) for k in SIZES],
    "pairs": [(NUMBERS[:k],) for k in (3, 20, 40)],
    "parse_query": [("&".join(f"k{n}=v{n}" for n in range(k)),) for k in SIZES],
    "parse_numbers": [(" a1b22 ".join(map(str, NUMBERS[:k])),) for k in SIZES],
    "to_binary": [(3**k,) for k in (1, 20, 90)],
    "digit_sum": [(7**k,) for k in (1, 20, 90)],
    "bubble_sorted": [(NUMBERS[:k],) for k in (3, 40, 90)],
    "sort_in_place": [(NUMBERS[:k],) for k in (3, 40, 90)],
    "smallest": [(NUMBERS[:k], 5) for k in SIZES],
    "most_common": [([n % 40 for n in NUMBERS[:k]],) for k in SIZES],
    "group_by_length": [(WORDS[:k],) for k in SIZES],
    "flatten": [([[NUMBERS[:k], [1, [2]]]] * 3,) for k in SIZES],
    "merge": [(sorted(NUMBERS[:k]), sorted(NUMBERS[k:])) for k in SIZES],
    "find": [(NUMBERS[:k], NUMBERS[-150]) for k in SIZES],
    "anagrams": [(WORDS[:k],) for k in (3, 20, 40)],
    "caesar": [("attack at dawn " * k, k) for k in SIZES],
    "power": [(7, k, 1009) for k in SIZES],
}
