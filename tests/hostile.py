"""Feeds Reading Room some hundreds of hostile files and counts how they end.

Usage: python -m tests.hostile [--group NAME] [--case NAME] [--keep FOLDER]     (or: make hostile)

Every file is made on the spot, in a temporary folder, and goes through the real engine with its
child processes, under limits that are lowered so that the suite stays short. Nothing may be
lost, nothing outside the collection may be read or written, no limit may be passed, and each
case must end as it promises. Exits 1 otherwise.
"""
# ruff: noqa: SLF001, T201 - it looks into the engine from outside, and prints its table

from __future__ import annotations

import argparse
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing import forkserver
from pathlib import Path
from typing import TYPE_CHECKING

from ingest import engine
from ingest.pipeline import ingest_collection
from ingest.settings import load_settings
from tests.hostile_cases import CASES, LISTENER, OUTSIDE, Case

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ingest.model import Report

# Half of what a collection allows by default: the trained recogniser alone may take eight seconds
# of a busy processor for the twenty thousand words that it reads of a text.
SECONDS, MEMORY_MIB = 15, 512
METADATA = """\
plugins:
  readingroom:
    sources: [sources]
    limits: {{seconds: {seconds}, memory_mib: {memory}}}
"""
SECRET = "verysecretwordthatliesoutside"
NOW = "2026-01-01T00:00:00+00:00"
# What the libraries take before a worker's limit begins to count.
BASE_MIB = 400
# How late the engine may notice, on a machine that has other things to do.
GRACE = 4
# What follows reading grows with what was read: a feed of 100,000 items is as many articles.
MOST_COLLATION, MOST_AN_ARTICLE = 60.0, 0.005
# Allowed, but worth knowing: a limit had to be enforced.
KILLED = frozenset({"timeout", "crash", "memory"})
ESCAPED = ("/tmp/readingroom-escaped.txt", "/abs.txt")
FOUND = """
    select locator, outcome, coalesce(reason, ''), coalesce(title, ''), coalesce(text, ''), coalesce(body, '')
    from files left join articles on articles.id = files.article_id
    left join article_text on article_text.id = articles.id
"""


@dataclass
class Tally:
    """What a group of cases came to."""

    cases: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    unmet: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    exceeded: list[str] = field(default_factory=list)
    killed: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.lost or self.unmet or self.outside or self.exceeded)


class Watch:
    """Looks at the workers' memory, and at how much each computed without a word."""

    def __init__(self) -> None:
        """Begin now."""
        self.peak_mib = self.spent = 0.0
        self.last = time.process_time()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._listen = engine._listen

    def __enter__(self) -> Watch:  # noqa: PYI034 - never subclassed
        """Start looking."""
        self._thread.start()
        engine._listen = self._hear
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        engine._listen = self._listen
        self._stop.set()
        self._thread.join()

    def progress(self, _done: int, _all: int) -> None:
        """Note that an item is done."""
        self.last = time.process_time()

    def _hear(self, worker: engine.Worker) -> tuple[list[engine.Read], bool]:
        if worker.spent is not None and Path(f"/proc/{worker.process.pid}").exists():
            self.spent = max(self.spent, engine.processor_seconds(worker.process.pid) - worker.spent)
        return self._listen(worker)

    def _look(self) -> None:
        while not self._stop.wait(0.1):
            self.peak_mib = max([self.peak_mib, *map(_private_mib, _workers())])


def _workers() -> Iterator[str]:
    parent = getattr(forkserver._forkserver, "_forkserver_pid", None)
    try:
        yield from Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    except OSError:
        return


def _private_mib(pid: str) -> float:
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("RssAnon:"):
                return int(line.split()[1]) / 1024
    except (OSError, ValueError):
        pass
    return 0.0


