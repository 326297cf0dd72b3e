"""How long a reader waits for a search page, over HTTP, beside Datasette's own facets on the same file.

    python benchmarks/search_speed.py FOLDER [QUERIES]

FOLDER is a collection; `benchmarks/corpus.py` makes a large one. Each kind of query is asked for
QUERIES times (by default 40), each time with other words of the collection, so that no answer was
kept from an earlier one; then the last ones once more, as when a reader turns back. Every page has
all facets. Prints the median, the 95th percentile and the longest in milliseconds, what the server
used of the processor, which other work on the machine does not lengthen, and the seconds that the
first request took, which reads the facets into memory.
"""

from __future__ import annotations

import json
import random
import sqlite3
import statistics
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.processes import processor_seconds  # noqa: E402 - the checkout comes first on the path
from benchmarks.serving import at_95, served  # noqa: E402 - the checkout comes first on the path

if TYPE_CHECKING:
    from collections.abc import Callable

SEED = 1969
QUERIES = 40
RARE, COMMON = (2, 20), 0.2
OWN_FACETS = [("_facet", name) for name in ("source_id", "section", "year", "language")]


def words_of(database: Path) -> tuple[list[str], list[str], int]:
    """Return rare words, and the most common ones, of a collection, and the number of its articles."""
    counted, articles = _count_words(database, 4)
    rare = [term for term, count in counted if RARE[0] <= count <= RARE[1]]
    common = sorted((count, term) for term, count in counted if count > COMMON * articles)
    middle = sorted((count, term) for term, count in counted if 0.005 * articles < count <= COMMON * articles)
    return rare, [term for _, term in common + middle[-200:]], articles


def words_of_half(database: Path) -> list[str]:
    """Return the words that at least half of all articles have."""
    counted, articles = _count_words(database, 3)
    return [term for term, count in counted if 2 * count >= articles]


def _count_words(database: Path, letters: int) -> tuple[list[tuple[str, int]], int]:
    """Return how many articles have each word of so many letters or more, and how many there are."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        connection.execute("create virtual table temp.words using fts5vocab('main', 'articles_fts', 'row')")
        counted = connection.execute(
            "select term, doc from temp.words where length(term) >= ? order by term", [letters]
        ).fetchall()
        return counted, connection.execute("select count(*) from articles").fetchone()[0]


def phrases_of(database: Path, chance: random.Random, count: int) -> list[str]:
    """Return phrases of two words that occur."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        texts = connection.execute("select text from article_text limit 2000").fetchall()
    found = []
    for (text,) in chance.choices(texts, k=count):
        words = text.split()
        at = chance.randrange(len(words) - 2)
        found.append(f'"{words[at]} {words[at + 1]}"')
    return found


def kinds_of(database: Path, count: int) -> dict[str, list[str]]:
    """Return addresses for each kind of query."""
    chance = random.Random(SEED)  # noqa: S311 - the same words on purpose
    rare, common, _ = words_of(database)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        people = [
            row[0]
            for row in connection.execute("select key from entities order by article_count desc limit 200")
        ]
        sources = [row[0] for row in connection.execute("select key from sources")]

    def search(**asked: object) -> str:
        return "/search?" + urlencode(asked, doseq=True)

    def many(make: Callable[[], str]) -> list[str]:
        return [make() for _ in range(count)]

    def pick(words: list[str]) -> str:
        return chance.choice(words)

    most = common[: -200 if len(common) > 200 else None] or common  # noqa: PLR2004 - see words_of
    return {
        "a rare word": many(lambda: search(q=pick(rare))),
        "a frequent word": [search(q=word) for word in chance.sample(common, min(count, len(common)))],
        "the most common words": [search(q=word) for word in chance.sample(most, min(count, len(most)))],
        "two frequent words": many(lambda: search(q=f"{pick(common)} {pick(common)}")),
        "a phrase": [search(q=phrase) for phrase in phrases_of(database, chance, count)],
        "a prefix": many(lambda: search(q=f"{pick(common)[:4]}*")),
        "all articles": many(lambda: search(page=chance.randint(1, 50))),
        "a person": many(lambda: search(person=pick(people))),
        "a word, a source, two years": many(
            lambda: search(q=pick(common), source=pick(sources), year=chance.sample(range(2000, 2024), 2))
        ),
        "an unknown word": many(lambda: search(q=pick(common)[:-1] + "qq")),
    }


def ask(address: str) -> tuple[float, bytes]:
    """Return the milliseconds until a page is there, and the page."""
    started = time.perf_counter()
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own server
            body = answer.read()
    except urllib.error.HTTPError as error:
        body = error.read()
    return (time.perf_counter() - started) * 1000, body


def line(name: str, times: list[float], note: str = "") -> str:
    """Return a line of the table."""
    figures = (statistics.median(times), at_95(times), max(times))
    return f"{name:<32}" + "".join(f"{figure:>9.0f}" for figure in figures) + f"  {note}"


def measure(address: str, database: Path, count: int, server: int) -> None:
    """Print the table."""
    kinds = kinds_of(database, count)
    first, _ = ask(f"{address}/search")
    ask(f"{address}/collection/articles.json?_size=20")
    print(f"{'milliseconds':<32}{'median':>9}{'95 %':>9}{'longest':>9}")
    everything: list[float] = []
    for name, paths in kinds.items():
        before = 1000 * processor_seconds(server)
        times = [ask(address + path)[0] for path in paths]
        everything += times
        mean = (1000 * processor_seconds(server) - before) / len(paths)
        print(line(name, times, f"{mean:.0f} of the processor, mean"), flush=True)
    print(line("all kinds together", everything))
    again = [ask(address + path)[0] for paths in kinds.values() for path in paths[-3:]]
    print(line("the same once more", again))
    print(f"first request: {first / 1000:.1f} s")
    for name, paths in kinds.items():
        if "q=" not in paths[0] or "source=" in paths[0]:
            continue
        times, failed = [], 0
        for path in paths[: max(5, count // 4)]:
            query = path.partition("q=")[2]
            asked = f"_search={query}&_size=20&{urlencode(OWN_FACETS)}"
            taken, body = ask(f"{address}/collection/articles.json?{asked}")
            times.append(taken)
            told = json.loads(body)
            failed += bool(told.get("facets_timed_out") or told.get("error"))
        print(
            line(f"Datasette: {name}", times, f"{failed} of {len(times)} with facets or rows timed out"),
            flush=True,
        )


def main() -> None:
    """Serve the collection, and measure."""
    folder = Path(sys.argv[1])
    count = int(sys.argv[2]) if len(sys.argv) > 2 else QUERIES  # noqa: PLR2004 - arguments
    own = ("--plugins-dir", ROOT / "plugins", "--setting", "suggest_facets", "off")
    with served(folder, *own) as (address, server):
        measure(address, folder / "collection.db", count, server)


if __name__ == "__main__":
    main()
