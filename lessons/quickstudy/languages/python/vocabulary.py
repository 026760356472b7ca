"""The features of Python code: what each is worth, how lessons speak of it, and which are plain waste.

A feature is something that is done inside a loop, or recursion: what costs time is what is repeated.
`features.py` reads them from code. A name is never given another meaning: banks hold it.
"""

import keyword
from collections.abc import Mapping

from quickstudy.records import Feature


def _feature(weight: float, keywords: str = "", waste: str | None = None) -> Feature:
    return Feature(weight, frozenset(keywords.split()), waste)


FEATURES: Mapping[str, Feature] = {
    # `x in names`, names not hashed
    "scan": _feature(2.0, "membership contain lookup set hash hashing", "membership tests in a list"),
    "hashed": _feature(0.5),  # `x in names`, names a set or a dict
    "count": _feature(2.0, "count counter counting tally", "counting anew for each item"),
    "find": _feature(2.0, "index find position offset", "searching anew for each item"),
    "remove": _feature(1.5, "remove removal delete", "removing from a list in a loop"),
    # insert or delete at the front
    "shift": _feature(
        2.0, "insert front deque popleft reverse", "inserting or deleting at the front of a list"
    ),
    "sort": _feature(2.0, "sort sorted sorting heap heapq bisect", "sorting again in a loop"),
    "aggregate": _feature(1.5, "sum min max running prefix cumulative total"),
    "concat": _feature(
        2.0, "join concatenation concatenate string builder", "a string that grows piece by piece"
    ),
    # a list grown with +
    "extend": _feature(1.5, "extend concatenation concatenate", "a list that is copied to grow"),
    "slice": _feature(1.2, "slice slicing substring window", "going over slices again and again"),
    "copy": _feature(1.2, "copy deepcopy copying", "copies made in a loop"),
    "regex": _feature(1.5, "regex regexp pattern compile"),
    "files": _feature(1.5, "file read write buffer"),
    "try": _feature(0.7, "exception try"),
    "swap": _feature(1.5, "swap bubble", "sorting by swaps"),
    "grid": _feature(1.5, "matrix row column transpose grid"),  # `table[i][j]`
    "index": _feature(0.6, "enumerate range zip"),  # `for i in range(len(items))`
    "divide": _feature(1.2, "divisor modulo remainder prime sieve divide division"),
    "power": _feature(1.2, "power exponent horner"),
    "group": _feature(0.8, "group grouping dict dictionary defaultdict"),  # `groups[key] = ...`
    "text": _feature(0.8, "split strip replace translate lower"),
    "append": _feature(0.4, "append comprehension"),
    "while": _feature(0.5),
    "loop": _feature(0.3),
    "nested": _feature(1.0, "nested quadratic inner"),
    "deep": _feature(1.5, "cubic"),
    "recursion": _feature(1.5, "recursion recursive iterative stack"),
    # calls itself more than once
    "branching": _feature(2.0, "memo memoize memoization cache cached dynamic"),
}

_NAMES = """
    self cls args kwargs list dict set str int float bool tuple len range append print keys python def
"""
STOP_WORDS = frozenset(_NAMES.split()) | frozenset(keyword.kwlist)
"""Keywords, built-in names, and what parameters are called by habit."""
