"""A patch from two texts, as `git apply` and `patch -p1` take it."""

import difflib


def unified_diff(old: str, new: str, path: str) -> str:
    """The patch of one file, for text with any line ends; empty if nothing changed."""
    shown = path.lstrip("/")
    lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{shown}", f"b/{shown}")
    return "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )


def _lines(text: str) -> list[str]:
    # str.splitlines would also split at form feeds and U+2028, which a patch does not.
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])
