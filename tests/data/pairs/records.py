"""Dataclasses and methods: equality, order, defaults, what a method leaves on the instance."""

# %% original Route.shorten
import dataclasses


@dataclasses.dataclass(frozen=True, order=True)
class Stop:
    name: str
    minutes: int = 0


@dataclasses.dataclass
class Route:
    stops: list[Stop]
    removed: int = 0

    def shorten(self, closed: set[str], *, keep_ends: bool = False) -> "Route":
        """A new route without the closed stops, whose minutes go to the next stop that stays; the last ones' are lost.

        The first and the last stop stay if ends are kept. `removed` of this route grows by how many went.
        """
        stops: list[Stop] = []
        waiting = 0
        for place in range(len(self.stops)):
            stop = self.stops[place]
            end = place == 0 or place == len(self.stops) - 1
            if stop.name in list(closed) and not (keep_ends and end):
                waiting += stop.minutes
                self.removed = self.removed + 1
            else:
                stops = stops + [dataclasses.replace(stop, minutes=stop.minutes + waiting)]
                waiting = 0
        return Route(stops)

# %% tests
from records import Route, Stop


def test_shorten():
    route = Route([Stop("a", 1), Stop("b", 2), Stop("c", 3)])
    assert route.shorten({"b"}) == Route([Stop("a", 1), Stop("c", 5)])
    long = Route([Stop(f"s{n}", 1) for n in range(300)])
    assert len(long.shorten({f"s{n}" for n in range(100, 200)}).stops) == 200


def test_sizes():
    for size in (150, 200, 250):
        assert Route([Stop(f"s{n}") for n in range(size)]).shorten({"s50", "s51", "s70"}) is not None

# %% help
def route(*minutes):
    return Route([Stop("abcdef"[place], number) for place, number in enumerate(minutes)])


def shortened(minutes, closed, **more):
    before = route(*minutes)
    return before.shorten(set(closed), **more), before


# %% further
shortened((), "a")
shortened((1,), "a", keep_ends=True)
shortened((1, 2), "ab")

# %% wrong ends_not_kept
# why: the keyword is not used
# witness: shortened((1, 2, 3), "a", keep_ends=True)
def shorten(self, closed: set[str], *, keep_ends: bool = False) -> "Route":
    """A new route without the closed stops, whose minutes go to the next stop that stays."""
    stops = []
    waiting = 0
    for stop in self.stops:
        if stop.name in closed:
            waiting += stop.minutes
        else:
            stops.append(Stop(stop.name, stop.minutes + waiting))
            waiting = 0
    self.removed += len(self.stops) - len(stops)
    return Route(stops)

# %% wrong removed_not_counted
# why: `removed` stays as it was, or is that of the new route
# witness: shortened((1, 2, 3), "b")
def shorten(self, closed: set[str], *, keep_ends: bool = False) -> "Route":
    """A new route without the closed stops, whose minutes go to the next stop that stays."""
    stops = []
    waiting = 0
    last = len(self.stops) - 1
    for place, stop in enumerate(self.stops):
        if stop.name in closed and not (keep_ends and place in (0, last)):
            waiting += stop.minutes
        else:
            stops.append(Stop(stop.name, stop.minutes + waiting))
            waiting = 0
    return Route(stops)

# %% wrong minutes_lost
# why: minutes wait for one stop only: those of several closed in a row are lost but the last
# witness: shortened((1, 2, 3, 4), "bc")
def shorten(self, closed: set[str], *, keep_ends: bool = False) -> "Route":
    """A new route without the closed stops, whose minutes go to the next stop that stays."""
    stops = []
    last = len(self.stops) - 1
    before = None
    for place, stop in enumerate(self.stops):
        if stop.name in closed and not (keep_ends and place in (0, last)):
            self.removed += 1
            before = stop
        else:
            stops.append(Stop(stop.name, stop.minutes + before.minutes) if before else stop)
            before = None
    return Route(stops)

# %% honest one_pass
def shorten(self, closed: set[str], *, keep_ends: bool = False) -> "Route":
    """A new route without the closed stops, whose minutes go to the next stop that stays."""
    stops = []
    waiting = 0
    last = len(self.stops) - 1
    for place, stop in enumerate(self.stops):
        if stop.name in closed and not (keep_ends and place in (0, last)):
            waiting += stop.minutes
            self.removed += 1
        else:
            stops.append(dataclasses.replace(stop, minutes=stop.minutes + waiting))
            waiting = 0
    return Route(stops)

# %% original latest
import dataclasses


@dataclasses.dataclass
class Version:
    name: str
    number: tuple
    notes: list = dataclasses.field(default_factory=list)


def latest(versions: list[Version]) -> dict[str, Version]:
    """The version with the greatest number for each name, of equal numbers the first; names ascending."""
    out: dict[str, Version] = {}
    for version in versions:
        same = [other for other in versions if other.name == version.name]
        best = same[0]
        for other in same:
            if other.number > best.number:
                best = other
        out[version.name] = best
    return {name: out[name] for name in sorted(out)}

# %% workload
from records import Version


def workload():
    yield ([],)
    yield ([Version("a", (1, 0)), Version("a", (1, 2)), Version("b", (0, 1))],)
    for count in (20, 60, 120):
        yield ([Version(f"p{n % 9}", (1 + n // 30 % 9, n % 7)) for n in range(count)],)

# %% help
def same_object():
    versions = [Version("a", (1,)), Version("a", (1,))]
    return latest(versions)["a"] is versions[0]


# %% further
same_object()
latest([Version("a", (1, 10)), Version("a", (1, 9))])
latest([Version("a", (1,)), Version("a", (1, 0))])

# %% wrong texts
# why: numbers are compared as texts: 9 after 10
# witness: latest([Version("a", (9,)), Version("a", (10,))])
def latest(versions: list[Version]) -> dict[str, Version]:
    """The version with the greatest number for each name, of equal numbers the first; names ascending."""
    out: dict[str, Version] = {}
    for version in versions:
        known = out.get(version.name)
        if known is None or list(map(str, version.number)) > list(map(str, known.number)):
            out[version.name] = version
    return dict(sorted(out.items()))

# %% wrong last_of_equals
# why: of equal numbers the last
# witness: same_object()
# witness: latest([Version("a", (1,), ["x"]), Version("a", (1,), ["y"])])
def latest(versions: list[Version]) -> dict[str, Version]:
    """The version with the greatest number for each name, of equal numbers the first; names ascending."""
    ordered = sorted(versions, key=lambda version: (version.name, version.number))
    return {version.name: version for version in ordered}

# %% wrong copies
# why: copies, whose notes are no longer those of the versions given
# witness: same_object()
def latest(versions: list[Version]) -> dict[str, Version]:
    """The version with the greatest number for each name, of equal numbers the first; names ascending."""
    best: dict[str, tuple] = {}
    for version in versions:
        row = best.get(version.name)
        if row is None or version.number > row[0]:
            best[version.name] = version.number, version.notes
    return {name: Version(name, *best[name]) for name in sorted(best)}

# %% honest one_pass
def latest(versions: list[Version]) -> dict[str, Version]:
    """The version with the greatest number for each name, of equal numbers the first; names ascending."""
    out: dict[str, Version] = {}
    for version in versions:
        known = out.get(version.name)
        if known is None or version.number > known.number:
            out[version.name] = version
    return {name: out[name] for name in sorted(out)}
