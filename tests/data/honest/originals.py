# ruff: noqa: PERF401, PERF402, SIM110, SIM118
"""Forty plain functions as people write them; `variants.py` holds an equal and better one for each."""

import math


class Tree:
    def __init__(self, value, children=()):
        self.value, self.children = value, list(children)

    def depth(self):
        best = 0
        for child in self.children:
            if child.depth() > best:
                best = child.depth()
        return best + 1


class Stock:
    def __init__(self, items):
        self.items, self.log = dict(items), []

    def take(self, names):
        for name in names:
            if name in list(self.items.keys()) and self.items[name] > 0:
                self.items[name] = self.items[name] - 1
                self.log = [*self.log, name]
        return len(self.log)


def unique(items):
    out = []
    for item in items:
        if item not in out:
            out.append(item)
    return out


def common(a, b):
    return [x for x in a if x in b]


def join_lines(lines):
    text = ""
    for line in lines:
        text = text + line + "\n"
    return text


def word_counts(text):
    counts = {}
    for word in text.split():
        if word in counts.keys():
            counts[word] = counts[word] + 1
        else:
            counts[word] = 1
    return counts


def is_palindrome(text):
    letters = [c.lower() for c in text if c.isalnum()]
    for i in range(len(letters)):
        if letters[i] != letters[len(letters) - 1 - i]:
            return False
    return True


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


def primes(n):
    found = []
    for k in range(2, n):
        if all(k % d for d in range(2, k)):
            found.append(k)
    return found


def two_sum(numbers, wanted):
    for i in range(len(numbers)):
        for j in range(i):
            if numbers[i] + numbers[j] == wanted:
                return j, i
    return None


def transpose(rows):
    out = []
    for j in range(min(map(len, rows), default=0)):
        column = []
        for i in range(len(rows)):
            column.append(rows[i][j])
        out.append(column)
    return out


def multiply(a, b):
    width = min(map(len, b), default=0)
    out = [[0] * width for _ in a]
    for i in range(len(a)):
        for j in range(width):
            for k in range(min(len(a[i]), len(b))):
                out[i][j] += a[i][k] * b[k][j]
    return out


def mean(numbers):
    total = 0.0
    for x in numbers:
        total += x
    return total / len(numbers)


def variance(numbers):
    return sum((x - sum(numbers) / len(numbers)) ** 2 for x in numbers) / len(numbers)


def distances(points):
    out = []
    for x, y in points:
        out.append(math.sqrt((x - points[0][0]) ** 2 + (y - points[0][1]) ** 2))
    return out


def running_max(numbers):
    return [max(numbers[: i + 1]) for i in range(len(numbers))]


def prefix_sums(numbers):
    return [sum(numbers[: i + 1]) for i in range(len(numbers))]


def longest_common(a, b):
    if not a or not b:
        return 0
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a)):
        for j in range(len(b)):
            table[i + 1][j + 1] = table[i][j] + 1 if a[i] == b[j] else max(table[i][j + 1], table[i + 1][j])
    return table[-1][-1]


def edit_distance(a, b):
    if not a or not b:
        return len(a) + len(b)
    return min(
        edit_distance(a[1:], b) + 1, edit_distance(a, b[1:]) + 1, edit_distance(a[1:], b[1:]) + (a[0] != b[0])
    )


def knapsack(items, room):
    if not items or room <= 0:
        return 0
    (weight, value), rest = items[0], items[1:]
    without = knapsack(rest, room)
    return without if weight > room or weight <= 0 else max(without, value + knapsack(rest, room - weight))


def reachable(graph, start):
    seen, queue = [start], [start]
    while queue:
        node = queue.pop(0)
        for other in graph.get(node, []):
            if other not in seen:
                seen.append(other)
                queue.append(other)
    return seen


def degrees(edges):
    return {node: len([1 for e in edges if node in e]) for node in sorted({n for e in edges for n in e})}


def chunks(items, size):
    for start in range(0, len(items), max(1, size)):
        chunk = []
        for item in items[start : start + max(1, size)]:
            chunk.append(item)
        yield chunk


def squares_of_even(n):
    for k in range(n):
        if k % 2 == 0:
            yield k * k


def pairs(items):
    return ((a, b) for i, a in enumerate(items) for b in items[i + 1 :])


def parse_query(text):
    found = {}
    for part in text.split("&"):
        if len(part.split("=")) == 2:
            found[part.split("=")[0]] = part.split("=")[1]
    return found


def parse_numbers(text):
    out, current = [], ""
    for c in text + " ":
        if c in "0123456789":
            current += c
        elif current:
            out.append(int(current))
            current = ""
    return out


def to_binary(n):
    digits = ""
    while n > 0:
        digits = str(n % 2) + digits
        n //= 2
    return digits or "0"


def digit_sum(n):
    return 0 if n <= 0 else n % 10 + digit_sum(n // 10)


def bubble_sorted(numbers):
    out = list(numbers)
    for i in range(len(out)):
        for j in range(len(out) - 1 - i):
            if out[j] > out[j + 1]:
                out[j], out[j + 1] = out[j + 1], out[j]
    return out


def sort_in_place(numbers):
    for i in range(1, len(numbers)):
        j = i
        while j and numbers[j - 1] > numbers[j]:
            numbers[j - 1], numbers[j] = numbers[j], numbers[j - 1]
            j -= 1


def smallest(numbers, count):
    return sorted(numbers)[: max(0, count)]


def most_common(items):
    best = None
    for item in items:
        if best is None or items.count(item) > items.count(best):
            best = item
    return best


def group_by_length(words):
    return {n: [w for w in words if len(w) == n] for n in dict.fromkeys(len(w) for w in words)}


def flatten(nested):
    out = []
    for item in nested:
        out = out + (flatten(item) if isinstance(item, list) else [item])
    return out


def merge(a, b):
    out = []
    a, b = list(a), list(b)
    while a and b:
        out.append(a.pop(0) if a[0] <= b[0] else b.pop(0))
    return out + a + b


def find(numbers, wanted):
    for i in range(len(numbers)):
        if numbers[i] == wanted:
            return i
    raise ValueError(f"{wanted} is not in the list")


def anagrams(words):
    return [[w for w in words if sorted(w) == sorted(v)] for v in words]


def caesar(text, shift):
    out = ""
    for c in text:
        out += chr((ord(c) - 97 + shift) % 26 + 97) if "a" <= c <= "z" else c
    return out


def power(base, exponent, modulus):
    result = 1
    for _ in range(exponent):
        result = result * base % modulus
    return result
