"""Where modules of this process come from: never from the folder it is started in, nor from PYTHONPATH.

Both may be a stranger's repository, whose `random.py` would run here, outside any sandbox.
"""

import os
import sys


def environment(more: dict[str, str] | None = None) -> dict[str, str]:
    """The environment for a Python of ours, which is started with `-P` besides."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | (more or {})


def distrust() -> None:
    """Take both off the search path, unless we lie there ourselves.

    Before other imports, so this module imports only what every start of Python has imported already.
    """
    named = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120 pathlib costs 10 ms
    unwanted = {os.path.abspath(place) for place in (*named, "")} - {ours}  # noqa: PTH100
    sys.path[:] = [place for place in sys.path if os.path.abspath(place) not in unwanted]  # noqa: PTH100
