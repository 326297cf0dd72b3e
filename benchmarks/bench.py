"""Reading Room beside its peers, in one run: ingest, re-run, store, memory, size, search, pages.

    python benchmarks/bench.py [--runs 3] [--requests 40] [--json FILE] [SIZE ...]
    python benchmarks/bench.py --collection FOLDER [--requests 40] [--json FILE]

For each SIZE (by default 2,000 and 20,000) the same files are made (`benchmarks/files.py`), read by
Reading Room and by what a user would write by hand (of more than 20,000 the first so many, since it
takes as long for each however many there are), and the collection is asked over HTTP beside Datasette
and tantivy, and in a browser, as a static site, beside Pagefind. Every comparison of times is made side by
side, the two in turns, and gives medians. Prints Markdown: a row for each measure and peer, then by which
power of the size each measure grows.

`ratio` is ours over the peer's in the unit of the row. `by processor` is the same with seconds of the
processor, of all processes together, which other work on the machine does not lengthen: look there
on a busy machine. A first ingest has no cache of its own; the files are in memory, since they were
just written. Everything is kept in `.bench`, to be deleted at will; files are made once. With
`--collection` nothing is ingested: an existing collection is asked beside Datasette and tantivy.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import shutil
import sqlite3
import statistics
import sys
import tempfile
from contextlib import closing
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import asking, static_bytes  # noqa: E402 - the checkout comes first on the path
from benchmarks.files import write  # noqa: E402
from benchmarks.processes import Used, python, run  # noqa: E402
from ingest.scaffold import make_collection  # noqa: E402
from ingest.settings import add_source  # noqa: E402
from tests.browsers import CHROMIUM, chromium  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PLACE = ROOT / ".bench"
BY_HAND = "by_hand.db"
SIZES = (2_000, 20_000)
TRAINED = 200
MOST_STORED = MOST_BY_HAND = 20_000
MIB = 2**20
PEERS = ("datasette", "sqlite-utils", "trafilatura", "spacy", "tantivy", "pagefind-bin")
TARGETS = {
    "ingest": (">=", 4.0),
    "store": (">=", 0.7),
    "unchanged": ("<=", 3.0),
    "added": ("<=", 0.05),
    "search beside tantivy": ("<=", 2.0),
    "search beside Datasette": ("<=", 1.0),
    "facets": ("<=", 0.05),
    "article": ("<=", 3.0),
    "requests": (">=", 1 / 3),
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One measure beside one peer: figures in `unit`, and the seconds of the processor behind them."""

    size: int
    measure: str
    unit: str
    ours: float
    peer: float
    beside: str
    target: str = ""
    processor: float | None = None

    @property
    def ratio(self) -> float:
        """Ours over the peer's."""
        return self.ours / self.peer

    def reached(self) -> str:
        """Return whether the target is reached, or only by the processor's time."""
        if not self.target:
            return ""
        sign, wanted = TARGETS[self.target]
        met = [
            ratio >= wanted if sign == ">=" else ratio <= wanted
            for ratio in (self.ratio, self.processor)
            if ratio is not None
        ]
        return "yes" if met[0] else "by processor" if met[-1] else "no"

    def line(self) -> str:
        """Return the row in Markdown."""
        sign, wanted = TARGETS[self.target] if self.target else ("", 0.0)
        target = f"{'≥' if sign == '>=' else '≤'} {figure(wanted)}" if sign else ""
        processor = "" if self.processor is None else figure(self.processor)
        figures = (figure(self.ours), figure(self.peer), self.beside, figure(self.ratio), processor)
        cells = (f"{self.size:,}", f"{self.measure}, {self.unit}", *figures, target, self.reached())
        return f"| {' | '.join(cells)} |"


@dataclass(kw_only=True)
class Table:
    """The rows so far, and what grows with the size, by measure."""

    rows: list[Row] = field(default_factory=list)
    growth: dict[str, dict[int, float]] = field(default_factory=dict)

    def add(self, row: Row) -> None:
        """Keep a row, and print it."""
        self.rows.append(row)
        print(row.line(), flush=True)

    def grow(self, measure: str, size: int, cost: float) -> None:
        """Keep what a measure cost at a size."""
        self.growth.setdefault(measure, {})[size] = cost