class Surroundings:
    """A folder beside the collection, and a port, that nothing may touch."""

    def __init__(self, folder: Path) -> None:
        """Lay the secret out and listen."""
        self.folder = folder
        folder.mkdir()
        (folder / "secret.txt").write_text(SECRET)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0)
        os.environ[OUTSIDE] = str(folder / "secret.txt")
        os.environ[LISTENER] = str(self._listener.getsockname()[1])
        self._before = self._state()

    def trespasses(self, room: Path, before: list[bytes]) -> Iterator[str]:
        """Yield what was done that must not be."""
        if self._state() != self._before:
            yield "the folder beside the collection changed"
        if _tree(room / "sources") != before:
            yield "the sources changed"
        yield from (f"{path} was written" for path in ESCAPED if Path(path).exists())
        if SECRET.encode() in (room / "collection.db").read_bytes():
            yield "what lies outside was read"
        try:
            self._listener.accept()[0].close()
        except BlockingIOError:
            return
        yield "a connection was opened"

    def close(self) -> None:
        """Listen no longer."""
        self._listener.close()

    def _state(self) -> list[tuple[str, int, str]]:
        return [
            (path.name, path.stat().st_mtime_ns, path.read_text()) for path in sorted(self.folder.iterdir())
        ]


def _tree(folder: Path) -> list[bytes]:
    """Return every file; `find` goes deeper than Python does."""
    found = subprocess.run(
        ["find", str(folder), "-printf", "%p %s\\0"], capture_output=True, check=False
    ).stdout
    return sorted(found.split(b"\0"))


def run_group(folder: Path, cases: Sequence[Case], *, workers: int = 2, seconds: int = SECONDS) -> Tally:
    """Make the cases in a collection, ingest it, and hold every case to its promise.

    `seconds` is what one document may take.
    """
    tally = Tally(cases=len(cases))
    sources = folder / "room" / "sources"
    sources.mkdir(parents=True)
    settings = METADATA.format(seconds=seconds, memory=MEMORY_MIB)
    (folder / "room" / "metadata.yml").write_text(settings)
    surroundings = Surroundings(folder / "outside")
    for case in cases:
        place = sources / f"{case.group}-{case.name}"
        place.mkdir()
        case.make(place, case.word)
    before = _tree(sources)
    started = time.monotonic()
    with Watch() as watch:
        report = ingest_collection(
            load_settings(folder / "room"), now=NOW, workers=workers, progress=watch.progress
        )
    tally.seconds = time.monotonic() - started
    if watch.spent > seconds + GRACE:
        tally.exceeded.append(f"a document took {watch.spent:.0f} s")
    collating = time.process_time() - watch.last
    if collating > MOST_COLLATION + MOST_AN_ARTICLE * report.articles:
        tally.exceeded.append(f"{collating:.0f} s of collation for {report.articles:,} articles")
    if watch.peak_mib > MEMORY_MIB + BASE_MIB:
        tally.exceeded.append(f"a worker took {watch.peak_mib:.0f} MiB")
    tally.outside.extend(surroundings.trespasses(folder / "room", before))
    surroundings.close()
    _judge(folder / "room", cases, report, tally)
    return tally


def _judge(room: Path, cases: Sequence[Case], report: Report, tally: Tally) -> None:
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    codes: dict[str, set[str]] = defaultdict(set)
    with closing(sqlite3.connect(room / "collection.db")) as connection:
        for row in connection.execute(FOUND):
            found[row[0].split("/", 1)[0]].append(row)
        for locator, code in connection.execute("select locator, code from problems"):
            codes[locator.split("/", 1)[0]].add(code)
        outcomes = dict(connection.execute("select outcome, count(*) from files group by outcome"))
    counted = report.articles + report.duplicates + report.skipped + report.problems
    if not report.found == counted == sum(outcomes.values()):
        tally.lost.append(f"the counts do not add up: {report} {outcomes}")
    for case in cases:
        name = f"{case.group}-{case.name}"
        rows = found.get(name, [])
        ended = {row[1] for row in rows}
        best = next(
            (each for each in ("article", "duplicate", "problem", "skipped") if each in ended), "lost"
        )
        tally.outcomes[best] += 1
        if stopped := codes[name] & KILLED:
            tally.killed.append(f"{case.group}/{case.name} ({', '.join(sorted(stopped))})")
        _judge_case(case, rows, codes[name], tally)


