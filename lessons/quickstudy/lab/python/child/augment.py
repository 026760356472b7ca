"""The child that makes more calls out of those seen: edge cases for checking, larger ones for timing.

    start.py python.child.augment FD

`Augment` is read, and answered by `Groups`: what the calls are like (`shapes.py`). Then `Drafts` is read,
with calls as `lab/drawing.py` drew them, and answered by `Augmented`. It has loaded the original only. A new
call is kept if the original returns from it, and a few if it raises what it might be meant to.

Stdlib only, CPython 3.9 and newer.
"""

from __future__ import annotations

import io
import os
import random
import socket
import sys
import time
import warnings

from quickstudy.lab.python.child import loading, shapes
from quickstudy.lab.python.child.drafts import SeenCalls, finished
from quickstudy.lab.python.child.drive import DrivenCall
from quickstudy.lab.python.child.messages import Augment, Augmented, Drafts, Groups
from quickstudy.lab.python.child.scale_up import ScaleUp, enlarged
from quickstudy.lab.python.child.trial import Trial
from quickstudy.lab.python.child.type_mutator import TypeMutator
from quickstudy.lab.supervisor import channel

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

MIXED, TRIES = 6, 30
"""Calls with a value of another type than those seen: how many are kept, and made at most."""
RAISING, OF_ONE_TYPE = 6, 2
"""Calls that raise: how many are kept, and how many of them with an exception of the same type."""


def checks(
    drafts: Iterable[bytes | None], trial: Trial, known: set[bytes], most: int, until: float
) -> tuple[list[bytes], dict[bytes, str]]:
    """Calls for checking: those the original returns from, and a few that it raises from, with the types."""
    returning: list[bytes] = []
    raising: dict[bytes, str] = {}
    for draft in drafts:
        if len(returning) + len(raising) >= most or time.monotonic() > until:
            break
        if draft is None or draft in known:
            continue
        known.add(draft)
        outcome = trial.outcome(draft)
        if outcome.isdigit():
            returning.append(draft)
        elif outcome and len(raising) < RAISING and list(raising.values()).count(outcome) < OF_ONE_TYPE:
            raising[draft] = outcome
    return returning, raising


def augment(
    asked: Drafts,
    seed: int,
    mixed: Iterable[bytes | None],
    drawn: Iterable[bytes | None],
    seen: Sequence[bytes],
    trial: Trial,
) -> dict[bytes, Literal["edge", "grown"]]:
    """New calls by payload, each with its kind."""
    known = set(seen)
    until = time.monotonic() + asked.seconds
    odd, _ = checks(mixed, trial, known, min(MIXED, asked.cases), until)
    returning, raising = checks(drawn, trial, known, asked.cases - len(odd), until)
    sources = [one for one in seen if trial.spent_ns(one) is not None] or returning
    # Where no call at all returns, there is nothing to make faster.
    edges = (*odd, *returning, *(raising if sources else ()))
    found: dict[bytes, Literal["edge", "grown"]] = dict.fromkeys(edges, "edge")
    scale_up = ScaleUp(seed)
    # Largest first: they grow into something that can be timed with the fewest steps.
    started, grown = time.monotonic(), 0
    for source in sorted(sources, key=len, reverse=True) * 4 if asked.grown else ():
        if grown == asked.grown or time.monotonic() > started + asked.seconds:
            break
        larger = enlarged(source, scale_up, trial, asked.aim_ns)
        if larger is not None and larger not in known:
            known.add(larger)
            found[larger] = "grown"
            grown += 1
    return found


def main(descriptor: str) -> None:
    sock = socket.socket(fileno=int(descriptor))
    order, (text, *seen) = channel.receive(sock, Augment)
    random.seed(order.seed)
    warnings.simplefilter("ignore")
    sys.stdout = sys.stderr = io.TextIOWrapper(io.FileIO(os.devnull, "w"))
    function = loading.load(order.target, text)
    trial = Trial(DrivenCall(function))
    channel.send(sock, Groups(shapes.groups(SeenCalls(seen), len(seen))))
    asked, drafts = channel.receive(sock, Drafts)
    drawn = (finished(draft, seen) for draft in drafts)
    mutator = TypeMutator(function, SeenCalls(seen), len(seen), order.seed)
    mixed = (mutator.payload() for _ in range(TRIES if seen else 0))
    found = augment(asked, order.seed, mixed, drawn, seen, trial)
    channel.send(sock, Augmented(list(found.values())), list(found))