def figure(value: float) -> str:
    """Return a number with three digits that matter."""
    digits = max(0, 2 - math.floor(math.log10(value))) if value else 0
    return f"{value:,.{digits}f}"


def middle(used: list[Used], what: str = "wall") -> float:
    """Return the median of what several runs took."""
    return statistics.median(getattr(each, what) for each in used)


def take_turns(sides: Sequence[Callable[[], Used]], runs: int) -> list[list[Used]]:
    """Return what each side took in each run; every other time the first side comes last."""
    taken: list[list[Used]] = [[] for _ in sides]
    for number in range(runs):
        order = list(range(len(sides)))
        for place in order if number % 2 == 0 else [*order[1:], 0]:
            taken[place].append(sides[place]())
    return taken


def make_room(place: Path, files: Path, recogniser: str) -> Path:
    """Return a collection of these files that was never ingested."""
    shutil.rmtree(place, ignore_errors=True)
    make_collection(place)
    add_source(place, str(files))
    settings = place / "metadata.yml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(
        text.replace("  readingroom:\n", f"  readingroom:\n    entities: {recogniser}\n", 1), encoding="utf-8"
    )
    return place


def ingest(room: Path) -> Used:
    """Run the command that a user types."""
    return run(python("-m", "ingest", "ingest", room))


def by_hand(place: Path, files: Path, recogniser: str) -> Used:
    """Run the pipeline written by hand, which leaves its file in a folder."""
    database = place / BY_HAND
    database.unlink(missing_ok=True)
    return run(python("benchmarks/peers/by_hand.py", files, database, recogniser))


def measure_ingest(table: Table, size: int, runs: int) -> Path:
    """Read everything anew beside the pipelines by hand; return the collection."""
    place = PLACE / str(size)
    files = write(place / "files", size)
    room = place / "room"
    few = min(size, MOST_BY_HAND)
    some = write(PLACE / str(few) / "files", few)
    ours, rules, spacy = take_turns(
        (
            lambda: ingest(make_room(room, files, "rules")),
            lambda: by_hand(place, some, "rules"),
            lambda: by_hand(place, some, "spacy"),
        ),
        runs,
    )
    for theirs, name in ((rules, "by hand, same rules"), (spacy, "by hand, spaCy's entity ruler")):
        table.add(
            Row(
                size=size,
                measure="first ingest",
                unit="articles/s",
                ours=size / middle(ours),
                peer=few / middle(theirs),
                beside=name,
                target="ingest",
                processor=(middle(theirs, "processor") / few) / (middle(ours, "processor") / size),
            )
        )
    peaks = {"ours": middle(ours, "peak"), "theirs": middle(rules, "peak")}
    table.add(
        Row(
            size=size,
            measure="memory of all processes at its peak",
            unit="MiB",
            ours=peaks["ours"],
            peer=peaks["theirs"],
            beside="by hand, same rules" if few == size else f"by hand, {few:,} articles",
        )
    )
    ours_bytes = (room / "collection.db").stat().st_size
    table.add(
        Row(
            size=size,
            measure="file for 1,000 articles",
            unit="MiB",
            ours=ours_bytes / (MIB * size / 1000),
            peer=(place / BY_HAND).stat().st_size / (MIB * few / 1000),
            beside="by hand",
        )
    )
    table.grow("first ingest, processor", size, middle(ours, "processor"))
    table.grow("memory at its peak", size, peaks["ours"])
    table.grow("bytes of the file", size, ours_bytes)
    measure_again(table, size, runs, (room, files, middle(ours), middle(ours, "processor")))
    return room


