"""Gives up every right that untrusted code must not have, then becomes the command it was given.

Standard library only, for any CPython from 3.9 on; started with `-I -S`:

    start.py supervisor.confine STAGE MEMORY CPU_SECONDS PROCESSES TIMED BYTES LIFELINE SCRATCH [VIEW ...]
        -- COMMAND ...

STAGE is `off` (limits only), `inside` (bubblewrap has built the namespaces around this process) or `build`
(build them here, from the VIEW: `bind SOURCE PLACE`, `link TARGET PLACE`, `hide PLACE`, `refuse PLACE`). The
exit status is the command's, 128 + n if signal n ended it, or 125 and one line on stderr if it was never run.

LIFELINE is a descriptor whose other end whoever started this holds, alone; or -1. All here dies with that
process, but only once the kernel was asked to see to it: if it has ended before, the command is not run.
"""

from __future__ import annotations

import os
import select
import sys

from quickstudy.lab.supervisor.kernel import die_with_parent, inherit_orphans, libc
from quickstudy.lab.supervisor.namespaces import build, enter_user_namespace
from quickstudy.lab.supervisor.rights import (
    become_nobody,
    filter_system_calls,
    gain_nothing,
    give_way,
    landlock,
    limit,
)

SIGINT, SIGPIPE, SIGXFSZ = 2, 13, 25


def main(*words: str) -> None:
    try:
        confine(*words)
    except OSError as error:
        sys.stderr.write("The sandbox could not be built: %s.\n" % error)
        sys.stderr.flush()
        os._exit(125)


def confine(
    stage: str,
    memory: str,
    cpu_seconds: str,
    processes: str,
    timed: str,
    size: str,
    lifeline: str,
    scratch: str,
    *rest: str,
) -> None:
    libc.signal(SIGINT, None)  # Ctrl-C ends this process plainly, and with it all others
    give_way()
    end = rest.index("--")
    view, command = rest[:end], rest[end + 1 :]
    if stage == "build":
        build(view, scratch, int(size))
    elif stage == "inside" and os.geteuid() == 0:
        enter_user_namespace()
    elif stage == "off":
        die_with_parent()
    if has_ended(int(lifeline)):
        raise OSError("who asked for it has ended")
    if stage != "off" and os.geteuid() == 0:
        become_nobody()
    inherit_orphans()
    if int(timed):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    limit(int(memory), int(cpu_seconds), int(processes) if stage != "off" else None, int(size))
    gain_nothing()
    if stage != "off":
        os.setsid()  # no terminal to type into; its supervisors stay in the group that the lab kills
        landlock(scratch, required=stage == "build")
        filter_system_calls(sockets=not int(timed))
    for number in (SIGPIPE, SIGXFSZ):  # Python ignores these, and a command would inherit that
        libc.signal(number, None)
    os.execv(command[0], command)


def has_ended(lifeline: int) -> bool:
    """Whether nobody holds the other end of a pipe or a socket any more."""
    if lifeline < 0:
        return False
    poll = select.poll()
    poll.register(lifeline, 0)  # that it hung up is told unasked
    return bool(poll.poll(0))
