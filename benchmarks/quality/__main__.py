"""Prints each measure of quality beside its floor, and fails where one has sunk below it.

    python -m benchmarks.quality [DATA] [--raise]

DATA is the folder of gold collections, by default the one beside the checkout; topics whose data
is missing are passed over, and said to be. With `--raise` each floor becomes what was measured, if
that is higher (rounded down to three places), and the old floor is kept beside it as the previous
value. Floors stand in `floors.json`.
"""

from __future__ import annotations

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
NO_TOPICS = {"measure", "__main__"}


def topics() -> list[str]:
    """Return the names of the modules that measure something."""
    return [
        each.name for each in pkgutil.iter_modules(benchmarks.quality.__path__) if each.name not in NO_TOPICS
    ]


def measures(topic: str, data: Path) -> Iterator[Measure]:
    """Yield what a topic measures on the data that is there."""
    yield from importlib.import_module(f"benchmarks.quality.{topic}").measure(data)


def main(arguments: list[str]) -> int:
    """Print the table and return 1 where a measure is below its floor."""
    raising = "--raise" in arguments
    folders = [each for each in arguments if each != "--raise"]
    data = Path(folders[0]) if folders else DATA
    floors = json.loads(FLOORS.read_text(encoding="utf-8"))
    sunk = 0
    print("| measure | items | value | floor | before | published elsewhere |")
    print("| --- | --- | --- | --- | --- | --- |")
    for topic in topics():
        empty = True
        for each in measures(topic, data):
            empty = False
            known = floors.setdefault(each.name, {"floor": 0.0, "previous": None})
            sunk += (below := each.value < known["floor"])
            before = "–" if known["previous"] is None else f"{known['previous']:.3f}"
            mark = " **below**" if below else ""
            print(
                f"| {each.name} | {each.count} | {each.value:.3f}{mark} | {known['floor']:.3f} | {before}"
                f" | {each.published} |",
                flush=True,
            )
            reached = math.floor(each.value * 1000) / 1000
            if raising and reached > known["floor"]:
                known.update(previous=known["floor"] or None, floor=reached)
        if empty:
            print(f"| {topic}: its data is not here | | | | | |")
    if raising:
        FLOORS.write_text(json.dumps(floors, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 1 if sunk else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
