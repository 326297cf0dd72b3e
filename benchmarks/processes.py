"""Runs a command and tells what it took: time, the processor's seconds, and memory of all its processes.

For Linux. Memory is the sum of each process's proportional share (Pss), so that pages which several
share count once; it is looked at five times a second, so a peak shorter than that may be missed.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.processes import family, memory_of

ROOT = Path(__file__).parent.parent
PR_SET_CHILD_SUBREAPER = 36
LOOK_EVERY = 0.2
MIB = 2**20
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Used:
    """What a command took: seconds on the wall, seconds of the processor, MiB at the peak."""

    wall: float
    processor: float
    peak: float


def python(*arguments: object) -> list[str]:
    """Return the command that runs this checkout's Python with arguments."""
    return [sys.executable, *map(str, arguments)]


def run(command: list[str]) -> Used:
    """Run a command to its end, and return what it and all processes that it started took.

    The caller has no other children meanwhile: they would be counted, and waited for. Raises
    `RuntimeError` with the end of what it said if it fails.
    """
    # Children whose parent is gone come to us, so that what they used is counted too.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    peaks: list[float] = [0.0]
    ended = threading.Event()
    looking = threading.Thread(target=_look, args=(peaks, ended))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=said)
        looking.start()
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        processor = used.ru_utime + used.ru_stime
        with suppress(ChildProcessError):
            while True:
                _, _, used = os.wait4(-1, 0)
                processor += used.ru_utime + used.ru_stime
        ended.set()
        looking.join()
        said.seek(0)
        if process.returncode:
            message = f"{' '.join(command)} failed: {said.read().decode(errors='replace')[-2000:]}"
            raise RuntimeError(message)
    return Used(wall=wall, processor=processor, peak=max(peaks))


def _look(peaks: list[float], ended: threading.Event) -> None:
    own = os.getpid()
    while not ended.wait(LOOK_EVERY):
        peaks.append(sum(memory_of(each) for each in family(own) if each != own) / MIB)


def processor_seconds(pid: int) -> float:
    """Return the seconds of the processor that a running process, and its ended children, have used."""
    with suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / TICKS
    return 0.0
