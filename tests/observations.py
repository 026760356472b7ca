"""What a child says that saw nothing special, for the tests to change."""

from typing import Any

from quickstudy.lab.supervisor.messages import Effects, Observation, Retained

QUIET = Effects(printed=[(0, 0), (0, 0)], warned=0, settings={})


def observation(**changes: Any) -> Observation:
    """Of a call that returned None and did nothing else."""
    return Observation(
        outcome="return",
        value=None,
        early=None,
        settings={},
        arguments=None,
        globals={},
        rebound=[],
        held=[],
        stdout="",
        stderr="",
        warnings=[],
        threads=0,
        reaches=[],
    ).replace(**changes)


def retained(blocks: int, state: dict[str, int]) -> Retained:
    """After a pass that did nothing else."""
    return Retained(QUIET, reaches=[], blocks=blocks, state=state, globals={})
