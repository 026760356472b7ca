"""The console script `quickstudy`."""

from quickstudy.search_path import distrust


def main() -> None:
    """Run the command, with nothing of the current folder imported."""
    distrust()
    from quickstudy.cli import main

    main()


if __name__ == "__main__":
    main()
