"""Text from outside made plain: what a model, a file or another program wrote, before anybody sees it.

A control character can move a terminal's cursor, rename its window, or ring its bell; one that turns the
direction of writing makes code read as other code. Both are taken out where text is shown.
"""

import re

_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1, but tab and line feed
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # direction, invisible, line ends; not the joiners that scripts need
    "\ud800-\udfff"  # halves of pairs, which no encoding takes
    "\U000e0000-\U000e007f]"  # tags: text that no screen shows
)


def harmless(text: str) -> str:
    """The text without what could steer a terminal, hide in it, or turn its direction."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """The same with all white space folded."""
    return " ".join(harmless(text).split())
