"""How fast stories and related articles are found, and how the time grows with the collection.

    python benchmarks/stories_speed.py [FOLDER] [SIZE ...]

Articles of 150 to 600 words are made from the words of the texts in FOLDER, each followed by one that
follows it somewhere there, so that words and phrases are as frequent as in real ones; every tenth
article is a copy of another, edited and shortened. The same articles are made at every run. The
exponent is that of the power of the size by which the time grows, from one size to the next: 1 is
linear, 2 would be comparing each with each.
"""

from __future__ import annotations

import math
import sys
import time
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ingest.collate.related import collate_related
from ingest.collate.stories import find_stories
from ingest.model import Article, Corpus, Entry, Facts

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).parents[2] / "shared" / "data" / "digitalgov"
SIZES = (1_000, 10_000, 100_000)
SHORTEST, LONGEST = 150, 600
COPIED = 10
MEASURED = 1_000
SEED = 20_260_101


def make_corpus(folder: Path, size: int) -> Corpus:
    """Return a collection of so many made articles."""
    chance = np.random.default_rng(SEED)
    texts = [path.read_text(encoding="utf-8").split() for path in sorted(folder.rglob("*.md"))]
    numbers: dict[str, int] = {}
    tokens = np.array([numbers.setdefault(word, len(numbers)) for text in texts for word in text])
    words = list(numbers)
    places = np.argsort(tokens[:-1], kind="stable")
    counts = np.bincount(tokens[:-1], minlength=len(words))
    starts = np.cumsum(counts) - counts
    steps = np.empty((LONGEST, size), dtype=np.int32)
    steps[0] = tokens[chance.integers(0, len(tokens) - 1, size)]
    for step in range(1, LONGEST):
        known = counts[steps[step - 1]]
        chosen = starts[steps[step - 1]] + (chance.random(size) * np.maximum(known, 1)).astype(np.int64)
        steps[step] = tokens[places[np.minimum(chosen, len(places) - 1)] + 1]
    lengths = chance.integers(SHORTEST, LONGEST, size)
    entries = []
    for place in range(size):
        made = steps[: lengths[place], place]
        if place % COPIED == COPIED - 1:
            source = int(chance.integers(0, place))
            made = steps[: int(lengths[source] * chance.uniform(0.6, 1)), source].copy()
            edited = chance.integers(0, len(made), len(made) // 50)
            made[edited] = steps[:LONGEST, place][edited]
        text = " ".join([words[each] for each in made.tolist()])
        title = " ".join(text.split()[:8])
        article = Article(title=title, body="", text=text, language="en")
        entries.append(Entry(id=place + 1, key=f"{place:012x}", article=article, facts=Facts()))
    kept = tuple(entries)
    return Corpus(entries=lambda: iter(kept))


def peak(pass_: Callable[[Corpus], object], corpus: Corpus) -> int:
    """Return how many bytes a pass holds at most beside the articles."""
    tracemalloc.start()
    pass_(corpus)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return held


def count_stories(corpus: Corpus) -> int:
    """Find the stories, and return how many there are."""
    find_stories.cache_clear()
    return len(find_stories(corpus))


def count_related(corpus: Corpus) -> int:
    """Find the related articles of each, and return how many rows that makes."""
    return sum(1 for _ in collate_related(corpus))


PASSES = {"stories": count_stories, "related": count_related}


def main() -> None:
    """Print one table of time, and one of memory."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    sizes = tuple(map(int, sys.argv[2:])) or SIZES
    print(f"{'pass':<10}{'articles':>10}{'seconds':>10}{'articles/s':>12}{'exponent':>10}{'rows':>10}")
    before: dict[str, tuple[int, float]] = {}
    for size in sizes:
        corpus = make_corpus(folder, size)
        for name, count in PASSES.items():
            started = time.process_time()
            rows = count(corpus)
            seconds = time.process_time() - started
            old_size, old_seconds = before.get(name, (0, 0.0))
            growth = math.log(seconds / old_seconds) / math.log(size / old_size) if old_size else math.nan
            before[name] = size, seconds
            print(
                f"{name:<10}{size:>10,}{seconds:>10.1f}{size / seconds:>12,.0f}{growth:>10.2f}{rows:>10,}",
                flush=True,
            )
    few, many = (make_corpus(folder, size) for size in (MEASURED, 3 * MEASURED))
    for name, count in PASSES.items():
        more = (peak(count, many) - peak(count, few)) / (2 * MEASURED)
        print(f"{name}: {more:,.0f} bytes for each further article")


if __name__ == "__main__":
    main()
