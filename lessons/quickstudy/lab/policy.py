"""Every number that a verdict by the clock rests on, with what it guards against and what set it.

Measured ones were set by `tests/bench/lab.py` (A/A tests, gains of 10 %, known ratios) on idle and on busy
machines; whoever changes one runs it before and after.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TimingPolicy:
    """The numbers of the lab's timing, with their units. Shares are of 1."""

    # What may be spent.
    aa_budget_s: float = 0.6
    """The original's timing against itself, an A/A test: noise is told by its interval."""
    screening_budget_s: float = 0.8
    """The first timing of a candidate. Longer gives no other answer about what is far from 1."""
    candidate_budget_s: float = 2.4
    """Both timings of a candidate; the second has what the first left, and as much as it at least.

    With 2.8 s a gain of 10 % took up to 5.0 s in all, against a bar of 5; found as often with less.
    """
    import_budget_factor: float = 3.0
    """So many times a timing's budget may go to imports, which are no timing."""
    fewest_pairs: int = 5
    """Below these a bootstrap interval is none: at five it holds the true median 93 times in 100."""
    fewest_pairs_for_close: int = 12
    """Pairs before anything near 1 is believed: from a dozen on the interval holds 95 times in 100."""
    most_pairs: int = 400
    """More would only narrow an interval that is as narrow as the clock is true."""
    interim_analyses: tuple[int, ...] = (3, 5, 8, 12, 18, 27, 40, 60, 90, 135, 200, 300)
    """The pairs after which figures are looked at: each look is a chance to be fooled by luck."""

    # When a figure is clear.
    screening_width: float = 0.5
    """Relative width of a gain's confidence interval that is enough to go on to the confirmation."""
    confirmation_width: float = 0.06
    """The same to be shown to a user: 2x is then told as 1.94 to 2.06 at most."""
    same_width: float = 0.1
    """The same for `same`."""
    great_gain_share: float = 0.25
    """The farther from the bar, the wider an interval may be: 10x is clear before its last digit is."""
    clear_loss: float = 0.8
    """A speedup surely below this needs no further pairs."""

    # What is compared.
    verified_passes: int = 5
    """The first passes of each side have their results compared, every one."""
    verified_share: float = 0.2
    """Of the later ones this share, drawn: a candidate cannot know which."""

    # What the clock cannot tell.
    shortest_s: float = 5e-6
    """A pass cannot be told to be shorter: about what a round trip to a child varies by."""
    systematic_error_s: float = 2e-6
    """What one side's passes may take more in every pair alike, as for a page of memory touched in no
    other's. No number of pairs takes it out."""
    short_pass_s: float = 50e-6
    """With passes so short it is not the machine's fault that a gain cannot be told."""

    # Work outside the timed calls.
    untimed_work_s: float = 50e-6
    """What rebuilding inputs and reading results may differ by between equal functions."""
    untimed_share: float = 0.03
    """And this share of a pass: large inputs take long to make."""
    import_work_s: float = 0.003
    """What an import may take longer than the original's: a table or a pattern, not a day's work."""

    # Which calls are timed.
    pass_s: float = 0.01
    """About what one timed pass takes the original at most; fewer calls are timed beyond it."""
    great_gain_pass_s: float = 0.2
    """The same to confirm a great gain, so that the candidate's passes can be told well."""
    most_timed: int = 64
    warm_inputs: int = 3
    """Inputs of warm calls: they bring pages in, not results of the timed ones."""
    warm_calls: int = 30
    """Calls of them at most, so that the interpreter adapts the code to what it is used for."""
    warm_share: float = 0.3
    """Of a pass, at most."""
    alone_s: float = 0.03
    """A call that takes so long is timed alone: a warm process would gain it next to nothing, and in one
    that made no other call there is nothing that another one kept."""
    least_inspected: int = 3
    most_inspected: int = 8
    inspected_s: float = 0.003
    """How many calls are inspected for the state they keep, and what those beyond the least may take."""

    # Gains that earlier calls or processes made.
    alone_pairs: int = 12
    """Pairs of passes with a single call, at most; fewer if the gain is surely there."""
    alone_warm: int = 1
    """The shortest calls before it: what a process does for the first time takes longer."""
    cold_s: float = 50e-6
    """What a call may take more than its share when it is one of the first."""
    fresh_workers: int = 5
    """Workers of which the majority must show the gain at once: a hiccup must not accuse anybody."""


USUAL_TIMING = TimingPolicy()
