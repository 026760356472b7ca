"""The child that makes more calls out of those seen: edge cases for checking, larger ones for timing.

    widen.py FD    one frame {"path", ..., "project", "qualname", "seed", "cases", "grown", "aim_ns",
                   "seconds"} + [text, payload, ...] is read; one frame {"kinds": ["edge" | "grown", ...]}
                   + payloads comes back.

It has loaded the original only. A new call is kept if the original returns from it as it did from the call
it was made of: inputs that the original refuses say nothing about a faster version of it. Stdlib only,
CPython 3.9 and newer; started by path, in the sandbox.
"""

import sys

from beside import sibling  # while its folder is still the first on the path

sys.path.pop(0)
del sys.modules["beside"]  # a project may have a module of this name

import io  # noqa: E402
import os  # noqa: E402
import pickle  # noqa: E402
import random  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402

SIZE = 200_000
"""No container is grown beyond this many items."""
BYTES = 8 << 20
SLOWEST_S = 0.25


class Late(BaseException):
    """The original takes too long on a made-up call."""


def on_alarm(number, frame):
    raise Late


class Maker:
    """Makes values like the ones seen: of the same types, in other sizes and constellations."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

    def edges(self, value):
        """Small variations on one value, the nearest to trouble first."""
        kind = type(value)
        if kind is bool:
            return [not value]
        if kind is int:
            return [0, 1, -1, value + 1, value - 1, -value, value * 2]
        if kind is float:
            return [0.0, -value, value / 3, 1e-9, value * 1e6]
        if kind in (str, bytes):
            return [value[:0], value[:1], value + value, value[::-1], value[: len(value) // 2]]
        if kind in (list, tuple):
            items = list(value)
            mixed = self.chance.sample(items, len(items))
            some = [items[:0], items[:1], items + items, items[::-1], mixed, items[:2] * 3]
            some += self._each_edge(items)
            return [kind(one) for one in some]
        if kind in (set, frozenset):
            items = list(value)
            return [kind(), kind(items[:1]), kind(items[: len(items) // 2])]
        if kind is dict:
            pairs = list(value.items())
            return [{}, dict(pairs[:1]), dict(reversed(pairs)), dict(pairs[: len(pairs) // 2])]
        return []

    def _each_edge(self, items):
        """The sequence with one item in place of another, or varied itself."""
        made = []
        for _ in range(3 if items else 0):
            place = self.chance.randrange(len(items))
            options = self.edges(items[place]) if type(items[place]) is not list else []
            if options:
                made.append([*items[:place], self.chance.choice(options), *items[place + 1 :]])
        return made

    def grown(self, value, factor):
        """The value `factor` times as large; a value without a size stays as it is."""
        kind = type(value)
        if kind in (str, bytes):
            return (value * factor)[: min(SIZE, len(value) * factor)]
        if kind in (list, tuple, set, frozenset) and value:
            items = list(value)
            if self._nested(items):
                side = max(2, round(factor**0.5))
                items = [self.grown(item, side) for item in self._more(items, side)]
                return kind(items)
            return kind(self._more(items, factor))
        if kind is dict and value:
            keys = self._more(list(value), factor)
            values = list(value.values())
            return {key: value[key] if key in value else self.like(values) for key in keys}
        return value

    def _nested(self, items):
        """Whether this is a table: a sequence of equally long sequences."""
        first = items[0]
        return (
            type(first) in (list, tuple)
            and len(first) > 2
            and all(type(item) is type(first) and len(item) == len(first) for item in items)
        )

    def _more(self, items, factor):
        count = min(SIZE, len(items) * factor)
        ascending = self._ascending(items)
        more = items + [self.like(items, count) for _ in range(count - len(items))]
        return sorted(more) if ascending else more

    def _ascending(self, items):
        try:
            return len(items) > 2 and all(a <= b for a, b in zip(items, items[1:]))
        except Exception:
            return False

    def like(self, items, spread=1):
        """One more item such as these; half the time one of them."""
        item = self.chance.choice(items)
        kind = type(item)
        if kind is int and self.chance.random() < 0.75:
            numbers = [one for one in items if type(one) is int]
            low, high = min(numbers), max(numbers)
            room = max(high - low, spread if high - low > 1 else high - low)
            return low + self.chance.randint(0, room)
        if kind is float and self.chance.random() < 0.75:
            numbers = [one for one in items if type(one) is float]
            return self.chance.uniform(min(numbers), max(numbers))
        if kind is str and len(item) > 1 and self.chance.random() < 0.75:
            letters = self.chance.sample(item, len(item))
            return "".join(letters) + (self.chance.choice(item) if self.chance.random() < 0.5 else "")
        if kind is tuple and item:
            columns = zip(*[one for one in items if type(one) is tuple and len(one) == len(item)])
            return tuple(self.chance.choice(column) for column in columns)
        return item


class Trial:
    """Runs the original on made-up calls, within a time that a user would wait for."""

    def __init__(self, call, describe):
        self.call, self.describe = call, describe

    def spent(self, payload):
        """Nanoseconds the original takes, or None if it raises or takes too long."""
        try:
            args, kwargs = pickle.loads(payload)
            signal.setitimer(signal.ITIMER_REAL, 4 * SLOWEST_S)
            started = time.perf_counter_ns()
            self.call.exhaust(self.call(args, kwargs))
            return time.perf_counter_ns() - started
        except (Exception, Late):
            return None
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def packed(args, kwargs):
    try:
        return pickle.dumps((args, kwargs), protocol=4)
    except Exception:
        return None


def edge_calls(maker, payloads):
    """Calls that differ from a seen one in one argument."""
    for payload in payloads:
        args, kwargs = pickle.loads(payload)
        for place, value in enumerate(args):
            for edge in maker.edges(value):
                yield packed((*args[:place], edge, *args[place + 1 :]), kwargs)
        for key, value in kwargs.items():
            for edge in maker.edges(value):
                yield packed(args, {**kwargs, key: edge})


def grow(maker, trial, payload, aim):
    """The seen call enlarged step by step until the original takes `aim` nanoseconds; None if it cannot."""
    best, factor = None, 4
    while factor <= SIZE:
        args, kwargs = pickle.loads(payload)
        larger = packed(
            tuple(maker.grown(value, factor) for value in args),
            {key: maker.grown(value, factor) for key, value in kwargs.items()},
        )
        if larger is None or larger == best or len(larger) > BYTES:
            return best
        spent = trial.spent(larger)
        if spent is None or spent > SLOWEST_S * 1e9:
            return best
        best = larger
        if spent >= aim:
            return best
        factor *= 4
    return best


def widen(order, payloads, trial):
    maker = Maker(order["seed"])
    started = time.monotonic()
    found = {}
    known = set(payloads)
    sources = [payload for payload in payloads if trial.spent(payload) is not None]
    # Largest first: they grow into something that can be timed with the fewest steps.
    for source in sorted(sources, key=len, reverse=True) * 4 if order["grown"] else ():
        if len(found) == order["grown"] or time.monotonic() > started + order["seconds"]:
            break
        larger = grow(maker, trial, source, order["aim_ns"])
        if larger is not None and larger not in known:
            known.add(larger)
            found[larger] = "grown"
    edges = 0
    for payload in edge_calls(maker, maker.chance.sample(sources, len(sources))):
        if edges == order["cases"] or time.monotonic() > started + 2 * order["seconds"]:
            break
        if payload is not None and payload not in known and trial.spent(payload) is not None:
            known.add(payload)
            found[payload] = "edge"
            edges += 1
    return found


def main():
    sock = socket.socket(fileno=int(sys.argv[1]))
    channel, describe, loading = sibling("channel"), sibling("describe"), sibling("loading")
    forcing = sibling("forcing")
    order, (text, *payloads) = channel.receive(sock)
    signal.signal(signal.SIGALRM, on_alarm)
    random.seed(order["seed"])
    warnings.simplefilter("ignore")
    sys.stdout = sys.stderr = io.TextIOWrapper(io.FileIO(os.devnull, "w"))
    call = forcing.Forced(loading.load(order, text), describe)
    call.begin()
    found = widen(order, payloads, Trial(call, describe))
    channel.send(sock, {"kinds": list(found.values())}, list(found))


if __name__ == "__main__":
    main()
