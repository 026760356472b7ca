"""What `record` does: run the user's command, keep the calls it makes to a function, say how many."""

import asyncio
from collections.abc import Sequence

from quickstudy.assemble import find_target
from quickstudy.figures import count
from quickstudy.lab.python.recording import CONFINED, INTERRUPTED, record
from quickstudy.project import project_root, relative
from quickstudy.shell.commands import configuration_for
from quickstudy.shell.terminal import err, say


def record_target(spec: str, command: Sequence[str], flags: dict[str, object]) -> int:
    """Run the command and keep its calls; returns the command's exit status, 128 + n after signal n."""
    target, _ = find_target(spec)
    root = project_root(target.path)
    settings = configuration_for(root, flags).settings
    recording = record(
        root, target, command, python=settings.python, sandbox=settings.sandbox, hidden=settings.hidden
    )
    recorded, status = asyncio.run(recording)
    # On stderr: stdout belongs to the command.
    calls = f"{count(len(recorded.calls), 'distinct call')} of {recorded.seen} to {target.qualname}"
    say(err(), f"Kept {calls} in {relative(recorded.file, root)}")
    if status not in (0, INTERRUPTED) and settings.sandbox != "off":
        say(err(), f"The command ended with status {status}. {CONFINED}")
    return status if status >= 0 else 128 - status
