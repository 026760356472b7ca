"""Text from outside made plain: what a model, a file or another program wrote, before anybody sees it.

A control character can move a terminal's cursor, rename its window, or ring its bell; one that turns the
direction of writing makes code read as other code. Both are taken out where text is shown.
"""

import re
import textwrap

_CONTROL = re.compile(
    "["
    r"\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1, but tab and line feed
    r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # the direction of writing
    r"\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\ufff9-\ufffb"  # invisible; joiners stay
    r"\ud800-\udfff\U000e0000-\U000e007f"  # halves of pairs, and tags, which no screen shows
    "]"
)


def harmless(text: str) -> str:
    """The text without what could steer a terminal, hide in it, or turn its direction."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """The same with all white space folded."""
    return " ".join(harmless(text).split())


def flush_left(code: str) -> str:
    """Code that stands indented as a whole, moved to the margin; other code untouched, strings and all."""
    return textwrap.dedent(code) if code.lstrip("\n")[:1] in (" ", "\t") else code
