"""Lets `python -m ingest` stand for the command `readingroom`."""

from ingest.cli import main

main()
