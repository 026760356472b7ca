"""The child that makes more calls out of those seen: edge cases for checking, larger ones for timing.

    widen.py FD    one frame {"path", ..., "project", "qualname", "seed"} + [text, payload, ...] is read; one
                   frame {"groups"} comes back: what the calls are like (`shapes.py`). Then one frame
                   {"cases", "grown", "aim_ns", "seconds"} + [draft, ...] is read: calls as `lab/drawing.py`
                   drew them; one frame {"kinds": ["edge" | "grown", ...]} + payloads comes back.

It has loaded the original only. A new call is kept if the original returns from it: inputs that it refuses
say nothing about a faster version of it. Stdlib only, CPython 3.9 and newer; started by path, in the sandbox.
"""

import sys

from beside import sibling  # while its folder is still the first on the path

sys.path.pop(0)
del sys.modules["beside"]  # a project may have a module of this name

import importlib  # noqa: E402
import io  # noqa: E402
import os  # noqa: E402
import pickle  # noqa: E402
import random  # noqa: E402
import select  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402

SIZE = 200_000
"""No container is grown beyond this many items."""
BYTES = 8 << 20
SLOWEST_S = 0.25
"""A made-up call that takes the original longer is not kept."""


class Drafts:
    """Turns drawn calls into payloads, with what only this process can give."""

    def __init__(self, payloads, shapes, payload):
        self.payloads, self.shapes, self.payload = payloads, shapes, payload

    def finished(self, draft):
        """The payload of a drawn call; None if it cannot be made or kept."""
        try:
            calls = Calls(self.payloads, self.payload.loads)
            number, changes = Unpickler(io.BytesIO(draft), calls, self.shapes).load()
            if number is None:
                args, kwargs = [changes[place] for place in sorted(changes)], {}
            else:
                args, kwargs = list(calls[number][0]), dict(calls[number][1])
                for place, value in changes.items():
                    (kwargs if isinstance(place, str) else args)[place] = value
            return self.payload.dumps(tuple(args), kwargs)
        except Exception:
            return None


class Calls:
    """The seen calls by number, each made anew for one draft, and once for it."""

    def __init__(self, payloads, loads):
        self.payloads, self.loads, self.made = payloads, loads, {}

    def __getitem__(self, number):
        if number not in self.made:
            self.made[number] = self.loads(self.payloads[number])
        return self.made[number]


class Unpickler(pickle.Unpickler):
    """Gives the values that a draft only names."""

    def __init__(self, file, calls, shapes):
        super().__init__(file)
        self.calls, self.shapes = calls, shapes

    def persistent_load(self, pid):
        kind, *rest = pid
        if kind == "seen":
            return self.shapes.look_up(self.calls, *rest)
        module, name, args = rest
        made = importlib.import_module(module)
        for part in name.split("."):
            made = getattr(made, part)
        return made(*args)


class Grower:
    """Makes larger values like the ones seen: of the same types, in the same order."""

    def __init__(self, seed):
        self.chance = random.Random(seed)

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

    def raised(self, value, factor):
        """A whole number `factor` times as great; anything else as it is."""
        return value * factor if type(value) is int and value > 0 else value

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
    """Runs the original on made-up calls, each in a process of its own that ends when it takes too long."""

    def __init__(self, call, loads):
        self.call, self.loads = call, loads

    def spent(self, payload):
        """Nanoseconds the original takes, or None if it raises or takes too long."""
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                os.write(writer, b"%d" % self.nanoseconds(payload))
            finally:
                os._exit(0)
        os.close(writer)
        try:
            told = os.read(reader, 32) if select.select([reader], [], [], 2 * SLOWEST_S)[0] else b""
        finally:
            os.close(reader)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        return int(told) if told and int(told) < SLOWEST_S * 1e9 else None

    def nanoseconds(self, payload):
        args, kwargs = self.loads(payload)
        self.call.begin()
        started = time.perf_counter_ns()
        self.call.exhaust(self.call(args, kwargs))
        return time.perf_counter_ns() - started


def grow(grower, trial, payload, start, aim):
    """The call enlarged step by step until the original takes `aim` nanoseconds; None if it cannot be."""
    args, kwargs = payload.loads(start)
    sized = any(hasattr(value, "__len__") and len(value) for value in (*args, *kwargs.values()))
    # Where nothing has a size, numbers may stand for one; they are raised with more care.
    enlarged, step = (grower.grown, 4) if sized else (grower.raised, 2)
    best, factor = None, step
    while factor <= SIZE:
        args, kwargs = payload.loads(start)
        args = tuple(enlarged(value, factor) for value in args)
        kwargs = {key: enlarged(value, factor) for key, value in kwargs.items()}
        try:
            larger = payload.dumps(args, kwargs)
        except Exception:
            return best
        if larger == best or len(larger) > BYTES:
            return best
        spent = trial.spent(larger)
        if spent is None:
            return best
        best = larger
        # Twice, as it may have waited for the core.
        if spent >= aim and (trial.spent(larger) or aim) >= aim:
            return best
        factor *= step
    return best


def widen(order, drafts, seen, trial, payload):
    """New calls by payload, each with its kind."""
    started = time.monotonic()
    found = {}
    known = set(seen)
    grower = Grower(order["seed"])
    for draft in drafts:
        if len(found) == order["cases"] or time.monotonic() > started + order["seconds"]:
            break
        if draft is not None and draft not in known and trial.spent(draft) is not None:
            known.add(draft)
            found[draft] = "edge"
    sources = [one for one in seen if trial.spent(one) is not None] or list(found)
    # Largest first: they grow into something that can be timed with the fewest steps.
    started, grown = time.monotonic(), 0
    for source in sorted(sources, key=len, reverse=True) * 4 if order["grown"] else ():
        if grown == order["grown"] or time.monotonic() > started + order["seconds"]:
            break
        larger = grow(grower, trial, payload, source, order["aim_ns"])
        if larger is not None and larger not in known:
            known.add(larger)
            found[larger] = "grown"
            grown += 1
    return found


def main():
    sock = socket.socket(fileno=int(sys.argv[1]))
    channel, describe, loading = sibling("channel"), sibling("describe"), sibling("loading")
    forcing, shapes, payload = sibling("forcing"), sibling("shapes"), sibling("payload")
    order, (text, *seen) = channel.receive(sock)
    random.seed(order["seed"])
    warnings.simplefilter("ignore")
    sys.stdout = sys.stderr = io.TextIOWrapper(io.FileIO(os.devnull, "w"))
    trial = Trial(forcing.Forced(loading.load(order, text), describe), payload.loads)
    channel.send(sock, {"groups": shapes.groups(Calls(seen, payload.loads), len(seen))})
    more, drafts = channel.receive(sock)
    drawn = map(Drafts(seen, shapes, payload).finished, drafts)
    found = widen({**order, **more}, drawn, seen, trial, payload)
    channel.send(sock, {"kinds": list(found.values())}, list(found))


if __name__ == "__main__":
    main()
