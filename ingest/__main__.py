"""What the command `readingroom` runs, and `python -m ingest`, which stands for it."""

import sys


def run() -> None:
    """Run the command; Ctrl+C before it has loaded ends it as it does afterwards."""
    try:
        from ingest.cli import main  # noqa: PLC0415 - takes long enough to be interrupted
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(130)
    main()


if __name__ == "__main__":
    run()
