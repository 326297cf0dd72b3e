"""Breaks runs at chosen system calls and looks at what a reader then sees: `make crash`.

An undisturbed run is listed call by call. Then the command runs again on a fresh copy, once for
each point: `kill -9`, "no space left" or "input/output error" strikes at the n-th call of one kind
on one file. After each, the published collection.db must be sound in every check and hold
exactly the old content or the new; an error must have ended the command with one line that
names the next step; and one more run, undisturbed, must give the content that a run without any
fault gives, and leave nothing behind. A control builds in place, without the protection, and
must be seen to fail. Needs Linux and strace.

    python tests/crash.py              # every point, two at a time; ends with 1 on any failure
    python tests/crash.py --points 60  # about so many, spread over the whole
    python tests/crash.py --show       # also print what each failed point said
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.breaking import (
    CHANGING,
    Ground,
    Outcome,
    Point,
    list_calls,
    missing,
    order_of_syncing,
    strike,
    two_at_once,
)

LEAST_POINTS = 300
NEEDS_SPACE = ("write", "pwrite64", "ftruncate", "mkdir", "rename", "fsync", "fdatasync")
# Of what may be struck in each scenario, one in so many is; odd, since faults come in twos and threes.
SHARES = {"update": 1, "join": 7, "first": 11, "make": 13, "control": 7}
HOLDS = (
    ("pwrite64", ".readingroom/work.db-wal"),
    ("openat", ".collection.db.building"),
    ("rename", ".collection.db.building"),
    ("unlink", ".readingroom/work.db-wal"),
    ("pwrite64", ".readingroom/memory.db-wal"),
)
COLUMNS = (
    "system call",
    "fault",
    "points",
    "old seen",
    "new seen",
    "corrupt",
    "half-visible",
    "converged",
    "failed",
)


def choose_points(ground: Ground) -> list[Point]:
    """Return every point: all changes and reads of an update, a share of the other scenarios."""
    points = []
    for name, share in SHARES.items():
        scenario = ground.scenarios[name]
        calls = list_calls(ground, scenario)
        near = [call for call in calls if call[1]]
        far = [call for call in calls if not call[1]]
        if name == "update":
            points += [
                Point(scenario=scenario, call=call, path="", nth=nth, fault="KILL")
                for call, _, nth, _ in far[:: max(1, len(far) // 30)]
            ]
            points += [
                Point(scenario=scenario, call="pwrite64", path="@", nth=nth, fault="ENOSPC", lasting=True)
                for nth in (1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
            ]
        if name == "control":
            near = [call for call in near if call[1] == "@/collection.db" and call[0] in CHANGING]
        found = [
            Point(scenario=scenario, call=call, path=path, nth=nth, fault=fault)
            for call, path, nth, creates in near
            for fault in faults(call, nth, creates=creates)
        ]
        points += found[::share]
    return points


def faults(call: str, nth: int, *, creates: bool) -> list[str]:
    """Return the faults that a call meets; of the many writes, some meet errors and all are killed."""
    if call == "pwrite64":
        return ["KILL", *(["ENOSPC"] if nth % 2 else []), *([] if nth % 3 else ["EIO"])]
    full = ["ENOSPC"] if call in NEEDS_SPACE or creates else []
    return ["KILL", *full, "EIO"]


def table(outcomes: list[Outcome]) -> str:
    """Return the outcomes as text, a row for each kind of call and fault, the control last."""
    rows = defaultdict(list)
    for outcome in outcomes:
        rows[outcome.point.row].append(outcome)
    lines = [COLUMNS]
    guarded = [each for each in outcomes if not each.point.scenario.in_place]
    control = [rows.pop(key) for key in list(rows) if key[0].startswith("control")]
    for key, found in [
        *sorted(rows.items()),
        (("all", "all"), guarded),
        *((o[0].point.row, o) for o in control),
    ]:
        seen = Counter(each.seen for each in found)
        counts = (
            len(found), seen["old"], seen["new"], seen["corrupt"], seen["half"],
            sum(each.converged for each in found), sum(bool(each.faults) for each in found),
        )  # fmt: skip
        lines.append((*key, *map(str, counts)))
    widths = [max(len(line[column]) for line in lines) for column in range(len(COLUMNS))]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def main() -> int:
    """Strike every point and print the table; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--points", type=int, default=0, help="about so many; by default all")
    parser.add_argument("--show", action="store_true", help="print what failed points said")
    options = parser.parse_args()
    if reason := missing():
        parser.error(reason)
    started = time.monotonic()
    failures: list[str] = []
    outcomes: list[Outcome] = []
    with tempfile.TemporaryDirectory() as folder:
        ground = Ground(Path(folder))
        points = choose_points(ground)
        points = points[:: max(1, len(points) // options.points)] if options.points else points
        with ProcessPoolExecutor(2, mp_context=get_context("fork")) as pool:
            jobs = [pool.submit(strike, ground, point) for point in points]
            for number, job in enumerate(as_completed(jobs), start=1):
                sys.stderr.write(f"\r{number} of {len(jobs)} points " if sys.stderr.isatty() else "")
                outcomes.append(job.result())
        failures += [said for said in (two_at_once(ground, *hold) for hold in HOLDS) if said]
        failures += [said for said in (order_of_syncing(ground),) if said]
    struck = [outcome for outcome in outcomes if outcome.struck]
    guarded = [outcome for outcome in struck if not outcome.point.scenario.in_place]
    for each in (outcome for outcome in guarded if outcome.faults):
        point = each.point
        failures.append(
            f"{point.scenario.name} {point.call} {point.fault} {point.nth} {point.path}: {each.faults}"
        )
        failures += [each.said] if options.show else []
    if not any(each.seen in ("half", "corrupt") for each in struck if each.point.scenario.in_place):
        failures.append("The control was not seen to fail: these tests prove nothing.")
    if len(guarded) < LEAST_POINTS and not options.points:
        failures.append(f"only {len(guarded)} points were struck")
    missed = len(outcomes) - len(struck)
    sys.stdout.write(
        f"{table(struck)}\n\n{len(HOLDS)} pairs of runs at once; {missed} points not met; "
        f"{time.monotonic() - started:.0f} s\n" + "".join(f"FAILED {said}\n" for said in failures)
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
