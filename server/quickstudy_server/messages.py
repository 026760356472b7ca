"""The door to what an editor shows as plain text: messages, marks, titles, progress, the log."""

from quickstudy.plain_text import one_line

UNTRUSTED = "This workspace is not trusted, so nothing of it is run or read."

LONGEST = 1000
"""Characters; an editor shows fewer."""


def plain(text: str, longest: int = LONGEST) -> str:
    """A sentence as one line that steers nothing and hides nothing.

    VS Code makes a link of `[text](command:name)` in a message, and whoever clicks it runs that command. No
    text of others may become one.
    """
    line = one_line(text).replace("](", "] (")
    return line if len(line) <= longest else f"{line[: longest - 1]}…"
