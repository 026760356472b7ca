"""What `record` does: run the user's command, keep the calls it makes to a function, say how many."""

import asyncio
from collections.abc import Sequence

from quickstudy.assemble import find_target
from quickstudy.lab import record
from quickstudy.project import project_root, relative
from quickstudy.shell.terminal import count, err, say


def record_target(spec: str, command: Sequence[str]) -> int:
    """Run the command and keep its calls; returns the command's exit status, 128 + n after signal n."""
    target, _ = find_target(spec)
    root = project_root(target.path)
    kept, status = asyncio.run(record(root, target, command))
    # On stderr: stdout belongs to the command.
    calls = f"{count(len(kept.calls), 'distinct call')} of {kept.seen} to {target.qualname}"
    say(err(), f"Kept {calls} in {relative(kept.file, root)}")
    return status if status >= 0 else 128 - status
