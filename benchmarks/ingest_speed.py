"""How fast a folder is ingested: from nothing, unchanged, with one file added, and under another name.

    python benchmarks/ingest_speed.py [FOLDER]

Prints one table: medians over several runs of the whole command, as a user would wait for it,
beside the time that only reading and hashing the same files takes. FOLDER is by default the
sample collection.
"""

from __future__ import annotations

import hashlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNS = 3


def measure(folder: Path) -> dict[str, list[float]]:
    """Return seconds of every run of every case."""
    seconds: dict[str, list[float]] = {
        "read and hash only": [],
        "cold": [],
        "unchanged": [],
        "one file added": [],
        "folder renamed": [],
    }
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as place:
            room, archive = Path(place) / "room", Path(place) / "archive"
            shutil.copytree(folder, archive / "articles")
            started = time.perf_counter()
            for path in folder.rglob("*"):
                if path.is_file():
                    hashlib.sha256(path.read_bytes()).hexdigest()
            seconds["read and hash only"].append(time.perf_counter() - started)
            seconds["cold"].append(run("ingest", archive, "--into", room))
            seconds["unchanged"].append(run("ingest", room))
            (room / "sources" / "added.txt").write_text("One More\n\nIt was the last one.\nThen they left.\n")
            seconds["one file added"].append(run("ingest", room))
            (archive / "articles").rename(archive / "renamed")
            seconds["folder renamed"].append(run("ingest", room))
    return seconds


def run(*arguments: object) -> float:
    """Return how long the command takes, started as a process of its own."""
    command = [sys.executable, "-m", "ingest", *map(str, arguments)]
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    return time.perf_counter() - started


def main() -> None:
    """Print the table."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "sample"
    count = sum(path.is_file() for path in folder.rglob("*"))
    print(f"{count:,} files, median of {RUNS} runs")
    print(f"{'case':<20}{'seconds':>10}{'files/s':>10}")
    for case, times in measure(folder).items():
        median = statistics.median(times)
        print(f"{case:<20}{median:>10.2f}{count / median:>10,.0f}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process: {peak:,.0f} MiB")


if __name__ == "__main__":
    main()
