"""What can go wrong, drawn once. Each message is one sentence that says what happened and what to do.

    QuickstudyError            shown as its message; never a traceback
    |-- InputError             exit 2: the user can mend the command, the file or a setting
    |   `-- BankError          exit 2: a bank from a newer version, or a folder that cannot be written
    |       `-- BankUnavailable  locked, or its disk is full; a run goes on without, and its lessons wait
    |-- Unmeasurable           exit 3: no workload, not deterministic, the original fails
    |-- NotJudged              inside a run: no verdict on a candidate; costs one attempt, and makes no lesson
    |-- NoSandbox              exit 5: nothing here can confine code, and nobody waived it
    `-- AgentError             inside a run: one agent's call failed; costs one attempt
        `-- BudgetSpent        the next call would exceed --max-tokens or --max-cost

Anything else that escapes is a bug of ours and is shown with its traceback.
"""


class QuickstudyError(Exception):
    """Catch this at a border (shell, server) and show its message."""

    exit_status = 2


class InputError(QuickstudyError):
    """The user named something that is not there or not possible."""


class BankError(InputError):
    """The lesson bank cannot be used as it is."""


class BankUnavailable(BankError):
    """The lesson bank is well, and cannot be used just now."""


class Unmeasurable(QuickstudyError):
    """The target cannot be checked or timed; says why."""

    exit_status = 3


class NotJudged(QuickstudyError):
    """What came of a candidate says nothing about it, as when the system ended its process."""


class NoSandbox(QuickstudyError):
    """Code from a model may not be run here."""

    exit_status = 5


class AgentError(QuickstudyError):
    """One call to one model failed for good, after its retries."""

    exit_status = 4


class BudgetSpent(AgentError):
    """The next call would exceed the tokens or the money the user allowed."""
