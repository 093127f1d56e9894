"""The way in: `corpuscope` and `python -m corpuscope`."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    from corpuscope.cli import run

    sys.exit(run())


if __name__ == "__main__":
    main()
