"""The child that makes more calls out of those seen: edge cases for checking, larger ones for timing.

    widen.py FD    one frame {"path", ..., "project", "qualname", "seed"} + [text, payload, ...] is read; one
                   frame {"groups"} comes back: what the calls are like (`shapes.py`). Then one frame
                   {"cases", "grown", "aim_ns", "seconds"} + [draft, ...] is read: calls as `lab/drawing.py`
                   drew them; one frame {"kinds": ["edge" | "grown", ...]} + payloads comes back.

It has loaded the original only. A new call is kept if the original returns from it, and a few if it raises
what it might be meant to. Stdlib only, CPython 3.9 and newer; started by path, in the sandbox.
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
MIXED, TRIES = 6, 30
"""Calls with a value of another type than those seen: how many are kept, and made at most."""
RAISING, OF_ONE_TYPE = 6, 2
"""Calls that raise: how many are kept, and how many of them with an exception of the same type."""
WRONG_KIND = (TypeError, AttributeError, RecursionError, MemoryError, OverflowError)
"""What inputs of a wrong kind or size lead to: it says nothing about a faster version."""


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
        numpy = sys.modules.get("numpy")  # who has an array has loaded it
        if numpy and kind is numpy.ndarray:
            return self._repeated(numpy, value, factor)
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

    def _repeated(self, numpy, array, factor):
        """A line or table of numbers, repeated; another array as it is."""
        if array.dtype.kind not in "iufb" or array.ndim not in (1, 2) or not array.size:
            return array
        factor = max(1, min(factor, SIZE // array.size))
        if array.ndim == 2:
            side = max(1, round(factor**0.5))
            return numpy.tile(array, (side, side))
        more = numpy.tile(array, factor)
        return numpy.sort(more) if (array[:-1] <= array[1:]).all() else more

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
        told = self.told(payload)
        return int(told) if told.isdigit() else None

    def told(self, payload):
        """Nanoseconds as text, or the type of what is raised; nothing if neither is of use."""
        reader, writer = os.pipe()
        pid = os.fork()
        if not pid:
            try:
                os.write(writer, self.outcome(*self.loads(payload)).encode())
            finally:
                os._exit(0)
        os.close(writer)
        try:
            told = os.read(reader, 200) if select.select([reader], [], [], 2 * SLOWEST_S)[0] else b""
        finally:
            os.close(reader)
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        return told.decode()

    def outcome(self, args, kwargs):
        self.call.begin()
        results = [None]
        started = time.perf_counter_ns()
        raised = self.call.run([(args, kwargs)], results)
        spent = time.perf_counter_ns() - started
        if not raised:
            return str(spent) if spent < SLOWEST_S * 1e9 else ""
        (error,) = results
        wrong = isinstance(error, WRONG_KIND) or not isinstance(error, Exception)
        return "" if wrong else "!" + type(error).__name__[:100]


def has_items(value):
    try:
        return len(value) > 0
    except TypeError:
        return False


def grow(grower, trial, payload, start, aim):
    """The call enlarged step by step until the original takes `aim` nanoseconds; None if it cannot be."""
    args, kwargs = payload.loads(start)
    sized = any(map(has_items, (*args, *kwargs.values())))
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


def checks(drafts, trial, known, most, until):
    """Calls for checking: those the original returns from, and a few that it raises from, with the types."""
    returning, raising = [], {}
    for draft in drafts:
        if len(returning) + len(raising) >= most or time.monotonic() > until:
            break
        if draft is None or draft in known:
            continue
        known.add(draft)
        told = trial.told(draft)
        if told.isdigit():
            returning.append(draft)
        elif told and len(raising) < RAISING and list(raising.values()).count(told) < OF_ONE_TYPE:
            raising[draft] = told
    return returning, raising


def widen(order, mixed, drafts, seen, trial, payload):
    """New calls by payload, each with its kind."""
    known = set(seen)
    until = time.monotonic() + order["seconds"]
    odd, _ = checks(mixed, trial, known, min(MIXED, order["cases"]), until)
    drawn, raising = checks(drafts, trial, known, order["cases"] - len(odd), until)
    sources = [one for one in seen if trial.spent(one) is not None] or drawn
    # Where no call at all returns, there is nothing to make faster.
    found = dict.fromkeys((*odd, *drawn, *(raising if sources else ())), "edge")
    grower = Grower(order["seed"])
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
    mixing = sibling("mixing")
    order, (text, *seen) = channel.receive(sock)
    random.seed(order["seed"])
    warnings.simplefilter("ignore")
    sys.stdout = sys.stderr = io.TextIOWrapper(io.FileIO(os.devnull, "w"))
    function = loading.load(order, text)
    trial = Trial(forcing.Forced(function, describe), payload.loads)
    channel.send(sock, {"groups": shapes.groups(Calls(seen, payload.loads), len(seen))})
    more, drafts = channel.receive(sock)
    drawn = map(Drafts(seen, shapes, payload).finished, drafts)
    mixer = mixing.Mixer(function, Calls(seen, payload.loads), len(seen), order["seed"])
    mixed = (mixer.payload(payload.dumps) for _ in range(TRIES if seen else 0))
    found = widen({**order, **more}, mixed, drawn, seen, trial, payload)
    channel.send(sock, {"kinds": list(found.values())}, list(found))


if __name__ == "__main__":
    main()