def measure_again(table: Table, size: int, runs: int, known: tuple[Path, Path, float, float]) -> None:
    """Run again when nothing changed, and with one more file each time."""
    room, files, whole, whole_processor = known
    added: list[Used] = []
    find = ["find", str(files), "-type", "f", "-printf", "%s %T@\n"]
    same, listing = take_turns((lambda: ingest(room), lambda: run(find)), runs)
    extra = [files / f"added-{number}.txt" for number in range(runs)]
    try:
        for number, path in enumerate(extra):
            path.write_text(f"One More, Number {number}\n\nIt was the last one.\n\nThen they left.\n")
            added.append(ingest(room))
    finally:
        for path in extra:
            path.unlink(missing_ok=True)
    for measure, used, beside, target in (
        ("unchanged re-run", same, "find -printf", "unchanged"),
        ("one file added", added, "first ingest", "added"),
    ):
        peer = middle(listing) if used is same else whole
        peer_processor = middle(listing, "processor") if used is same else whole_processor
        table.add(
            Row(
                size=size,
                measure=measure,
                unit="s",
                ours=middle(used),
                peer=peer,
                beside=beside,
                target=target,
                processor=middle(used, "processor") / max(peer_processor, 0.001),
            )
        )
        table.grow(f"{measure}, processor", size, middle(used, "processor"))


def measure_trained(table: Table, size: int, runs: int) -> None:
    """Read a few files with the trained recogniser, which takes the same for each however many."""
    place = PLACE / f"trained-{TRAINED}"
    files = write(place / "files", TRAINED)
    ours, theirs = take_turns(
        (lambda: ingest(make_room(place / "room", files, "own")), lambda: by_hand(place, files, "own")), runs
    )
    table.add(
        Row(
            size=size,
            measure="first ingest, trained recogniser",
            unit="articles/s",
            ours=size / middle(ours),
            peer=size / middle(theirs),
            beside="by hand, same recogniser",
            target="ingest",
            processor=middle(theirs, "processor") / middle(ours, "processor"),
        )
    )


def measure_store(table: Table, size: int, runs: int) -> None:
    """Build the file from rows beside the least that SQLite needs for them."""
    target = PLACE / str(size) / "store.json"
    run(python("benchmarks/peers/store.py", size, runs, target))
    told = json.loads(target.read_text(encoding="utf-8"))
    seconds = {name: statistics.median(each) for name, each in told["seconds"].items()}
    table.add(
        Row(
            size=size,
            measure="store stage, by processor",
            unit="articles/s",
            ours=size / seconds["ours"],
            peer=size / seconds["least"],
            beside="executemany + FTS5",
            target="store",
        )
    )
    table.grow("store stage, processor", size, seconds["ours"])


def measure_pages(table: Table, size: int, room: Path, requests: int) -> None:
    """Ask the collection beside Datasette and tantivy."""
    answered, crowds = asking.measure(room, requests, tantivy=is_installed("tantivy"))
    for kind, sides in answered.items():
        ours = sides[asking.OURS]
        for name, theirs in sides.items():
            if name == asking.OURS:
                continue
            table.grow(f"{kind}, median", size, ours.median)
            for what in ("median", "at_95"):
                table.add(
                    Row(
                        size=size,
                        measure=f"{kind}, {'p50' if what == 'median' else 'p95'}",
                        unit="ms",
                        ours=getattr(ours, what),
                        peer=getattr(theirs, what),
                        beside=name,
                        target=target_of(kind, name, what),
                        processor=ours.processor / theirs.processor if theirs.processor else None,
                    )
                )
    for kind, rates in crowds.items():
        ours_rate, theirs_rate = rates[asking.OURS], rates[asking.DATASETTE]
        table.add(
            Row(
                size=size,
                measure=f"{kind}, two clients",
                unit="requests/s",
                ours=ours_rate.requests,
                peer=theirs_rate.requests,
                beside=asking.DATASETTE,
                target="requests" if kind == "article page" else "",
                processor=theirs_rate.processor / ours_rate.processor,
            )
        )


