"""Takes the pictures of the extension's pages from those that its tests left in `shots`.

pytest tests/e2e/test_vscode.py && python tests/e2e/pictures.py
"""

import shutil
import sys
from pathlib import Path

SHOTS = Path(__file__).parent / "shots"
IMAGES = Path(__file__).parents[2] / "editors" / "vscode" / "images"
CHOSEN = {
    "flow-lightbulb": "lightbulb",
    "flow-status": "status",
    "flow-diff": "diff",
    "flow-lessons": "lessons",
    "flow-report-light": "report",
}
"""By picture of a test, its name on a page."""


def main() -> None:
    for shot, name in CHOSEN.items():
        try:
            shutil.copyfile(SHOTS / f"{shot}.png", IMAGES / f"{name}.png")
        except FileNotFoundError as error:
            sys.exit(f"Run tests/e2e/test_vscode.py first: {error.filename} is not there.")


if __name__ == "__main__":
    main()