def _judge_case(case: Case, rows: list[tuple[str, ...]], codes: set[str], tally: Tally) -> None:
    name, promise = f"{case.group}/{case.name}", case.promise
    ended = {row[1] for row in rows}
    texts = "\n".join(" ".join(row[3:]) for row in rows)
    missing = [f"{case.word}{ending}" for ending in promise.words if f"{case.word}{ending}" not in texts]
    if not rows:
        tally.lost.append(f"{name}: nothing is said of it")
    if promise.or_told and ("problem" in ended or (not missing and codes)):
        return
    if missing:
        reasons = sorted({row[2] for row in rows if row[2]})[:3]
        (tally.unmet if "problem" in ended else tally.lost).append(
            f"{name}: {missing[:3]} did not arrive ({sorted(ended)} {sorted(codes)} {reasons})"
        )
    if promise.codes and not codes & set(promise.codes) and not promise.or_told:
        reasons = sorted({row[2] for row in rows if row[2]})[:3]
        tally.unmet.append(
            f"{name}: none of {promise.codes} was told ({sorted(ended)} {sorted(codes)} {reasons})"
        )
    if promise.outcome and promise.outcome not in ended:
        tally.unmet.append(f"{name}: ended {sorted(ended)}, not {promise.outcome} ({sorted(codes)})")


def main() -> int:
    """Run the groups that were asked for, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("--group", action="append", help="only this group")
    parser.add_argument("--case", action="append", help="only cases whose name contains this")
    asked = parser.parse_args()
    groups: dict[str, list[Case]] = defaultdict(list)
    for case in CASES:
        if asked.group and case.group not in asked.group:
            continue
        if asked.case and not any(part in case.name for part in asked.case):
            continue
        groups[case.group].append(case)
    row = "{:<12} {:>6} {:>8} {:>10} {:>8} {:>8} {:>5} {:>8} {:>9} {:>6} {:>8}"
    print(
        row.format(
            "group",
            "cases",
            "article",
            "duplicate",
            "skipped",
            "problem",
            "lost",
            "outside",
            "exceeded",
            "unmet",
            "seconds",
        )
    )
    tallies = []
    for group, cases in groups.items():
        folder = Path(tempfile.mkdtemp(prefix="readingroom-hostile-"))
        try:
            tally = run_group(folder, cases)
        finally:
            remove(folder)
        tallies.append(tally)
        _print_row(row, group, tally)
    total = Tally(cases=sum(each.cases for each in tallies), seconds=sum(each.seconds for each in tallies))
    for each in tallies:
        total.outcomes.update(each.outcomes)
        for name in ("lost", "unmet", "outside", "exceeded", "killed"):
            getattr(total, name).extend(getattr(each, name))
    _print_row(row, "all", total)
    for name in ("lost", "outside", "exceeded", "unmet", "killed"):
        for line in getattr(total, name):
            print(f"{name}: {line}")
    return 0 if total.clean else 1


def _print_row(row: str, name: str, tally: Tally) -> None:
    counts = [tally.outcomes[each] for each in ("article", "duplicate", "skipped", "problem")]
    wrong = [len(each) for each in (tally.lost, tally.outside, tally.exceeded, tally.unmet)]
    print(row.format(name, tally.cases, *counts, *wrong, f"{tally.seconds:.1f}"), flush=True)


def remove(folder: Path) -> None:
    """Remove what lies deeper than a path can say, which `shutil.rmtree` cannot."""
    subprocess.run(["rm", "-rf", str(folder)], check=False)


if __name__ == "__main__":
    sys.exit(main())
