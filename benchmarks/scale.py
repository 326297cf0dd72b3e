"""What millions of articles take: time and disk, reckoned from articles that are read here.

    python benchmarks/scale.py FOLDER [ARTICLES]

Ingests so many (by default 400) Markdown files of FOLDER, with the usual recogniser, in this
process, and a quarter of them before; the difference of the two is what one more article costs, the
start of programs and the loading of models left out. Seconds are those of the processor, so that
other work on the machine does not count. Prints what was measured, then the same for a million, ten
millions and a hundred, as if every further article cost what these did. That holds for reading,
where each article is by itself. For the passes over the whole collection and the building of the
file it is the least that they take; `stories_speed.py` prints by which power theirs grows, and what
memory they take. Reading in guarded children costs a little more; `formats_speed.py` prints how much.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from ingest.pipeline import ingest_collection  # noqa: E402 - the checkout comes first on the path
from ingest.scaffold import make_collection  # noqa: E402
from ingest.settings import load_settings  # noqa: E402

ARTICLES, LEAST = 400, 40
SIZES = (1_000_000, 10_000_000, 100_000_000)
CORES = (2, 16, 128)
NOW = "2026-01-01T00:00:00+00:00"
DAY = 86_400
GB = 1e9
Costs = dict[str, float]


def measure(paths: list[Path]) -> Costs:
    """Ingest copies of files and return what that took: seconds of the processor, bytes, articles."""
    with tempfile.TemporaryDirectory() as place:
        room = Path(place) / "room"
        make_collection(room)
        for number, path in enumerate(paths):
            shutil.copy(path, room / "sources" / f"{number:06}{path.suffix}")
        settings = load_settings(room)
        began = time.process_time()
        read = began

        def progress(_done: int, _all: int) -> None:
            nonlocal read
            read = time.process_time()

        report = ingest_collection(settings, now=NOW, workers=0, progress=progress)
        return {
            "articles": report.articles,
            "seconds of reading": read - began,
            "seconds of passes and building": time.process_time() - read,
            "bytes of the source": sum(path.stat().st_size for path in paths),
            "bytes of the cache": sum(path.stat().st_size for path in settings.workspace.glob("*.db")),
            "bytes of collection.db": settings.database.stat().st_size,
        }


def cost_of_one(few: Costs, many: Costs) -> Costs:
    """Return what one more article costs, by what few and what many took.

    Exits with the reason where many did not take more of everything, so that nothing can be reckoned.
    """
    less = [what for what in few if many[what] <= few[what]]
    if less:
        sys.exit(
            f"Too few articles to reckon from: {few['articles']:.0f} took as many {less[0]} as"
            f" {many['articles']:.0f}. Give a folder of more Markdown files, {ARTICLES} or more."
        )
    articles = many["articles"] - few["articles"]
    return {what: (many[what] - few[what]) / articles for what in few if what != "articles"}


def main() -> None:
    """Print what one more article costs, and what many do."""
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else ARTICLES  # noqa: PLR2004 - the second argument
    paths = sorted(folder.rglob("*.md"))[:count]
    if len(paths) < LEAST:
        sys.exit(f"{folder} has {len(paths)} Markdown files; {LEAST} are the least to reckon from.")
    each = cost_of_one(measure(paths[: len(paths) // 4]), measure(paths))
    print(f"one more article, of {len(paths)} files:")
    for what, cost in each.items():
        print(f"{what:<32}{cost:>12,.3f}" if "seconds" in what else f"{what:<32}{cost:>12,.0f}")
    print()
    print(f"{'':<32}" + "".join(f"{size:>16,}" for size in SIZES))
    for cores in CORES:
        days = [each["seconds of reading"] * size / cores / DAY for size in SIZES]
        print(f"{f'days of reading, {cores} cores':<32}" + "".join(f"{each:>16,.1f}" for each in days))
    days = [each["seconds of passes and building"] * size / DAY for size in SIZES]
    print(f"{'days of building, one core':<32}" + "".join(f"{each:>16,.1f}" for each in days))
    for what in (what for what in each if what.startswith("bytes")):
        sizes = [each[what] * size / GB for size in SIZES]
        print(f"{f'GB{what[5:]}':<32}" + "".join(f"{each:>16,.1f}" for each in sizes))


if __name__ == "__main__":
    main()
