"""Decides, from pairs of passes, whether a speedup is clear or more pairs are needed: pure, no clock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from quickstudy.lab.policy import TimingPolicy
from quickstudy.lab.statistics import Interval, excess, speedup
from quickstudy.lab.supervisor.messages import PassTimes
from quickstudy.records import Measurement


@dataclass(frozen=True, slots=True)
class Question:
    """What pairs of passes are to answer."""

    least_gain: float
    """A speedup at or below this is none."""
    seconds: float
    """Budget of the whole timing, imports aside."""
    width: float
    """Relative width that the confidence interval of a gain may keep."""
    screens: bool = False
    """Whether this only screens: a gain that is likely is as good as one that is sure."""
    modules: int = 0
    """So many further modules each pass loads, for calls that each have one of their own."""


@dataclass(frozen=True, slots=True)
class Continue:
    """More pairs are needed."""

    suspicious: bool
    """Whether the candidate seems to work outside the timed calls, which is told by verified passes."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The speedup is clear, or the budget is spent."""

    measurement: Measurement
    first_pair: float
    """The speedup in the first pair alone."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Passes of the original and of the candidate so far, as many of both; the nth ones were neighbours."""

    original: Sequence[PassTimes]
    candidate: Sequence[PassTimes]
    spent_s: float
    """Seconds since the first began."""
    suspicious: bool = False
    """As the last decision said."""


def decide(pairs: Pairs, question: Question, policy: TimingPolicy) -> Continue | Stop:
    """Stop when the confidence interval is clear of the least gain, or too late."""
    original, candidate, done = pairs.original, pairs.candidate, len(pairs.original)
    imports_s = sum(one.import_ns for one in (*original, *candidate)) * 1e-9
    timing_s = pairs.spent_s - min(imports_s, policy.import_budget_factor * question.seconds)
    last = timing_s >= question.seconds
    due = last or done >= policy.most_pairs or done in policy.interim_analyses
    if done < policy.fewest_pairs or not due:
        return Continue(pairs.suspicious)
    ours, theirs = seconds_of(original, candidate, policy=policy)
    ratio = speedup(ours, theirs, policy.systematic_error_s)
    untimed_s = untimed_work(pairs, question.modules, policy) if ratio.value > 1 else 0.0
    if untimed_s > 0:
        verified = sum(one.after_ns is not None for one in candidate)
        if verified < policy.fewest_pairs_for_close and not last:
            return Continue(True)  # a machine that was busy elsewhere looks the same in a few pairs
        ratio = speedup(ours, [one + untimed_s for one in theirs], policy.systematic_error_s)
    if last or done >= policy.most_pairs or _is_clear(ratio, done, median(ours), question, policy):
        pass_s = median(ours)
        raw = tuple(zip(ours, theirs, strict=True))
        figures = (ratio.value, ratio.low, ratio.high, done, pass_s, pass_s / ratio.value)
        return Stop(Measurement(*figures, raw=raw), ours[0] / theirs[0])
    return Continue(untimed_s > 0)


def seconds_of(*sides: Sequence[PassTimes], policy: TimingPolicy) -> list[list[float]]:
    """What the passes of each side took; without the waiting for the core if it is known of all of them."""
    known = all(one.runqueue_wait_ns is not None for side in sides for one in side)
    return [
        [
            max(policy.shortest_s, (one.ns - (one.runqueue_wait_ns or 0 if known else 0)) * 1e-9)
            for one in side
        ]
        for side in sides
    ]


def untimed_work(pairs: Pairs, modules: int, policy: TimingPolicy) -> float:
    """Seconds of work in each of the candidate's passes that it does anywhere but in the timed calls.

    Places that can stand for each other are taken together, or a candidate could change between them.
    """
    both = list(zip(pairs.original, pairs.candidate, strict=True))
    verified = [pair for pair in both if pair[0].after_ns is not None and pair[1].after_ns is not None]
    # A share of what is untimed, but no more than of what is timed: large inputs take long to make.
    shorter = median(one.ns for one in pairs.candidate) * 1e-9

    def more(
        chosen: Sequence[tuple[PassTimes, PassTimes]],
        part: Callable[[PassTimes], int],
        allowed: float,
        share: float = 0.0,
    ) -> float:
        if not chosen:
            return 0.0
        usual, taken = ([part(pair[side]) * 1e-9 for pair in chosen] for side in (0, 1))
        found = excess(usual, taken)
        return found.value if found.low > allowed + share * min(shorter, median(usual)) else 0.0

    allowed, share = policy.untimed_work_s, policy.untimed_share
    imports = more(both, lambda one: one.import_ns, policy.import_work_s)
    # What an import may take, each further one may take as well.
    further = more(both, lambda one: one.again_ns - modules * one.import_ns, modules * allowed, share)
    between = more(both, lambda one: one.between_ns, policy.systematic_error_s)
    before = more(both, lambda one: one.before_ns + one.between_ns, allowed, share)
    around = more(verified, lambda one: one.before_ns + one.between_ns + (one.after_ns or 0), allowed, share)
    return imports + further + max(between, before, around)


def _is_clear(ratio: Interval, pairs: int, pass_s: float, question: Question, policy: TimingPolicy) -> bool:
    """Whether more pairs would change nothing that a user would act on."""
    gain = question.least_gain
    if ratio.low > (1 if question.screens else gain) and ratio.value > gain:
        return ratio.relative_width < max(question.width, policy.great_gain_share * (1 - gain / ratio.low))
    if ratio.high < 1 / gain:
        return ratio.high < policy.clear_loss or pairs >= policy.fewest_pairs_for_close
    # Passes may be so short that no number of pairs shows two of them to be the same.
    if 1 + policy.systematic_error_s / pass_s > gain >= ratio.value:
        return pairs >= policy.fewest_pairs_for_close
    return ratio.high < gain and ratio.relative_width < policy.same_width
