"""Prints each measure of quality beside its floor, and fails where one has sunk below it.

    python -m benchmarks.quality [TOPIC ...] [--data DATA] [--raise]

DATA is the folder of gold collections, by default the one beside the checkout; topics whose data
is missing are passed over, and said to be. With `--raise` each floor becomes what was measured, if
that is higher (rounded down to three places), and the old floor is kept beside it as the value
before. Floors stand in `floors.json`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import math
import pkgutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import benchmarks.quality

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.quality.measure import Measure

HERE = Path(__file__).parent
FLOORS = HERE / "floors.json"
DATA = HERE.parents[2] / "shared" / "data"
# The recogniser's scores differ in their last bits between processors, so that a few names in a
# thousand, at the most, come out otherwise.
SLACK = 0.002
NO_TOPICS = {"measure", "__main__"}


def topics() -> list[str]:
    """Return the names of the modules that measure something."""
    return [
        each.name for each in pkgutil.iter_modules(benchmarks.quality.__path__) if each.name not in NO_TOPICS
    ]


def measures(topic: str, data: Path) -> Iterator[Measure]:
    """Yield what a topic measures on the data that is there."""
    yield from importlib.import_module(f"benchmarks.quality.{topic}").measure(data)


def main() -> int:
    """Print the table and return 1 where a measure is below its floor."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("topics", nargs="*", choices=[*topics(), []], help="by default all")
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of gold collections")
    parser.add_argument(
        "--raise", dest="raising", action="store_true", help="raise floors to what is reached"
    )
    options = parser.parse_args()
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    sunk = 0
    print("| measure | items | value | floor | before | published elsewhere |")
    print("| --- | --- | --- | --- | --- | --- |")
    for topic in options.topics or topics():
        measured = False
        for each in measures(topic, options.data):
            measured = True
            known = floors.setdefault(each.name, {"floor": 0.0, "before": None})
            known.update(count=each.count, published=each.published)
            print(row_of(each, known), flush=True)
            sunk += is_below(each, known)
            reached = math.floor(each.value * 1000) / 1000
            if options.raising and reached > known["floor"]:
                known.update(before=known["floor"] or None, floor=reached)
        if not measured:
            print(f"| {topic}: its data is not here | | | | | |")
    if options.raising:
        FLOORS.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 1 if sunk else 0


def describe_floors() -> str:
    """Return the floors as a table for the README."""
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    head = "| measure | items | at least | before | elsewhere |\n| --- | --- | --- | --- | --- |\n"
    return head + "\n".join(
        f"| {name} | {known['count']} | {known['floor']:.3f} | {_before(known)} | {known['published']} |"
        for name, known in floors.items()
    )


def _before(known: dict[str, float | None]) -> str:
    before = known["before"]
    return "–" if before is None else f"{before:.3f}"


def is_below(measure: Measure, known: dict[str, float | None]) -> bool:
    """Tell whether a measure has sunk below its floor."""
    return measure.value < (known["floor"] or 0.0) - SLACK


def row_of(measure: Measure, known: dict[str, float | None]) -> str:
    """Return a line of the table."""
    floor = known["floor"] or 0.0
    mark = " **below**" if is_below(measure, known) else ""
    return (
        f"| {measure.name} | {measure.count} | {measure.value:.3f}{mark} | {floor:.3f} | {_before(known)}"
        f" | {measure.published} |"
    )


if __name__ == "__main__":
    sys.exit(main())