def measure_static(table: Table, size: int, room: Path) -> None:
    """Search the collection's static site in a browser beside Pagefind's, and count what is read."""
    database = room / "collection.db"
    words = static_bytes.choose_words(database)
    with tempfile.TemporaryDirectory() as scratch:
        site, plain = Path(scratch) / "site", Path(scratch) / "plain"
        static_bytes.make_site(room, site, datasette=False)
        static_bytes.index_for_pagefind(database, plain)
        with chromium() as browser:
            ours = {read.what: read for read in static_bytes.search_room(browser, site, words)}
            theirs = list(static_bytes.search_pagefind(browser, plain, words))
    for read in theirs:
        name = f"static site, {read.what.partition(',')[0]}"
        mine = ours[read.what]
        for measure, unit, value, peer in (
            ("index read", "MB", mine.index / 1e6, read.index / 1e6),
            (f"a host {static_bytes.DISTANCE * 1000:.0f} ms away", "s", mine.seconds, read.seconds),
        ):
            table.add(
                Row(
                    size=size,
                    measure=f"{name}, {measure}",
                    unit=unit,
                    ours=value,
                    peer=peer,
                    beside="Pagefind",
                )
            )


def measure_all(table: Table, size: int, runs: int, requests: int) -> None:
    """Ingest so many files and ask the collection; of few, store them and put a site up, too."""
    room = measure_ingest(table, size, runs)
    measure_pages(table, size, room, requests)
    if size <= MOST_STORED:
        measure_store(table, size, runs)
        if CHROMIUM and static_bytes.has_pagefind():
            measure_static(table, size, room)


def count_articles(room: Path) -> int:
    """Return how many articles a collection has."""
    with closing(sqlite3.connect(f"file:{room / 'collection.db'}?mode=ro", uri=True)) as connection:
        return int(connection.execute("select count(*) from articles").fetchone()[0])


def target_of(kind: str, name: str, what: str) -> str:
    """Return which target a measure over HTTP has, empty if none."""
    if kind.startswith("search,"):
        return f"search beside {name}" if what == "at_95" else ""
    return {"article page": "article", "search page": ""}.get(kind, "facets" if what == "median" else "")


def is_installed(package: str) -> bool:
    """Tell whether a peer is there."""
    try:
        return bool(version(package))
    except PackageNotFoundError:
        return False


def head() -> str:
    """Return what ran, and on what."""
    named = [f"{name} {version(name)}" if is_installed(name) else f"{name} not installed" for name in PEERS]
    load = os.getloadavg()[0]
    return (
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {', '.join(named)};"
        f" {os.cpu_count()} cores, load {load:.1f} at the start.\n\n"
        "| articles | measure | ours | peer | beside | ratio | by processor | target | reached |\n"
        "| ---: | --- | ---: | ---: | --- | ---: | ---: | --- | --- |"
    )


def describe_growth(table: Table) -> str:
    """Return the exponents from each size to the next, in Markdown."""
    lines = ["| cost | from | to | exponent |", "| --- | ---: | ---: | ---: |"]
    for measure, costs in table.growth.items():
        sizes = sorted(costs)
        for few, many in pairwise(sizes):
            power = math.log(costs[many] / costs[few]) / math.log(many / few)
            lines.append(f"| {measure} | {few:,} | {many:,} | {power:.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, metavar="SIZE")
    parser.add_argument("--runs", type=int, default=3, help="runs of each command, 3")
    parser.add_argument("--requests", type=int, default=40, help="requests for each kind of page, 40")
    parser.add_argument("--collection", type=Path, help="an existing collection to ask, and no more")
    parser.add_argument("--json", type=Path, help="a file to write the figures to as well")
    asked = parser.parse_args()
    table = Table()
    about = head()
    print(about, flush=True)
    if asked.collection:
        measure_pages(table, count_articles(asked.collection), asked.collection, asked.requests)
    else:
        for size in sorted(asked.sizes or SIZES):
            measure_all(table, size, asked.runs, asked.requests)
        measure_trained(table, TRAINED, asked.runs)
        print(f"\n{describe_growth(table)}")
    if asked.json:
        rows = [{**asdict(row), "ratio": row.ratio, "reached": row.reached()} for row in table.rows]
        told = {"about": about.partition("\n")[0], "rows": rows, "growth": table.growth}
        asked.json.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
