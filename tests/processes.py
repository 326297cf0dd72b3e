"""A process and all that it started, and the memory that they take; for Linux."""

from pathlib import Path


def family(pid: int) -> list[int]:
    """Return a process and all that it started."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            found += [int(child) for child in _read(task).split()]
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return ""  # the process has ended


def memory_of(pid: int) -> int:
    """Return the bytes that a process has to itself and its share of what it has with others."""
    lines = _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
